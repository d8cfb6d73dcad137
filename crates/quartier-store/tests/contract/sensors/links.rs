use quartier_model::{
    Condition, EntityId, FeatureId, Fence, Geofence, Link, Method, Role, Subject, TimeRange,
};
use quartier_store::SensorBatch;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::sample::START;
use crate::{home::in_each_store, sample::buildings_id};

fn link(thing: u64, object: u64, from: OffsetDateTime) -> Link {
    Link {
        thing: EntityId(thing),
        collection: buildings_id(),
        fid: FeatureId(object),
        object: format!("house-{object}").parse().unwrap(),
        role: Role::Subject,
        method: Method::Nearest,
        confidence: 0.1,
        distance_m: 0.1 + 0.2,
        valid: TimeRange::new(Some(from), None).unwrap(),
    }
}

fn zone(thing: u64) -> Link {
    Link {
        role: Role::Zone,
        method: Method::Within,
        confidence: 1.0,
        valid: TimeRange::ALWAYS,
        ..link(thing, 900, START)
    }
}

fn sorted(mut links: Vec<Link>) -> Vec<Link> {
    links.sort_by_key(|it| (it.thing, it.fid, it.role, it.valid.start()));
    links
}

#[tokio::test]
async fn links_come_back_until_others_take_their_place() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        let (one, two) = (EntityId(1), EntityId(2));
        let later = START + Duration::days(1);
        let first = [link(1, 5, START), zone(1), link(2, 6, START)];
        store.put_links(&[one, two], &first).await.unwrap();
        assert_eq!(sorted(store.links().await.unwrap()), sorted(first.to_vec()));
        let moved =
            Link { valid: TimeRange::new(Some(START), Some(later)).unwrap(), ..link(1, 5, START) };
        let second = [moved.clone(), link(1, 7, later), zone(1)];
        store.put_links(&[one], &second).await.unwrap();
        let expected = [moved, link(1, 7, later), zone(1), link(2, 6, START)];
        assert_eq!(sorted(store.links().await.unwrap()), sorted(expected.to_vec()));
        store.put_links(&[one, two], &[]).await.unwrap();
        assert_eq!(store.links().await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_thing_that_goes_leaves_no_current_links() {
    in_each_store(async |home| {
        let store = home.with_station().await;
        store.put_links(&[EntityId(1), EntityId(2)], &[zone(1), zone(2)]).await.unwrap();
        let deletes = super::sample::station().puts.iter().map(|it| (it.kind(), it.id())).collect();
        store.write_sensors(&SensorBatch { deletes, ..SensorBatch::default() }).await.unwrap();
        assert_eq!(store.links().await.unwrap(), [zone(2)]);
    })
    .await;
}

#[tokio::test]
async fn geofences_are_put_changed_and_deleted() {
    in_each_store(async |home| {
        let store = home.open().await;
        let fence = Geofence {
            id: EntityId(3),
            name: "Schulhof".to_owned(),
            area: Fence::Objects { collection: buildings_id(), objects: Vec::new() },
            condition: Condition::Above(0.1 + 0.2),
            subject: Subject::default(),
        };
        let polygon = json!({ "type": "Polygon", "coordinates": [[[7.6, 51.9]]] });
        let other = Geofence {
            id: EntityId(1),
            area: Fence::Polygon(polygon),
            condition: Condition::SilentFor(3600),
            subject: Subject { property: Some("PM10".to_owned()), thing: Some(EntityId(9)) },
            ..fence.clone()
        };
        store.put_geofence(&fence).await.unwrap();
        store.put_geofence(&other).await.unwrap();
        let renamed = Geofence { name: "Hof".to_owned(), ..fence };
        store.put_geofence(&renamed).await.unwrap();
        assert_eq!(store.geofences().await.unwrap(), [other.clone(), renamed]);
        assert!(store.delete_geofence(EntityId(3)).await.unwrap());
        assert!(!store.delete_geofence(EntityId(3)).await.unwrap());
        assert_eq!(store.geofences().await.unwrap(), [other]);
    })
    .await;
}
