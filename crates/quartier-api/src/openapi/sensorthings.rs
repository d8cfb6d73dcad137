use serde_json::{Map, Value, json};

use super::{plain, with_problems};
use crate::{App, Writers};

const TAG: &str = "sensorthings";
const SETS: &[&str] = &[
    "Things",
    "Locations",
    "HistoricalLocations",
    "Datastreams",
    "MultiDatastreams",
    "Sensors",
    "ObservedProperties",
    "Observations",
    "FeaturesOfInterest",
];

/// The addresses that can be said in OpenAPI; sets and entities also stand behind links, as deep as links go.
pub(super) fn add_to(paths: &mut Map<String, Value>, app: &App) {
    let root = "/sensorthings/v1.1";
    let mut set = json!({ "get": reading("sensorThingsSet", "Entities of a kind", &options()) });
    let mut entity = json!({ "get": reading("sensorThingsEntity", "One entity", &one()) });
    let mut batch = json!({});
    let mut rows = json!({});
    if app.settings.sensorthings.writers == Writers::Public || app.is_writable() {
        set["post"] = writing(app, "sensorThingsCreate", "Make an entity and those it brings", &[]);
        entity["patch"] = writing(app, "sensorThingsUpdate", "Change what is named", &[id()]);
        entity["put"] = writing(app, "sensorThingsReplace", "Replace all values", &[id()]);
        let mut delete =
            writing(app, "sensorThingsDelete", "Delete with what depends on it", &[id()]);
        if let Some(members) = delete.as_object_mut() {
            members.remove("requestBody");
        }
        entity["delete"] = delete;
        batch["post"] = writing(app, "sensorThingsBatch", "Several requests in one", &[]);
        rows["post"] = writing(app, "sensorThingsRows", "Many observations in rows", &[]);
        for operation in [&mut batch["post"], &mut rows["post"]] {
            operation["parameters"] = json!([]);
        }
        paths.insert(format!("{root}/$batch"), batch);
        paths.insert(format!("{root}/CreateObservations"), rows);
    }
    let mut start = json!({ "get": reading("sensorThings", "The entity sets", &[]) });
    start["get"]["parameters"] = json!([]);
    paths.insert(root.to_owned(), start);
    paths.insert(format!("{root}/{{entitySet}}"), set);
    paths.insert(format!("{root}/{{entitySet}}({{entityId}})"), entity);
}

fn reading(id: &str, summary: &str, parameters: &[Value]) -> Value {
    let answer = plain(summary, "application/json", &json!({ "type": "object" }));
    json!({
        "tags": [TAG],
        "operationId": id,
        "summary": summary,
        "parameters": with_set(parameters),
        "responses": with_problems(&[("200", answer)]),
    })
}

fn writing(app: &App, id: &str, summary: &str, parameters: &[Value]) -> Value {
    let entity = json!({ "application/json": { "schema": {} } });
    let answer = |said: &str| plain(said, "application/json", &json!({}));
    let mut operation = json!({
        "tags": [TAG],
        "operationId": id,
        "summary": summary,
        "parameters": with_set(parameters),
        "requestBody": { "required": true, "content": entity },
        "responses": with_problems(&[
            ("200", answer("It is done")),
            ("201", answer("It is made; `Location` says where")),
        ]),
    });
    if app.settings.sensorthings.writers == Writers::Token {
        operation["security"] = json!([{ "token": [] }]);
    }
    operation
}

fn with_set(parameters: &[Value]) -> Value {
    let set = json!({
        "name": "entitySet",
        "in": "path",
        "required": true,
        "schema": { "type": "string", "enum": SETS },
    });
    std::iter::once(set).chain(parameters.iter().cloned()).collect()
}

fn id() -> Value {
    let number = json!({ "type": "integer", "minimum": 1 });
    json!({ "name": "entityId", "in": "path", "required": true, "schema": number })
}

fn one() -> [Value; 3] {
    [id(), option("$select", "Properties to show"), option("$expand", "Linked entities to show")]
}

fn options() -> [Value; 8] {
    [
        option("$filter", "Such as `result gt 20 and phenomenonTime gt now() sub duration'PT1H'`"),
        option("$expand", "Linked entities to show, each with options: `Datastreams($top=1)`"),
        option("$select", "Properties to show"),
        option("$orderby", "Such as `phenomenonTime desc`"),
        option("$top", "Entities on a page"),
        option("$skip", "Entities to pass over"),
        option("$count", "`true` to have all of them counted"),
        option("resultFormat", "`dataArray`, `GeoJSON` or `CSV`"),
    ]
}

fn option(name: &str, said: &str) -> Value {
    json!({ "name": name, "in": "query", "description": said, "schema": { "type": "string" } })
}
