use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use proptest::{
    collection::vec,
    option,
    prelude::*,
    strategy::{Strategy, ValueTree as _},
    test_runner::TestRunner,
};
use quartier_model::{EntityId, NewObservation, Period, Repeats, ResultValue};
use quartier_store::{
    Bounds, Error, KeyValue, ObservationFilter, ObservationKey, ObservationOrder, ObservationQuery,
    OrderBy, SensorBatch, Store, Summary,
};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{
    oracle::{Oracle, key},
    sample::{DATASTREAMS, FEATURES, START, observed, reading},
};
use crate::home::{Home, in_each_store};

const OBSERVATIONS: usize = 300;
const QUERIES: usize = 250;

/// Close together, so that many are of the same time.
fn a_time() -> impl Strategy<Value = OffsetDateTime> {
    (-40_i64..200).prop_map(|quarters| START + Duration::minutes(quarters * 15))
}

fn a_result() -> impl Strategy<Value = ResultValue> {
    let odd = [json!("ü"), json!(true), json!([1]), json!(null), json!("b"), json!(u64::MAX)];
    prop_oneof![
        4 => (-20_i32..20).prop_map(|it| ResultValue::Number(f64::from(it) / 4.0)),
        1 => prop::sample::select(odd.to_vec()).prop_map(ResultValue::new),
    ]
}

fn an_observation() -> impl Strategy<Value = NewObservation> {
    let times = (a_time(), option::weighted(0.3, 0_i64..90), option::weighted(0.6, a_time()));
    (1..=DATASTREAMS, 1..=FEATURES, times, a_result(), any::<bool>()).prop_map(
        |(datastream, feature, (start, minutes, result_time), result, is_kept)| NewObservation {
            feature: Some(EntityId(feature)),
            phenomenon_time: match minutes {
                None => Period::instant(start),
                Some(it) => Period::interval(start, start + Duration::minutes(it)).unwrap(),
            },
            result_time,
            result,
            repeats: if is_kept { Repeats::Kept } else { Repeats::Merged },
            ..reading(datastream, 0, 0.0)
        },
    )
}

fn bounds<T: std::fmt::Debug>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Bounds<T>> {
    (option::weighted(0.2, value.clone()), option::weighted(0.2, value))
        .prop_map(|(min, max)| Bounds { min, max })
}

fn ids(to: u64) -> impl Strategy<Value = Option<Vec<EntityId>>> {
    option::weighted(0.4, vec((1..=to).prop_map(EntityId), 0..4))
}

fn a_filter() -> impl Strategy<Value = ObservationFilter> {
    let numbers = option::weighted(0.1, vec((0_u64..400).prop_map(EntityId), 0..40));
    let result = bounds((-20_i32..20).prop_map(|it| f64::from(it) / 4.0));
    let times = (bounds(a_time().boxed()), bounds(a_time().boxed()), bounds(a_time().boxed()));
    (numbers, ids(DATASTREAMS + 1), ids(FEATURES + 1), times, result).prop_map(
        |(ids, datastreams, features, (phenomenon_start, phenomenon_end, result_time), result)| {
            ObservationFilter {
                ids,
                datastreams,
                features,
                phenomenon_start,
                phenomenon_end,
                result_time,
                result,
            }
        },
    )
}

fn an_order() -> impl Strategy<Value = ObservationOrder> {
    let by = [OrderBy::Id, OrderBy::PhenomenonTime, OrderBy::ResultTime, OrderBy::Result];
    (prop::sample::select(by.to_vec()), any::<bool>())
        .prop_map(|(by, is_descending)| ObservationOrder { by, is_descending })
}

fn a_query() -> impl Strategy<Value = ObservationQuery> {
    let page = (0_u64..8, prop_oneof![1_u32..30, Just(u32::MAX)]);
    (a_filter(), an_order(), page, any::<bool>()).prop_map(
        |(filter, order, (skip, limit), for_each_datastream)| ObservationQuery {
            filter,
            order,
            after: None,
            skip,
            limit,
            for_each_datastream,
        },
    )
}

