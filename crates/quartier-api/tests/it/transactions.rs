//! Writing.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use quartier_api::Settings;
use serde_json::{Value, json};

use crate::city::{City, TOKEN};

const ITEMS: &str = "/collections/trees/items";

fn tree(id: Option<&str>, coordinates: &Value) -> Value {
    let mut feature = json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": coordinates },
        "properties": { "species": "oak" },
    });
    if let Some(id) = id {
        feature["id"] = id.into();
    }
    feature
}

#[tokio::test]
async fn a_new_object_is_seen_at_once_where_the_answer_says() {
    let city = City::new().await;
    let created = city.write("POST", ITEMS, &tree(None, &json!([7.62, 51.95]))).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
    let location = created.header("location").strip_prefix("http://city.example").unwrap();
    let seen = city.get(location).await.json();
    assert_eq!(seen["properties"]["species"], "oak");
    assert_eq!(seen["geometry"]["coordinates"], json!([7.62, 51.95]));
    assert_eq!(city.get(ITEMS).await.json()["numberMatched"], 31);
}

#[tokio::test]
async fn coordinates_are_read_in_the_crs_that_the_header_names() {
    let city = City::new().await;
    let request = Request::post(ITEMS)
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/geo+json")
        .header("content-crs", "<http://www.opengis.net/def/crs/EPSG/0/4258>");
    let feature = tree(Some("Ä/1"), &json!([51.955_576_408_7, 7.617_515_835_3]));
    let created = city.send(request, feature.to_string()).await;
    assert_eq!(
        created.header("location"),
        "http://city.example/collections/trees/items/%C3%84%2F1"
    );
    let seen = city.get("/collections/trees/items/%C3%84%2F1?crs=EPSG:25832").await.json();
    let x = seen["geometry"]["coordinates"][0].as_f64().unwrap();
    assert!((x - 405_000.0).abs() < 1e-3, "{x}");
}

#[tokio::test]
async fn an_id_that_is_taken_is_a_conflict() {
    let city = City::new().await;
    let feature = tree(Some("tree/3"), &json!([7.62, 51.95]));
    let answer = city.write("POST", ITEMS, &feature).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let kept = city.get("/collections/trees/items/tree%2F3").await.json();
    assert_eq!(kept["properties"]["species"], "linden");
}

