mod body;
mod vertices;

use std::{io::Write as _, path::Path};

use quartier_model::{CityObject, Collection, Feature, Part};
use serde_json::{Map, Value, json};

use crate::{
    Summary,
    error::{Error, Result},
    target::Target,
};
use vertices::{Transform, Vertices};

/// Writes buildings as CityJSONSeq 2.0 (<https://www.cityjson.org/cityjsonseq/>): a first line with the CRS and the
/// transform, then a line for each building with its parts, its solids with semantics, and its properties.
///
/// Coordinates are kept to the millimetre. A building without 3D geometry shows its footprint as `LoD` 0.
pub fn city_json_seq(
    path: &Path,
    collection: &Collection,
    objects: impl IntoIterator<Item = CityObject>,
) -> Result<Summary> {
    let mut target = Target::new(path)?;
    let mut objects = objects.into_iter().peekable();
    let transform = Transform::new(collection.storage_crs, objects.peek());
    line(&mut target, &header(collection, transform))?;
    let mut summary = Summary::default();
    for object in objects {
        if object.feature.geometry.is_none() && object.structure.is_empty() {
            summary.left_out += 1;
            continue;
        }
        let mut vertices = Vertices::from(transform);
        let feature = building(&object, &mut vertices);
        let Some(vertices) = vertices.into_json() else {
            return Err(Error::Far { id: object.feature.id });
        };
        let id = object.feature.id.as_str();
        let feature = json!({
            "type": "CityJSONFeature",
            "id": id,
            "CityObjects": feature,
            "vertices": vertices,
        });
        line(&mut target, &feature)?;
        summary.objects += 1;
    }
    summary.bytes = target.finish()?;
    Ok(summary)
}

fn line(target: &mut Target, value: &Value) -> Result<()> {
    let mut text = value.to_string();
    text.push('\n');
    target.write_all(text.as_bytes()).map_err(|source| target.failed(source))
}

fn header(collection: &Collection, transform: Transform) -> Value {
    json!({
        "type": "CityJSON",
        "version": "2.0",
        "transform": { "scale": transform.scale, "translate": transform.translate },
        "metadata": {
            "title": collection.title,
            "referenceSystem": collection.storage_crs.uri().replace("http://", "https://"),
        },
        "CityObjects": {},
        "vertices": [],
    })
}

/// The building and its parts, by their ids.
fn building(object: &CityObject, vertices: &mut Vertices) -> Map<String, Value> {
    let (feature, structure) = (&object.feature, &object.structure);
    let parts = all_parts(&structure.parts);
    let mut building = Map::new();
    building.insert("type".into(), "Building".into());
    building.insert("attributes".into(), Value::Object(feature.properties.clone()));
    let geometry = if structure.is_empty() {
        body::footprint(feature, vertices)
    } else {
        structure.bodies.iter().map(|body| body::geometry(body, vertices)).collect()
    };
    building.insert("geometry".into(), Value::Array(geometry));
    if !parts.is_empty() {
        let children = parts.iter().map(|part| part.id.as_str().into()).collect();
        building.insert("children".into(), Value::Array(children));
    }
    let mut objects = Map::new();
    objects.insert(feature.id.to_string(), Value::Object(building));
    objects.extend(
        parts.into_iter().map(|part| (part.id.to_string(), self::part(part, feature, vertices))),
    );
    objects
}

/// Parts of parts beside them: a `BuildingPart` of CityJSON belongs to a `Building`.
fn all_parts(parts: &[Part]) -> Vec<&Part> {
    let mut waiting: Vec<&Part> = parts.iter().rev().collect();
    let mut all = Vec::new();
    while let Some(part) = waiting.pop() {
        all.push(part);
        waiting.extend(part.parts.iter().rev());
    }
    all
}

fn part(part: &Part, building: &Feature, vertices: &mut Vertices) -> Value {
    let geometry: Vec<Value> =
        part.bodies.iter().map(|body| body::geometry(body, vertices)).collect();
    json!({
        "type": "BuildingPart",
        "attributes": part.properties,
        "geometry": geometry,
        "parents": [building.id.as_str()],
    })
}
