use crate::town::{Town, ids, values};

#[tokio::test]
async fn links_lead_through_a_set_to_its_end_and_no_further() {
    let town = Town::new().await;
    for (url, wanted) in [
        ("Observations?$top=5", 5),
        ("Observations?$top=7", 3),
        ("Observations?$orderby=phenomenonTime%20desc&$top=4", 6),
        ("Observations?$orderby=result&$top=4", 6),
        ("Observations?$orderby=resultTime,id&$top=4", 6),
        ("Observations?$orderby=Datastream/name,phenomenonTime%20desc&$top=4", 6),
        ("Observations?$filter=Datastream/Thing/name%20eq%20'Nord'&$top=4", 4),
        ("Observations?$filter=result%20mod%202%20ge%200&$top=4", 5),
        ("Things?$top=1", 3),
        ("Things?$top=3", 1),
        ("Things?$orderby=name%20desc&$top=2", 2),
        ("Datastreams(1)/Observations?$top=12", 1),
    ] {
        let pages = town.pages(url).await;
        let mut seen: Vec<u64> = pages.iter().flat_map(ids).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "{url} repeats");
        let whole = url.split("$top").next().unwrap();
        assert_eq!(count, town.ids(whole.trim_end_matches(['?', '&'])).await.len(), "{url}");
        assert_eq!(pages.len(), wanted, "{url}");
    }
}

#[tokio::test]
async fn pages_are_the_parts_of_the_whole_in_its_order() {
    let town = Town::new().await;
    for order in [
        "id%20desc",
        "phenomenonTime",
        "result%20desc",
        "resultTime%20desc,id%20desc",
        "result,id%20desc",
    ] {
        let whole = town.ids(&format!("Observations?$orderby={order}")).await;
        let pages = town.pages(&format!("Observations?$orderby={order}&$top=2")).await;
        assert_eq!(pages.iter().flat_map(ids).collect::<Vec<_>>(), whole, "{order}");
        let skipped = town.ids(&format!("Observations?$orderby={order}&$skip=5&$top=3")).await;
        assert_eq!(skipped, whole[5..8], "{order}");
    }
}

#[tokio::test]
async fn links_say_top_and_skip_where_the_client_said_top() {
    let town = Town::new().await;
    let page = town.get("Datastreams(1)/Observations?%24top=5&$orderby=phenomenonTime+desc").await;
    let next = page["@iot.nextLink"].as_str().unwrap();
    let wanted = "http://city/sensorthings/v1.1/Datastreams(1)/Observations?$orderby=phenomenonTime%20desc&$top=5&$skip=5&$skiptoken=";
    assert!(next.starts_with(wanted), "{next}");
    assert!(page.get("@iot.count").is_none());
}

#[tokio::test]
async fn a_link_starts_where_its_page_ended_whatever_came_since() {
    let town = Town::new().await;
    let first = town.get("Observations?$orderby=phenomenonTime%20desc&$top=2").await;
    let next = first["@iot.nextLink"].as_str().unwrap().split("v1.1/").nth(1).unwrap();
    let before = town.ids(next).await;
    town.observe("Datastreams(1)", 23, &serde_json::json!(1)).await;
    assert_eq!(town.ids(next).await, before);
    let error = town.ask(&next.replace("$skip=2", "$skip=4")).await.unwrap_err();
    assert!(error.to_string().contains("$skiptoken"), "{error}");
}

#[tokio::test]
async fn counts_are_of_the_whole_set() {
    let town = Town::new().await;
    for (url, count, rows) in [
        ("Observations?$count=true&$top=2", 21, 2),
        ("Observations?$count=true&$top=0", 21, 0),
        ("Observations?$count=true&$skip=18446744073709551615", 21, 0),
        (
            "Observations?$count=true&$filter=result%20mod%202%20eq%200.5&$skip=18446744073709551615",
            6,
            0,
        ),
        ("Observations?$count=true&$filter=result%20gt%2099&$top=1", 5, 1),
        ("Observations?$count=true&$filter=result%20mod%202%20eq%200.5", 6, 6),
        ("Datastreams?$count=true&$top=1", 3, 1),
        ("Things(1)/Datastreams?$count=true&$filter=name%20eq%20'NO2%20Nord'", 1, 1),
        (
            "Locations?$top=0&$count=true&$filter=location/type%20eq%20'Point'%20or%20location/geometry/type%20eq%20'Point'",
            3,
            0,
        ),
        ("FeaturesOfInterest(1)/Observations?$count=true&$top=1", 15, 1),
    ] {
        let page = town.get(url).await;
        assert_eq!(page["@iot.count"], count, "{url}");
        assert_eq!(values(&page).len(), rows, "{url}");
        if rows == 0 {
            assert!(page.get("@iot.nextLink").is_none(), "{url}");
        }
    }
}
