use quartier_model::FeatureId;
use quartier_store::{Batch, Error, Existing, Outcome, Receipt};
use serde_json::json;

use crate::{
    home::in_each_store,
    sample::{buildings_id, deletes, house, puts, square, with},
};

fn outcomes(receipt: &Receipt) -> Vec<Outcome> {
    receipt.puts.iter().map(|(_, outcome)| *outcome).collect()
}

fn fids(receipt: &Receipt) -> Vec<FeatureId> {
    receipt.puts.iter().map(|(fid, _)| *fid).collect()
}

#[tokio::test]
async fn what_is_put_can_be_read_in_the_order_of_feature_ids() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let receipt = store.write(&buildings_id(), puts([house(1, 2), house(2, 3)])).await.unwrap();
        assert_eq!(outcomes(&receipt), [Outcome::Created, Outcome::Created]);
        let first = store.scan(&buildings_id(), None, 1).await.unwrap();
        assert_eq!((first[0].fid, first[0].version), (receipt.puts[0].0, 1));
        assert_eq!(first[0].feature, house(1, 2).feature);
        let rest = store.scan(&buildings_id(), Some(first[0].fid), 10).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].feature, house(2, 3).feature);
        let range = store.feature_id_range(&buildings_id()).await.unwrap();
        assert_eq!(range, Some((first[0].fid, rest[0].fid)));
    })
    .await;
}

#[tokio::test]
async fn a_put_that_changes_nothing_makes_no_version() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let first = store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let again = store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        assert_eq!(outcomes(&again), [Outcome::Unchanged]);
        assert_eq!((fids(&again), again.sequence), (fids(&first), first.sequence));
        let id = house(1, 2).feature.id;
        assert_eq!(store.history(&buildings_id(), &id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_read_and_put_back_is_unchanged() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let id = house(1, 2).feature.id;
        let stored = store.object(&buildings_id(), &id).await.unwrap().unwrap();
        let again = store.write(&buildings_id(), puts([stored.object])).await.unwrap();
        assert_eq!(outcomes(&again), [Outcome::Unchanged]);
    })
    .await;
}

#[tokio::test]
async fn a_put_that_changes_something_makes_exactly_one_version() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let first = store.write(&buildings_id(), puts([house(1, 2), house(2, 2)])).await.unwrap();
        let second = store.write(&buildings_id(), puts([house(1, 5), house(2, 2)])).await.unwrap();
        assert_eq!(outcomes(&second), [Outcome::Changed, Outcome::Unchanged]);
        assert_eq!(fids(&second), fids(&first));
        let now = store.features(&buildings_id(), &fids(&first)).await.unwrap();
        let versions: Vec<u32> = now.iter().map(|stored| stored.version).collect();
        assert_eq!(versions, [2, 1]);
        assert_eq!(now[0].feature, house(1, 5).feature);
    })
    .await;
}

#[tokio::test]
async fn comparing_says_what_a_write_would_do_and_writes_nothing() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 2), house(2, 2)])).await.unwrap();
        let objects = [house(1, 2), house(2, 7), house(3, 1)];
        let outcomes = store.compare(&buildings_id(), &objects).await.unwrap();
        assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Changed, Outcome::Created]);
        assert_eq!(store.scan(&buildings_id(), None, 10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_there_is_kept_when_that_is_asked_for() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let keeping = Batch { existing: Existing::Keep, ..puts([house(1, 9), house(2, 1)]) };
        let receipt = store.write(&buildings_id(), keeping).await.unwrap();
        assert_eq!(outcomes(&receipt), [Outcome::Kept, Outcome::Created]);
        let kept = store.object(&buildings_id(), &house(1, 2).feature.id).await.unwrap().unwrap();
        assert_eq!(kept.object, house(1, 2));
    })
    .await;
}

#[tokio::test]
async fn a_delete_closes_an_object_and_passes_over_what_is_unknown() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let made = store.write(&buildings_id(), puts([house(1, 2), house(2, 2)])).await.unwrap();
        let closed = store.write(&buildings_id(), deletes(["house-1", "house-77"])).await.unwrap();
        assert_eq!(closed.deleted, [made.puts[0].0]);
        let left = store.scan(&buildings_id(), None, 10).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(store.features(&buildings_id(), &fids(&made)).await.unwrap(), left);
        let gone = store.object(&buildings_id(), &house(1, 2).feature.id).await.unwrap();
        assert_eq!(gone, None);
    })
    .await;
}

#[tokio::test]
async fn an_object_that_comes_back_has_its_old_feature_id() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let first = store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        store.write(&buildings_id(), deletes(["house-1"])).await.unwrap();
        store.write(&buildings_id(), puts([house(2, 2)])).await.unwrap();
        let back = store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        assert_eq!((outcomes(&back), fids(&back)), (vec![Outcome::Created], fids(&first)));
        let now = store.features(&buildings_id(), &fids(&back)).await.unwrap();
        assert_eq!(now[0].version, 2);
    })
    .await;
}

#[tokio::test]
async fn the_same_id_in_two_collections_is_two_objects() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let mut trees = crate::sample::buildings();
        trees.id = "trees".parse().unwrap();
        store.put_collection(&trees).await.unwrap();
        let one = store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let other = store.write(&trees.id, puts([house(1, 3)])).await.unwrap();
        assert_ne!(fids(&one), fids(&other));
        assert_eq!(store.features(&trees.id, &fids(&one)).await.unwrap(), []);
        assert_eq!(store.scan(&trees.id, None, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_batch_with_one_object_that_cannot_be_stored_leaves_nothing() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 2), house(2, 2)])).await.unwrap();
        let before = store.scan(&buildings_id(), None, 10).await.unwrap();
        let nul = with("house-nul", Some(square(0.0)), &json!({ "function": "a\0b" }));
        let mut batch = puts([house(1, 9), house(3, 1), nul]);
        batch.deletes = vec!["house-2".parse().unwrap()];
        let error = store.write(&buildings_id(), batch).await.unwrap_err();
        assert!(error.to_string().starts_with("`house-nul` cannot be stored:"), "{error}");
        assert_eq!(store.scan(&buildings_id(), None, 10).await.unwrap(), before);
        let id = "house-1".parse().unwrap();
        assert_eq!(store.history(&buildings_id(), &id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_id_that_stands_twice_in_a_batch_is_refused() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let error =
            store.write(&buildings_id(), puts([house(1, 2), house(1, 3)])).await.unwrap_err();
        assert!(error.to_string().contains("`house-1`"), "{error}");
        assert_eq!(store.scan(&buildings_id(), None, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_collection_is_named() {
    in_each_store(async |home| {
        let store = home.open().await;
        let error = store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap_err();
        assert!(matches!(&error, Error::UnknownCollection(id) if *id == buildings_id()), "{error}");
        assert!(store.scan(&buildings_id(), None, 10).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_large_batch_is_written_whole() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let receipt =
            store.write(&buildings_id(), puts((0..3000).map(|it| house(it, 2)))).await.unwrap();
        assert!(fids(&receipt).is_sorted());
        let change =
            store.write(&buildings_id(), puts((0..3000).map(|it| house(it, 3)))).await.unwrap();
        assert!(outcomes(&change).iter().all(|outcome| *outcome == Outcome::Changed));
        let all = store.scan(&buildings_id(), None, 5000).await.unwrap();
        assert_eq!(all.len(), 3000);
        assert!(all.iter().all(|stored| stored.version == 2));
    })
    .await;
}