#[tokio::test]
async fn an_object_is_replaced_changed_and_deleted() {
    let city = City::new().await;
    let uri = "/collections/trees/items/tree%2F3";
    let replaced = city.write("PUT", uri, &tree(None, &json!([7.6, 51.9]))).await;
    assert_eq!(replaced.status, StatusCode::NO_CONTENT, "{}", replaced.text());
    assert_eq!(city.get(uri).await.json()["properties"], json!({ "species": "oak" }));
    let change = json!({ "properties": { "species": null, "height_m": 12.5 } });
    assert_eq!(city.write("PATCH", uri, &change).await.status, StatusCode::NO_CONTENT);
    let changed = city.get(uri).await.json();
    assert_eq!(changed["properties"], json!({ "height_m": 12.5 }));
    assert_eq!(changed["geometry"]["coordinates"], json!([7.6, 51.9]));
    assert_eq!(city.write("DELETE", uri, &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(city.get(uri).await.status, StatusCode::NOT_FOUND);
    assert_eq!(city.write("DELETE", uri, &json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        city.write("PUT", uri, &tree(None, &json!([7, 51]))).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_change_of_the_footprint_keeps_the_body() {
    let city = City::new().await;
    let uri = "/collections/buildings/items/building-0";
    let mut feature = city.get(uri).await.json();
    feature["properties"]["storeys"] = 7.into();
    assert_eq!(city.write("PUT", uri, &feature).await.status, StatusCode::NO_CONTENT);
    let object = city.get("/twin/v1/collections/buildings/objects/building-0").await.json();
    assert_eq!(object["structure"]["bodies"][0]["surfaces"][0]["kind"], "roof");
}

#[tokio::test]
async fn a_change_of_what_someone_else_has_changed_is_refused() {
    let city = City::new().await;
    let uri = "/collections/trees/items/tree%2F3";
    let known = city.get(uri).await;
    let change = |etag: &str| {
        Request::patch(uri)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/merge-patch+json")
            .header("if-match", etag.to_owned())
    };
    let body = r#"{"properties":{"species":"ash"}}"#;
    let etag = known.header("etag");
    assert_eq!(city.send(change(etag), body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(city.send(change(etag), body).await.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_write_needs_the_token() {
    let city = City::new().await;
    for authorization in [None, Some("Bearer wrong"), Some("Bearer "), Some("Basic YTph")] {
        let mut request = Request::post(ITEMS).header("content-type", "application/geo+json");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let answer = city.send(request, tree(None, &json!([7, 51])).to_string()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization:?}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        answer.problem();
    }
    assert_eq!(city.get(ITEMS).await.json()["numberMatched"], 30);
}

#[tokio::test]
async fn without_a_configured_token_nobody_writes() {
    for token in [None, Some(String::new())] {
        let city = City::with(Settings { token, ..Settings::default() }).await;
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = city.write(method, "/collections/trees/items/tree%2F3", &json!({})).await;
            assert!(answer.status.is_client_error(), "{method}");
        }
        let request = Request::post(ITEMS).header("authorization", "Bearer ");
        assert!(city.send(request, Body::empty()).await.status.is_client_error());
        assert_eq!(city.get(ITEMS).await.json()["numberMatched"], 30);
    }
}

#[tokio::test]
async fn what_is_no_sound_object_is_refused_with_the_reason() {
    let city = City::new().await;
    let polygon = |ring: Value| json!({ "type": "Feature", "properties": {}, "geometry": { "type": "Polygon", "coordinates": [ring] } });
    let long = "x".repeat(300);
    for (body, status, said) in [
        (json!("x").to_string(), 422, "the body cannot be read"),
        ("{".to_owned(), 400, "the body cannot be read"),
        (String::new(), 400, "the body cannot be read"),
        (json!({ "type": "FeatureCollection" }).to_string(), 422, "not a `Feature`"),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,2]}}"#.to_owned(),
            400,
            "number out of range",
        ),
        (
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,2]}}"#.to_owned(),
            400,
            "the body cannot be read",
        ),
        (tree(None, &json!([7])).to_string(), 422, "two or three numbers"),
        (tree(None, &json!(["7", "51"])).to_string(), 422, "invalid type"),
        (tree(None, &json!([1e30, 51])).to_string(), 422, "outside"),
        (tree(Some(&long), &json!([7, 51])).to_string(), 422, "at most 255 bytes"),
        (
            polygon(json!([[7, 51], [8, 51], [8, 52], [7, 52]])).to_string(),
            422,
            "a ring is not closed",
        ),
        (polygon(json!([[7, 51], [8, 51], [7, 51]])).to_string(), 422, "at least 4 positions"),
        (polygon(json!([])).to_string(), 422, "the geometry"),
        (
            polygon(json!([[7, 51], [8, 52], [8, 51], [7, 52], [7, 51]])).to_string(),
            422,
            "the geometry is not valid",
        ),
        (
            polygon(json!([[7, 51, 1], [8, 51], [8, 52], [7, 51, 1]])).to_string(),
            422,
            "some positions have a height",
        ),
    ] {
        let request = Request::post(ITEMS)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/geo+json");
        let answer = city.send(request, body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text());
        assert!(answer.problem().contains(said), "{body}: {}", answer.problem());
    }
    assert_eq!(city.get(ITEMS).await.json()["numberMatched"], 30);
}

#[tokio::test]
async fn a_value_of_another_kind_than_declared_is_refused() {
    let city = City::new().await;
    let uri = "/collections/buildings/items/building-3";
    for (properties, said) in [
        (json!({ "storeys": "three" }), "property `storeys` is a whole number, not \"three\""),
        (json!({ "storeys": 3.5 }), "property `storeys` is a whole number, not 3.5"),
        (json!({ "is_listed": 1 }), "property `is_listed` is true or false, not 1"),
    ] {
        let answer = city.write("PATCH", uri, &json!({ "properties": properties })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.problem(), said);
    }
}

#[tokio::test]
async fn a_property_that_is_new_is_added_to_the_schema() {
    let city = City::new().await;
    let created = city.write("POST", ITEMS, &tree(None, &json!([7.62, 51.95]))).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
    let schema = city.get("/collections/trees/schema").await.json();
    assert_eq!(schema["properties"]["species"]["type"], "string");
    assert_eq!(city.get(&format!("{ITEMS}?species=oak")).await.json()["numberMatched"], 1);
    assert_eq!(city.get(&format!("{ITEMS}?species=linden")).await.json()["numberMatched"], 30);
}
