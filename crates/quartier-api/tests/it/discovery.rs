//! How a client finds its way.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use quartier_api::Settings;
use serde_json::Value;

use crate::{
    answer::link,
    city::{City, TOKEN},
};

#[tokio::test]
async fn every_link_of_the_landing_page_leads_somewhere() {
    let city = City::new().await;
    let landing = city.get("/").await.json();
    for link in landing["links"].as_array().unwrap() {
        let href = link["href"].as_str().unwrap().strip_prefix("http://city.example").unwrap();
        // Not GET: the live stream has no end.
        let request = Request::head(if href == "/map" { "/map/" } else { href });
        let answer = city.send(request, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}");
        let content_type = answer.header("content-type");
        let announced = link["type"].as_str().unwrap();
        assert!(content_type.starts_with(announced), "{link} is {content_type}");
    }
}

#[tokio::test]
async fn every_link_of_a_collection_leads_somewhere() {
    let city = City::new().await;
    let collections = city.get("/collections").await.json();
    for collection in collections["collections"].as_array().unwrap() {
        for link in collection["links"].as_array().unwrap() {
            let href = link["href"].as_str().unwrap().strip_prefix("http://city.example").unwrap();
            let answer = city.get(href).await;
            assert_eq!(answer.status, StatusCode::OK, "{link}");
            assert!(answer.header("content-type").starts_with(link["type"].as_str().unwrap()));
        }
    }
}

#[tokio::test]
async fn a_collection_tells_its_extent_its_crss_and_its_credit() {
    let document = City::new().await.get("/collections/buildings").await.json();
    let bbox = document["extent"]["spatial"]["bbox"][0].as_array().unwrap();
    let bbox: Vec<f64> = bbox.iter().map(|number| number.as_f64().unwrap()).collect();
    assert!(bbox[0] > 7.617 && bbox[2] < 7.626 && bbox[1] > 51.955 && bbox[3] < 51.957);
    assert_eq!(document["storageCrs"], "http://www.opengis.net/def/crs/EPSG/0/25832");
    assert_eq!(document["crs"][0], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
    assert_eq!(document["attribution"], "© City & Co");
    assert_eq!(document["itemCount"], 25);
}

#[tokio::test]
async fn queryables_are_what_can_be_filtered_by() {
    let city = City::new().await;
    let schema = city.get("/collections/buildings/schema").await.json();
    let queryables = city.get("/collections/buildings/queryables").await.json();
    assert!(schema["properties"].get("uses").is_some());
    assert!(queryables["properties"].get("uses").is_none());
    assert_eq!(schema["properties"]["height_m"]["x-ogc-unit"], "m");
    assert_eq!(schema["properties"]["function"]["oneOf"][0]["title"], "Dwelling");
    assert_eq!(schema["properties"]["geometry"]["x-ogc-role"], "primary-geometry");
}

#[tokio::test]
async fn a_collection_for_the_tokens_holder_is_not_there_for_anyone_else() {
    let city = City::new().await;
    let listed = |document: Value| document["collections"].as_array().unwrap().len();
    assert_eq!(listed(city.get("/collections").await.json()), 2);
    assert_eq!(city.get("/collections/plans/items").await.status, StatusCode::NOT_FOUND);
    assert!(!city.get("/api").await.text().contains("plans"));
    assert!(!city.get("/tiles/WebMercatorQuad/tilejson.json").await.text().contains("plans"));
    let tile = "/collections/plans/tiles/WebMercatorQuad/0/0/0";
    assert_eq!(city.get(tile).await.status, StatusCode::NOT_FOUND);
    let holder = |uri| Request::get(uri).header("authorization", format!("Bearer {TOKEN}"));
    let seen = city.send(holder("/collections/plans/items"), Body::empty()).await;
    assert_eq!(seen.ids(), ["tree/99"]);
    assert_eq!(listed(city.send(holder("/collections"), Body::empty()).await.json()), 3);
}

#[tokio::test]
async fn links_follow_the_public_url_and_its_path() {
    let public_url = Some("https://geo.example/twin".parse().unwrap());
    let city = City::with(Settings { public_url, ..Settings::default() }).await;
    for path in ["/twin/collections/trees", "/collections/trees"] {
        let document = city.get(path).await.json();
        let itself = link(&document, "self").unwrap();
        assert_eq!(itself, "https://geo.example/twin/collections/trees");
    }
    let next = city.get("/twin/collections/trees/items").await.link("next").unwrap();
    assert!(next.starts_with("https://geo.example/twin/collections/trees/items?after="), "{next}");
    assert_eq!(city.get("/twin").await.status, StatusCode::OK);
    assert_eq!(city.get("/twins").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn links_follow_the_proxy_where_no_public_url_is_configured() {
    let city = City::new().await;
    let request = Request::get("/collections/trees/items?limit=1")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "geo.example")
        .header("x-forwarded-prefix", "/stadt");
    let next = city.send(request, Body::empty()).await.link("next").unwrap();
    assert!(next.starts_with("https://geo.example/stadt/collections/trees/items?"), "{next}");
}

#[tokio::test]
async fn writing_is_announced_only_where_it_is_taken() {
    let (open, closed) = (City::new().await, City::with(Settings::default()).await);
    for (city, is_writable) in [(open, true), (closed, false)] {
        let classes = city.get("/conformance").await;
        assert_eq!(classes.text().contains("create-replace-delete"), is_writable);
        let api = city.get("/api").await.json();
        let items = &api["paths"]["/collections/{collectionId}/items"];
        assert_eq!(items.get("post").is_some(), is_writable);
    }
}

#[tokio::test]
async fn the_definition_names_what_each_collection_is_filtered_by() {
    let api = City::new().await.get("/api").await.json();
    assert_eq!(api["openapi"], "3.0.3");
    let items = &api["paths"]["/collections/buildings/items"]["get"]["parameters"];
    let names: Vec<_> =
        items.as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["function", "storeys", "height_m", "is_listed"]);
}

#[tokio::test]
async fn every_reference_of_the_definition_is_there() {
    let api = City::new().await.get("/api").await.json();
    let text = api.to_string();
    for rest in text.split("\"#/components/").skip(1) {
        let pointer = format!("/components/{}", rest.split('"').next().unwrap());
        assert!(api.pointer(&pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn the_definition_and_the_landing_page_lead_to_the_sensors() {
    let city = City::new().await;
    let api = city.get("/api").await.json();
    for path in ["observedProperties", "latest", "aggregate", "links", "unlinked", "feeds"] {
        assert!(api["paths"][format!("/twin/v1/{path}")].get("get").is_some(), "{path}");
    }
    assert!(api["paths"]["/twin/v1/geofences"].get("post").is_some());
    let live = &api["paths"]["/live"]["get"]["responses"]["200"]["content"];
    assert!(live.get("text/event-stream").is_some());
    let landing = city.get("/").await.json();
    let hrefs: Vec<&str> =
        landing["links"].as_array().unwrap().iter().filter_map(|it| it["href"].as_str()).collect();
    for path in ["/sensorthings/v1.1", "/live", "/twin/v1/latest"] {
        assert!(hrefs.contains(&&*format!("http://city.example{path}")), "{path}");
    }
}
