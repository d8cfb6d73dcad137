//! What a store should say, found by looking at everything.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use quartier_model::{
    EntityId, NewObservation, Observation, Period, Repeats, ResultValue, Rollup, Step,
};
use quartier_store::{
    Appended, Bounds, KeyValue, ObservationFilter, ObservationKey, ObservationOrder,
    ObservationQuery, OrderBy, Store, Summary,
};
use time::{Duration, OffsetDateTime, macros::datetime};

#[derive(Debug, Default)]
pub(crate) struct Oracle {
    pub(crate) observations: Vec<Observation>,
    /// Those that expired: they count in rollups only.
    pub(crate) expired: Vec<Observation>,
    merged: HashMap<Key, EntityId>,
}

type Key = (EntityId, OffsetDateTime, OffsetDateTime, Option<OffsetDateTime>);

impl Oracle {
    /// Takes what a store took, and checks what it answered.
    pub(crate) fn take(&mut self, sent: &[NewObservation], answer: &[Appended]) {
        assert_eq!(sent.len(), answer.len());
        for (observation, answer) in sent.iter().zip(answer) {
            let time = observation.phenomenon_time;
            let key = (observation.datastream, time.start(), time.end(), observation.result_time);
            let known = match observation.repeats {
                Repeats::Kept => None,
                Repeats::Merged => self.merged.get(&key).copied(),
            };
            assert_eq!(answer.is_new, known.is_none(), "{observation:?}");
            match known {
                Some(id) => assert_eq!(answer.id, id),
                None => self.add(observation, answer.id, key),
            }
        }
    }

    fn add(&mut self, observation: &NewObservation, id: EntityId, key: Key) {
        assert!(self.observations.iter().all(|it| it.id != id), "{id} was given twice");
        if observation.repeats == Repeats::Merged {
            self.merged.insert(key, id);
        }
        self.observations.push(numbered(observation, id));
    }

    pub(crate) fn delete(&mut self, ids: &BTreeSet<EntityId>) {
        self.observations.retain(|it| !ids.contains(&it.id));
        self.merged.retain(|_, id| !ids.contains(id));
    }

    pub(crate) fn summaries(&self) -> Vec<Summary> {
        let datastreams: BTreeSet<_> = self.observations.iter().map(|it| it.datastream).collect();
        datastreams.into_iter().map(|datastream| self.summary(datastream)).collect()
    }

    pub(crate) fn summary(&self, datastream: EntityId) -> Summary {
        let all: Vec<&Observation> =
            self.observations.iter().filter(|it| it.datastream == datastream).collect();
        let mut features: BTreeMap<EntityId, u64> = BTreeMap::new();
        for observation in &all {
            *features.entry(observation.feature).or_default() += 1;
        }
        let hull = |times: Vec<Period>| times.into_iter().reduce(|one, two| one.hull(&two));
        let doubled = |time: Period| time.hull(&time);
        let results = all.iter().filter_map(|it| it.result_time);
        let latest = all.iter().max_by_key(|it| (it.phenomenon_time.end(), it.result_time, it.id));
        Summary {
            datastream,
            count: all.len() as u64,
            phenomenon_time: hull(all.iter().map(|it| doubled(it.phenomenon_time)).collect()),
            result_time: hull(results.map(|at| doubled(Period::instant(at))).collect()),
            features: features.into_iter().collect(),
            latest: latest.map(|it| Observation::clone(it)),
        }
    }

    pub(crate) fn agrees_with(&self, summaries: &[Summary]) {
        for summary in summaries {
            assert_eq!(*summary, self.summary(summary.datastream));
        }
    }

    pub(crate) fn rollups(&self, step: Step) -> Vec<Rollup> {
        let mut buckets: BTreeMap<(EntityId, OffsetDateTime), Vec<&Observation>> = BTreeMap::new();
        for observation in self.observations.iter().chain(&self.expired) {
            if observation.result.number().is_some() {
                let start = floor(observation.phenomenon_time.start(), step);
                buckets.entry((observation.datastream, start)).or_default().push(observation);
            }
        }
        buckets.into_iter().map(|((datastream, start), it)| sum(datastream, start, &it)).collect()
    }

    pub(crate) fn page(&self, query: &ObservationQuery) -> Vec<Observation> {
        let mut found: Vec<&Observation> =
            self.observations.iter().filter(|it| fulfils(it, &query.filter)).collect();
        found.sort_by(|one, two| {
            compare(query.order, &key(query.order, one), &key(query.order, two))
        });
        if let Some(after) = &query.after {
            found.retain(|it| compare(query.order, &key(query.order, it), after).is_gt());
        }
        let cut = |found: Vec<&Observation>| -> Vec<Observation> {
            let page = found.into_iter().skip(query.skip as usize).take(query.limit as usize);
            page.cloned().collect()
        };
        if !query.for_each_datastream {
            return cut(found);
        }
        let mut each: BTreeMap<EntityId, Vec<&Observation>> = BTreeMap::new();
        for observation in found {
            each.entry(observation.datastream).or_default().push(observation);
        }
        each.into_values().flat_map(cut).collect()
    }

    pub(crate) fn count(&self, filter: &ObservationFilter) -> u64 {
        self.observations.iter().filter(|it| fulfils(it, filter)).count() as u64
    }

    /// Asks the store for all that it keeps.
    pub(crate) async fn check(&self, store: &dyn Store) {
        assert_eq!(store.summaries().await.unwrap(), self.summaries());
        let everything = ObservationQuery::default();
        assert_eq!(store.observations(&everything).await.unwrap(), self.page(&everything));
        self.check_rollups(store).await;
    }

