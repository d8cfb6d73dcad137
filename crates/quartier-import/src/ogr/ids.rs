//! Where an object's id comes from.

use gdal::vector::Feature;
use quartier_model::PropertyKind;
use serde_json::Value;

use super::columns::Column;
use crate::{Error, Input, Result, citygml::id_text, sniff};

#[derive(Debug)]
pub(super) enum IdFrom {
    /// A property that the user chose; it stays one.
    Property(Column),
    /// A field that holds the format's own id (`gml:id`, a GeoJSON feature's `id`); it is no property.
    Natural(Column),
    /// The format's own id is GDAL's number.
    Number,
    /// The layer's name and GDAL's number, as other servers write it.
    LayerAndNumber(String),
}

/// Chooses it, and takes a natural id out of the columns.
pub(super) fn choose(
    input: &Input,
    driver: &str,
    layer: &str,
    id_field: Option<&str>,
    columns: &mut Vec<Column>,
) -> Result<IdFrom> {
    if let Some(field) = id_field {
        return find(columns, field).map(IdFrom::Property).ok_or_else(|| {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            Error::NoIdField {
                name: input.name.clone(),
                field: field.to_owned(),
                fields: names.join(", "),
            }
        });
    }
    let natural = match driver {
        "GML" => columns.iter().position(|column| column.name == "gml_id"),
        "GeoJSON" | "GeoJSONSeq" => match feature_id(input) {
            Some(FeatureId::Number) => return Ok(IdFrom::Number),
            Some(FeatureId::Text) => columns
                .iter()
                .position(|column| column.name == "id" && column.kind == PropertyKind::Text),
            None => None,
        },
        _ => None,
    };
    Ok(match natural {
        Some(at) => IdFrom::Natural(columns.remove(at)),
        None => IdFrom::LayerAndNumber(layer.to_owned()),
    })
}

fn find(columns: &[Column], field: &str) -> Option<Column> {
    let exact = columns.iter().find(|column| column.name == field);
    exact.or_else(|| columns.iter().find(|it| it.name.eq_ignore_ascii_case(field))).cloned()
}

impl IdFrom {
    /// The feature's id; `position` counts from 1 and stands in for a number that GDAL does not know.
    pub(super) fn id(&self, feature: &Feature<'_>, position: u64) -> Result<String, String> {
        let number = feature.fid().unwrap_or(position);
        match self {
            Self::Property(column) | Self::Natural(column) => {
                let value = column.value(feature)?;
                id_text(&value).ok_or_else(|| missing(&column.name, &value))
            }
            Self::Number => Ok(number.to_string()),
            Self::LayerAndNumber(layer) => Ok(format!("{layer}.{number}")),
        }
    }
}

fn missing(name: &str, value: &Value) -> String {
    match value {
        Value::Null => format!("it has no `{name}` for its id"),
        other => format!("its `{name}` is {other}, which is no id"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FeatureId {
    Text,
    Number,
}

/// The kind of the first GeoJSON feature's own `id`: GDAL puts it among the properties and does not tell.
fn feature_id(input: &Input) -> Option<FeatureId> {
    let start = sniff::start(&input.name, input.path()?).ok()?;
    first_feature_id(&String::from_utf8_lossy(&start))
}

fn first_feature_id(text: &str) -> Option<FeatureId> {
    let mut objects: Vec<(bool, Option<FeatureId>)> = Vec::new();
    let mut key = "";
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '"']) {
        let (mark, after) = (rest.get(at..=at)?, rest.get(at + 1..)?);
        rest = after;
        match mark {
            "{" => objects.push((false, None)),
            "}" => {
                if let (true, id) = objects.pop()? {
                    return id;
                }
            }
            _ => {
                let end = end_of_string(after)?;
                let word = after.get(..end)?;
                rest = after.get(end + 1..)?;
                let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
                let object = objects.last_mut()?;
                match value {
                    Some(value) if word == "id" => object.1 = id_kind(value),
                    None if key == "type" && word == "Feature" => object.0 = true,
                    _ => {}
                }
                key = word;
            }
        }
    }
    // The first feature may be longer than what was read of the file.
    objects.into_iter().find_map(|(is_feature, id)| id.filter(|_| is_feature))
}

fn id_kind(value: &str) -> Option<FeatureId> {
    match value.chars().next()? {
        '"' => Some(FeatureId::Text),
        '0'..='9' => Some(FeatureId::Number),
        _ => None,
    }
}

fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if !is_escaped => return Some(at),
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_features_id_is_told_from_a_property_of_that_name() {
        for (text, id) in [
            (
                r#"{"features":[{"type":"Feature","id":"a","properties":{}}]}"#,
                Some(FeatureId::Text),
            ),
            (
                r#"{"features":[{"id":7,"properties":{"id":"x"},"type":"Feature"}]}"#,
                Some(FeatureId::Number),
            ),
            (
                r#"{"features":[{"type":"Feature","id":"a","geometry":{"coordinates":[[7.6,"#,
                Some(FeatureId::Text),
            ),
            (r#"{"features":[{"type":"Feature","properties":{"id":7}}]}"#, None),
        ] {
            assert_eq!(first_feature_id(text), id, "{text}");
        }
    }
}
