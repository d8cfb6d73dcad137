use std::{convert::Infallible, sync::Arc};

use quartier_model::{Entity, EntityId, EntityKind, NewObservation};
use quartier_store::{Appended, SensorBatch};
use quartier_twin::{
    Error,
    sensors::{Catalogue, ChangeError, EntityChange, Event, Happening, Patience, Sensors, Source},
};
use serde_json::json;

use super::world::{World, puts, reading, thing_at};

fn is_of(event: &Event, wanted: (EntityKind, EntityId, EntityChange)) -> bool {
    matches!(event.happening, Happening::Entity { kind, id, change } if (kind, id, change) == wanted)
}

#[tokio::test]
async fn a_change_is_shown_told_and_numbered_on_after_a_restart() {
    for world in World::each("change").await {
        let station = world.station("bridge").await;
        world
            .change(|_, _| {
                puts(vec![Entity::Thing(thing_at(station.thing, "pier", vec![station.location]))])
            })
            .await;
        let deletes = vec![(EntityKind::Datastream, station.datastream)];
        world.change(|_, _| SensorBatch { deletes, ..SensorBatch::default() }).await;

        let events = world.sensors().ring().after(0, 100).unwrap();
        let told = |wanted| events.iter().any(|event| is_of(event, wanted));
        assert!(told((EntityKind::Thing, station.thing, EntityChange::Created)));
        assert!(told((EntityKind::Thing, station.thing, EntityChange::Changed)));
        assert!(told((EntityKind::Datastream, station.datastream, EntityChange::Deleted)));

        let again = world.restarted().await;
        let catalogue = again.sensors().catalogue().unwrap();
        assert_eq!(catalogue.things[&station.thing].name, "pier");
        assert_eq!(catalogue.datastreams.len(), 0);
        assert_eq!(catalogue.things_at(station.location).collect::<Vec<_>>(), [station.thing]);
        let next = again.sensors().change(|_, numbers| {
            Ok::<_, Infallible>((SensorBatch::default(), numbers.next(EntityKind::Datastream)))
        });
        assert!(next.await.unwrap().1 > station.datastream, "a number is never given again");
    }
}

#[tokio::test]
async fn changes_come_one_at_a_time() {
    let world = World::new().await;
    let station = world.station("0").await;
    let rename = || {
        let sensors = Arc::clone(world.sensors());
        let plan = move |catalogue: &Catalogue, _: &mut _| {
            let known = &catalogue.things[&station.thing];
            let count: u32 = known.name.parse().unwrap();
            let thing = thing_at(known.id, &(count + 1).to_string(), known.locations.clone());
            Ok::<_, Infallible>((puts(vec![Entity::Thing(thing)]), ()))
        };
        tokio::spawn(async move { sensors.change(plan).await.unwrap() })
    };
    let renames: Vec<_> = (0..50).map(|_| rename()).collect();
    for rename in renames {
        rename.await.unwrap();
    }
    assert_eq!(world.sensors().catalogue().unwrap().things[&station.thing].name, "50");
}

#[tokio::test]
async fn a_plan_that_refuses_changes_nothing() {
    let world = World::new().await;
    let before = world.sensors().ring().newest();
    let refused = world.sensors().change(|_, _| Err::<(SensorBatch, ()), _>("no")).await;
    assert!(matches!(refused, Err(ChangeError::Refused("no"))));
    assert_eq!(world.sensors().ring().newest(), before);
}

async fn send_by_mqtt(
    sensors: Arc<Sensors>,
    rows: Vec<NewObservation>,
) -> quartier_twin::Result<Vec<Appended>> {
    sensors.observe(rows, &Source::Mqtt, Patience::Wait).await
}

#[tokio::test]
async fn a_datastream_that_is_deleted_while_it_is_written_to_ends_cleanly() {
    for world in World::each("racing").await {
        let station = world.station("bridge").await;
        let write = |minute| {
            let row = vec![reading(station.datastream, minute, 1.0)];
            tokio::spawn(send_by_mqtt(Arc::clone(world.sensors()), row))
        };
        let writers: Vec<_> = (0..40).map(write).collect();
        let deletes = vec![(EntityKind::Datastream, station.datastream)];
        world.change(|_, _| SensorBatch { deletes, ..SensorBatch::default() }).await;
        for writer in writers {
            let answer = writer.await.unwrap();
            assert!(matches!(answer, Ok(_) | Err(Error::UnknownDatastream(_))), "{answer:?}");
        }
        assert!(world.sensors().summary(station.datastream).is_none());
        assert!(world.store.summaries().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_place_is_understood_where_it_is_geojson() {
    let world = World::new().await;
    let sensors = world.sensors();
    let sent = json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [7.62, 51.96, 60.5] } });
    let place = sensors.place(sent.clone()).unwrap();
    assert_eq!(place.sent, sent);
    assert_eq!(place.degrees.unwrap().heights(), Some(&[60.5][..]));
    let metres = place.working.unwrap().coords()[0];
    assert!((metres.x - 405_000.0).abs() < 2_000.0, "{metres:?}");

    let far = sensors.place(json!({ "type": "Point", "coordinates": [-117.05, 51.05] })).unwrap();
    assert!(far.degrees.is_some() && far.working.is_none(), "the working CRS does not reach");
    let other = sensors.place(json!("Hauptstraße 5")).unwrap();
    assert!(other.degrees.is_none());
    for odd in [
        json!({ "type": "Point", "coordinates": [] }),
        json!({ "type": "Point", "coordinates": ["a", "b"] }),
        json!({ "type": "Polygon", "coordinates": [[[0, 0], [1, 1]]] }),
        json!({ "type": "Point" }),
        json!({ "type": "LineString", "coordinates": [[0, 0, 1], [1, 1]] }),
    ] {
        assert!(matches!(sensors.place(odd.clone()), Err(Error::Place(_))), "{odd}");
    }
}
