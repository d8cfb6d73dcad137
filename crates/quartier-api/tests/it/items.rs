//! Pages of objects, and what they can be filtered by.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::json;

use crate::city::City;

const ITEMS: &str = "/collections/buildings/items";

async fn ids(city: &City, query: &str) -> Vec<String> {
    let answer = city.get(&format!("{ITEMS}?limit=100&{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.ids()
}

#[tokio::test]
async fn a_page_has_ten_objects_and_says_how_many_there_are() {
    let answer = City::new().await.get(ITEMS).await;
    let document = answer.json();
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(document["type"], "FeatureCollection");
    assert_eq!((&document["numberReturned"], &document["numberMatched"]), (&json!(10), &json!(25)));
    assert!(document["timeStamp"].as_str().unwrap().ends_with('Z'));
    let next = document["links"].as_array().unwrap().iter().find(|it| it["rel"] == "next").unwrap();
    assert_eq!(next["type"], "application/geo+json");
}

#[tokio::test]
async fn the_pages_together_are_everything_once() {
    let city = City::new().await;
    let mut all = Vec::new();
    let mut uri = Some(format!("{ITEMS}?limit=4&function=1010"));
    while let Some(next) = uri {
        let page = city.get(&next).await;
        assert_eq!(page.json()["numberMatched"], 13);
        all.extend(page.ids());
        uri = page.link("next");
    }
    let distinct: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!((all.len(), distinct.len()), (13, 13));
}

#[tokio::test]
async fn a_limit_beyond_the_greatest_is_the_greatest() {
    let answer = City::new().await.get(&format!("{ITEMS}?limit=99999999999999999999")).await;
    assert_eq!(answer.json()["numberReturned"], 25);
    assert_eq!(answer.link("next"), None);
}

#[tokio::test]
async fn objects_are_found_by_their_properties() {
    let city = City::new().await;
    assert_eq!(ids(&city, "is_listed=true").await, ["building-7"]);
    assert_eq!(ids(&city, "storeys=4&function=2050").await, ["building-9", "building-19"]);
    assert_eq!(ids(&city, "height_m=14").await.len(), 5);
    assert_eq!(ids(&city, "function=nothing").await, [""; 0]);
}

#[tokio::test]
async fn objects_are_found_by_their_ids() {
    let city = City::new().await;
    assert_eq!(ids(&city, "id=building-3").await, ["building-3"]);
    assert_eq!(ids(&city, "id=building-3&storeys=0").await, [""; 0]);
    assert_eq!(ids(&city, "source_id=DENW_%C3%84/2").await, ["building-2"]);
    assert_eq!(ids(&city, "source_id=elsewhere").await, [""; 0]);
}

#[tokio::test]
async fn a_box_finds_what_touches_it() {
    let city = City::new().await;
    let utm = "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25832";
    let found = ids(&city, &format!("{utm}&bbox=405010,5757000,405020,5757001")).await;
    assert_eq!(found, ["building-0", "building-1"]);
    assert_eq!(ids(&city, &format!("{utm}&bbox=405011,5757000,405019,5757001")).await, [""; 0]);
}

#[tokio::test]
async fn a_box_around_the_world_finds_everything() {
    let city = City::new().await;
    for bbox in ["-180,-90,180,90", "0,0,179,89", "170,-90,20,90"] {
        assert_eq!(ids(&city, &format!("bbox={bbox}")).await.len(), 25, "{bbox}");
    }
    assert_eq!(ids(&city, "bbox=170,-90,-170,90").await, [""; 0]);
    assert_eq!(ids(&city, "bbox=10,-90,20,90").await, [""; 0]);
}

#[tokio::test]
async fn a_box_with_heights_leaves_out_what_is_above_and_below() {
    let city = City::new().await;
    let utm = "bbox-crs=EPSG:25832&bbox=405000,5757000";
    assert_eq!(ids(&city, &format!("{utm},0,405010,5757010,54")).await, [""; 0]);
    assert_eq!(ids(&city, &format!("{utm},0,405010,5757010,55")).await, ["building-0"]);
    assert_eq!(ids(&city, "bbox=7.6,51.9,0,7.6171,52,54").await, [""; 0]);
}

#[tokio::test]
async fn objects_are_found_by_the_time_in_which_they_stood() {
    let city = City::new().await;
    assert_eq!(ids(&city, "datetime=2019-12-31T23:59:59Z").await.len(), 25);
    assert_eq!(ids(&city, "datetime=2020-01-01T00:00:00Z").await.len(), 24);
    assert_eq!(ids(&city, "datetime=2020-01-01/..").await.len(), 24);
    assert_eq!(ids(&city, "datetime=../2020-01-01").await.len(), 25);
}

#[tokio::test]
async fn a_single_object_has_links_and_everything_that_is_known() {
    let city = City::new().await;
    let answer = city.get("/collections/buildings/items/building-2").await;
    let document = answer.json();
    assert_eq!(document["properties"]["uses"], json!(["<b>bakery</b>", 2]));
    assert_eq!(document["source_id"], "DENW_Ä/2");
    assert_eq!(answer.link("collection").unwrap(), "/collections/buildings");
    assert_eq!(answer.link("self").unwrap(), "/collections/buildings/items/building-2");
    let odd = city.get("/collections/trees/items/tree%2F3").await;
    assert_eq!(odd.json()["id"], "tree/3");
    let again = city.get(&odd.link("self").unwrap()).await;
    assert_eq!(again.json()["id"], "tree/3");
}

#[tokio::test]
async fn an_object_that_a_client_knows_already_is_not_sent_again() {
    let city = City::new().await;
    let uri = "/collections/buildings/items/building-2";
    let first = city.get(uri).await;
    let request = axum::http::Request::get(uri).header("if-none-match", first.header("etag"));
    let second = city.send(request, "").await;
    assert_eq!((second.status, second.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn heights_and_valid_times_are_kept() {
    let city = City::new().await;
    let first = city.get("/collections/buildings/items/building-0").await.json();
    assert_eq!(first["geometry"]["coordinates"][0][0][2], 54.5);
    let second = city.get("/collections/buildings/items/building-1").await.json();
    assert_eq!(second["time"]["interval"], json!(["..", "2020-01-01T00:00:00Z"]));
}
