use std::sync::Arc;

use quartier_store::Store;

use crate::{
    home::in_each_store,
    sample::{buildings, buildings_id, house, puts, write_all, write_each},
};

#[tokio::test(flavor = "multi_thread")]
async fn writers_of_one_object_lose_no_version() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let other = home.open().await;
        let one = write_each(&store, (100..110).map(|storeys| house(1, storeys)));
        let two = write_each(&other, (200..210).map(|storeys| house(1, storeys)));
        one.await.unwrap();
        two.await.unwrap();
        let history = store.history(&buildings_id(), &house(1, 1).feature.id).await.unwrap();
        let versions: Vec<u32> = history.iter().map(|stored| stored.version).collect();
        assert_eq!(versions, (1..=20).collect::<Vec<_>>());
        assert!(history.windows(2).all(|it| it[0].recorded.end() == it[1].recorded.start()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn collections_are_made_and_filled_side_by_side() {
    in_each_store(async |home| {
        let store = home.open().await;
        let fill = |number: u32| tokio::spawn(fill(Arc::clone(&store), number));
        let all: Vec<_> = (0..6).map(fill).collect();
        for filled in all {
            assert_eq!(filled.await.unwrap(), 150);
        }
        assert_eq!(store.collections().await.unwrap().len(), 6);
    })
    .await;
}

async fn fill(store: Arc<dyn Store>, number: u32) -> usize {
    let mut collection = buildings();
    collection.id = format!("district-{number}").parse().unwrap();
    store.put_collection(&collection).await.unwrap();
    for batch in 0..3 {
        let houses = (batch * 50..batch * 50 + 50).map(|it| house(it, 1));
        store.write(&collection.id, puts(houses)).await.unwrap();
    }
    store.scan(&collection.id, None, 1000).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_a_batch_whole_or_not_at_all() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..200).map(|it| house(it, 1)))).await.unwrap();
        let batches = (2..8).map(|storeys| puts((0..200).map(move |it| house(it, storeys))));
        let writer = write_all(&store, batches);
        let other = home.open().await;
        while !writer.is_finished() {
            let all = other.scan(&buildings_id(), None, 1000).await.unwrap();
            assert_eq!(all.len(), 200);
            assert!(all.iter().all(|stored| stored.version == all[0].version));
        }
        writer.await.unwrap();
    })
    .await;
}
