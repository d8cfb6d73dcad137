use time::{Duration, OffsetDateTime, macros::datetime};

use crate::{
    home::in_each_store,
    sample::{buildings_id, deletes, house, puts},
};
use quartier_model::TimeRange;

#[tokio::test]
async fn the_history_has_every_version_oldest_first() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        for storeys in 1..=4 {
            store.write(&buildings_id(), puts([house(1, storeys)])).await.unwrap();
        }
        let history = store.history(&buildings_id(), &house(1, 1).feature.id).await.unwrap();
        let versions: Vec<u32> = history.iter().map(|stored| stored.version).collect();
        assert_eq!(versions, [1, 2, 3, 4]);
        for (stored, storeys) in history.iter().zip(1..) {
            assert_eq!(stored.object, house(1, storeys));
        }
    })
    .await;
}

#[tokio::test]
async fn each_version_is_current_until_the_next_one_is() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let started = OffsetDateTime::now_utc();
        for storeys in 1..=3 {
            store.write(&buildings_id(), puts([house(1, storeys)])).await.unwrap();
        }
        let history = store.history(&buildings_id(), &house(1, 1).feature.id).await.unwrap();
        for pair in history.windows(2) {
            assert_eq!(pair[0].recorded.end(), pair[1].recorded.start());
            assert!(pair[0].recorded.start() < pair[0].recorded.end());
        }
        let current = history.last().unwrap().recorded;
        assert_eq!(current.end(), None);
        let age = current.start().unwrap() - started;
        assert!(age > -Duration::minutes(1) && age < Duration::minutes(1), "{age}");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_object_keeps_its_history_and_a_gap_while_it_was_gone() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        store.write(&buildings_id(), deletes(["house-1"])).await.unwrap();
        let id = house(1, 1).feature.id;
        let gone = store.history(&buildings_id(), &id).await.unwrap();
        assert_eq!(gone.len(), 1);
        assert!(gone[0].recorded.end().is_some());
        store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let back = store.history(&buildings_id(), &id).await.unwrap();
        assert_eq!(back.len(), 2);
        assert!(back[0].recorded.end() < back[1].recorded.start());
        assert_eq!(back[0].fid, back[1].fid);
    })
    .await;
}

#[tokio::test]
async fn the_time_in_which_an_object_is_real_is_kept_apart() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let mut planned = house(1, 1);
        let (start, end) =
            (datetime!(1648-10-24 0:00 UTC), datetime!(2031-05-01 12:30:15.123456 +2));
        planned.feature.valid = TimeRange::new(Some(start), Some(end)).unwrap();
        store.write(&buildings_id(), puts([planned.clone()])).await.unwrap();
        let stored = store.object(&buildings_id(), &planned.feature.id).await.unwrap().unwrap();
        assert_eq!(stored.object, planned);
    })
    .await;
}

#[tokio::test]
async fn an_object_that_never_was_has_no_history() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        let history = store.history(&buildings_id(), &house(1, 1).feature.id).await.unwrap();
        assert_eq!(history, []);
    })
    .await;
}
