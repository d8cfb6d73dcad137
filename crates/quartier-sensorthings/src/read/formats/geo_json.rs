use serde_json::{Map, Value};

use crate::{
    entities::Json,
    read::{Frame, Level, Reader},
};

/// Properties whose value is a place.
const PLACES: [&str; 3] = ["location", "feature", "observedArea"];

impl<'a> Reader<'a> {
    /// A feature for each entity: its place is the first that it or what hangs on it has; all else becomes properties,
    /// named by their paths. The link to the next part stands beside the features.
    pub(super) fn geo_json(&self, frame: &Frame<'_, 'a>, level: &Level<'a>) -> Vec<u8> {
        let mut json = Json::default();
        json.object(|json| {
            json.name(&["type"]);
            json.text("FeatureCollection");
            self.write_frame(json, frame);
            json.name(&["features"]);
            json.array(|json| {
                (0..level.rows.len()).for_each(|index| self.write_feature(json, level, index));
            });
        });
        json.into_bytes()
    }

    fn write_feature(&self, json: &mut Json, level: &Level<'a>, index: usize) {
        let entity = serde_json::from_slice(&self.show_one(level, index));
        write_flat(json, entity.expect("what was written as JSON is JSON"));
    }
}

fn write_flat(json: &mut Json, entity: Value) {
    let mut feature = Flat::default();
    feature.add("", entity);
    json.object(|json| {
        json.name(&["type"]);
        json.text("Feature");
        if let Some(id) = feature.properties.get("id") {
            json.name(&["id"]);
            json.value(id);
        }
        json.name(&["geometry"]);
        json.value(&feature.geometry);
        json.name(&["properties"]);
        json.value(&feature.properties);
    });
}

/// An entity without depth.
#[derive(Default)]
struct Flat {
    geometry: Option<Value>,
    properties: Map<String, Value>,
}

impl Flat {
    /// Adds an entity, or what hangs on one, under the path that leads to it.
    fn add(&mut self, path: &str, value: Value) {
        match value {
            Value::Object(members) => {
                members.into_iter().for_each(|(name, value)| self.add_member(path, &name, value));
            }
            Value::Array(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    self.add(&joined(path, &index.to_string()), item);
                }
            }
            single => drop(self.properties.insert(path.to_owned(), single)),
        }
    }

    fn add_member(&mut self, path: &str, name: &str, value: Value) {
        if name == "@iot.id" {
            return self.add(&joined(path, "id"), value);
        }
        let is_place = PLACES.contains(&name) && value.get("type").is_some();
        if is_place && !path.ends_with("properties") {
            let geometry = geometry_of(value);
            self.geometry = self.geometry.take().or(geometry);
            return;
        }
        let is_link = ["@iot.selfLink", "@iot.navigationLink", "@iot.nextLink", "@iot.count"];
        if !is_link.iter().any(|ending| name.ends_with(ending)) {
            self.add(&joined(path, name), value);
        }
    }
}

fn geometry_of(place: Value) -> Option<Value> {
    match place {
        Value::Object(mut feature) if feature.get("type").is_some_and(|it| it == "Feature") => {
            feature.remove("geometry").filter(|geometry| !geometry.is_null())
        }
        geometry => Some(geometry),
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}
