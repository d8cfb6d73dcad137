use serde_json::json;

use crate::town::{BASE, Town};

#[tokio::test]
async fn a_data_array_has_a_group_for_each_datastream() {
    let town = Town::new().await;
    let url = "Observations?$resultFormat=dataArray&$filter=phenomenonTime%20eq%202026-05-01T03:00:00Z&$count=true";
    assert_eq!(
        town.get(url).await,
        json!({"@iot.count": 3, "value": [
            {"Datastream@iot.navigationLink": format!("{BASE}/Datastreams(1)"),
             "components": ["id", "phenomenonTime", "resultTime", "result"],
             "dataArray@iot.count": 1,
             "dataArray": [[4, "2026-05-01T03:00:00Z", "2026-05-01T03:00:00Z", 13.5]]},
            {"Datastream@iot.navigationLink": format!("{BASE}/Datastreams(3)"),
             "components": ["id", "phenomenonTime", "resultTime", "result"],
             "dataArray@iot.count": 1,
             "dataArray": [[19, "2026-05-01T03:00:00Z", "2026-05-01T03:00:00Z", 103]]},
            {"MultiDatastream@iot.navigationLink": format!("{BASE}/MultiDatastreams(4)"),
             "components": ["id", "phenomenonTime", "resultTime", "result"],
             "dataArray@iot.count": 1,
             "dataArray": [[21, "2026-05-01T03:00:00Z", "2026-05-01T03:00:00Z", [4.5, 270]]]},
        ]})
    );
    let some =
        town.get("Datastreams(1)/Observations?resultFormat=dataArray&$select=result&$top=2").await;
    assert_eq!(some["value"][0]["components"], json!(["result"]));
    assert_eq!(some["value"][0]["dataArray"], json!([[10.5], [11.5]]));
    assert!(some.get("@iot.nextLink").is_some());
}

#[tokio::test]
async fn geo_json_has_a_feature_for_each_entity_and_names_for_all_that_is_in_it() {
    let town = Town::new().await;
    let url = "Things?$resultFormat=GeoJSON&$top=1&$select=id,name,properties&$expand=Locations($select=location,name)";
    let set = town.get(url).await;
    assert_eq!(set["type"], "FeatureCollection");
    assert_eq!(
        set["features"],
        json!([{
            "type": "Feature",
            "id": 1,
            "geometry": {"type": "Point", "coordinates": [7.6, 51.98]},
            "properties": {
                "id": 1, "name": "Nord", "properties/code": 7, "properties/owner/name": "Stadt",
                "properties/tags/0": "luft", "properties/tags/1": "Nord", "Locations/0/name": "Ort Nord",
            },
        }])
    );
    assert!(set["@iot.nextLink"].as_str().unwrap().contains("resultFormat=GeoJSON"));
    let one = town.get("Locations(2)?$resultFormat=GeoJSON").await;
    assert_eq!(one["features"][0]["geometry"]["coordinates"], json!([7.65, 51.93]));
}

#[tokio::test]
async fn csv_has_a_column_for_each_part() {
    let town = Town::new().await;
    let url = "Datastreams?$resultFormat=CSV&$select=id,name,unitOfMeasurement&$top=2\
               &$expand=Thing($select=name,properties/code),Observations($select=result;$top=1;$orderby=phenomenonTime%20desc)";
    assert_eq!(
        town.text(url).await,
        "id,name,unitOfMeasurement/name,unitOfMeasurement/symbol,unitOfMeasurement/definition,\
         Thing/name,Thing/properties/code,Observations/result\r\n\
         1,NO2 Nord,µg/m³,µg/m³,http://city/unit/µg/m³,Nord,7,21.5\r\n\
         2,Lärm Nord,µg/m³,µg/m³,http://city/unit/µg/m³,Nord,7,58\r\n"
    );
    let things = town.text("Things(1)?$resultFormat=CSV").await;
    let row = things.lines().nth(1).unwrap();
    assert_eq!(
        row,
        r#"1,Nord,Station Nord,"{""code"":7,""owner"":{""name"":""Stadt""},""tags"":[""luft"",""Nord""]}""#
    );
    let error = town.ask("Things?$resultFormat=CSV&$expand=Datastreams").await.unwrap_err();
    assert!(error.to_string().contains("$top=1"), "{error}");
}
