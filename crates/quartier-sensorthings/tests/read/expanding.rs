use serde_json::json;

use crate::town::{BASE, Town, values};

#[tokio::test]
async fn masterportals_request_gets_the_latest_value_of_each_datastream() {
    let town = Town::new().await;
    let polygon = "geography'POLYGON%20((7.5%2051.9,7.7%2051.9,7.7%2052.0,7.5%2052.0,7.5%2051.9))'";
    let url = format!(
        "Things?$filter=startswith(Things/name,'N')%20and%20st_intersects(Locations/location,{polygon})\
         &$expand=Locations,Datastreams/Observations($orderby=phenomenonTime%20desc;$top=1)"
    );
    let things = town.get(&url).await;
    let [nord] = values(&things) else { panic!("{things}") };
    assert_eq!(nord["Locations"][0]["location"]["coordinates"], json!([7.6, 51.98]));
    let datastreams = nord["Datastreams"].as_array().unwrap();
    let latest: Vec<_> = datastreams.iter().map(|it| &it["Observations"][0]["result"]).collect();
    assert_eq!(latest, [&json!(21.5), &json!(58)]);
    let next = datastreams[0]["Observations@iot.nextLink"].as_str().unwrap();
    let wanted = format!(
        "{BASE}/Datastreams(1)/Observations?$orderby=phenomenonTime%20desc&$top=1&$skip=1&$skiptoken="
    );
    assert!(next.starts_with(&wanted), "{next}");
    let rest = town.get(next.strip_prefix(BASE).unwrap().trim_start_matches('/')).await;
    assert_eq!(rest["value"][0]["result"], 20.5);
}

#[tokio::test]
async fn each_expand_has_its_own_options() {
    let town = Town::new().await;
    let things = town
        .get(
            "Things?$select=name&$orderby=name&$expand=Datastreams($select=name;$filter=startswith(name,'NO2');$count=true;\
             $expand=Observations($select=result;$filter=result%20ge%20100;$orderby=result%20desc;$top=2;$skip=1;$count=true),\
             ObservedProperty($select=name))",
        )
        .await;
    assert_eq!(
        things["value"],
        json!([
            {"name": "Mast", "Datastreams": [], "Datastreams@iot.count": 0},
            {"name": "Nord", "Datastreams@iot.count": 1, "Datastreams": [
                {"name": "NO2 Nord", "Observations": [], "Observations@iot.count": 0, "ObservedProperty": {"name": "NO2"}}
            ]},
            {"name": "Süd", "Datastreams@iot.count": 1, "Datastreams": [
                {"name": "NO2 Süd", "Observations@iot.count": 5, "ObservedProperty": {"name": "NO2"},
                 "Observations": [{"result": 103}, {"result": 102}],
                 "Observations@iot.nextLink": things["value"][2]["Datastreams"][0]["Observations@iot.nextLink"]}
            ]},
        ])
    );
    let next = things["value"][2]["Datastreams"][0]["Observations@iot.nextLink"].as_str().unwrap();
    let pages = town.pages(next.strip_prefix(BASE).unwrap().trim_start_matches('/')).await;
    let rest: Vec<_> = pages.iter().flat_map(values).map(|it| it["result"].clone()).collect();
    assert_eq!(rest, [json!(101), json!(100)]);
}

#[tokio::test]
async fn repeated_expands_of_one_link_are_one() {
    let town = Town::new().await;
    let thing = town.get("Things(1)?$expand=Datastreams/ObservedProperty,Datastreams/Sensor").await;
    let datastream = &thing["Datastreams"][0];
    assert_eq!(datastream["ObservedProperty"]["name"], "NO2");
    assert_eq!(datastream["Sensor"]["name"], "Chemie");
}

#[tokio::test]
async fn expands_lead_over_links_to_one_and_back() {
    let town = Town::new().await;
    let url = "Observations?$top=1&$orderby=id%20desc&$expand=Datastream,MultiDatastream/Thing/Locations,FeatureOfInterest";
    let last = town.get(url).await["value"][0].clone();
    assert!(last.get("Datastream").is_none());
    let thing = &last["MultiDatastream"]["Thing"];
    assert_eq!(thing["name"], "Mast");
    assert_eq!(thing["Locations"][0]["name"], "Ort Mast");
    assert_eq!(last["FeatureOfInterest"]["feature"], thing["Locations"][0]["location"]);
}

#[tokio::test]
async fn a_feature_of_interest_and_a_history_expand_too() {
    let town = Town::new().await;
    let url = "FeaturesOfInterest?$expand=Observations($top=2;$count=true)&$orderby=id";
    let features = town.get(url).await;
    assert_eq!(features["value"][0]["Observations@iot.count"], 15);
    assert_eq!(features["value"][0]["Observations"].as_array().unwrap().len(), 2);
    let history = town.get("HistoricalLocations?$expand=Thing,Locations").await;
    assert_eq!(history["value"][1]["Thing"]["name"], "Süd");
    assert_eq!(history["value"][1]["Locations"][0]["name"], "Ort Süd");
}
