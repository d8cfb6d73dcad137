use quartier_model::{
    CityObject, Collection, Condition, Feature, Fence, Geometry, Properties, Subject, TimeRange,
};
use quartier_store::Batch;
use quartier_twin::sensors::{AggregateQuery, Aggregation, LatestQuery, LinkFilter, NewGeofence};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::world::{NOON, World, reading};
use crate::city::id;

impl World {
    /// One district around where the stations are.
    async fn with_district(&self) {
        let west = [[7.6, 51.9], [7.7, 51.9], [7.7, 52.0], [7.6, 52.0], [7.6, 51.9]];
        let sent = json!({ "type": "Polygon", "coordinates": [west] });
        let district: Geometry = self.sensors().place(sent).unwrap().working.unwrap();
        let collection = Collection::new(id("districts"), self.twin.working_crs());
        self.twin.put_collection(&collection).await.unwrap();
        let feature = Feature {
            id: "west".parse().unwrap(),
            source_id: None,
            geometry: Some(district),
            properties: Properties::new(),
            valid: TimeRange::ALWAYS,
        };
        let batch = Batch { puts: vec![CityObject::from(feature)], ..Batch::default() };
        self.twin.write(&id("districts"), batch).await.unwrap();
    }

    async fn mean(&self, window: Duration, as_of: OffsetDateTime) -> (Option<f64>, u64) {
        let query = AggregateQuery {
            zones: id("districts"),
            property: "temperature".to_owned(),
            aggregation: Aggregation::Mean,
            window,
            as_of: Some(as_of),
        };
        let city = self.twin.snapshot().unwrap();
        let answer = self.sensors().aggregate(&city, &query).await.unwrap();
        (answer.zones[0].value, answer.zones[0].n_readings)
    }
}

#[tokio::test]
async fn windows_of_the_past_are_summed_up_from_days_hours_and_readings() {
    for world in World::each("windows_of_the_past").await {
        world.with_district().await;
        let station = world.station("tower").await;
        // Every quarter of an hour for three days: the value is the number of the reading.
        let readings =
            (0..288_i32).map(|it| reading(station.datastream, i64::from(it) * 15, f64::from(it)));
        world.send(readings.collect()).await.unwrap();
        let mean_of = |from: i32, to: i32| {
            let count = to - from;
            (Some(f64::from(from + to - 1) / 2.0), count as u64)
        };
        let minutes = Duration::minutes;
        assert_eq!(world.mean(Duration::DAY * 3, NOON + Duration::DAY * 3).await, mean_of(0, 288));
        assert_eq!(world.mean(minutes(61 * 60), NOON + minutes(70 * 60)).await, mean_of(36, 280));
        // From one minute before a reading up to, but not including, another.
        assert_eq!(world.mean(minutes(46), NOON + minutes(60)).await, mean_of(1, 4));
    }
}

#[tokio::test]
async fn past_values_and_links_are_the_same_after_a_restart() {
    for world in World::each("past_values_after_a_restart").await {
        world.with_district().await;
        let station = world.station("tower").await;
        let readings = [0, 10, 20].map(|minute| reading(station.datastream, minute, minute as f64));
        world.send(readings.to_vec()).await.unwrap();
        let fence = NewGeofence {
            name: "heat".to_owned(),
            area: Fence::Objects { collection: id("districts"), objects: Vec::new() },
            condition: Condition::Above(30.0),
            subject: Subject::default(),
        };
        let city = world.twin.snapshot().unwrap();
        world.sensors().put_geofence(&city, fence).await.unwrap();
        let again = world.restarted().await;
        again.sensors().until_loaded().await;
        let as_of = Some(NOON + Duration::minutes(19));
        let query = LatestQuery { as_of, ..LatestQuery::default() };
        for twin in [&world.twin, &again] {
            let rows = twin.sensors().latest(&query).await.unwrap();
            assert_eq!(rows.len(), 1);
            assert_eq!(rows[0].value.number(), Some(10.0));
            assert_eq!(rows[0].age, Duration::minutes(9));
        }
        assert_eq!(again.sensors().geofences(), world.sensors().geofences());
        let links = world.sensors().links(&LinkFilter::default());
        assert_eq!(links.len(), 2);
        assert_eq!(links[0].object.as_str(), "west");
    }
}
