use quartier_model::{EntityId, NewObservation, Observation, Period};
use quartier_store::{SensorBatch, SensorReceipt, Store};
use time::{Duration, OffsetDateTime};

use super::{
    oracle::Oracle,
    sample::{START, observed, reading},
};
use crate::home::in_each_store;

fn readings() -> Vec<NewObservation> {
    let hourly = (0..48).map(|hour| NewObservation {
        result_time: Some(START + Duration::hours(hour)),
        feature: Some(EntityId(1 + hour.unsigned_abs() % 2)),
        ..reading(1, hour * 60, (hour % 7) as f64)
    });
    let long = NewObservation {
        phenomenon_time: Period::interval(START, START + Duration::hours(30)).unwrap(),
        ..reading(1, 0, 99.0)
    };
    hourly.chain([long, reading(2, 0, 5.0)]).collect()
}

fn expire(oracle: &mut Oracle, expired: impl Fn(&Observation) -> bool) -> usize {
    let latest = oracle.summary(EntityId(1)).latest.unwrap().id;
    let is_gone = |it: &Observation| it.datastream == EntityId(1) && it.id != latest && expired(it);
    let (gone, left) = std::mem::take(&mut oracle.observations).into_iter().partition(is_gone);
    oracle.observations = left;
    let count = Vec::len(&gone);
    oracle.expired.extend(gone);
    count
}

/// In small steps, as the twin does.
async fn expire_all(store: &dyn Store, before: OffsetDateTime) -> u64 {
    let mut deleted = 0;
    loop {
        let receipt = store.expire(EntityId(1), before, 7).await.unwrap();
        assert!(receipt.deleted_observations <= 7);
        deleted += receipt.deleted_observations;
        if receipt.deleted_observations == 0 {
            return deleted;
        }
    }
}

#[tokio::test]
async fn what_expires_stays_in_the_sums() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let sent = readings();
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        let before = START + Duration::hours(24);
        let deleted = expire_all(&*store, before).await;
        let gone = expire(&mut oracle, |it| it.phenomenon_time.end() < before);
        assert_eq!(deleted, gone as u64);
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn the_latest_observation_never_expires() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let sent = readings();
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        let always = START + Duration::days(9999);
        let SensorReceipt { summaries, deleted_observations, .. } =
            store.expire(EntityId(1), always, u32::MAX).await.unwrap();
        assert_eq!(deleted_observations, expire(&mut oracle, |_| true) as u64);
        assert_eq!(summaries, [oracle.summary(EntityId(1))]);
        assert_eq!(summaries[0].count, 1);
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn deleting_beside_what_expired_leaves_that_in_the_sums() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let sent = [reading(1, 0, 10.0), reading(1, 30, 4.0), reading(1, 600, 1.0)];
        let receipt = store.write_sensors(&observed(sent)).await.unwrap();
        store.expire(EntityId(1), START + Duration::minutes(20), 9).await.unwrap();
        let deleted_observations = vec![receipt.observations[1].id];
        let batch = SensorBatch { deleted_observations, ..SensorBatch::default() };
        store.write_sensors(&batch).await.unwrap();
        let (from, to) = (START - Duration::days(1), START + Duration::days(1));
        let hours =
            store.rollups(&[EntityId(1)], quartier_model::Step::Hour, from, to).await.unwrap();
        assert_eq!((hours[0].count, hours[0].sum), (1, 10.0));
    })
    .await;
}
