use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use quartier_model::{EntityId, Properties, ResultValue};
use quartier_store::SensorBatch;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{
    shapes::{block, place},
    town::{Measure, NOON, TEMPERATURE, Town, WIND, id, minutes, observation},
};
use crate::sensors::{AggregateError, AggregateQuery, Aggregates, Aggregation};

const ALL: [Aggregation; 6] = [
    Aggregation::Mean,
    Aggregation::Min,
    Aggregation::Max,
    Aggregation::Sum,
    Aggregation::Count,
    Aggregation::Last,
];

impl Town {
    async fn with_districts() -> Self {
        let town = Self::new().await;
        let districts = ["west", "middle", "east"];
        let blocks: Vec<_> =
            districts.into_iter().zip([0, 10, 20].map(|x| block(x, 0, 10, 10))).collect();
        town.objects("districts", &blocks).await;
        town
    }

    async fn aggregate(&self, query: AggregateQuery) -> Result<Aggregates, AggregateError> {
        self.sensors().aggregate(&self.city(), &query).await
    }
}

fn query(
    aggregation: Aggregation,
    window: Duration,
    as_of: Option<OffsetDateTime>,
) -> AggregateQuery {
    let property = TEMPERATURE.property.to_owned();
    AggregateQuery { zones: id("districts"), property, aggregation, window, as_of }
}

/// What happens to three things in three districts, in minutes and seconds before now.
#[derive(Debug, Clone)]
enum Event {
    Reads { thing: usize, second: i64, value: f64 },
    Again { reading: usize },
    Moves { thing: usize, minute: i64, district: i32 },
    Forgets { reading: usize },
    Fills,
}

/// Farther back than memory reaches.
const MINUTES: i64 = 300;

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        12 => (0..3_usize, 1..MINUTES * 60, -50..50_i32).prop_map(|(thing, second, value)| Event::Reads {
            thing,
            second,
            value: f64::from(value) / 4.0,
        }),
        2 => any::<prop::sample::Index>().prop_map(|it| Event::Again { reading: it.index(100) }),
        2 => (0..3_usize, 1..MINUTES, 0..3_i32)
            .prop_map(|(thing, minute, district)| Event::Moves { thing, minute, district }),
        1 => any::<prop::sample::Index>().prop_map(|it| Event::Forgets { reading: it.index(100) }),
        2 => Just(Event::Fills),
    ];
    prop::collection::vec(event, 1..60)
}

/// Everything that was said, and where everyone was.
#[derive(Debug, Default)]
struct Ledger {
    /// By datastream and time: the number of the observation, and its value.
    readings: BTreeMap<(EntityId, OffsetDateTime), (EntityId, f64)>,
    /// By datastream: when it came to which district.
    stays: BTreeMap<EntityId, BTreeMap<OffsetDateTime, i32>>,
}

impl Ledger {
    fn district(&self, datastream: EntityId, at: OffsetDateTime) -> i32 {
        let stays = &self.stays[&datastream];
        let last = stays.range(..=at).next_back();
        *last.or_else(|| stays.first_key_value()).unwrap().1
    }

    /// Sensors that were in a district at some instant of a window.
    fn linked(
        &self,
        district: i32,
        start: OffsetDateTime,
        end: OffsetDateTime,
    ) -> BTreeSet<EntityId> {
        let was_there = |id: &&EntityId| {
            let stays = &self.stays[id];
            let came = stays.iter().any(|(at, it)| *it == district && start <= *at && *at < end);
            came || self.district(**id, start) == district
        };
        self.stays.keys().filter(was_there).copied().collect()
    }

    fn value(&self, district: i32, answer: &Aggregates, aggregation: Aggregation) -> Option<f64> {
        let mut by_sensor: BTreeMap<EntityId, Vec<(OffsetDateTime, f64)>> = BTreeMap::new();
        for ((id, at), (_, value)) in &self.readings {
            let is_in = answer.start <= *at && *at < answer.end;
            if is_in && self.district(*id, *at) == district {
                by_sensor.entry(*id).or_default().push((*at, *value));
            }
        }
        let all = || by_sensor.values().flatten().map(|it| it.1);
        match aggregation {
            Aggregation::Count => Some(all().count() as f64),
            _ if by_sensor.is_empty() => None,
            Aggregation::Sum => Some(all().sum()),
            Aggregation::Min => all().reduce(f64::min),
            Aggregation::Max => all().reduce(f64::max),
            Aggregation::Mean => {
                let mean = |it: &Vec<(OffsetDateTime, f64)>| {
                    it.iter().map(|it| it.1).sum::<f64>() / it.len() as f64
                };
                Some(by_sensor.values().map(mean).sum::<f64>() / by_sensor.len() as f64)
            }
            Aggregation::Last => {
                let each = by_sensor.iter().rev().filter_map(|(_, it)| it.last());
                each.max_by_key(|it| it.0).map(|it| it.1)
            }
        }
    }

