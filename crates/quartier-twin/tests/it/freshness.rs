//! Which tiles a change makes new, and which not.

use std::sync::Arc;

use geo_types::point;
use quartier_model::{CityObject, Crs, Feature, Geometry, TimeRange};
use quartier_store::Batch;
use quartier_tiles::{TileCoord, TileMatrixSet, TileMatrixSets};
use quartier_twin::{Snapshot, TileLayer, TileStamp, Twin};
use serde_json::json;

use crate::{
    city::{City, id},
    postgis::Database,
};

/// Where the trees stand, in EPSG:25832: a square of two kilometres.
const CORNER: (f64, f64) = (404_000.0, 5_757_000.0);

fn tree(number: u32, species: &str, (x, y): (f64, f64)) -> CityObject {
    let place = point!(x: CORNER.0 + x, y: CORNER.1 + y);
    CityObject::from(Feature {
        id: format!("tree-{number}").parse().unwrap(),
        source_id: None,
        geometry: Some(Geometry::new(place.into()).unwrap()),
        properties: json!({ "species": species }).as_object().unwrap().clone(),
        valid: TimeRange::ALWAYS,
    })
}

async fn put(twin: &Twin, objects: Vec<CityObject>) {
    let batch = Batch { puts: objects, ..Batch::default() };
    twin.write(&id("trees"), batch).await.unwrap();
}

async fn grove(city: &City) -> Arc<Twin> {
    let collection = quartier_model::Collection::new(id("trees"), Crs::Epsg(25832));
    city.store.put_collection(&collection).await.unwrap();
    let twin = city.twin().await;
    let place = |at: u32| (f64::from(at % 10) * 200.0, f64::from(at / 10) * 200.0);
    put(&twin, (0..100).map(|at| tree(at, "linden", place(at))).collect()).await;
    twin
}

/// Tiles that the trees are in, from the whole world to a garden, in two grids.
fn tiles(snapshot: &Snapshot) -> Vec<(TileMatrixSet, TileCoord)> {
    let mut tiles = Vec::new();
    for set in TileMatrixSets::default().iter() {
        let crs = snapshot.working_crs();
        let extent = snapshot.collection("trees").unwrap().index.extent().unwrap();
        let extent = quartier_crs::Transform::between(crs, set.crs).unwrap().bbox(&extent).unwrap();
        for zoom in [0, 5, 10, 13, 15, 17] {
            let range = set.covering(zoom, &extent.grown(extent.max_x.abs() * 1e-6)).unwrap();
            tiles.extend(range.tiles().take(40).map(|tile| ((**set).clone(), tile)));
        }
    }
    tiles
}

type Place<'a> = &'a (TileMatrixSet, TileCoord);

fn drawn(snapshot: &Snapshot, (set, tile): Place<'_>) -> Vec<u8> {
    let layers = [TileLayer::all(snapshot.collection("trees").unwrap())];
    snapshot.tile(set, *tile, &layers, None).unwrap()
}

fn stamp(snapshot: &Snapshot, (set, tile): Place<'_>) -> TileStamp {
    let layers = [TileLayer::all(snapshot.collection("trees").unwrap())];
    snapshot.tile_stamp(set, *tile, &layers).unwrap()
}

fn holds(snapshot: &Snapshot, (set, tile): Place<'_>, stamp: &TileStamp) -> bool {
    let layers = [TileLayer::all(snapshot.collection("trees").unwrap())];
    snapshot.shows_the_same(stamp, set, *tile, &layers).unwrap()
}

fn digest(snapshot: &Snapshot, (set, tile): Place<'_>) -> u128 {
    let layers = [TileLayer::all(snapshot.collection("trees").unwrap())];
    snapshot.tile_digest(set, *tile, &layers).unwrap()
}

#[tokio::test]
async fn a_tile_that_has_changed_never_passes_for_the_one_before() {
    let city = City::empty().await;
    let twin = grove(&city).await;
    let tiles = tiles(&twin.snapshot().unwrap());
    // Readers come before and after each write, and compare with every one before them.
    let mut snapshots = vec![twin.snapshot().unwrap()];
    for step in 0..8_u32 {
        let (x, y) = (f64::from(step * 37 % 10) * 210.0, f64::from(step * 53 % 10) * 190.0);
        put(&twin, vec![tree(step * 11, "oak", (x, y))]).await;
        snapshots.push(twin.snapshot().unwrap());
    }
    let (mut same, mut other) = (0, 0);
    for place in &tiles {
        let stamps: Vec<_> = snapshots.iter().map(|it| stamp(it, place)).collect();
        let pairs =
            (0..snapshots.len()).flat_map(|at| (at..snapshots.len()).map(move |to| (at, to)));
        for (at, to) in pairs {
            let (before, later) = (&snapshots[at], &snapshots[to]);
            let is_same = drawn(before, place) == drawn(later, place);
            let held = holds(later, place, &stamps[at]);
            assert!(is_same || !held, "{place:?}");
            assert!(is_same || digest(before, place) != digest(later, place), "{place:?}");
            same += usize::from(held);
            other += usize::from(!is_same);
        }
    }
    assert!(same > 500 && other > 500, "{same} {other}");
}

