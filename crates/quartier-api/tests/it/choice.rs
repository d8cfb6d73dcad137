//! What requests choose of tiles, and what is said of a choice that cannot be.

use axum::http::StatusCode;

use crate::{answer::Answer, city::City};

/// The tile that all buildings and trees are in.
const BUILDINGS: &str = "/collections/buildings/tiles/WebMercatorQuad/14/5415/8538";
const ALL: &str = "/tiles/WebMercatorQuad/14/5415/8538";

/// A parameter's value as it stands in an address.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The numbers of the buildings in a tile.
fn buildings(tile: &Answer) -> Vec<u32> {
    let text = String::from_utf8_lossy(&tile.body);
    let is_there = |n: &u32| {
        let id = format!("building-{n}");
        text.split(&id).skip(1).any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    (0..25).filter(is_there).collect()
}

async fn filtered(city: &City, filter: &str) -> Vec<u32> {
    let tile = city.get(&format!("{BUILDINGS}?filter={}", encoded(filter))).await;
    assert!(tile.status.is_success(), "{filter}: {}", tile.text());
    buildings(&tile)
}

#[tokio::test]
async fn a_filter_chooses_objects_as_items_do() {
    let city = City::new().await;
    let odd: Vec<u32> = (1..25).step_by(2).collect();
    assert_eq!(filtered(&city, "function = '2050'").await, odd);
    assert_eq!(filtered(&city, "'2050'=\"function\"").await, odd);
    assert_eq!(
        filtered(&city, "function = '2050' and (storeys=2 AND is_listed = TRUE)").await,
        [7]
    );
    assert_eq!(filtered(&city, "height_m = 3.5 AND is_listed = false").await, [1, 6, 11, 16, 21]);
    assert_eq!(filtered(&city, "function = 'O''Neill'").await, [0; 0]);
    let equal = city.get(&format!("{BUILDINGS}?function=2050")).await;
    assert_eq!(buildings(&equal), odd);
}

#[tokio::test]
async fn a_filter_chooses_objects_by_their_place() {
    let city = City::new().await;
    // The first three buildings lie within 50 metres of the corner.
    let box_ = "404990,5756990,405055,5757020";
    let utm = encoded("http://www.opengis.net/def/crs/EPSG/0/25832");
    let get = async |filter: &str| {
        let uri = format!("{BUILDINGS}?filter-crs={utm}&filter={}", encoded(filter));
        buildings(&city.get(&uri).await)
    };
    assert_eq!(get(&format!("S_INTERSECTS(geometry, BBOX({box_}))")).await, [0, 1, 2]);
    let polygon =
        "POLYGON((404990 5756990, 405045 5756990, 405045 5757020, 404990 5757020, 404990 5756990))";
    assert_eq!(get(&format!("s_intersects(geometry, {polygon})")).await, [0, 1, 2]);
    assert_eq!(get(&format!("S_WITHIN(geometry,{polygon}) AND function='1010'")).await, [0]);
    assert_eq!(filtered(&city, "S_INTERSECTS(geometry, BBOX(0,0,1,1))").await, [0; 0]);
}

#[tokio::test]
async fn a_time_chooses_what_stood_then() {
    let city = City::new().await;
    let then = city.get(&format!("{BUILDINGS}?datetime=2019-05-01")).await;
    let now = city.get(&format!("{BUILDINGS}?datetime=2026-05-01T00:00:00Z/..")).await;
    assert!(buildings(&then).contains(&1));
    assert!(!buildings(&now).contains(&1) && buildings(&now).contains(&2));
}

#[tokio::test]
async fn tiles_have_the_properties_that_are_asked_for_and_their_description_agrees() {
    let city = City::new().await;
    let tile = city.get(&format!("{BUILDINGS}?properties=storeys,height_m")).await;
    let text = String::from_utf8_lossy(&tile.body);
    assert!(text.contains("height_m") && text.contains("storeys") && !text.contains("function"));
    let uri = "/tiles/WebMercatorQuad/tilejson.json?properties=storeys&collections=buildings";
    let document = city.get(uri).await.json();
    let fields = document["vector_layers"][0]["fields"].as_object().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["id", "storeys"]);
    let tiles = document["tiles"][0].as_str().unwrap();
    assert!(tiles.ends_with("?properties=storeys&collections=buildings"), "{tiles}");
}

#[tokio::test]
async fn choices_go_together() {
    let city = City::new().await;
    let filter = encoded("function = '1010'");
    let uri = format!(
        "{ALL}?collections=trees,buildings&properties=storeys&datetime=2026-01-01&filter={filter}"
    );
    let tile = city.get(&uri).await;
    assert_eq!(tile.status, StatusCode::OK, "{}", tile.text());
    // Trees have no function, so none of them fulfils the filter.
    assert_eq!(buildings(&tile), (0..25).step_by(2).collect::<Vec<u32>>());
    assert!(!String::from_utf8_lossy(&tile.body).contains("linden"));
}

