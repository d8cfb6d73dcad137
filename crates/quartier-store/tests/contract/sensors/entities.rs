use geo_types::{LineString, Polygon};
use quartier_model::{
    Channel, Datastream, Entity, EntityId, EntityKind, FeatureOfInterest, Geometry,
    HistoricalLocation, Location, Place, Properties, Sensor, Thing, Unit,
};
use quartier_store::SensorBatch;
use serde_json::json;
use time::macros::datetime;

use super::sample::{
    IntoEntity as _, datastream, feature, location, observed_property, properties, sensor, station,
    thing,
};
use crate::home::in_each_store;

fn puts(puts: Vec<Entity>) -> SensorBatch {
    SensorBatch { puts, ..SensorBatch::default() }
}

fn sorted(mut entities: Vec<Entity>) -> Vec<Entity> {
    entities.sort_by_key(|entity| (format!("{:?}", entity.kind()), entity.id()));
    entities
}

fn odd_properties() -> Properties {
    properties(json!({
        "": null, "Straße": "„Am Berg“ \u{7f}🏠", "deep": [{ "a": [1, 2.5, 1e300, u64::MAX] }],
        "quoted": "' or 1=1 -- \" $1 \\u0000",
    }))
}

fn odd_place() -> Place {
    let ring = LineString::from(vec![(0.1 + 0.2, 0.), (1., 0.), (1., 1.), (0.1 + 0.2, 0.)]);
    let area = Geometry::with_heights(Polygon::new(ring, Vec::new()).into(), vec![54.3; 4]);
    let area = Some(area.unwrap());
    Place {
        sent: json!({ "type": "Feature", "geometry": { "type": "Polygon" }, "properties": null }),
        degrees: area.clone(),
        working: area,
    }
}

/// Whatever a client can send.
fn odd() -> Vec<Entity> {
    let mut odd = odd_stays();
    odd.extend([
        Entity::Thing(Thing {
            name: String::new(),
            properties: odd_properties(),
            ..thing(2, &[2, 1, 2])
        }),
        Entity::Sensor(Sensor {
            metadata: json!({ "type": "PhysicalSystem", "list": [null] }),
            properties: odd_properties(),
            ..sensor(2)
        }),
        Entity::Datastream(Datastream {
            thing: EntityId(2),
            sensor: EntityId(2),
            channels: vec![Channel {
                observed_property: EntityId(1),
                observation_type: String::new(),
                unit: Unit {
                    name: Some("Grad".to_owned()),
                    symbol: Some(String::new()),
                    definition: None,
                },
            }],
            properties: odd_properties(),
            ..datastream(9)
        }),
        Entity::FeatureOfInterest(FeatureOfInterest {
            place: odd_place(),
            properties: odd_properties(),
            ..feature(8)
        }),
    ]);
    odd
}

fn odd_stays() -> Vec<Entity> {
    let nowhere = Place { sent: json!("gegenüber"), degrees: None, working: None };
    let stay = |id, time, locations: &[u64]| {
        let locations = locations.iter().copied().map(EntityId).collect();
        let thing = EntityId(2);
        Entity::HistoricalLocation(HistoricalLocation { id: EntityId(id), time, thing, locations })
    };
    vec![
        Entity::Location(Location {
            place: odd_place(),
            properties: odd_properties(),
            ..location(2)
        }),
        Entity::Location(Location {
            encoding: "text/plain".to_owned(),
            place: nowhere,
            feature: None,
            ..location(3)
        }),
        stay(2, datetime!(0001-01-01 0:00:00.000_001 UTC), &[3, 1]),
        stay(3, datetime!(9999-12-31 23:59:59.999_999 UTC), &[]),
    ]
}

#[tokio::test]
async fn entities_of_every_kind_come_back_as_they_were() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        store.write_sensors(&puts(odd())).await.unwrap();
        let expected = sorted([station().puts, odd()].concat());
        let stored = store.entities().await.unwrap();
        assert_eq!(sorted(stored.entities), expected);
        drop(store);
        let again = home.open().await.entities().await.unwrap();
        assert_eq!((sorted(again.entities), again.next), (expected, stored.next));
    })
    .await;
}

#[tokio::test]
async fn an_entity_that_changes_is_the_new_one() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        store.write_sensors(&puts(odd())).await.unwrap();
        let moved = Thing { name: "moved".to_owned(), ..thing(1, &[3]) };
        let wider = Datastream { sensor: EntityId(2), ..datastream(4) };
        let single = Datastream { is_multi: false, channels: Vec::new(), ..wider };
        let changed =
            vec![Entity::Thing(moved.clone()), single.clone().into_entity(), location_two()];
        store.write_sensors(&puts(changed)).await.unwrap();
        let stored = store.entities().await.unwrap().entities;
        for entity in [Entity::Thing(moved), single.into_entity(), location_two()] {
            assert!(stored.contains(&entity), "{entity:?}");
        }
        let all = station().puts.len() + odd().len();
        assert_eq!(stored.len(), all);
    })
    .await;
}

fn location_two() -> Entity {
    Entity::Location(Location { properties: Properties::new(), feature: None, ..location(2) })
}

#[tokio::test]
async fn a_number_is_never_given_again() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let next = |next: &[(EntityKind, EntityId)], kind| {
            next.iter().find(|(it, _)| *it == kind).map(|(_, id)| id.0).unwrap()
        };
        let property = observed_property(50);
        let put = puts(vec![Entity::ObservedProperty(property)]);
        store.write_sensors(&put).await.unwrap();
        let deletes = vec![(EntityKind::ObservedProperty, EntityId(50))];
        store.write_sensors(&SensorBatch { deletes, ..SensorBatch::default() }).await.unwrap();
        drop(store);
        let numbers = home.open().await.entities().await.unwrap().next;
        assert_eq!(next(&numbers, EntityKind::ObservedProperty), 51);
        assert_eq!(next(&numbers, EntityKind::Thing), 2);
        assert_eq!(next(&numbers, EntityKind::Datastream), 5);
        assert_eq!(numbers.len(), 8);
    })
    .await;
}

#[tokio::test]
async fn a_reference_to_nobody_is_refused_and_nothing_is_written() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let before = store.entities().await.unwrap();
        for entity in [
            Entity::Thing(thing(2, &[77])),
            Entity::Datastream(Datastream { thing: EntityId(77), ..datastream(9) }),
            Entity::Location(Location { feature: Some(EntityId(77)), ..location(9) }),
        ] {
            let batch = puts(vec![Entity::Sensor(sensor(3)), entity]);
            let error = store.write_sensors(&batch).await.unwrap_err();
            assert!(matches!(error, quartier_store::Error::Unstorable { .. }), "{error}");
        }
        assert_eq!(store.entities().await.unwrap(), before);
    })
    .await;
}
