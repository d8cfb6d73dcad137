use std::sync::Arc;

use quartier_model::{Entity, EntityId, NewObservation, ResultValue, Thing};
use quartier_store::{Error, ObservationQuery, SensorBatch, Store};
use serde_json::{Value, json};

use super::{
    oracle::Oracle,
    sample::{observed, reading, thing},
};
use crate::home::in_each_store;

#[tokio::test]
async fn what_no_database_can_keep_is_refused_and_nothing_is_written() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let before = store.entities().await.unwrap();
        let deep = (0..200).fold(Value::Null, |inner, _| json!([inner]));
        let result = |result| NewObservation { result, ..reading(1, 1, 0.0) };
        for odd in [
            result(ResultValue::Number(f64::NAN)),
            result(ResultValue::Number(f64::INFINITY)),
            result(ResultValue::new(json!("a\0b"))),
            result(ResultValue::new(deep.clone())),
            NewObservation { quality: Some(json!({ "a\0": 1 })), ..reading(1, 1, 0.0) },
            NewObservation { feature: None, ..reading(1, 1, 0.0) },
            NewObservation { feature: Some(EntityId(404)), ..reading(1, 1, 0.0) },
            reading(404, 1, 0.0),
            reading(u64::MAX, 1, 0.0),
        ] {
            let batch = SensorBatch {
                puts: vec![Entity::Thing(thing(5, &[]))],
                ..observed([reading(1, 0, 1.0), odd.clone()])
            };
            let error = store.write_sensors(&batch).await.unwrap_err();
            assert!(matches!(error, Error::Unstorable { .. }), "{odd:?}: {error}");
        }
        let nul = Thing { name: "a\0b".to_owned(), ..thing(5, &[]) };
        let batch = SensorBatch { puts: vec![Entity::Thing(nul)], ..SensorBatch::default() };
        let error = store.write_sensors(&batch).await.unwrap_err();
        assert!(error.to_string().contains("thing 5"), "{error}");
        assert_eq!(store.entities().await.unwrap(), before);
        Oracle::default().check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_batch_does_nothing() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let receipt = store.write_sensors(&SensorBatch::default()).await.unwrap();
        assert_eq!(receipt, quartier_store::SensorReceipt::default());
        assert_eq!(store.observations(&ObservationQuery::default()).await.unwrap(), []);
    })
    .await;
}

/// Each message is sent by two.
async fn send(store: Arc<dyn Store>, from_minute: i64) {
    for minute in from_minute..from_minute + 40 {
        let batch = observed([reading(1, minute, 1.0), reading(2, minute, 2.0)]);
        store.write_sensors(&batch).await.unwrap();
    }
}

#[tokio::test]
async fn writers_beside_each_other_lose_and_double_nothing() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let write = |writer: i64| tokio::spawn(send(Arc::clone(&store), 40 * (writer / 2)));
        let writers: Vec<_> = (0..6_i64).map(write).collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let summaries = store.summaries().await.unwrap();
        let counts: Vec<u64> = summaries.iter().map(|summary| summary.count).collect();
        assert_eq!(counts, [120, 120]);
        let all = store.observations(&ObservationQuery::default()).await.unwrap();
        assert_eq!(all.len(), 240);
    })
    .await;
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_any_more_leaves_the_store_usable() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let many = (0..5000).map(|minute| reading(1, minute, minute as f64));
        store.write_sensors(&observed(many)).await.unwrap();
        for _ in 0..50 {
            let asking = tokio::spawn(ask_for_all(Arc::clone(&store)));
            tokio::task::yield_now().await;
            asking.abort();
        }
        let page = ObservationQuery { limit: 3, ..ObservationQuery::default() };
        assert_eq!(store.observations(&page).await.unwrap().len(), 3);
        store.write_sensors(&observed([reading(1, -1, 0.0)])).await.unwrap();
    })
    .await;
}

async fn ask_for_all(store: Arc<dyn Store>) {
    store.observations(&ObservationQuery::default()).await.unwrap();
}
