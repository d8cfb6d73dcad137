//! Tiles of more than can be shown.

use std::collections::BTreeSet;

use fast_mvt::{MvtReaderRef, MvtValue};
use geo_types::Geometry;
use quartier_crs::Transform;
use quartier_model::Crs;
use quartier_tiles::{TileCoord, TileMatrixSet};
use quartier_twin::{Overlays, Snapshot, TileLayer};
use serde_json::{Value, json};

use crate::city::City;
use quartier_twin::import::Mode;

const TREES: usize = 1_500;

/// Trees around a market place, the thicker the nearer.
fn trees() -> String {
    let features: Vec<Value> = (0..TREES)
        .map(|number| {
            let (sin, cos) = (number as f64 * 2.4).sin_cos();
            let away = (number as f64 / TREES as f64).powi(3) * 0.05;
            json!({
                "type": "Feature",
                "id": format!("tree{number}"),
                "geometry": { "type": "Point", "coordinates": [7.62 + away * cos, 51.96 + away * sin] },
                "properties": {
                    "girth_cm": number * 7_919 % 311,
                    "note": format!("{number} {}", "x".repeat(number * 37 % 200)),
                }
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

async fn wood() -> (City, Snapshot) {
    let city = City::empty().await;
    city.import(&trees(), Mode::Upsert).await.unwrap();
    let rules = r#"{ "tiles": { "rank": "girth_cm" } }"#;
    let rules = serde_json::from_str(rules).unwrap();
    let overlays = Overlays::from_iter([("trees".parse().unwrap(), rules)]);
    let snapshot = Snapshot::load(&city.store, &overlays).await.unwrap();
    (city, snapshot)
}

fn tiles(snapshot: &Snapshot, set: &TileMatrixSet, zoom: u8) -> Vec<TileCoord> {
    let extent = snapshot.collection("trees").unwrap().extent_degrees.unwrap();
    let extent = Transform::between(Crs::Crs84, set.crs).unwrap().bbox(&extent).unwrap();
    set.covering(zoom, &extent).unwrap().tiles().collect()
}

struct Shown {
    id: u64,
    count: Option<u64>,
    girth: u64,
}

/// The points that other programs find in a tile, without those of its buffer.
fn shown(bytes: &[u8]) -> Vec<Shown> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let tile = MvtReaderRef::new(bytes).unwrap().to_tile().unwrap();
    let mut shown = Vec::new();
    for feature in &tile.layers[0].features {
        let Geometry::Point(point) = feature.geometry else { panic!("{feature:?}") };
        let number = |name: &str| {
            feature.properties.iter().find(|(known, _)| *known == name).map(
                |(_, value)| match value {
                    MvtValue::UInt(number) => *number,
                    other => panic!("{other:?}"),
                },
            )
        };
        if (0..4096).contains(&point.x()) && (0..4096).contains(&point.y()) {
            let girth = number("girth_cm").unwrap();
            shown.push(Shown { id: feature.id.unwrap(), count: number("count"), girth });
        }
    }
    shown
}

#[tokio::test]
async fn points_that_crowd_are_thinned_and_those_that_stay_count_the_others() {
    let (_city, snapshot) = wood().await;
    let set = TileMatrixSet::web_mercator_quad();
    let layers = [TileLayer::all(snapshot.collection("trees").unwrap())];
    let mut before = BTreeSet::new();
    for zoom in 6..=15 {
        let tiles = tiles(&snapshot, &set, zoom);
        let drawn = tiles.iter().map(|tile| snapshot.tile(&set, *tile, &layers, None).unwrap());
        let shown: Vec<Shown> = drawn.flat_map(|bytes| shown(&bytes)).collect();
        let counted: u64 = shown.iter().map(|it| it.count.unwrap()).sum();
        // A point on the edge of two tiles is shown by both.
        assert!(counted.abs_diff(TREES as u64) <= 20, "zoom {zoom}: {counted}");
        let ids: BTreeSet<u64> = shown.iter().map(|it| it.id).collect();
        assert!(before.is_subset(&ids), "zoom {zoom}");
        before = ids;
        if zoom == 6 {
            assert!(shown.len() < 20 && shown.iter().any(|it| it.girth == 310), "{}", shown.len());
        }
    }
    let full: Vec<Shown> = tiles(&snapshot, &set, 16)
        .into_iter()
        .flat_map(|tile| shown(&snapshot.tile(&set, tile, &layers, None).unwrap()))
        .collect();
    assert!(full.len() >= TREES && full.iter().all(|it| it.count.is_none()));
}

#[tokio::test]
async fn a_tile_never_outgrows_its_budget_and_keeps_the_most_important() {
    let (_city, snapshot) = wood().await;
    let set = TileMatrixSet::web_mercator_quad();
    let collection = snapshot.collection("trees").unwrap();
    let layers = [TileLayer::all(collection), TileLayer::all(collection)];
    let mut crowded = 0;
    let all_tiles = [6, 11, 14, 16].into_iter().flat_map(|zoom| tiles(&snapshot, &set, zoom));
    for tile in all_tiles {
        let all = shown(&snapshot.tile(&set, tile, &layers, None).unwrap());
        for bytes_max in [0, 50, 300, 2_000, 20_000, 500_000] {
            let draw = || snapshot.tile_within(bytes_max, (&set, tile), &layers, None).unwrap();
            let bytes = draw();
            assert!(bytes.len() <= bytes_max, "{tile}: {} > {bytes_max}", bytes.len());
            assert_eq!(bytes, draw());
        }
        let kept = shown(&snapshot.tile_within(2_000, (&set, tile), &layers, None).unwrap());
        if all.len() > 200 {
            let most = all.iter().map(|it| it.girth).max().unwrap();
            assert!(kept.iter().any(|it| it.girth == most), "{tile}");
            crowded += 1;
        }
    }
    assert!(crowded > 0);
}
