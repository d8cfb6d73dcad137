//! Grids, and the tile sets that are made in them.

use axum::http::StatusCode;
use quartier_api::{Settings, load_matrix_sets};
use serde_json::{Value, json};

use crate::{answer::link, city::City};

const GRIDS: [&str; 4] =
    ["WebMercatorQuad", "WorldCRS84Quad", "DE_EPSG_25832_ADV", "DE_EPSG_25832_ADV_512"];

fn ids<'a>(document: &'a Value, list: &str, id: &str) -> Vec<&'a str> {
    let list = document[list].as_array().unwrap();
    list.iter().map(|it| it[id].as_str().unwrap()).collect()
}

fn local(href: &Value) -> String {
    href.as_str().unwrap().replace("http://city.example", "")
}

/// The address of the tile that a zoom's limits begin with.
fn first_tile(tileset: &Value, zoom: usize) -> String {
    let template = link(tileset, "item").unwrap();
    let limits = &tileset["tileMatrixSetLimits"][zoom];
    let place = [
        ("{tileMatrix}", limits["tileMatrix"].as_str().unwrap().to_owned()),
        ("{tileRow}", limits["minTileRow"].to_string()),
        ("{tileCol}", limits["minTileCol"].to_string()),
    ];
    place.iter().fold(template, |address, (name, value)| address.replace(name, value))
}

#[tokio::test]
async fn a_collection_has_a_tile_set_in_every_grid_and_each_leads_to_tiles() {
    let city = City::new().await;
    for list in ["/tiles", "/collections/buildings/tiles"] {
        let list = city.get(list).await.json();
        assert_eq!(ids(&list, "tilesets", "tileMatrixSetId"), GRIDS);
        for listed in list["tilesets"].as_array().unwrap() {
            let tileset = city.get(&link(listed, "self").unwrap()).await.json();
            assert_eq!(tileset["tileMatrixSetLimits"], listed["tileMatrixSetLimits"]);
            assert_tiles(&city, &tileset).await;
        }
    }
}

async fn assert_tiles(city: &City, tileset: &Value) {
    for zoom in [0, 9] {
        let address = first_tile(tileset, zoom);
        let tile = city.get(&address).await;
        let is_there = [StatusCode::OK, StatusCode::NO_CONTENT].contains(&tile.status);
        assert!(is_there, "{address}: {tile:?}");
    }
}

#[tokio::test]
async fn the_tiles_of_every_grid_show_the_same_buildings() {
    let city = City::new().await;
    for (grid, zoom) in GRIDS.iter().zip([16, 15, 11, 12]) {
        let address = format!("/collections/buildings/tiles/{grid}");
        let tileset = city.get(&address).await.json();
        let limits = &tileset["tileMatrixSetLimits"][zoom];
        let number = |name: &str| limits[name].as_u64().unwrap();
        let rows = number("minTileRow")..=number("maxTileRow");
        let columns = number("minTileCol")..=number("maxTileCol");
        let places = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
        let mut seen = String::new();
        for (row, column) in places {
            let tile = city.get(&format!("{address}/{zoom}/{row}/{column}")).await;
            seen.push_str(&String::from_utf8_lossy(&tile.body));
        }
        let missing = (0..25).find(|n| !seen.contains(&format!("building-{n}")));
        assert_eq!(missing, None, "{grid}");
    }
}

