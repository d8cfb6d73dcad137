use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{Bbox, Crs, Filter};
use quartier_tiles::TileMatrixSet;
use quartier_twin::{
    CollectionSnapshot, Snapshot, TileLayer,
    import::{Mode, Purpose},
};

use crate::city::{City, import, trees};

/// Trees a hundredth of a degree apart, in two collections.
async fn two_groves() -> (City, std::sync::Arc<Snapshot>) {
    let places = |name: &str, latitude: f64| -> Vec<(String, f64, f64)> {
        (0..10).map(|at| (format!("{name}{at}"), 7.60 + f64::from(at) / 100.0, latitude)).collect()
    };
    let city = City::empty().await;
    for (collection, latitude) in [("north", 51.96), ("south", 51.94)] {
        let grove = places(collection, latitude);
        let borrowed: Vec<_> = grove.iter().map(|(id, x, y)| (id.as_str(), *x, *y)).collect();
        let path = city.path().join("grove.geojson");
        std::fs::write(&path, trees(&borrowed)).unwrap();
        import(&city.store, collection, &path, Mode::Upsert, Purpose::Write).await.unwrap();
    }
    let snapshot = city.twin().await.snapshot().unwrap();
    (city, snapshot)
}

fn all(snapshot: &Snapshot) -> Vec<&CollectionSnapshot> {
    snapshot.collections().map(AsRef::as_ref).collect()
}

#[tokio::test]
async fn pages_of_a_search_over_collections_hold_each_object_once() {
    let (_city, snapshot) = two_groves().await;
    let collections = all(&snapshot);
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = snapshot.search(&collections, &Filter::default(), cursor.as_ref(), 7);
        assert_eq!(page.matched, 20);
        seen.extend(page.hits.iter().map(|hit| hit.object.id().to_owned()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (20, 20));
}

#[tokio::test]
async fn a_box_in_degrees_finds_what_lies_in_it() {
    let (_city, snapshot) = two_groves().await;
    let bbox = Bbox::new(7.595, 51.95, 7.625, 51.97).unwrap();
    let north = snapshot.collection("north").unwrap();
    let space = vec![north.in_box(&bbox, Crs::Crs84).unwrap().unwrap()];
    let found = north.index.page(&Filter { space, ..Filter::default() }, None, 100);
    let ids: Vec<&str> = found.objects.iter().map(|object| object.id()).collect();
    assert_eq!(ids, ["north0", "north1", "north2"]);
}

#[tokio::test]
async fn the_nearest_of_all_collections_come_first() {
    let (_city, snapshot) = two_groves().await;
    let to_working = Transform::between(Crs::Crs84, snapshot.working_crs()).unwrap();
    let place = to_working.coord(Coord { x: 7.60, y: 51.9505 }).unwrap();
    let near = snapshot.nearest(&all(&snapshot), place, 3, None);
    let ids: Vec<&str> = near.iter().map(|near| near.hit.object.id()).collect();
    assert_eq!(ids, ["north0", "south0", "north1"]);
    assert!((near[0].distance_m - 1_057.0).abs() < 5.0, "{}", near[0].distance_m);
}

#[tokio::test]
async fn every_tile_that_covers_the_city_shows_it_and_the_sea_is_empty() {
    let (_city, snapshot) = two_groves().await;
    let layers: Vec<_> = all(&snapshot).into_iter().map(TileLayer::all).collect();
    let set = TileMatrixSet::web_mercator_quad();
    for zoom in [0, 5, 10, 14] {
        let extent = snapshot.collection("north").unwrap().extent_degrees.unwrap();
        let mercator = Transform::between(Crs::Crs84, set.crs).unwrap().bbox(&extent).unwrap();
        let tiles = set.covering(zoom, &mercator).unwrap();
        let shown = tiles
            .tiles()
            .filter(|tile| !snapshot.tile(&set, *tile, &layers, None).unwrap().is_empty());
        assert!(shown.count() > 0, "zoom {zoom}");
    }
    let sea = set.tile(14, 0, 8_000).unwrap();
    assert!(snapshot.tile(&set, sea, &layers, None).unwrap().is_empty());
}
