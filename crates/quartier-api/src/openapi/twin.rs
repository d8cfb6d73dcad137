use serde_json::{Value, json};

use super::{parameter, path, plain, read, schema, with_problems};
use crate::format::Format;

const TAG: &str = "twin";

#[rustfmt::skip]
pub(super) fn paths() -> Vec<(String, Value)> {
    const NEAREST: &[&str] = &["collection", "point", "crs", "k", "max_distance_m", "limitNearest", "after", "f"];
    vec![
        path("/twin/v1/nearest", read(TAG, "nearest", "The nearest objects, each with `distance_m`", NEAREST, page())),
        ("/twin/v1/search".to_owned(), json!({ "post": search() })),
        path("/twin/v1/collections/{collectionId}/objects/{objectId}", document("structure", "An object's 3D geometry and parts, in the working CRS")),
        path("/twin/v1/collections/{collectionId}/objects/{objectId}/history", document("history", "All versions of an object, oldest first")),
    ]
}

fn document(id: &str, summary: &str) -> Value {
    let answer = plain(summary, Format::Json.media_type(), &json!({ "type": "object" }));
    read(TAG, id, summary, &["collectionId", "objectId", "f"], answer)
}

fn page() -> Value {
    let said = "Objects, and a `next` link where there are more";
    plain(said, Format::GeoJson.media_type(), &schema("featureCollection"))
}

fn search() -> Value {
    let relations = ["intersects", "within", "distance"];
    let text = |said: &str| json!({ "type": "string", "description": said });
    let question = json!({
        "type": "object",
        "required": ["geometry"],
        "additionalProperties": false,
        "properties": {
            "collections": {
                "type": "array",
                "items": { "type": "string" },
                "description": "All without it",
            },
            "geometry": schema("geometry"),
            "relation": { "type": "string", "enum": relations, "default": "intersects" },
            "distance_m": {
                "type": "number",
                "minimum": 0,
                "description": "Objects at most this many metres from the geometry",
            },
            "crs": text("Of the geometry and of the answer; CRS84 without it"),
            "datetime": text("As for items"),
            "limit": { "type": "integer", "minimum": 1 },
        },
    });
    json!({
        "tags": [TAG],
        "operationId": "search",
        "summary": "Objects that stand to a geometry in a relation; post the same body to the `next` link",
        "parameters": [parameter("after"), parameter("f")],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": question } },
        },
        "responses": with_problems(&[("200", page())]),
    })
}