#[tokio::test]
async fn a_tile_set_tells_what_its_layers_are() {
    let city = City::new().await;
    let tileset = city.get("/tiles/DE_EPSG_25832_ADV?collections=trees,buildings").await.json();
    assert_eq!(tileset["crs"], "http://www.opengis.net/def/crs/EPSG/0/25832");
    assert_eq!(tileset["dataType"], "vector");
    let layers = &tileset["layers"];
    assert_eq!((&layers[0]["id"], &layers[0]["geometryDimension"]), (&json!("trees"), &json!(0)));
    assert_eq!(layers[1]["geometryDimension"], 2);
    assert_eq!(layers[1]["propertiesSchema"]["properties"]["height_m"]["type"], "number");
    assert_eq!(
        (&layers[1]["minTileMatrix"], &layers[1]["maxTileMatrix"]),
        (&json!("0"), &json!("19"))
    );
    assert_eq!(tileset["centerPoint"]["tileMatrix"], "9");
    let corner = tileset["boundingBox"]["lowerLeft"][0].as_f64().unwrap();
    assert!((7.6..7.63).contains(&corner), "{corner}");
    assert!(link(&tileset, "item").unwrap().ends_with("?collections=trees%2Cbuildings"));
    let scheme = link(&tileset, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme").unwrap();
    assert_eq!(city.get(&scheme).await.json()["id"], "DE_EPSG_25832_ADV");
}

#[tokio::test]
async fn the_limits_of_a_tile_set_hold_all_of_its_objects() {
    let city = City::new().await;
    let tileset = city.get("/tiles/WebMercatorQuad").await.json();
    let limits = tileset["tileMatrixSetLimits"].as_array().unwrap();
    assert_eq!(limits.len(), 25);
    let whole = json!({
        "tileMatrix": "0", "minTileRow": 0, "maxTileRow": 0, "minTileCol": 0, "maxTileCol": 0,
    });
    assert_eq!(limits[0], whole);
    assert_eq!(
        (&limits[14]["minTileRow"], &limits[14]["minTileCol"]),
        (&json!(5415), &json!(8538))
    );
}

#[tokio::test]
async fn tilejson_counts_zooms_as_its_grid_does() {
    let city = City::new().await;
    let document = city.get("/tiles/DE_EPSG_25832_ADV/tilejson.json").await.json();
    assert_eq!((&document["minzoom"], &document["maxzoom"]), (&json!(0), &json!(11)));
    assert_eq!(document["vector_layers"][0]["maxzoom"], 11);
    assert!(local(&document["tiles"][0]).starts_with("/tiles/DE_EPSG_25832_ADV/{z}/{y}/{x}"));
}

#[tokio::test]
async fn a_grid_of_the_configuration_has_tiles_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lambert.json");
    let matrix = |id: u32| {
        let cell = 10_000.0 / f64::from(1_u32 << id);
        json!({
            "id": id.to_string(), "scaleDenominator": cell / 0.000_28, "cellSize": cell,
            "pointOfOrigin": [5_500_000.0, 2_000_000.0], "tileWidth": 256, "tileHeight": 256,
            "matrixWidth": 2 << id, "matrixHeight": 2 << id,
        })
    };
    let document = json!({
        "id": "Europe", "crs": "http://www.opengis.net/def/crs/EPSG/0/3035",
        "tileMatrices": (0..=14).map(matrix).collect::<Vec<_>>(),
    });
    std::fs::write(&file, document.to_string()).unwrap();
    let matrix_sets = load_matrix_sets(std::slice::from_ref(&file)).unwrap();
    let city = City::with(Settings { matrix_sets, ..Settings::default() }).await;

    let shown = city.get("/tileMatrixSets/Europe").await.json();
    assert_eq!(shown["orderedAxes"], json!(["N", "E"]));
    assert_eq!(shown["tileMatrices"][3]["pointOfOrigin"], json!([5_500_000.0, 2_000_000.0]));
    let tileset = city.get("/collections/trees/tiles/Europe").await.json();
    let tile = city.get(&first_tile(&tileset, 12)).await;
    assert_eq!(tile.status, StatusCode::OK, "{}", tile.text());

    let twice = load_matrix_sets(&[file.clone(), file]).unwrap_err();
    assert!(std::error::Error::source(&twice).unwrap().to_string().contains("`Europe` already"));
}

#[tokio::test]
async fn the_tile_matrix_sets_are_those_of_the_register_and_of_the_surveying_offices() {
    let city = City::new().await;
    let sets = city.get("/tileMatrixSets").await.json();
    assert_eq!(ids(&sets, "tileMatrixSets", "id"), GRIDS);
    let degrees = city.get("/tileMatrixSets/WorldCRS84Quad").await.json();
    let level = &degrees["tileMatrices"][1];
    assert!((level["scaleDenominator"].as_f64().unwrap() - 139_770_566.007_179).abs() < 1e-3);
    assert_eq!((&level["matrixWidth"], &level["matrixHeight"]), (&json!(4), &json!(2)));
    assert_eq!(level["pointOfOrigin"], json!([-180.0, 90.0]));
    assert_eq!(degrees["orderedAxes"], json!(["Lon", "Lat"]));
    let utm = city.get("/tileMatrixSets/DE_EPSG_25832_ADV_512").await.json();
    assert_eq!(
        (&utm["tileMatrices"][2]["tileWidth"], &utm["tileMatrices"][2]["matrixWidth"]),
        (&json!(512), &json!(2))
    );
    assert!(utm.get("uri").is_none());
}