#[tokio::test]
async fn a_change_leaves_the_tiles_elsewhere_as_they_are() {
    let city = City::empty().await;
    let twin = grove(&city).await;
    let before = twin.snapshot().unwrap();
    let tiles = tiles(&before);
    put(&twin, vec![tree(0, "oak", (5.0, 5.0))]).await;
    let after = twin.snapshot().unwrap();
    let deep: Vec<_> = tiles.iter().filter(|(set, tile)| set.web_zoom(tile.z()) >= 15).collect();
    let touched = |place: Place<'_>| !holds(&after, place, &stamp(&before, place));
    let renewed = |place: Place<'_>| digest(&after, place) != digest(&before, place);
    let (touched, renewed) = (
        deep.iter().filter(|place| touched(place)).count(),
        deep.iter().filter(|place| renewed(place)).count(),
    );
    assert!(
        (1..=8).contains(&touched) && touched == renewed,
        "{touched} {renewed} of {}",
        deep.len()
    );
    assert!(deep.len() > 30);
}

#[tokio::test]
async fn a_tile_is_known_again_after_a_restart_and_not_from_another_store() {
    let city = City::empty().await;
    let twin = grove(&city).await;
    put(&twin, vec![tree(0, "oak", (5.0, 5.0)), tree(7, "elm", (900.0, 5.0))]).await;
    let before = twin.snapshot().unwrap();
    drop(twin);
    let again = City { store: quartier_store::open(&city.url, None).await.unwrap(), ..city };
    let again = again.twin().await.snapshot().unwrap();
    let other = City::empty().await;
    let twin = grove(&other).await;
    put(&twin, vec![tree(0, "oak", (5.0, 5.0)), tree(7, "elm", (900.0, 5.0))]).await;
    let other = twin.snapshot().unwrap();
    for place in &tiles(&before) {
        assert_eq!(digest(&before, place), digest(&again, place));
        assert_ne!(digest(&before, place), digest(&other, place));
    }
}

#[tokio::test]
async fn what_is_said_of_a_collection_makes_all_its_tiles_new() {
    let city = City::empty().await;
    let twin = grove(&city).await;
    let before = twin.snapshot().unwrap();
    let mut collection = before.collection("trees").unwrap().collection.clone();
    collection.title = "The trees".to_owned();
    twin.put_collection(&collection).await.unwrap();
    let after = twin.snapshot().unwrap();
    for place in &tiles(&before) {
        assert!(!holds(&after, place, &stamp(&before, place)));
    }
}

#[tokio::test]
async fn a_tile_of_a_grid_that_ends_far_from_the_city_has_a_stamp_all_the_same() {
    let city = City::empty().await;
    let twin = grove(&city).await;
    put(&twin, vec![tree(0, "oak", (9e6, 9e6))]).await;
    let snapshot = twin.snapshot().unwrap();
    for set in TileMatrixSets::default().iter() {
        for zoom in 0..4 {
            let place = ((**set).clone(), set.tile(zoom, 0, 0).unwrap());
            assert!(holds(&snapshot, &place, &stamp(&snapshot, &place)));
            digest(&snapshot, &place);
        }
    }
}

#[tokio::test]
async fn a_row_that_someone_changes_by_sql_makes_its_tiles_new() {
    const CHANGE: &str = "
        with changed as (
            update quartier.object
            set version = version + 1, properties = '{\"species\": \"oak\"}', fingerprint = ''
            where id = 'tree-0'
            returning collection, fid
        )
        select quartier.log_change(collection, array[fid]) from changed";
    let Some(database) = Database::create("fresh") else {
        println!("skipped: QUARTIER_TEST_POSTGRES names no server");
        return;
    };
    let url: quartier_store::StoreUrl = database.url().parse().unwrap();
    let store = quartier_store::open(&url, None).await.unwrap();
    let city = City { store, url, folder: tempfile::tempdir().unwrap() };
    let twin = grove(&city).await;
    let before = twin.snapshot().unwrap();
    let sequence: u64 = database.ask(CHANGE).parse().unwrap();
    let followed = async {
        while twin.snapshot().unwrap().sequence < sequence {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(crate::follow::PATIENCE, followed).await.expect("the change is followed");
    let after = twin.snapshot().unwrap();
    let mut touched = 0;
    for place in &tiles(&before) {
        let is_same = drawn(&before, place) == drawn(&after, place);
        assert!(is_same || !holds(&after, place, &stamp(&before, place)));
        assert!(is_same || digest(&before, place) != digest(&after, place));
        touched += usize::from(!is_same);
    }
    assert!(touched > 6, "{touched}");
    drop((twin, city));
}
