use serde_json::{Map, Value, json};

use super::{parameter, schema, with_problems};

const OBJECT: &[&str] = &["collectionId", "objectId"];

/// Adds what writes to the paths that read.
pub(super) fn add_to(paths: &mut Map<String, Value>) {
    let created = json!({
        "description": "It is made; `Location` says where",
        "headers": { "Location": { "schema": { "type": "string" } } },
    });
    let done = || json!({ "description": "It is done" });
    let feature = body("application/geo+json", &schema("feature"));
    let patch = body("application/merge-patch+json", &json!({ "type": "object" }));

    let items = &mut paths["/collections/{collectionId}/items"];
    let create = writing("create", "Make an object", &["collectionId"], ("201", created));
    items["post"] = with_body(create, &feature);

    let item = &mut paths["/collections/{collectionId}/items/{objectId}"];
    let replace = "Replace an object; its 3D geometry stays";
    item["put"] = with_body(writing("replace", replace, OBJECT, ("204", done())), &feature);
    let update = "Change parts of an object (RFC 7396)";
    item["patch"] = with_body(writing("update", update, OBJECT, ("204", done())), &patch);
    let delete = "Delete an object; its versions are kept";
    item["delete"] = writing("delete", delete, OBJECT, ("204", done()));
}

fn writing(id: &str, summary: &str, path: &[&str], good: (&str, Value)) -> Value {
    let parameters: Vec<Value> = path.iter().map(|name| parameter(name)).collect();
    json!({
        "tags": ["transactions"],
        "operationId": id,
        "summary": summary,
        "security": [{ "token": [] }],
        "parameters": parameters,
        "responses": with_problems(&[good]),
    })
}

fn with_body(mut operation: Value, body: &Value) -> Value {
    operation["requestBody"] = body.clone();
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.push(json!({
            "name": "Content-Crs",
            "in": "header",
            "description": "The CRS of the body's coordinates as `<uri>`; CRS84 without it",
            "schema": { "type": "string" },
        }));
    }
    operation
}

fn body(media_type: &str, schema: &Value) -> Value {
    let mut content = Map::new();
    content.insert(media_type.to_owned(), json!({ "schema": schema }));
    json!({ "required": true, "content": content })
}
