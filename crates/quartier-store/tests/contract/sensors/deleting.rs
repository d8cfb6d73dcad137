use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use quartier_model::{
    Entity, EntityId, EntityKind, NewObservation, Observation, Period, Repeats, ResultValue,
};
use quartier_store::{Error, ObservationFilter, ObservationQuery, SensorBatch};
use time::Duration;

use super::{
    oracle::{Oracle, numbered},
    sample::{DATASTREAMS, FEATURES, START, observed, reading, station, thing},
};
use crate::home::in_each_store;

fn some(runner: &mut TestRunner, count: usize) -> Vec<NewObservation> {
    let one = (1..=DATASTREAMS, 1..=FEATURES, -3000_i64..3000, 0_i64..3, -50_i32..50).prop_map(
        |(datastream, feature, minute, hours, value)| {
            let start = START + Duration::minutes(minute);
            NewObservation {
                feature: Some(EntityId(feature)),
                phenomenon_time: Period::interval(start, start + Duration::hours(hours)).unwrap(),
                result_time: (minute % 3 == 0).then_some(start),
                ..reading(datastream, minute, f64::from(value))
            }
        },
    );
    vec(one, count).new_tree(runner).unwrap().current()
}

fn deleted(ids: &[EntityId]) -> SensorBatch {
    SensorBatch { deleted_observations: ids.to_vec(), ..SensorBatch::default() }
}

