//! A town of small houses at zooms where no house can be seen.

use std::sync::Arc;

use fast_mvt::{MvtReaderRef, MvtTile, MvtValue};
use geo::Area as _;
use geo_types::Geometry;
use quartier_model::{Bbox, Filter, SpatialFilter};
use quartier_store::Batch;
use quartier_tiles::{TileCoord, TileMatrixSet};
use quartier_twin::{
    Overlay, Overlays, SavedCity, Snapshot, TileLayer, TileRule, TileSelection, Twin,
    import::{Mode, Purpose},
    sensors::SensorSettings,
};
use serde_json::json;

use crate::city::{City, id, import};

/// Houses on a side of the town.
const SIDE: u32 = 40;

/// Where the town begins, in degrees: it lies across the corner of four tiles of zoom 13.
const CORNER: (f64, f64) = (7.6450, 51.9460);

/// A metre there, in degrees.
const METRE: (f64, f64) = (1.0 / 68_600.0, 1.0 / 111_250.0);

/// Houses of 12 m every 20 m, of two kinds, and in their midst a hall that is large enough to be seen.
fn town() -> String {
    let mut features: Vec<_> = (0..SIDE * SIDE)
        .map(|at| {
            let (column, row) = (at % SIDE, at / SIDE);
            let kind = if column < SIDE / 2 { "brick" } else { "timber" };
            feature(&format!("house{at}"), kind, (column * 20, row * 20), 12)
        })
        .collect();
    features.push(feature("hall", "brick", (330, 330), 90));
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn feature(id: &str, kind: &str, (x, y): (u32, u32), side: u32) -> serde_json::Value {
    let corner = |right: u32, up: u32| {
        let (x, y) = (f64::from(x + right * side), f64::from(y + up * side));
        [CORNER.0 + x * METRE.0, CORNER.1 + y * METRE.1]
    };
    let ring = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)];
    json!({
        "type": "Feature",
        "id": id,
        "geometry": { "type": "Polygon", "coordinates": [ring] },
        "properties": { "kind": kind }
    })
}

fn overlays() -> Overlays {
    let tiles = TileRule { look: vec!["kind".into()], ..TileRule::default() };
    Overlays::from_iter([(id("houses"), Overlay { tiles, ..Overlay::default() })])
}

async fn twin_of(city: &City) -> Arc<Twin> {
    let (store, path) = (Arc::clone(&city.store), city.path().join("town.snapshot"));
    let saved = Some(SavedCity { path });
    let twin = Twin::open_saved(store, overlays(), SensorSettings::default(), saved).unwrap();
    twin.until_ready().await;
    twin
}

async fn city() -> City {
    let city = City::empty().await;
    let path = city.path().join("town.geojson");
    std::fs::write(&path, town()).unwrap();
    import(&city.store, "houses", &path, Mode::Upsert, Purpose::Write).await.unwrap();
    city
}

/// The tiles of a zoom around the town.
fn tiles(zoom: u8) -> Vec<TileCoord> {
    let set = TileMatrixSet::web_mercator_quad();
    let reach = Bbox::new(850_900.0, 6_788_000.0, 852_600.0, 6_791_500.0).unwrap();
    set.covering(zoom, &reach).unwrap().tiles().collect()
}

fn bytes(snapshot: &Snapshot, tile: TileCoord, selection: &TileSelection) -> Vec<u8> {
    let collection = snapshot.collection("houses").unwrap();
    let layer = TileLayer { collection, selection };
    snapshot.tile(&TileMatrixSet::web_mercator_quad(), tile, &[layer], None).unwrap()
}

/// Objects that are drawn as they are, objects in blocks, and the blocks' area in tile units.
fn tally(tile: &[u8]) -> (usize, u64, f64) {
    let MvtTile { layers } = MvtReaderRef::new(tile).unwrap().to_tile().unwrap();
    let (mut singles, mut counted, mut area) = (0, 0, 0.0);
    for feature in layers.into_iter().flat_map(|layer| layer.features) {
        let value = |name: &str| feature.properties.iter().find(|(key, _)| key == name);
        match value("count") {
            Some((_, MvtValue::UInt(count))) => {
                assert!(feature.id.is_none() && value("id").is_none() && value("kind").is_some());
                counted += count;
                area += drawn_area(&feature.geometry);
            }
            _ => singles += 1,
        }
    }
    (singles, counted, area)
}