    fn is_stale(&self, id: EntityId, end: OffsetDateTime) -> bool {
        let mut times = self.readings.keys().filter(|it| it.0 == id && it.1 <= end);
        times.next_back().is_none_or(|(_, last)| end - *last > Duration::hours(1))
    }
}

async fn play(town: &Town, events: &[Event], now: OffsetDateTime) -> Ledger {
    let mut ledger = Ledger::default();
    let (mut things, mut datastreams) = (Vec::new(), Vec::new());
    for district in 0..3 {
        let thing = town.thing(Properties::new(), None).await;
        let start = now - Duration::minutes(MINUTES);
        town.comes(thing, start, place(district * 10 + 5, 5, None)).await;
        let datastream = town.datastream(thing, TEMPERATURE).await;
        ledger.stays.entry(datastream).or_default().insert(start, district);
        things.push(thing);
        datastreams.push(datastream);
    }
    let mut said: Vec<(EntityId, OffsetDateTime, f64)> = Vec::new();
    for event in events {
        match *event {
            Event::Reads { thing, second, value } => {
                let at = now - Duration::seconds(second);
                said.push((datastreams[thing], at, value));
                say(town, &mut ledger, said[said.len() - 1]).await;
            }
            Event::Again { reading } if !said.is_empty() => {
                say(town, &mut ledger, said[reading % said.len()]).await;
            }
            Event::Moves { thing, minute, district } => {
                let at = now - Duration::minutes(minute);
                ledger.stays.entry(datastreams[thing]).or_default().insert(at, district);
                town.comes(things[thing], at, place(district * 10 + 5, 5, None)).await;
            }
            Event::Forgets { reading } if !ledger.readings.is_empty() => {
                let at = *ledger.readings.keys().nth(reading % ledger.readings.len()).unwrap();
                let (id, _) = ledger.readings.remove(&at).unwrap();
                let deleted_observations = vec![id];
                town.write_sensors(SensorBatch { deleted_observations, ..SensorBatch::default() })
                    .await;
            }
            Event::Fills => town.sensors().fill_recent(OffsetDateTime::now_utc()).await.unwrap(),
            Event::Again { .. } | Event::Forgets { .. } => {}
        }
    }
    ledger
}

async fn say(
    town: &Town,
    ledger: &mut Ledger,
    (datastream, at, value): (EntityId, OffsetDateTime, f64),
) {
    let number = ResultValue::Number(value);
    let id = town.send(vec![observation(datastream, at, number)]).await[0];
    ledger.readings.entry((datastream, at)).or_insert((id, value));
}

