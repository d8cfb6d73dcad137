use serde_json::{Value, json};

use super::{parameters::parameters, plain, schema};
use crate::{App, city::City, problem::Problem};

pub(super) fn components(app: &App, city: &City) -> Value {
    let mut components = json!({
        "parameters": parameters(app, city),
        "responses": responses(),
        "schemas": {
            "problem": problem(),
            "link": link(),
            "document": document(),
            "geometry": geometry(),
            "feature": feature(),
            "featureCollection": feature_collection(),
        },
    });
    if app.is_writable() {
        components["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
    }
    components
}

fn responses() -> Value {
    let problem = |said: &str| plain(said, Problem::MEDIA_TYPE, &schema("problem"));
    json!({
        "BadRequest": problem("A parameter is unknown or has a bad value; `parameter` names it"),
        "NotFound": problem("There is no such thing"),
        "NotAcceptable": problem("It cannot be had in such a format"),
        "Problem": problem("It went wrong"),
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "parameter": { "type": "string" },
            "instance": { "type": "string" },
            "request_id": { "type": "string" },
        },
    })
}

fn link() -> Value {
    json!({
        "type": "object",
        "required": ["href", "rel"],
        "properties": {
            "href": { "type": "string" },
            "rel": { "type": "string" },
            "type": { "type": "string" },
            "title": { "type": "string" },
            "templated": { "type": "boolean" },
            "method": { "type": "string" },
        },
    })
}

fn document() -> Value {
    json!({
        "type": "object",
        "properties": { "links": { "type": "array", "items": schema("link") } },
    })
}

fn geometry() -> Value {
    let kinds = [
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    ];
    json!({
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": { "type": "string", "enum": kinds },
            "coordinates": { "type": "array", "items": {} },
            "geometries": { "type": "array", "items": { "type": "object" } },
        },
    })
}

fn feature() -> Value {
    let text = |said: &str| json!({ "type": "string", "description": said });
    let interval = json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "string" },
            "source_id": text("The id in the source, where it is another"),
            "collection": text("In answers of several collections"),
            "distance_m": { "type": "number", "description": "In answers of `nearest`" },
            "time": { "type": "object", "properties": { "interval": interval } },
            "geometry": { "nullable": true, "type": "object", "allOf": [schema("geometry")] },
            "properties": { "type": "object", "nullable": true },
            "links": { "type": "array", "items": schema("link") },
        },
    })
}

fn feature_collection() -> Value {
    json!({
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "numberMatched": { "type": "integer", "minimum": 0 },
            "numberReturned": { "type": "integer", "minimum": 0 },
            "timeStamp": { "type": "string", "format": "date-time" },
            "links": { "type": "array", "items": schema("link") },
            "features": { "type": "array", "items": schema("feature") },
        },
    })
}