fn drawn_area(geometry: &Geometry<i32>) -> f64 {
    let Geometry::Polygon(polygon) = geometry else { panic!("a block is one polygon") };
    let plain = |it: &geo_types::Coord<i32>| geo_types::Coord { x: it.x.into(), y: it.y.into() };
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let area = |ring: &geo_types::LineString<i32>| {
        let ring: geo_types::LineString<f64> = ring.coords().map(plain).collect();
        geo_types::Polygon::new(ring, vec![]).signed_area()
    };
    rings.map(area).sum()
}

#[tokio::test]
async fn every_house_is_in_a_block_of_one_tile_at_every_low_zoom() {
    let city = city().await;
    let snapshot = twin_of(&city).await.snapshot().unwrap();
    for zoom in 8..=12 {
        let tallies: Vec<_> = tiles(zoom)
            .into_iter()
            .map(|tile| tally(&bytes(&snapshot, tile, TileSelection::ALL)))
            .collect();
        let counted: u64 = tallies.iter().map(|(_, counted, _)| counted).sum();
        let hall = u64::from(zoom < 12);
        assert_eq!(counted, u64::from(SIDE * SIDE) + hall, "zoom {zoom}");
        let is_single = tallies.iter().any(|(singles, ..)| *singles > 0);
        assert_eq!(is_single, hall == 0, "zoom {zoom}");
    }
}

#[tokio::test]
async fn a_mapped_city_has_the_same_blocks_and_those_that_changed_since() {
    let city = city().await;
    let loaded = twin_of(&city).await;
    let before = loaded.snapshot().unwrap();
    loaded.flush().await.unwrap();
    let mapped = twin_of(&city).await;
    assert!(mapped.is_mapped());
    let after = mapped.snapshot().unwrap();
    let all = || (0..=12).flat_map(tiles);
    let drawn = |snapshot: &Snapshot| -> Vec<Vec<u8>> {
        all().map(|tile| bytes(snapshot, tile, TileSelection::ALL)).collect()
    };
    assert!(drawn(&before) == drawn(&after));

    let deletes = (0..SIDE * 10).map(|at| format!("house{at}").parse().unwrap()).collect();
    city.store.write(&id("houses"), Batch { deletes, ..Batch::default() }).await.unwrap();
    let mapped = twin_of(&city).await;
    assert!(mapped.is_mapped());
    let anew = Snapshot::load(&city.store, &overlays()).await.unwrap();
    assert!(drawn(&mapped.snapshot().unwrap()) == drawn(&anew));
    assert!(drawn(&anew) != drawn(&after));
}

#[tokio::test]
async fn a_tile_of_chosen_houses_shows_what_a_tile_of_all_does_if_all_are_chosen() {
    let city = city().await;
    let snapshot = twin_of(&city).await.snapshot().unwrap();
    let extent = snapshot.collection("houses").unwrap().index.extent().unwrap();
    let space = vec![SpatialFilter::Bbox(extent.grown(1.0))];
    let all = TileSelection { filter: Filter { space, ..Filter::default() }, properties: None };
    for tile in [9, 11, 12].into_iter().flat_map(tiles) {
        let (kept, chosen) =
            (bytes(&snapshot, tile, TileSelection::ALL), bytes(&snapshot, tile, &all));
        let (kept, chosen) = (tally(&kept), tally(&chosen));
        assert_eq!((kept.0, kept.1), (chosen.0, chosen.1), "{tile}");
        assert!((kept.2 - chosen.2).abs() <= 0.05 * chosen.2 + 64.0, "{kept:?} {chosen:?} {tile}");
    }
}

#[tokio::test]
async fn after_a_change_tiles_are_those_of_a_twin_that_starts_with_it() {
    let city = city().await;
    let twin = twin_of(&city).await;
    let zooms = [5, 8, 10, 12];
    let drawn = |twin: &Twin| -> Vec<Vec<u8>> {
        let snapshot = twin.snapshot().unwrap();
        let tiles = zooms.into_iter().flat_map(tiles);
        tiles.map(|tile| bytes(&snapshot, tile, TileSelection::ALL)).collect()
    };
    let before = drawn(&twin);
    let deletes = (300..420).map(|at| format!("house{at}").parse().unwrap()).collect();
    twin.write(&id("houses"), Batch { deletes, ..Batch::default() }).await.unwrap();
    let after = drawn(&twin);
    assert!(before != after, "fewer houses look different");
    assert!(after == drawn(&*twin_of(&city).await), "a chunk was not made anew");
}
