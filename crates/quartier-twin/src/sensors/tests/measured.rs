use quartier_model::{Bbox, EntityId, FeatureId, Properties, ResultValue};
use serde_json::json;
use time::Duration;

use super::{
    shapes::{block, place},
    town::{Measure, NOON, TEMPERATURE, Town, WIND, id, minutes, observation},
};
use crate::sensors::{LatestQuery, ObjectReading, PropertyNames};

impl Town {
    /// Two houses in a district, each with a thing.
    async fn with_houses() -> (Self, EntityId, EntityId) {
        let town = Self::new().await;
        town.objects("districts", &[("north", block(0, 0, 100, 100))]).await;
        let houses = [("one", block(10, 10, 20, 20)), ("two", block(50, 10, 20, 20))];
        town.objects("houses", &houses).await;
        let one = town.thing(Properties::new(), Some(place(15, 15, None))).await;
        let two = town.thing(Properties::new(), Some(place(55, 15, None))).await;
        (town, one, two)
    }

    fn fid(&self, collection: &str, object: &str) -> FeatureId {
        self.city().collection(collection).unwrap().index.by_id(object).unwrap().fid()
    }

    fn at_house(&self, house: &str, names: &str, at: time::OffsetDateTime) -> Vec<ObjectReading> {
        let names: PropertyNames = names.parse().unwrap();
        self.sensors().readings(&id("houses"), self.fid("houses", house), &names, at)
    }
}

#[tokio::test]
async fn a_house_has_the_mean_of_what_its_sensors_measure() {
    let (town, one, two) = Town::with_houses().await;
    for (thing, value) in [(one, 20.0), (one, 22.0), (two, 99.0)] {
        let datastream = town.datastream(thing, TEMPERATURE).await;
        town.measure(datastream, NOON, value).await;
    }
    for name in ["temperature", "Temperature", "https://example.org/temperature", "1", "*"] {
        let readings = town.at_house("one", name, minutes(5));
        let [reading] = readings.as_slice() else { panic!("{name}: {readings:?}") };
        assert_eq!(reading.value, Some(ResultValue::Number(21.0)));
        assert_eq!((reading.n, reading.n_stale, reading.age), (2, 0, Duration::minutes(5)));
    }
    assert_eq!(town.at_house("one", "humidity", NOON), []);
}

#[tokio::test]
async fn a_stale_sensor_does_not_count_while_another_is_fresh() {
    let (town, one, _) = Town::with_houses().await;
    let hour = town.datastream(one, TEMPERATURE).await;
    let says: Properties = [("stale_after".to_owned(), json!("PT10M"))].into_iter().collect();
    let brief = town.datastream_saying(one, TEMPERATURE, says).await;
    town.measure(hour, NOON, 10.0).await;
    town.measure(brief, NOON, 30.0).await;
    let value = |minute| {
        let reading = town.at_house("one", "temperature", minutes(minute)).remove(0);
        (reading.value.unwrap().number().unwrap(), reading.n_stale, reading.is_stale)
    };
    assert_eq!(value(10), (20.0, 0, false));
    assert_eq!(value(11), (10.0, 1, false));
    assert_eq!(value(61), (20.0, 2, true));
}

#[tokio::test]
async fn directions_are_averaged_around_the_circle() {
    let (town, one, _) = Town::with_houses().await;
    for value in [350.0, 20.0] {
        let datastream = town.datastream(one, WIND).await;
        town.measure(datastream, NOON, value).await;
    }
    let reading = town.at_house("one", "wind direction", NOON).remove(0);
    assert!((reading.value.unwrap().number().unwrap() - 5.0).abs() < 1e-9);
}

#[tokio::test]
async fn different_units_have_no_mean_and_say_so() {
    let (town, one, _) = Town::with_houses().await;
    for unit in ["°C", "K"] {
        let measure = Measure { unit, ..TEMPERATURE };
        let datastream = town.datastream(one, measure).await;
        town.measure(datastream, NOON, 20.0).await;
    }
    let reading = town.at_house("one", "temperature", NOON).remove(0);
    assert_eq!((reading.value, reading.unit, reading.has_mixed_units), (None, None, true));
}