#[tokio::test]
async fn what_is_kept_is_what_is_left_after_a_delete() {
    in_each_store(async |home| {
        let mut runner = TestRunner::deterministic();
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let sent = some(&mut runner, 120);
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        while !oracle.observations.is_empty() {
            let numbers: Vec<EntityId> = oracle.observations.iter().map(|it| it.id).collect();
            let few = prop::sample::subsequence(numbers.clone(), 1..=numbers.len().min(9));
            let mut few = few.new_tree(&mut runner).unwrap().current();
            // The newest is the latest of its datastream more often than others.
            few.extend(oracle.summaries()[0].latest.iter().map(|it| it.id));
            few.push(EntityId(1_000_000));
            let before = oracle.observations.len();
            oracle.delete(&few.iter().copied().collect());
            let receipt = store.write_sensors(&deleted(&few)).await.unwrap();
            let gone = (before - oracle.observations.len()) as u64;
            assert_eq!(receipt.deleted_observations, gone);
            oracle.agrees_with(&receipt.summaries);
            oracle.check(&*store).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_deleted_message_that_comes_again_is_taken_under_a_new_number() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let batch = observed([reading(1, 0, 1.0)]);
        let first = store.write_sensors(&batch).await.unwrap().observations[0];
        store.write_sensors(&deleted(&[first.id])).await.unwrap();
        let again = store.write_sensors(&batch).await.unwrap().observations[0];
        assert!(again.is_new && again.id > first.id, "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn replacing_is_deleting_and_adding_under_the_same_number() {
    in_each_store(async |home| {
        let mut runner = TestRunner::deterministic();
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let (sent, others) = (some(&mut runner, 40), some(&mut runner, 40));
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        let others = receipt.observations.iter().filter(|it| it.is_new).zip(others);
        for (appended, other) in others {
            let new = numbered(&other, appended.id);
            let receipt = store.replace_observation(&new).await.unwrap().unwrap();
            oracle.observations.retain(|it| it.id != new.id);
            oracle.observations.push(new);
            oracle.agrees_with(&receipt.summaries);
        }
        oracle.check(&*store).await;
        let nobody = Observation { id: EntityId(999), ..oracle.observations[0].clone() };
        assert_eq!(store.replace_observation(&nobody).await.unwrap(), None);
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn a_message_whose_observation_was_corrected_is_still_the_same() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let batch = observed([reading(1, 0, 1.0)]);
        let first = store.write_sensors(&batch).await.unwrap().observations[0];
        let corrected = Observation {
            result: ResultValue::Number(2.0),
            ..numbered(&reading(1, 0, 1.0), first.id)
        };
        store.replace_observation(&corrected).await.unwrap().unwrap();
        let again = store.write_sensors(&batch).await.unwrap().observations[0];
        assert_eq!((again.id, again.is_new), (first.id, false));
        let kept = store.observations(&ObservationQuery::default()).await.unwrap();
        assert_eq!(kept, [corrected]);
    })
    .await;
}

#[tokio::test]
async fn an_observation_can_move_to_the_time_of_another() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let batch = observed([reading(1, 0, 1.0), reading(1, 1, 2.0)]);
        let receipt = store.write_sensors(&batch).await.unwrap();
        let moved = numbered(&reading(1, 0, 2.0), receipt.observations[1].id);
        store.replace_observation(&moved).await.unwrap().unwrap();
        let summary = &store.summaries().await.unwrap()[0];
        assert_eq!((summary.count, summary.latest.as_ref()), (2, Some(&moved)));
    })
    .await;
}

#[tokio::test]
async fn a_datastream_takes_all_of_it_along() {
    in_each_store(async |home| {
        let mut runner = TestRunner::deterministic();
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let sent = some(&mut runner, 80);
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        let gone: BTreeSet<EntityId> = oracle
            .observations
            .iter()
            .filter(|it| it.datastream == EntityId(2))
            .map(|it| it.id)
            .collect();
        let deletes = vec![(EntityKind::Datastream, EntityId(2))];
        let receipt =
            store.write_sensors(&SensorBatch { deletes, ..SensorBatch::default() }).await.unwrap();
        assert_eq!(receipt.deleted_observations, gone.len() as u64);
        assert_eq!(receipt.summaries, []);
        oracle.delete(&gone);
        oracle.check(&*store).await;
        let entities = store.entities().await.unwrap();
        let is_it = |it: &Entity| (it.kind(), it.id()) == (EntityKind::Datastream, EntityId(2));
        assert!(!entities.entities.iter().any(is_it));
    })
    .await;
}

#[tokio::test]
async fn a_feature_takes_its_observations_along() {
    in_each_store(async |home| {
        let mut runner = TestRunner::deterministic();
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let sent = some(&mut runner, 80);
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        let of = |feature: u64| ObservationFilter {
            features: Some(vec![EntityId(feature)]),
            ..ObservationFilter::default()
        };
        let gone: BTreeSet<EntityId> = oracle
            .observations
            .iter()
            .filter(|it| it.feature == EntityId(2))
            .map(|it| it.id)
            .collect();
        let deletes = vec![(EntityKind::FeatureOfInterest, EntityId(2))];
        let receipt =
            store.write_sensors(&SensorBatch { deletes, ..SensorBatch::default() }).await.unwrap();
        oracle.delete(&gone);
        assert_eq!(receipt.deleted_observations, gone.len() as u64);
        oracle.agrees_with(&receipt.summaries);
        assert_eq!(store.count_observations(&of(2)).await.unwrap(), 0);
        assert_eq!(store.count_observations(&of(1)).await.unwrap(), oracle.count(&of(1)));
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_referred_to_cannot_be_deleted_and_nothing_is_written() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let before = store.entities().await.unwrap();
        for (kind, id) in [
            (EntityKind::Thing, 1),
            (EntityKind::Location, 1),
            (EntityKind::Sensor, 1),
            (EntityKind::ObservedProperty, 2),
        ] {
            let batch = SensorBatch {
                puts: vec![Entity::Thing(thing(7, &[]))],
                deletes: vec![(kind, EntityId(id))],
                observations: vec![reading(1, 0, 1.0)],
                ..SensorBatch::default()
            };
            let error = store.write_sensors(&batch).await.unwrap_err();
            assert!(matches!(error, Error::Unstorable { .. }), "{kind:?}: {error}");
        }
        assert_eq!(store.entities().await.unwrap(), before);
        assert_eq!(store.summaries().await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_whole_station_can_go_at_once() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let kept = NewObservation { repeats: Repeats::Kept, ..reading(1, 0, 1.0) };
        store.write_sensors(&observed([kept.clone(), kept, reading(2, 0, 1.0)])).await.unwrap();
        let numbers = store.entities().await.unwrap().next;
        let deletes = station().puts.iter().map(|it| (it.kind(), it.id())).collect();
        let receipt =
            store.write_sensors(&SensorBatch { deletes, ..SensorBatch::default() }).await.unwrap();
        assert_eq!(receipt.deleted_observations, 3);
        let left = store.entities().await.unwrap();
        assert_eq!((left.entities, left.next), (Vec::new(), numbers));
        Oracle::default().check(&*store).await;
    })
    .await;
}
