//! Pages for people.

use axum::http::{Request, StatusCode};

use crate::city::City;

const PAGES: &[&str] = &[
    "/",
    "/conformance",
    "/api",
    "/collections",
    "/collections/buildings",
    "/collections/buildings/items",
    "/collections/buildings/items/building-0",
    "/collections/trees/items/tree%2F3",
    "/collections/buildings/schema",
    "/collections/buildings/queryables",
    "/collections/buildings/sortables",
    "/styles",
    "/tiles",
    "/tiles/WebMercatorQuad",
    "/collections/buildings/tiles",
    "/collections/buildings/tiles/DE_EPSG_25832_ADV",
    "/tileMatrixSets",
    "/tileMatrixSets/WorldCRS84Quad",
];

#[tokio::test]
async fn every_page_is_there_in_both_languages() {
    let city = City::new().await;
    for page in PAGES {
        for (language, home) in [("en", ">Home</a>"), ("de", ">Startseite</a>")] {
            let answer = city.get(&format!("{page}?f=html&lang={language}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            let html = answer.text();
            assert!(html.contains(&format!("<html lang=\"{language}\">")), "{page}");
            assert!(html.contains(home), "{page} in {language}: {html}");
        }
    }
}

#[tokio::test]
async fn a_page_needs_no_script_and_no_other_server() {
    let city = City::new().await;
    for page in PAGES {
        let answer = city.get(&format!("{page}?f=html")).await;
        let html = answer.text();
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!html.contains("<script") && !html.contains(" style="), "{page}");
        let loaded = html.matches("src=\"").count() + html.matches("rel=\"stylesheet\"").count();
        assert_eq!(loaded, 1, "{page}");
    }
    assert_eq!(city.get("/pages.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn what_the_data_say_is_text_and_never_markup() {
    let city = City::new().await;
    let html = city.get("/collections/buildings/items/building-2?f=html").await;
    assert!(html.text().contains("&lt;b&gt;bakery"), "{}", html.text());
    assert!(html.text().contains("Dwelling (1010)"));
    assert!(html.text().contains("7.0 m"), "{}", html.text());
}

#[tokio::test]
async fn a_person_gets_a_problem_as_a_page_in_the_language_of_the_browser() {
    let city = City::new().await;
    let request = Request::get("/nowhere?%3Cb%3E")
        .header("accept", "text/html,*/*;q=0.8")
        .header("accept-language", "de");
    let answer = city.send(request, "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.text().contains("Kennung der Anfrage"), "{}", answer.text());
}

#[tokio::test]
async fn the_map_is_a_folder_with_a_strict_policy() {
    let city = City::new().await;
    let moved = city.get("/map").await;
    assert_eq!((moved.status, moved.header("location")), (StatusCode::PERMANENT_REDIRECT, "map/"));
    let page = city.get("/map/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
}

#[tokio::test]
async fn styles_know_the_servers_address() {
    let style = City::new().await.get("/styles/quartier").await;
    assert!(!style.text().contains("{base}"));
    assert!(style.text().contains("http://city.example/tiles/"), "{}", style.text());
}
