use std::time::Duration;

use quartier_store::{Change, Sequence, Store};
use tokio::time::timeout;

use crate::{
    home::in_each_store,
    sample::{buildings, buildings_id, deletes, house, puts, write_each},
};

/// More than the slowest way by which a store hears of others' changes.
const PATIENCE: Duration = Duration::from_secs(15);

async fn all_changes(store: &dyn Store) -> Vec<Change> {
    store.changes(0, 1000).await.unwrap()
}

#[tokio::test]
async fn the_change_log_names_what_each_commit_changed_in_order() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let made = store.write(&buildings_id(), puts([house(1, 1), house(2, 1)])).await.unwrap();
        let changed = store.write(&buildings_id(), puts([house(1, 2), house(2, 1)])).await.unwrap();
        let deleted = store.write(&buildings_id(), deletes(["house-2"])).await.unwrap();
        let [one, two] = [made.puts[0].0, made.puts[1].0];
        let changes = all_changes(&*store).await;
        let objects: Vec<_> = changes.iter().map(|change| change.objects.clone()).collect();
        assert_eq!(objects, [vec![], vec![one, two], vec![one], vec![two]]);
        let sequences: Vec<Sequence> = changes.iter().map(|change| change.sequence).collect();
        assert_eq!(sequences[1..], [made.sequence, changed.sequence, deleted.sequence]);
        assert!(sequences.is_sorted());
        assert_eq!(store.sequence().await.unwrap(), deleted.sequence);
        assert_eq!(store.changes(made.sequence, 1).await.unwrap(), changes[2..3]);
    })
    .await;
}

#[tokio::test]
async fn a_change_has_a_mark_that_no_other_stores_change_of_that_number_has() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let written = store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        let mark = store.mark(written.sequence).await.unwrap();
        assert_ne!(mark, None);
        assert_ne!(mark, store.mark(written.sequence - 1).await.unwrap());
        assert_eq!(store.mark(written.sequence + 1).await.unwrap(), None);
        assert_eq!(home.open().await.mark(written.sequence).await.unwrap(), mark);
        let folder = tempfile::TempDir::new().unwrap();
        let url = quartier_store::StoreUrl::GeoPackage(folder.path().join("other.gpkg"));
        let other = quartier_store::open(&url, None).await.unwrap();
        other.put_collection(&buildings()).await.unwrap();
        let twin = other.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        assert_eq!(twin.sequence, written.sequence);
        assert_ne!(other.mark(twin.sequence).await.unwrap(), mark);
    })
    .await;
}

#[tokio::test]
async fn a_description_that_is_put_again_is_no_change() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.put_collection(&buildings()).await.unwrap();
        assert_eq!(all_changes(&*store).await.len(), 1);
        let mut renamed = buildings();
        renamed.title = "Houses".to_owned();
        store.put_collection(&renamed).await.unwrap();
        assert_eq!(all_changes(&*store).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_watcher_wakes_on_what_another_process_writes() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let mut watcher = store.watch();
        watcher.mark_unchanged();
        let other = home.open().await;
        let receipt = other.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        timeout(PATIENCE, watcher.wait_for(|newest| *newest >= receipt.sequence))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(store.changes(receipt.sequence - 1, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_watcher_knows_a_write_of_its_own_store_when_that_returns() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let watcher = store.watch();
        let receipt = store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        assert_eq!(*watcher.borrow(), receipt.sequence);
    })
    .await;
}

#[tokio::test]
async fn a_follower_that_polls_while_many_write_misses_nothing() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let writers = [0, 100, 200, 300]
            .map(|first| write_each(&store, (first..first + 10).map(|number| house(number, 1))));
        let other = home.open().await;
        let (mut after, mut seen) = (0, 0);
        while seen < 41 {
            let changes = other.changes(after, 7).await.unwrap();
            assert!(
                changes.iter().map(|change| change.sequence).eq((after + 1..).take(changes.len()))
            );
            after += changes.len() as Sequence;
            seen += changes.len();
            tokio::task::yield_now().await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
    })
    .await;
}
