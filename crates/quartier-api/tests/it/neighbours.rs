//! Searching by geometry and by distance.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::city::City;

const NEAREST: &str = "/twin/v1/nearest?crs=EPSG:25832";
const SEARCH: &str = "/twin/v1/search";

/// Around the first two buildings and four trees, in EPSG:25832.
fn square() -> Value {
    let ring =
        [[404_999, 5_756_999], [405_031, 5_756_999], [405_031, 5_757_022], [404_999, 5_757_022]];
    json!({ "type": "Polygon", "coordinates": [[ring[0], ring[1], ring[2], ring[3], ring[0]]] })
}

#[tokio::test]
async fn the_nearest_come_first_with_their_distance() {
    let city = City::new().await;
    let uri = format!("{NEAREST}&collection=trees,buildings&point=405000,5757014&k=3");
    let answer = city.get(&uri).await;
    assert_eq!(answer.ids(), ["tree/2", "building-0", "tree/1"], "{}", answer.text());
    let document = answer.json();
    let distances: Vec<_> = document["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["distance_m"].clone())
        .collect();
    assert_eq!(distances, [json!(0.0), json!(4.0), json!(7.0)]);
    assert_eq!(document["features"][1]["collection"], "buildings");
}

#[tokio::test]
async fn neighbours_are_paged_without_a_gap() {
    let city = City::new().await;
    let all =
        city.get(&format!("{NEAREST}&collection=trees&point=405000,5757102&k=30")).await.ids();
    let mut paged = Vec::new();
    let mut uri = Some(format!("{NEAREST}&collection=trees&point=405000,5757102&k=30&limit=7"));
    while let Some(next) = uri {
        let page = city.get(&next).await;
        paged.extend(page.ids());
        uri = page.link("next");
    }
    assert_eq!((all.len(), &all), (30, &paged));
}

#[tokio::test]
async fn neighbours_beyond_the_greatest_distance_are_left_out() {
    let city = City::new().await;
    let uri = format!("{NEAREST}&collection=trees&point=405000,5757000&k=9&max_distance_m=14");
    assert_eq!(city.get(&uri).await.ids(), ["tree/0", "tree/1", "tree/2"]);
    let degrees = "/twin/v1/nearest?collection=trees&point=7.61751583,51.95557641&k=1";
    assert_eq!(city.get(degrees).await.ids(), ["tree/0"]);
}

#[tokio::test]
async fn a_wrong_question_for_neighbours_is_refused_by_name() {
    let city = City::new().await;
    for (query, parameter) in [
        ("point=1,2", "collection"),
        ("collection=trees", "point"),
        ("collection=trees&point=1", "point"),
        ("collection=trees&point=1,2,3", "point"),
        ("collection=trees&point=NaN,2", "point"),
        ("collection=trees&point=200,2", "point"),
        ("collection=trees&point=7,51&k=0", "k"),
        ("collection=trees&point=7,51&k=-1", "k"),
        ("collection=trees&point=7,51&max_distance_m=-1", "max_distance_m"),
        ("collection=trees&point=7,51&max_distance_m=NaN", "max_distance_m"),
        ("collection=ships&point=7,51", "collection"),
        ("collection=plans&point=7,51", "collection"),
        ("collection=trees&point=7,51&after=x", "after"),
        ("collection=trees&point=7,51&bbox=1,2,3,4", "bbox"),
    ] {
        let answer = city.get(&format!("/twin/v1/nearest?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {}", answer.text());
        assert_eq!(answer.json()["parameter"], parameter, "{query}");
    }
}

#[tokio::test]
async fn several_collections_are_searched_at_once_and_paged() {
    let city = City::new().await;
    let question = json!({
        "collections": ["trees", "buildings"], "geometry": square(), "crs": "EPSG:25832", "limit": 2,
    });
    let mut all = Vec::new();
    let mut uri = Some(SEARCH.to_owned());
    while let Some(next) = uri {
        let page = city.search(&next, &question).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert_eq!(page.json()["numberMatched"], 6);
        all.extend(page.ids());
        uri = page.link("next");
    }
    assert_eq!(all, ["tree/0", "tree/1", "tree/2", "tree/3", "building-0", "building-1"]);
}

#[tokio::test]
async fn a_search_tells_touching_from_lying_within_and_from_being_near() {
    let city = City::new().await;
    let corner = json!({ "type": "Point", "coordinates": [405_010, 5_757_010] });
    for (geometry, relation, distance_m, expected) in [
        (corner.clone(), Some("intersects"), None, vec!["building-0"]),
        (corner.clone(), Some("within"), None, vec![]),
        (square(), Some("within"), None, vec!["building-0", "building-1"]),
        (corner.clone(), None, Some(10.0), vec!["building-0", "building-1"]),
        (corner, Some("distance"), Some(9.99), vec!["building-0"]),
    ] {
        let mut question =
            json!({ "collections": ["buildings"], "geometry": geometry, "crs": "EPSG:25832" });
        if let Some(relation) = relation {
            question["relation"] = relation.into();
        }
        if let Some(metres) = distance_m {
            question["distance_m"] = metres.into();
        }
        let answer = city.search(SEARCH, &question).await;
        assert_eq!(answer.ids(), expected, "{question}");
    }
}

#[tokio::test]
async fn a_wrong_search_is_refused_with_the_reason() {
    let city = City::new().await;
    let bow = json!({ "type": "Polygon", "coordinates": [[[7, 51], [8, 52], [8, 51], [7, 52], [7, 51]]] });
    for (question, status, said) in [
        (json!({}), 422, "missing field `geometry`"),
        (json!({ "geometry": {} }), 422, "missing field `type`"),
        (json!({ "geometry": null }), 422, "the geometry is none"),
        (json!({ "geometry": { "type": "Circle" } }), 422, "unknown variant `Circle`"),
        (
            json!({ "geometry": square(), "crs": "EPSG:25832", "with": 1 }),
            422,
            "unknown field `with`",
        ),
        (json!({ "geometry": square(), "crs": "EPSG:1" }), 400, "parameter `crs`"),
        (
            json!({ "geometry": square(), "crs": "EPSG:25832", "limit": 0 }),
            400,
            "parameter `limit`",
        ),
        (
            json!({ "geometry": square(), "crs": "EPSG:25832", "distance_m": -1 }),
            400,
            "parameter `distance_m`",
        ),
        (
            json!({ "geometry": square(), "crs": "EPSG:25832", "relation": "distance" }),
            400,
            "parameter `distance_m`",
        ),
        (
            json!({ "geometry": square(), "crs": "EPSG:25832", "collections": ["ships"] }),
            400,
            "parameter `collections`",
        ),
        (
            json!({ "geometry": square(), "crs": "EPSG:25832", "datetime": "x" }),
            400,
            "parameter `datetime`",
        ),
        (json!({ "geometry": bow }), 422, "the geometry is not valid"),
    ] {
        let answer = city.search(SEARCH, &question).await;
        assert_eq!(answer.status.as_u16(), status, "{question}: {}", answer.text());
        assert!(answer.problem().contains(said), "{question}: {}", answer.problem());
    }
}

#[tokio::test]
async fn an_object_shows_its_body_and_its_history() {
    let city = City::new().await;
    let object = "/twin/v1/collections/buildings/objects/building-0";
    let structure = city.get(object).await.json();
    assert_eq!(structure["structure"]["bodies"][0]["surfaces"][0]["kind"], "roof");
    city.write(
        "PATCH",
        "/collections/buildings/items/building-0",
        &json!({ "properties": { "storeys": 9 } }),
    )
    .await;
    let history = city.get(&format!("{object}/history")).await.json();
    let storeys: Vec<_> = history["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["properties"]["storeys"])
        .collect();
    assert_eq!(storeys, [&json!(0), &json!(9)]);
}