#[tokio::test]
async fn collections_come_in_the_order_that_they_are_named_in_each_once() {
    let city = City::new().await;
    let named = async |names: &str| {
        let document =
            city.get(&format!("/tiles/WebMercatorQuad/tilejson.json?collections={names}")).await;
        let layers = document.json()["vector_layers"].as_array().unwrap().clone();
        layers.iter().map(|layer| layer["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("trees,buildings,trees").await, ["trees", "buildings"]);
    assert_eq!(named("buildings").await, ["buildings"]);
}

#[tokio::test]
async fn a_choice_that_cannot_be_is_refused_by_parameter() {
    let city = City::new().await;
    let deep = format!("{}function='1'{}", "(".repeat(40), ")".repeat(40));
    let long = vec!["function='1'"; 100].join(" AND ");
    for (parameter, value, reason) in [
        ("properties", "storeys,colour", "there is no property `colour`"),
        ("properties", "", "there is no property ``"),
        ("collections", "ships", "there is no collection `ships`"),
        ("collections", "plans", "there is no collection `plans`"),
        ("collections", "trees,,", "there is no collection ``"),
        ("datetime", "yesterday", "`yesterday` is no time"),
        ("datetime", "2026-02-01/2026-01-01", "starts after its end"),
        ("filter", "colour='red'", "there is no property `colour`"),
        ("filter", "function=1010", "property `function` is a text"),
        ("filter", "storeys=1.5", "property `storeys` is a whole number"),
        ("filter", "uses='x'", "property `uses` is a list or an object"),
        ("filter", "function", "it ends too early"),
        ("filter", "", "it ends too early"),
        ("filter", "function<'1'", "`<'1'` cannot be read"),
        ("filter", "function='1' OR storeys=1", "`OR storeys=1` cannot be read"),
        ("filter", "function='1", "a text that begins with ' does not end"),
        ("filter", "storeys=1e999", "`1e999` is no number"),
        ("filter", "S_INTERSECTS(geometry, BBOX(1,2,3))", "a bbox has 4 or 6 numbers"),
        ("filter", "S_INTERSECTS(geometry, POLYGON((1 1", "a parenthesis is not closed"),
        ("filter", "S_INTERSECTS(geometry, CIRCLE(1 1))", "it starts with no geometry"),
        ("filter", "S_INTERSECTS(place, BBOX(1,2,3,4))", "`place` is no geometry"),
        (
            "filter",
            "S_INTERSECTS(geometry,POINT(1 1)) AND S_WITHIN(geometry,POINT(1 1))",
            "only one condition of place",
        ),
        ("filter", &deep, "parentheses stand deeper than 16"),
        ("filter", &long, "more than 64 conditions"),
        ("filter-lang", "cql2-json", "`cql2-json` is not offered"),
        ("filter-crs", "EPSG:2056", "is not offered"),
        ("colour", "red", "it is not known here"),
    ] {
        let answer = city.get(&format!("{ALL}?{parameter}={}", encoded(value))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{parameter}={value}");
        assert!(answer.problem().contains(reason), "{parameter}={value}: {}", answer.problem());
        assert_eq!(answer.json()["parameter"], parameter);
    }
}

#[tokio::test]
async fn a_place_that_no_grid_has_is_refused_and_never_drawn() {
    let city = City::new().await;
    let two_to_forty = (1_u64 << 40).to_string();
    for (grid, place, status) in [
        ("WebMercatorQuad", "0/0/1", StatusCode::NOT_FOUND),
        ("WorldCRS84Quad", "0/1/0", StatusCode::NOT_FOUND),
        ("WorldCRS84Quad", "24/0/0", StatusCode::NOT_FOUND),
        ("DE_EPSG_25832_ADV", "20/0/0", StatusCode::NOT_FOUND),
        ("DE_EPSG_25832_ADV", "-1/0/0", StatusCode::BAD_REQUEST),
        ("DE_EPSG_25832_ADV", "0/0/x", StatusCode::BAD_REQUEST),
        ("WebMercatorQuad", "0/0/", StatusCode::NOT_FOUND),
        ("webmercatorquad", "0/0/0", StatusCode::NOT_FOUND),
        ("..%2F..", "0/0/0", StatusCode::NOT_FOUND),
    ] {
        let answer = city.get(&format!("/tiles/{grid}/{place}")).await;
        assert_eq!(answer.status, status, "{grid}/{place}: {}", answer.text());
        answer.problem();
    }
    for place in [
        format!("{two_to_forty}/0/0"),
        format!("3/{two_to_forty}/0"),
        format!("3/0/{two_to_forty}"),
    ] {
        for order in ["", "xyz/"] {
            let answer = city.get(&format!("/tiles/WebMercatorQuad/{order}{place}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{place}");
            assert!(answer.problem().contains("out of range"), "{}", answer.problem());
        }
    }
}
