use quartier_sensorthings::Version;
use serde_json::{Value, json};

use crate::town::{Town, values};

#[tokio::test]
async fn filters_choose_by_properties_links_places_and_times() {
    let town = Town::new().await;
    for (url, wanted) in [
        ("Things?$filter=properties/code%20gt%207", vec![2, 3]),
        (
            "Things?$filter=properties/owner/name%20eq%20'Stadt'%20and%20not%20(name%20eq%20'Nord')",
            vec![2, 3],
        ),
        ("Things?$filter=Datastreams/ObservedProperty/name%20eq%20'NO2'", vec![1, 2]),
        ("Things?$filter=MultiDatastreams/ObservedProperties/name%20eq%20'Windrichtung'", vec![3]),
        ("Datastreams?$filter=Thing/Locations/name%20eq%20'Ort%20Nord'", vec![1, 2]),
        (
            "Datastreams?$filter=unitOfMeasurement/symbol%20eq%20'µg/m³'%20and%20id%20gt%201",
            vec![2, 3],
        ),
        ("Datastreams?$filter=phenomenonTime%20lt%202026-05-01T05:00:00Z", vec![2, 3]),
        (
            "Locations?$filter=geo.intersects(location,%20geography'POLYGON((7.61%2051.9,7.7%2051.9,7.7%2052,7.61%2052,7.61%2051.9))')",
            vec![2, 3],
        ),
        (
            "Locations?$filter=geo.distance(location,geography'POINT(7.6%2051.98)')%20lt%200.001",
            vec![1],
        ),
        ("ObservedProperties?$filter=Datastreams/Thing/name%20eq%20'S%C3%BCd'", vec![1]),
        ("Sensors?$filter=metadata/maker%20eq%20'x'", vec![1, 2, 3]),
        ("Observations?$filter=result%20gt%20102", vec![19, 20]),
        ("Observations?$filter=result%20eq%20'gest%C3%B6rt'", vec![14]),
        (
            "Observations?$filter=Datastream/id%20eq%203%20and%20phenomenonTime%20ge%202026-05-01T03:00:00Z",
            vec![19, 20],
        ),
        ("Observations?$filter=MultiDatastream/id%20eq%204", vec![21]),
        (
            "Observations?$filter=FeatureOfInterest/id%20eq%202%20and%20result%20lt%20102",
            vec![16, 17],
        ),
        ("Observations?$filter=id%20in%20(3,4,99)", vec![3, 4]),
        (
            "Observations?$filter=result%20gt%20102%20or%20Datastream/name%20eq%20'L%C3%A4rm%20Nord'",
            vec![13, 14, 15, 19, 20],
        ),
        ("Observations?$filter=Datastream/name%20eq%20'nothing'", vec![]),
        ("Observations?$filter=hour(phenomenonTime)%20eq%2011", vec![12]),
        ("Observations?$filter=resultTime%20gt%20now()%20sub%20duration'PT24H'", vec![]),
    ] {
        assert_eq!(town.ids(url).await, wanted, "{url}");
    }
}

#[tokio::test]
async fn entities_are_chosen_by_what_was_observed() {
    let town = Town::new().await;
    for (url, wanted) in [
        ("Things?$filter=Datastreams/Observations/result%20gt%20100", vec![2]),
        ("Things?$filter=Datastreams/Observations/result%20eq%20'gest%C3%B6rt'", vec![1]),
        (
            "Things?$filter=Datastreams/Observations/result%20gt%2020%20and%20Datastreams/Observations/phenomenonTime%20lt%202026-05-01T10:00:00Z",
            vec![1, 2],
        ),
        (
            "Datastreams?$filter=Observations/result%20gt%2020%20and%20Observations/phenomenonTime%20lt%202026-05-01T09:00:00Z",
            vec![2, 3],
        ),
        ("ObservedProperties?$filter=Datastreams/Observations/result%20gt%20100", vec![1]),
        (
            "Sensors?$filter=Datastreams/Observations/result%20gt%20100%20or%20name%20eq%20'Mikrofon'",
            vec![1, 2],
        ),
        ("FeaturesOfInterest?$filter=Observations/result%20gt%20100", vec![2]),
        ("Locations?$filter=Things/Datastreams/Observations/result%20lt%2011", vec![1]),
    ] {
        assert_eq!(town.ids(url).await, wanted, "{url}");
    }
}

#[tokio::test]
async fn version_1_0_compares_results_with_texts_as_texts() {
    let town = Town::new().await;
    let url = "Observations?$filter=result%20gt%20'6'&$orderby=phenomenonTime";
    let answer = town.ask_version(url, Version::V1_0).await.unwrap();
    let set: Value = serde_json::from_slice(&answer.body).unwrap();
    let results: Vec<_> = values(&set).iter().map(|it| it["result"].clone()).collect();
    assert_eq!(results, [json!("61"), json!("gestört")]);
    assert_eq!(town.ids("Observations?$filter=result%20gt%20'6'").await, [14]);
}
