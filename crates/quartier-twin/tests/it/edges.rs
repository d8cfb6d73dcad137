//! Objects at the edges of the world.

use quartier_model::Crs;
use quartier_store::StoreUrl;
use quartier_tiles::{TileMatrixSet, TileMatrixSets};
use quartier_twin::{
    Overlays, Snapshot, TileLayer,
    import::{Mode, Purpose},
};
use serde_json::json;

use crate::city::import;

/// A cap around each pole, an island on both sides of the antimeridian as RFC 7946 wants it cut, and the poles.
fn world() -> String {
    let polygon = |rings| json!({ "type": "Polygon", "coordinates": [rings] });
    let cap = |from: f64, to: f64| {
        polygon(json!([[-180.0, from], [180.0, from], [180.0, to], [-180.0, to], [-180.0, from]]))
    };
    let half = |from: f64, to: f64| {
        json!([[[from, -18.0], [to, -18.0], [to, -16.0], [from, -16.0], [from, -18.0]]])
    };
    let geometries = [
        cap(-90.0, -70.0),
        cap(70.0, 90.0),
        json!({ "type": "MultiPolygon", "coordinates": [half(177.0, 180.0), half(-180.0, -178.0)] }),
        json!({ "type": "Point", "coordinates": [0.0, -90.0] }),
        json!({ "type": "Point", "coordinates": [180.0, 90.0] }),
        json!({ "type": "LineString", "coordinates": [[0.0, -90.0], [10.0, 0.0], [180.0, 90.0]] }),
    ];
    let features: Vec<_> = geometries
        .into_iter()
        .enumerate()
        .map(|(number, geometry)| {
            let id = format!("place{number}");
            json!({ "type": "Feature", "id": id, "geometry": geometry, "properties": {} })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn shows(snapshot: &Snapshot, set: &TileMatrixSet, (z, x, y): (u64, u64, u64)) -> bool {
    let layers = [TileLayer::all(snapshot.collection("places").unwrap())];
    let tile = set.tile(z, x, y).unwrap();
    !snapshot.tile(set, tile, &layers, None).unwrap().is_empty()
}

/// None of a zoom's tiles fails.
fn show_all(snapshot: &Snapshot, set: &TileMatrixSet, zoom: u8) {
    let matrix = set.matrix(zoom).unwrap();
    let (width, height) = (u64::from(matrix.width), u64::from(matrix.height));
    for place in 0..width * height {
        shows(snapshot, set, (zoom.into(), place % width, place / width));
    }
}

#[tokio::test]
async fn what_lies_at_a_pole_or_beside_the_antimeridian_is_cut_at_the_edge_of_the_grid() {
    let folder = tempfile::tempdir().unwrap();
    let url = StoreUrl::GeoPackage(folder.path().join("world.gpkg"));
    let store = quartier_store::open(&url, Some(Crs::Crs84)).await.unwrap();
    let path = folder.path().join("places.geojson");
    std::fs::write(&path, world()).unwrap();
    let report = import(&store, "places", &path, Mode::Upsert, Purpose::Write).await.unwrap();
    assert_eq!(report.rejected, 0, "{report:?}");
    let snapshot = Snapshot::load(&store, &Overlays::default()).await.unwrap();
    for set in TileMatrixSets::default().iter() {
        (0..=3).for_each(|zoom| show_all(&snapshot, set, zoom));
    }
    let mercator = TileMatrixSet::web_mercator_quad();
    for (x, y) in [(0, 4), (7, 4), (3, 0), (3, 7)] {
        assert!(shows(&snapshot, &mercator, (3, x, y)), "{x} {y}");
    }
    assert!(!shows(&snapshot, &mercator, (3, 2, 4)));
}