async fn full(home: &Home, runner: &mut TestRunner) -> (Arc<dyn Store>, Oracle) {
    let store = home.with_station().await;
    let mut oracle = Oracle::default();
    let sent = vec(an_observation(), OBSERVATIONS).new_tree(runner).unwrap().current();
    let receipt = store.write_sensors(&observed(sent.clone())).await.unwrap();
    oracle.take(&sent, &receipt.observations);
    (store, oracle)
}

#[tokio::test]
async fn every_query_finds_what_looking_at_everything_finds() {
    in_each_store(async |home| {
        let mut runner = TestRunner::deterministic();
        let (store, oracle) = full(home, &mut runner).await;
        for _ in 0..QUERIES {
            let query = a_query().new_tree(&mut runner).unwrap().current();
            ask(&*store, &oracle, query).await;
        }
    })
    .await;
}

async fn ask(store: &dyn Store, oracle: &Oracle, mut query: ObservationQuery) {
    let count = store.count_observations(&query.filter).await.unwrap();
    assert_eq!(count, oracle.count(&query.filter), "{query:?}");
    let page = oracle.page(&query);
    assert_eq!(store.observations(&query).await.unwrap(), page, "{query:?}");
    // From the middle of that page on, and beyond its end.
    let Some(after) = page.get(page.len() / 2) else { return };
    query.after = Some(key(query.order, after));
    assert_eq!(store.observations(&query).await.unwrap(), oracle.page(&query), "{query:?}");
}

#[tokio::test]
async fn pages_in_every_order_pass_each_observation_once() {
    in_each_store(async |home| {
        let mut runner = TestRunner::deterministic();
        let (store, oracle) = full(home, &mut runner).await;
        for by in [OrderBy::Id, OrderBy::PhenomenonTime, OrderBy::ResultTime, OrderBy::Result] {
            pass(&*store, &oracle, ObservationOrder { by, is_descending: false }).await;
            pass(&*store, &oracle, ObservationOrder { by, is_descending: true }).await;
        }
    })
    .await;
}

async fn pass(store: &dyn Store, oracle: &Oracle, order: ObservationOrder) {
    let mut query = ObservationQuery { order, limit: 17, ..ObservationQuery::default() };
    let mut passed = Vec::new();
    loop {
        let page = store.observations(&query).await.unwrap();
        let Some(last) = page.last() else { break };
        query.after = Some(key(order, last));
        passed.extend(page);
    }
    let all = ObservationQuery { order, ..ObservationQuery::default() };
    assert_eq!(passed, oracle.page(&all), "{order:?}");
}

/// More than the GeoPackage counts together.
#[tokio::test]
async fn a_page_deep_in_the_whole_is_found_with_gaps_before_it() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let mut ids = Vec::new();
        for part in 0..9_i64 {
            let readings =
                (0..4000_i64).map(|it| reading(1 + it.unsigned_abs() % 4, part * 9000 + it, 1.0));
            let receipt = store.write_sensors(&observed(readings)).await.unwrap();
            ids.extend(receipt.observations.iter().map(|it| it.id));
        }
        let deleted: Vec<EntityId> = ids.iter().copied().step_by(7).collect();
        ids.retain(|id| deleted.binary_search(id).is_err());
        let batch = SensorBatch { deleted_observations: deleted, ..SensorBatch::default() };
        store.write_sensors(&batch).await.unwrap();
        for (skip, is_descending) in
            [(1, false), (20_000, false), (30_800, false), (25_000, true), (99_999, true)]
        {
            let order = ObservationOrder { by: OrderBy::Id, is_descending };
            let query = ObservationQuery { order, skip, limit: 3, ..ObservationQuery::default() };
            let mut expected = ids.clone();
            expected.sort_unstable_by_key(|id| is_descending.then_some(std::cmp::Reverse(*id)));
            let expected = expected.into_iter().skip(skip as usize).take(3);
            let page = store.observations(&query).await.unwrap();
            let page: Vec<EntityId> = page.iter().map(|it| it.id).collect();
            assert_eq!(page, expected.collect::<Vec<_>>(), "{query:?}");
        }
        let late = Bounds { min: Some(START + Duration::minutes(8 * 9000 + 3999)), max: None };
        let filter = ObservationFilter { phenomenon_start: late, ..ObservationFilter::default() };
        let query = ObservationQuery { filter, limit: 9, ..ObservationQuery::default() };
        assert_eq!(store.observations(&query).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_place_in_another_order_is_refused() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let after = Some(ObservationKey { value: KeyValue::Number(1.0), id: EntityId(1) });
        let query = ObservationQuery { after, ..ObservationQuery::default() };
        let error = store.observations(&query).await.unwrap_err();
        assert!(matches!(error, Error::WrongPlace), "{error}");
    })
    .await;
}

