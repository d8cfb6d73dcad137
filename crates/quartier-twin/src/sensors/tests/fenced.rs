use std::sync::Arc;

use quartier_model::{Condition, EntityId, Fence, Properties, Subject};
use serde_json::json;
use time::OffsetDateTime;

use super::{
    shapes::{block, place},
    town::{NOON, TEMPERATURE, Town, id, minutes},
};
use crate::sensors::{FenceEvent, GeofenceError, Happening, NewGeofence};

impl Town {
    async fn with_parks() -> Self {
        let town = Self::new().await;
        let parks = [("zoo", block(0, 0, 10, 10)), ("lake", block(20, 0, 10, 10))];
        town.objects("parks", &parks).await;
        town
    }

    async fn fence(&self, condition: Condition, objects: &[&str]) -> EntityId {
        let objects = objects.iter().map(|id| id.parse().unwrap()).collect();
        let fence = NewGeofence {
            name: "watch".to_owned(),
            area: Fence::Objects { collection: id("parks"), objects },
            condition,
            subject: Subject::default(),
        };
        self.sensors().put_geofence(&self.city(), fence).await.unwrap().id
    }

    fn fence_events(&self) -> Vec<Arc<FenceEvent>> {
        let events = self.sensors().ring().after(0, usize::MAX).unwrap();
        let fences = events.iter().filter_map(|event| match &event.happening {
            Happening::Fence(event) => Some(Arc::clone(event)),
            _ => None,
        });
        fences.collect()
    }

    /// Condition, thing, and minutes after noon.
    fn told(&self) -> Vec<(&'static str, EntityId, i64)> {
        let events = self.fence_events().into_iter();
        events.map(|it| (it.condition, it.thing, (it.time - NOON).whole_minutes())).collect()
    }
}

#[tokio::test]
async fn who_comes_in_and_who_leaves_is_told_once() {
    let town = Town::with_parks().await;
    let thing = town.thing(Properties::new(), Some(place(50, 50, None))).await;
    town.fence(Condition::Enter, &[]).await;
    town.fence(Condition::Exit, &["zoo"]).await;
    for (minute, x) in [(10, 5), (20, 6), (30, 25), (40, 50), (50, 5)] {
        town.comes(thing, minutes(minute), place(x, 5, None)).await;
    }
    // A late stay moves nobody.
    town.comes(thing, minutes(45), place(5, 5, None)).await;
    let enter = |minute| ("enter", thing, minute);
    assert_eq!(town.told(), [enter(10), enter(30), ("exit", thing, 30), enter(50)]);
    let lake = town.city().collection("parks").unwrap().index.by_id("lake").unwrap().fid();
    assert_eq!(town.fence_events()[1].object, Some((id("parks"), lake)));
}

#[tokio::test]
async fn a_threshold_is_told_when_it_is_passed() {
    let town = Town::with_parks().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.datastream(thing, TEMPERATURE).await;
    town.measure(datastream, NOON, 31.0).await;
    town.fence(Condition::Above(30.0), &[]).await;
    town.fence(Condition::Below(0.0), &[]).await;
    // What is true already is no event; a late reading says nothing of now.
    for (minute, value) in
        [(1, 32.0), (3, 29.0), (2, 99.0), (4, 30.0), (5, 30.1), (6, 35.0), (7, -1.0)]
    {
        town.measure(datastream, minutes(minute), value).await;
    }
    assert_eq!(town.told(), [("above", thing, 5), ("below", thing, 7)]);
    assert_eq!(town.fence_events()[0].value, Some(30.1));
}

#[tokio::test]
async fn readings_outside_the_fence_are_nobodys_business() {
    let town = Town::with_parks().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.datastream(thing, TEMPERATURE).await;
    town.fence(Condition::Above(30.0), &["lake"]).await;
    town.measure(datastream, minutes(1), 99.0).await;
    town.comes(thing, minutes(10), place(25, 5, None)).await;
    town.measure(datastream, minutes(11), 99.0).await;
    assert_eq!(town.told(), [("above", thing, 11)]);
}

#[tokio::test]
async fn a_silence_is_told_once_until_the_next_reading() {
    let town = Town::with_parks().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.datastream(thing, TEMPERATURE).await;
    let now = OffsetDateTime::now_utc();
    town.measure(datastream, now, 20.0).await;
    town.fence(Condition::SilentFor(60), &[]).await;
    let after = |seconds| now + time::Duration::seconds(seconds);
    for seconds in [59, 61, 62] {
        town.sensors().look_for_silence(after(seconds));
    }
    assert_eq!(town.fence_events().len(), 1);
    town.measure(datastream, after(70), 20.0).await;
    for seconds in [71, 129, 131, 132] {
        town.sensors().look_for_silence(after(seconds));
    }
    let told: Vec<_> = town.fence_events().iter().map(|it| (it.condition, it.datastream)).collect();
    assert_eq!(told, [("silent", Some(datastream)); 2]);
}

#[tokio::test]
async fn a_restart_tells_nothing_again_and_keeps_the_fences() {
    let town = Town::with_parks().await;
    let thing = town.thing(Properties::new(), Some(place(5, 5, None))).await;
    let datastream = town.datastream(thing, TEMPERATURE).await;
    town.fence(Condition::Above(30.0), &[]).await;
    town.fence(Condition::SilentFor(1), &[]).await;
    town.measure(datastream, NOON, 31.0).await;
    town.sensors().upkeep().await;
    let again = town.anew().await;
    again.sensors().upkeep().await;
    let events = again.sensors().ring().after(0, usize::MAX).unwrap();
    assert_eq!(events, []);
    assert_eq!(again.sensors().geofences(), town.sensors().geofences());
}

#[tokio::test]
async fn a_polygon_is_a_fence_too() {
    let town = Town::with_parks().await;
    let ring = [[7.6, 51.9], [7.7, 51.9], [7.7, 52.0], [7.6, 52.0], [7.6, 51.9]];
    let polygon = json!({ "type": "Polygon", "coordinates": [ring] });
    let fence = NewGeofence {
        name: "town".to_owned(),
        area: Fence::Polygon(polygon),
        condition: Condition::Exit,
        subject: Subject::default(),
    };
    town.sensors().put_geofence(&town.city(), fence.clone()).await.unwrap();
    let inside =
        town.sensors().place(json!({ "type": "Point", "coordinates": [7.65, 51.95] })).unwrap();
    let outside =
        town.sensors().place(json!({ "type": "Point", "coordinates": [7.75, 51.95] })).unwrap();
    let thing = town.thing(Properties::new(), Some(inside)).await;
    town.comes(thing, minutes(5), outside).await;
    assert_eq!(town.told(), [("exit", thing, 5)]);
    let point = Fence::Polygon(json!({ "type": "Point", "coordinates": [7.75, 51.95] }));
    let odd = NewGeofence { area: point, ..fence };
    let refusal = town.sensors().put_geofence(&town.city(), odd).await.unwrap_err();
    assert!(matches!(refusal, GeofenceError::Polygon(_)), "{refusal}");
}

#[tokio::test]
async fn a_deleted_fence_is_silent() {
    let town = Town::with_parks().await;
    let thing = town.thing(Properties::new(), Some(place(50, 5, None))).await;
    let fence = town.fence(Condition::Enter, &[]).await;
    assert!(town.sensors().delete_geofence(fence).await.unwrap());
    assert!(!town.sensors().delete_geofence(fence).await.unwrap());
    town.comes(thing, minutes(1), place(5, 5, None)).await;
    assert_eq!(town.told(), []);
}