fn check(ledger: &Ledger, answer: &Aggregates, aggregation: Aggregation) {
    for (district, zone) in (0..).zip(&answer.zones) {
        let expected = ledger.value(district, answer, aggregation);
        let apart = zone.value.zip(expected).map_or(0.0, |(it, that)| (it - that).abs());
        assert_eq!(zone.value.is_some(), expected.is_some(), "{aggregation:?} {zone:?}");
        assert!(apart < 1e-9, "{aggregation:?} of {expected:?}: {zone:?}");
        let readings = ledger.value(district, answer, Aggregation::Count).unwrap();
        assert_eq!(zone.n_readings as f64, readings);
        let linked = ledger.linked(district, answer.start, answer.end);
        assert_eq!(zone.n_linked, linked.len(), "{zone:?}");
        let stale = linked.iter().filter(|id| ledger.is_stale(**id, answer.end)).count();
        assert_eq!(zone.n_stale, stale, "{zone:?}");
        let coverage = if linked.is_empty() { 0.0 } else { zone.n as f64 / linked.len() as f64 };
        assert_eq!(zone.coverage, coverage);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_are_those_of_the_raw_readings_where_each_sensor_stood(
        events in events(),
        windows in prop::collection::vec((1..MINUTES + 60, prop::option::of(0..MINUTES)), 4),
        is_filled in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let town = Town::with_districts().await;
            let now = OffsetDateTime::now_utc();
            let now = now.replace_nanosecond(now.microsecond() * 1_000).unwrap();
            let ledger = play(&town, &events, now).await;
            if is_filled {
                town.sensors().fill_recent(now).await.unwrap();
            }
            for (window, as_of) in windows {
                for aggregation in ALL {
                    let as_of = as_of.map(|minute| now - Duration::minutes(minute));
                    let query = query(aggregation, Duration::minutes(window), as_of);
                    check(&ledger, &town.aggregate(query).await.unwrap(), aggregation);
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readings_that_come_while_memory_is_filled_are_counted_once() {
    const READINGS: i64 = 400;
    let town = Town::with_districts().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.datastream(thing, TEMPERATURE).await;
    let now = OffsetDateTime::now_utc();
    let write = async {
        for second in 0..READINGS {
            town.measure(datastream, now - Duration::seconds(READINGS - second), 1.0).await;
        }
    };
    let fill = async {
        for _ in 0..READINGS / 4 {
            town.sensors().fill_recent(now).await.unwrap();
            town.sensors().observations_rewritten(&[datastream]);
        }
        town.sensors().fill_recent(now).await.unwrap();
    };
    tokio::join!(write, fill);
    let asked = query(Aggregation::Count, Duration::hours(1), Some(now));
    let answer = town.aggregate(asked).await.unwrap();
    assert_eq!(answer.zones[0].n_readings, READINGS.cast_unsigned());
}

#[tokio::test]
async fn a_sensor_that_speaks_often_does_not_outweigh_one_that_speaks_seldom() {
    let town = Town::with_districts().await;
    for values in [vec![10.0, 10.0, 10.0, 10.0], vec![20.0]] {
        let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
        let datastream = town.datastream(thing, TEMPERATURE).await;
        for (minute, value) in (0..).zip(values) {
            town.measure(datastream, minutes(minute), value).await;
        }
    }
    let hour = Duration::hours(1);
    let answer = town.aggregate(query(Aggregation::Mean, hour, Some(minutes(60)))).await.unwrap();
    let west = &answer.zones[0];
    assert_eq!((west.value, west.n, west.n_readings, west.coverage), (Some(15.0), 2, 5, 1.0));
    assert_eq!((answer.zones[1].value, answer.zones[1].coverage), (None, 0.0));
    assert_eq!((answer.start, answer.end), (NOON, minutes(60)));
}

#[tokio::test]
async fn the_mean_of_winds_goes_around_the_circle() {
    let town = Town::with_districts().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.datastream(thing, WIND).await;
    for (minute, value) in [(1, 350.0), (2, 10.0), (3, 30.0)] {
        town.measure(datastream, minutes(minute), value).await;
    }
    let query = query(Aggregation::Mean, Duration::hours(1), Some(minutes(60)));
    let query = AggregateQuery { property: "wind direction".to_owned(), ..query };
    let value = town.aggregate(query).await.unwrap().zones[0].value.unwrap();
    assert!((value - 10.0).abs() < 1e-9, "{value}");
}

#[tokio::test]
async fn each_channel_of_a_multi_datastream_is_a_sensor() {
    let town = Town::with_districts().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.multi_datastream(thing, &[WIND, TEMPERATURE]).await;
    for now in [minutes(10), OffsetDateTime::now_utc()] {
        town.sensors().fill_recent(OffsetDateTime::now_utc()).await.unwrap();
        for (minute, value) in [(1, json!([90, 20.0])), (2, json!([90, 22.0])), (3, json!([90]))] {
            let at = now - Duration::minutes(minute);
            town.send(vec![observation(datastream, at, ResultValue::new(value))]).await;
        }
        let asked = query(Aggregation::Mean, Duration::minutes(8), Some(now));
        let answer = town.aggregate(asked).await.unwrap();
        let west = &answer.zones[0];
        assert_eq!((west.value, west.n, west.n_readings), (Some(21.0), 1, 2));
    }
}

#[tokio::test]
async fn different_units_are_refused_by_name() {
    let town = Town::with_districts().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    town.datastream(thing, TEMPERATURE).await;
    town.datastream(thing, Measure { unit: "K", ..TEMPERATURE }).await;
    let answer = town.aggregate(query(Aggregation::Mean, Duration::hours(1), None)).await;
    let refusal = answer.unwrap_err().to_string();
    assert!(refusal.contains("(°C, K)"), "{refusal}");
}

#[tokio::test]
async fn what_cannot_be_summed_up_is_refused() {
    let town = Town::with_districts().await;
    let fair = query(Aggregation::Mean, Duration::hours(1), None);
    let refused = async |query| town.aggregate(query).await.unwrap_err();
    let unknown =
        refused(AggregateQuery { property: "radiation".to_owned(), ..fair.clone() }).await;
    assert!(matches!(unknown, AggregateError::UnknownProperty(name) if name == "radiation"));
    let unknown = refused(AggregateQuery { zones: id("parks"), ..fair.clone() }).await;
    assert!(matches!(unknown, AggregateError::UnknownZones(zones) if zones == id("parks")));
    for window in [Duration::ZERO, Duration::hours(-1), Duration::weeks(10_000), Duration::MAX] {
        let odd = refused(AggregateQuery { window, ..fair.clone() }).await;
        assert!(matches!(odd, AggregateError::Window));
    }
}