#[tokio::test]
async fn numbers_that_nobody_has_find_nothing() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        store.write_sensors(&observed([reading(1, 0, 1.0)])).await.unwrap();
        let nobody = Some(vec![EntityId(u64::MAX), EntityId(0), EntityId(1 << 63)]);
        for filter in [
            ObservationFilter { ids: nobody.clone(), ..ObservationFilter::default() },
            ObservationFilter { datastreams: nobody.clone(), ..ObservationFilter::default() },
            ObservationFilter { features: nobody, ..ObservationFilter::default() },
        ] {
            assert_eq!(store.count_observations(&filter).await.unwrap(), 0);
            let query = ObservationQuery { filter, skip: u64::MAX, ..ObservationQuery::default() };
            assert_eq!(store.observations(&query).await.unwrap(), []);
        }
    })
    .await;
}

/// The same messages in any order, some of them again, and the ones to keep at any place between.
#[tokio::test]
async fn the_end_is_the_same_in_whatever_order_messages_come() {
    let mut runner = TestRunner::deterministic();
    let messages = vec(an_observation(), 80).new_tree(&mut runner).unwrap().current();
    let once = distinct(messages);
    let ends = Mutex::new(Vec::new());
    for _ in 0..4 {
        let messages = shuffled(&once, &mut runner);
        in_each_store(async |home| {
            let end = after(home, &messages).await;
            ends.lock().unwrap().push(end);
        })
        .await;
    }
    let ends = ends.into_inner().unwrap();
    for end in &ends {
        assert_eq!(*end, ends[0]);
    }
}

async fn after(home: &Home, messages: &[NewObservation]) -> Vec<Summary> {
    let store = home.with_station().await;
    let mut oracle = Oracle::default();
    for batch in messages.chunks(7) {
        let receipt = store.write_sensors(&observed(batch.to_vec())).await.unwrap();
        oracle.take(batch, &receipt.observations);
        oracle.agrees_with(&receipt.summaries);
    }
    oracle.check(&*store).await;
    let mut summaries = store.summaries().await.unwrap();
    for latest in summaries.iter_mut().filter_map(|summary| summary.latest.as_mut()) {
        latest.id = EntityId(0);
    }
    summaries
}

/// One message for each time, as one sender sends it.
fn distinct(messages: Vec<NewObservation>) -> Vec<NewObservation> {
    let mut seen = HashSet::new();
    let is_first = |it: &NewObservation| {
        let time = it.phenomenon_time;
        seen.insert((it.datastream, time.start(), time.end(), it.result_time))
    };
    messages.into_iter().filter(is_first).collect()
}

/// Messages twice, what is to be kept once.
fn shuffled(once: &[NewObservation], runner: &mut TestRunner) -> Vec<NewObservation> {
    let again = once.iter().filter(|it| it.repeats == Repeats::Merged);
    let all: Vec<NewObservation> = once.iter().chain(again).cloned().collect();
    Just(all).prop_shuffle().new_tree(runner).unwrap().current()
}
