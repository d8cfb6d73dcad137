use quartier_model::{EntityId, NewObservation, Period, Repeats, ResultValue};
use serde_json::json;
use time::{Duration, macros::datetime};

use super::{
    oracle::Oracle,
    sample::{START, observed, reading},
};
use crate::home::in_each_store;

#[tokio::test]
async fn a_message_that_comes_again_is_the_one_that_was_taken() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let first = observed([reading(1, 0, 1.0), reading(1, 1, 2.0), reading(1, 0, 1.0)]);
        let again = observed([reading(1, 1, 2.0), reading(2, 1, 3.0), reading(1, 2, 5.0)]);
        for batch in [&first, &again, &again] {
            let receipt = store.write_sensors(batch).await.unwrap();
            oracle.take(&batch.observations, &receipt.observations);
            oracle.agrees_with(&receipt.summaries);
        }
        assert_eq!(oracle.observations.len(), 4);
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_to_be_created_is_kept_beside_its_like() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let kept = NewObservation { repeats: Repeats::Kept, ..reading(1, 0, 1.0) };
        for batch in [
            observed([kept.clone(), reading(1, 0, 1.0), kept.clone()]),
            observed([reading(1, 0, 1.0), kept]),
        ] {
            let receipt = store.write_sensors(&batch).await.unwrap();
            oracle.take(&batch.observations, &receipt.observations);
        }
        assert_eq!(oracle.observations.len(), 4);
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn a_result_time_makes_another_observation() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let later = |hours| NewObservation {
            result_time: Some(START + Duration::hours(hours)),
            ..reading(1, 0, hours as f64)
        };
        let batch = observed([reading(1, 0, 0.5), later(2), later(1), later(2)]);
        let receipt = store.write_sensors(&batch).await.unwrap();
        oracle.take(&batch.observations, &receipt.observations);
        assert_eq!(oracle.observations.len(), 3);
        let latest = receipt.summaries[0].latest.clone().unwrap();
        assert_eq!(latest.result, ResultValue::Number(2.0));
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn odd_observations_come_back_as_they_were() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut oracle = Oracle::default();
        let results = [
            json!("Straße \u{7f} \\u0000"),
            json!(null),
            json!(true),
            json!([1, 2.5, [{}]]),
            json!({ "b": 1, "a": [0.1] }),
            json!(u64::MAX),
            json!(1e300),
            json!(-0.5),
            json!(9_007_199_254_740_992_u64),
        ];
        let mut sent: Vec<_> = (0..)
            .zip(results)
            .map(|(minute, result)| NewObservation {
                result: ResultValue::new(result),
                ..reading(1, minute, 0.0)
            })
            .collect();
        let years = [datetime!(0001-01-01 0:00 UTC), datetime!(9999-12-31 23:59:59.999_999 UTC)];
        for year in years {
            sent.push(NewObservation {
                phenomenon_time: Period::interval(year, year).unwrap(),
                result_time: Some(year),
                valid_time: Some(Period::instant(year)),
                quality: Some(json!(null)),
                ..reading(2, 0, 5.0)
            });
        }
        let (one, two) = (START, START + Duration::microseconds(1));
        sent.push(NewObservation {
            phenomenon_time: Period::interval(one, two).unwrap(),
            valid_time: Some(Period::interval(one, one).unwrap()),
            quality: Some(json!({ "flag": ["good"] })),
            parameters: json!({ "depth_m": 0.5, "": null }).as_object().cloned(),
            feature: Some(EntityId(2)),
            ..reading(3, 0, -1.5)
        });
        let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
        oracle.take(&sent, &receipt.observations);
        oracle.check(&*store).await;
    })
    .await;
}

#[tokio::test]
async fn numbers_as_great_as_can_be_do_not_break_the_sums() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        for minute in 0..4 {
            let batch = observed([reading(1, minute, f64::MAX), reading(1, minute + 4, f64::MAX)]);
            store.write_sensors(&batch).await.unwrap();
        }
        let batch = observed([reading(1, 9, f64::MIN), reading(1, 10, f64::MIN)]);
        store.write_sensors(&batch).await.unwrap();
        let from = START - Duration::days(1);
        let to = START + Duration::days(1);
        let days =
            store.rollups(&[EntityId(1)], quartier_model::Step::Day, from, to).await.unwrap();
        assert_eq!((days[0].max, days[0].min), (f64::MAX, f64::MIN));
        assert!(days[0].sum.is_finite());
    })
    .await;
}
