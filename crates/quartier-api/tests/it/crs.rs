//! Coordinates in every CRS: the places are those that PROJ's own `cs2cs` gives for the first building's corner.

use axum::http::StatusCode;
use serde_json::Value;

use crate::city::City;

/// By CRS, in the order of its axes: what `cs2cs EPSG:25832` makes of 405000 5757000.
const CORNER: &[(&str, [f64; 2], f64)] = &[
    ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [LONGITUDE, LATITUDE], 1e-8),
    ("http://www.opengis.net/def/crs/EPSG/0/4326", [LATITUDE, LONGITUDE], 1e-8),
    ("http://www.opengis.net/def/crs/EPSG/0/4258", [LATITUDE, LONGITUDE], 1e-8),
    ("http://www.opengis.net/def/crs/EPSG/0/3857", [847_977.983_90, 6_792_097.081_50], 1e-3),
    ("http://www.opengis.net/def/crs/EPSG/0/25832", [405_000.0, 5_757_000.0], 0.0),
    ("http://www.opengis.net/def/crs/EPSG/0/25833", [-6_973.268_64, 5_781_882.256_38], 1e-3),
    ("http://www.opengis.net/def/crs/EPSG/0/3035", [3_207_733.114_42, 4_157_247.618_62], 1e-3),
];

const LONGITUDE: f64 = 7.617_515_835_3;
const LATITUDE: f64 = 51.955_576_408_7;

fn corner(document: &Value) -> [f64; 2] {
    let position = &document["geometry"]["coordinates"][0][0];
    [position[0].as_f64().unwrap(), position[1].as_f64().unwrap()]
}

#[tokio::test]
async fn every_crs_has_its_own_axes_and_says_so() {
    let city = City::new().await;
    for (uri, expected, tolerance) in CORNER {
        let path = format!("/collections/buildings/items/building-0?crs={uri}");
        let answer = city.get(&path).await;
        assert_eq!(answer.header("content-crs"), format!("<{uri}>"));
        let shown = corner(&answer.json());
        for (number, expected) in shown.iter().zip(expected) {
            assert!((number - expected).abs() <= *tolerance, "{uri}: {shown:?}");
        }
    }
}

#[tokio::test]
async fn without_a_crs_coordinates_are_longitude_and_latitude() {
    let answer = City::new().await.get("/collections/buildings/items?limit=1").await;
    assert_eq!(answer.header("content-crs"), format!("<{}>", CORNER[0].0));
    let shown = corner(&answer.json()["features"][0]);
    assert!((shown[0] - LONGITUDE).abs() < 1e-8 && (shown[1] - LATITUDE).abs() < 1e-8);
}

#[tokio::test]
async fn a_box_is_read_in_the_axes_of_its_crs() {
    let city = City::new().await;
    for (uri, [first, second], _) in CORNER {
        let reach = if first.abs() < 360.0 { 1e-5 } else { 1.0 };
        let bbox = [first - reach, second - reach, first + reach, second + reach];
        let bbox = bbox.map(|number| number.to_string()).join(",");
        let path = format!("/collections/buildings/items?bbox={bbox}&bbox-crs={uri}");
        let answer = city.get(&path).await;
        assert_eq!(answer.ids(), ["building-0"], "{uri}");
    }
}

#[tokio::test]
async fn a_crs_that_is_not_offered_is_refused_with_those_that_are() {
    let city = City::new().await;
    for (query, said) in [
        ("crs=EPSG:31467", "parameter `crs`: `EPSG:31467` is not offered"),
        ("crs=utm", "parameter `crs`: `utm` is no CRS"),
        ("bbox-crs=EPSG:1", "parameter `bbox-crs`: `EPSG:1` is not offered"),
        ("crs=", "parameter `crs`: `` is no CRS"),
    ] {
        let answer = city.get(&format!("/collections/buildings/items?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.problem().starts_with(said), "{}", answer.problem());
    }
}
