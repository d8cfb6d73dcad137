use serde_json::{Map, Value, json};

use super::{parameter, path, plain, read, with_problems};
use crate::{App, auth::Visitor, format::Format};

const TAG: &str = "sensors";

#[rustfmt::skip]
pub(super) fn paths() -> Vec<(String, Value)> {
    const LATEST: &[&str] = &["collectionOf", "property", "bbox", "bbox-crs", "asOf", "f"];
    const AGGREGATE: &[&str] = &["zones", "propertyOf", "agg", "window", "asOf", "f"];
    const LINKS: &[&str] = &["thing", "collectionOf", "object", "role", "asOf", "limitLinks", "afterThing", "f"];
    let document = |id: &str, summary: &str, parameters: &[&str]| read(TAG, id, summary, parameters, answer(summary));
    vec![
        path("/twin/v1/observedProperties", document("observedProperties", "What is measured, with the range of the latest values", &["f"])),
        path("/twin/v1/latest", latest(read(TAG, "latest", "The latest reading of each datastream", LATEST, answer("Readings")))),
        path("/twin/v1/aggregate", document("aggregate", "One number for each zone and a window of time", AGGREGATE)),
        path("/twin/v1/links", document("links", "Which things belong, or belonged, to which objects", LINKS)),
        path("/twin/v1/unlinked", document("unlinked", "Things that belong to no object, with the reason", &["limitLinks", "afterThing", "f"])),
        path("/twin/v1/feeds", document("feeds", "Where readings come from, and how each source is", &["f"])),
        path("/twin/v1/geofences", document("geofences", "Geofences", &["f"])),
        path("/twin/v1/geofences/{geofenceId}", document("geofence", "A geofence", &["geofenceId", "f"])),
        path("/live", live()),
    ]
}

/// Writing needs the token.
pub(super) fn add_writes(paths: &mut Map<String, Value>) {
    let security = json!([{ "token": [] }]);
    paths["/twin/v1/geofences"]["post"] = json!({
        "tags": [TAG],
        "operationId": "createGeofence",
        "summary": "Make a geofence; what is true already is no event",
        "security": security,
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": geofence() } },
        },
        "responses": with_problems(&[("201", answer("It is made"))]),
    });
    paths["/twin/v1/geofences/{geofenceId}"]["delete"] = json!({
        "tags": [TAG],
        "operationId": "deleteGeofence",
        "summary": "Take a geofence away",
        "security": security,
        "parameters": [parameter("geofenceId")],
        "responses": with_problems(&[("204", json!({ "description": "It is gone" }))]),
    });
}

pub(super) fn parameters(app: &App) -> Vec<(&'static str, Value)> {
    let number = json!({ "type": "integer", "minimum": 1 });
    let id = json!({ "name": "geofenceId", "in": "path", "required": true, "schema": number });
    let mut parameters = vec![("geofenceId", id), readings(app)];
    parameters.extend(of_sums());
    parameters.extend(of_links());
    parameters.extend(of_streams());
    parameters
}

fn readings(app: &App) -> (&'static str, Value) {
    const SAID: &str = "Observed properties whose readings stand among the objects' properties, as `NO2.value`, `NO2.unit`, `NO2.time`, `NO2.age_s`, `NO2.n`, `NO2.stale`; `*` for all";
    let is_open = app.guard().shows_to(Visitor::Anyone).is_ok();
    let said = if is_open { SAID.to_owned() } else { format!("{SAID}. It needs the token") };
    query("readings", "readings", &said, &names())
}

#[rustfmt::skip]
fn of_sums() -> [(&'static str, Value); 7] {
    let text = json!({ "type": "string" });
    let ways = json!({ "type": "string", "enum": ["mean", "min", "max", "sum", "count", "last"] });
    [
        query("property", "property", "Observed properties by name, definition or id", &names()),
        required(query("propertyOf", "property", "An observed property", &text)),
        required(query("zones", "zones", "The collection whose objects are the zones", &text)),
        query("collectionOf", "collection", "Of objects of this collection", &text),
        query("asOf", "asOf", "As it was at this time; now without it", &text),
        query("agg", "agg", "How readings become one number; `mean` without it", &ways),
        query("window", "window", "How far back, such as `PT1H` (without it) or `P7D`", &text),
    ]
}

#[rustfmt::skip]
fn of_links() -> [(&'static str, Value); 5] {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer", "minimum": 1 });
    let roles = json!({ "type": "string", "enum": ["subject", "zone"] });
    [
        query("thing", "thing", "Of the thing with this `@iot.id`", &number),
        query("object", "object", "Of the object with this id, with `collection`", &text),
        query("role", "role", "What its readings are readings of, or what it is in", &roles),
        query("limitLinks", "limit", "On one page, which ends with the last one of a thing", &number),
        query("afterThing", "after", "Where the page starts: as `next` says", &number),
    ]
}

#[rustfmt::skip]
fn of_streams() -> [(&'static str, Value); 3] {
    let text = json!({ "type": "string" });
    let rate = json!({ "type": "number", "minimum": 0.1, "maximum": 20, "default": 4 });
    [
        query("rate", "rate", "How often a channel may speak, times a second", &rate),
        query("events", "events", "What is told: `readings`, `objects`, `fences`; all without it", &names()),
        query("lastEventId", "lastEventId", "Where to go on, for those who cannot send the header `Last-Event-ID`", &text),
    ]
}

fn names() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn query(key: &'static str, name: &str, said: &str, schema: &Value) -> (&'static str, Value) {
    let parameter = json!({
        "name": name, "in": "query", "description": said,
        "style": "form", "explode": false, "schema": schema,
    });
    (key, parameter)
}

fn required((key, mut parameter): (&'static str, Value)) -> (&'static str, Value) {
    parameter["required"] = true.into();
    (key, parameter)
}

fn answer(said: &str) -> Value {
    plain(said, Format::Json.media_type(), &json!({ "type": "object" }))
}

fn latest(mut operation: Value) -> Value {
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    operation["responses"]["200"]["content"][Format::Arrow.media_type()] = bytes;
    operation
}

fn live() -> Value {
    const WISHES: &[&str] =
        &["bbox", "bbox-crs", "collectionOf", "property", "rate", "events", "lastEventId"];
    let said = "Server-sent events: `snapshot`, then `readings`, `objects` and `fences`; `reset` before a new snapshot";
    let events = plain(said, Format::EventStream.media_type(), &json!({ "type": "string" }));
    read(TAG, "live", "What happens, as it happens", WISHES, events)
}

fn geofence() -> Value {
    let number = json!({ "type": "number" });
    let one_of = |name: &str, schema: Value| json!({ "type": "object", "required": [name], "properties": { name: schema } });
    let objects = json!({
        "type": "object",
        "required": ["collection"],
        "properties": {
            "collection": { "type": "string" },
            "objects": { "type": "array", "items": { "type": "string" } },
        },
    });
    json!({
        "type": "object",
        "required": ["name", "area", "condition"],
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string" },
            "area": { "oneOf": [one_of("objects", objects), one_of("polygon", json!({ "type": "object" }))] },
            "condition": { "oneOf": [
                { "type": "string", "enum": ["enter", "exit"] },
                one_of("above", number.clone()),
                one_of("below", number),
                one_of("silent_for", json!({ "type": "string" })),
            ] },
            "subject": {
                "type": "object",
                "properties": { "property": { "type": "string" }, "thing": { "type": "integer" } },
            },
        },
    })
}