    pub(crate) async fn check_rollups(&self, store: &dyn Store) {
        let datastreams: Vec<EntityId> = (1..=9).map(EntityId).collect();
        let (from, to) = (datetime!(0000-01-01 0:00 UTC), datetime!(9999-12-31 23:59:59 UTC));
        for step in [Step::Hour, Step::Day] {
            let stored = store.rollups(&datastreams, step, from, to).await.unwrap();
            let expected = self.rollups(step);
            assert_eq!(stored.len(), expected.len());
            for (stored, expected) in stored.iter().zip(&expected) {
                assert_alike(stored, expected);
            }
        }
    }
}

/// The last bits of sums depend on the order in which they were added up.
fn assert_alike(stored: &Rollup, expected: &Rollup) {
    let rounded = |rollup: &Rollup| Rollup { sum: 0.0, sines: 0.0, cosines: 0.0, ..*rollup };
    assert_eq!(rounded(stored), rounded(expected));
    let sums = |rollup: &Rollup| [rollup.sum, rollup.sines, rollup.cosines];
    for (stored, expected) in sums(stored).into_iter().zip(sums(expected)) {
        assert!((stored - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{stored} {expected}");
    }
}

pub(crate) fn numbered(observation: &NewObservation, id: EntityId) -> Observation {
    Observation {
        id,
        datastream: observation.datastream,
        feature: observation.feature.unwrap(),
        phenomenon_time: observation.phenomenon_time,
        result_time: observation.result_time,
        result: observation.result.clone(),
        valid_time: observation.valid_time,
        quality: observation.quality.clone(),
        parameters: observation.parameters.clone(),
    }
}

fn floor(at: OffsetDateTime, step: Step) -> OffsetDateTime {
    let day = at.replace_time(time::Time::MIDNIGHT);
    match step {
        Step::Day => day,
        Step::Hour => day + Duration::hours(i64::from(at.hour())),
    }
}

fn sum(datastream: EntityId, start: OffsetDateTime, of: &[&Observation]) -> Rollup {
    let value = |it: &Observation| it.result.number().unwrap();
    let values: Vec<f64> = of.iter().map(|it| value(it)).collect();
    let last = of
        .iter()
        .max_by(|one, two| {
            let time = |it: &Observation| (it.phenomenon_time.start(), it.result_time);
            time(one).cmp(&time(two)).then(value(one).total_cmp(&value(two)))
        })
        .unwrap();
    Rollup {
        datastream,
        start,
        count: values.len() as u64,
        sum: values.iter().sum(),
        min: values.iter().copied().fold(f64::INFINITY, f64::min),
        max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        sines: values.iter().map(|it| it.to_radians().sin()).sum(),
        cosines: values.iter().map(|it| it.to_radians().cos()).sum(),
        last_time: last.phenomenon_time.start(),
        last: value(last),
    }
}

fn fulfils(it: &Observation, filter: &ObservationFilter) -> bool {
    let among = |ids: &Option<Vec<EntityId>>, id| ids.as_ref().is_none_or(|ids| ids.contains(id));
    among(&filter.ids, &it.id)
        && among(&filter.datastreams, &it.datastream)
        && among(&filter.features, &it.feature)
        && within(filter.phenomenon_start, Some(it.phenomenon_time.start()))
        && within(filter.phenomenon_end, Some(it.phenomenon_time.end()))
        && within(filter.result_time, it.result_time)
        && within(filter.result, it.result.number())
}

fn within<T: PartialOrd>(bounds: Bounds<T>, value: Option<T>) -> bool {
    match value {
        None => bounds.min.is_none() && bounds.max.is_none(),
        Some(value) => {
            bounds.min.is_none_or(|min| min <= value) && bounds.max.is_none_or(|max| value <= max)
        }
    }
}

/// An observation's place in an order.
pub(crate) fn key(order: ObservationOrder, it: &Observation) -> ObservationKey {
    let value = match (order.by, &it.result) {
        (OrderBy::Id, _) => KeyValue::Id,
        (OrderBy::PhenomenonTime, _) => KeyValue::Time(Some(it.phenomenon_time.start())),
        (OrderBy::ResultTime, _) => KeyValue::Time(it.result_time),
        (OrderBy::Result, ResultValue::Number(number)) => KeyValue::Number(*number),
        (OrderBy::Result, ResultValue::Other(value)) => KeyValue::Text(value.to_string()),
    };
    ObservationKey { value, id: it.id }
}

fn compare(order: ObservationOrder, one: &ObservationKey, two: &ObservationKey) -> Ordering {
    let value = match (&one.value, &two.value) {
        (KeyValue::Id, KeyValue::Id) => Ordering::Equal,
        (KeyValue::Time(None), KeyValue::Time(Some(_)))
        | (KeyValue::Text(_), KeyValue::Number(_)) => Ordering::Greater,
        (KeyValue::Time(Some(_)), KeyValue::Time(None))
        | (KeyValue::Number(_), KeyValue::Text(_)) => Ordering::Less,
        (KeyValue::Time(one), KeyValue::Time(two)) => one.cmp(two),
        (KeyValue::Number(one), KeyValue::Number(two)) => one.partial_cmp(two).unwrap(),
        (KeyValue::Text(one), KeyValue::Text(two)) => one.cmp(two),
        (one, two) => unreachable!("{one:?} and {two:?} are of two orders"),
    };
    let ordering = value.then(one.id.cmp(&two.id));
    if order.is_descending { ordering.reverse() } else { ordering }
}