#[tokio::test]
async fn a_reading_belongs_to_the_house_in_which_the_sensor_stood() {
    let (town, one, _) = Town::with_houses().await;
    let datastream = town.datastream(one, TEMPERATURE).await;
    town.measure(datastream, minutes(10), 20.0).await;
    town.comes(one, minutes(20), place(55, 15, None)).await;
    let n = |house| town.at_house(house, "temperature", minutes(30)).len();
    assert_eq!((n("one"), n("two")), (1, 0), "it has said nothing since it moved");
    town.measure(datastream, minutes(25), 21.0).await;
    assert_eq!((n("one"), n("two")), (0, 1));
}

#[tokio::test]
async fn the_stamp_changes_with_a_reading_and_with_staleness_but_not_with_age() {
    let (town, one, _) = Town::with_houses().await;
    let datastream = town.datastream(one, TEMPERATURE).await;
    let stamp = |minute| {
        let names = "temperature".parse().unwrap();
        let reader = town.sensors().reader(&names, minutes(minute)).unwrap();
        reader.stamp(&id("houses"), [town.fid("houses", "one"), town.fid("houses", "two")])
    };
    let empty = stamp(0);
    town.measure(datastream, NOON, 20.0).await;
    let fresh = stamp(0);
    assert_ne!(empty, fresh);
    assert_eq!(fresh, stamp(30));
    assert_ne!(fresh, stamp(61));
    town.measure(datastream, minutes(1), 20.0).await;
    assert_ne!(fresh, stamp(30));
}

#[tokio::test]
async fn the_latest_values_are_those_of_the_time_that_is_asked_for() {
    let (town, one, two) = Town::with_houses().await;
    let moving = town.datastream(one, TEMPERATURE).await;
    let staying = town.datastream(two, TEMPERATURE).await;
    for minute in [5, 15, 35] {
        town.measure(moving, minutes(minute), minute as f64).await;
    }
    town.measure(staying, minutes(20), 1.0).await;
    town.comes(one, minutes(30), place(55, 15, None)).await;
    let latest = async |as_of: Option<i64>| {
        let as_of = as_of.map(minutes);
        let query = LatestQuery { as_of, ..LatestQuery::default() };
        let rows = town.sensors().latest(&query).await.unwrap();
        let shown = rows.into_iter().map(|row| {
            let object = row.link.map(|link| link.object.to_string()).unwrap_or_default();
            (row.datastream.id, row.value.number().unwrap(), object)
        });
        shown.collect::<Vec<_>>()
    };
    let row = |datastream, value, object: &str| (datastream, value, object.to_owned());
    assert_eq!(latest(None).await, [row(moving, 35.0, "two"), row(staying, 1.0, "two")]);
    assert_eq!(latest(Some(32)).await, [row(moving, 15.0, "one"), row(staying, 1.0, "two")]);
    assert_eq!(latest(Some(15)).await, [row(moving, 15.0, "one")]);
    assert_eq!(latest(Some(4)).await, []);
}

#[tokio::test]
async fn latest_values_are_chosen_by_collection_property_and_place() {
    let (town, one, two) = Town::with_houses().await;
    let outside = town.thing(Properties::new(), Some(place(500, 500, None))).await;
    for thing in [one, two, outside] {
        let datastream = town.datastream(thing, TEMPERATURE).await;
        town.measure(datastream, NOON, 20.0).await;
    }
    let things = async |query: LatestQuery| {
        let rows = town.sensors().latest(&query).await.unwrap();
        rows.into_iter().map(|row| row.thing.id).collect::<Vec<_>>()
    };
    let all = LatestQuery::default();
    assert_eq!(things(all.clone()).await, [one, two, outside]);
    let collection = Some(id("districts"));
    assert_eq!(things(LatestQuery { collection, ..all.clone() }).await, [one, two]);
    let properties = "wind direction".parse().unwrap();
    assert_eq!(things(LatestQuery { properties, ..all.clone() }).await, []);
    let bbox = Some(Bbox::new(7.05, 51.0, 7.06, 51.02).unwrap());
    assert_eq!(things(LatestQuery { bbox, ..all }).await, [two]);
}

#[tokio::test]
async fn what_is_no_number_is_shown_as_it_is() {
    let (town, one, _) = Town::with_houses().await;
    let datastream = town.datastream(one, Measure { property: "state", unit: "" }).await;
    town.send(vec![observation(datastream, NOON, ResultValue::new(json!("open")))]).await;
    let reading = town.at_house("one", "state", NOON).remove(0);
    assert_eq!(reading.value, Some(ResultValue::new(json!("open"))));
}
