use quartier_model::{Property, PropertyEquals, PropertyKind, Schema};
use serde_json::Value;

use crate::{
    error::{Result, shown},
    query::Query,
};

/// Parameters that win over properties of the same name.
const RESERVED: &[&str] = &[
    "after",
    "bbox",
    "bbox-crs",
    "collections",
    "crs",
    "datetime",
    "f",
    "filter",
    "filter-crs",
    "filter-lang",
    "id",
    "lang",
    "limit",
    "properties",
    "readings",
    "source_id",
];

/// Whether a property can stand in a query string as a condition.
pub(crate) fn is_queryable(property: &Property) -> bool {
    property.kind != PropertyKind::Json && !RESERVED.contains(&property.name.as_str())
}

/// Takes a condition for every property that the query names.
pub(crate) fn take_properties(query: &mut Query, schema: &Schema) -> Result<Vec<PropertyEquals>> {
    let queryables = schema.properties.iter().filter(|property| is_queryable(property));
    let conditions = queryables.filter_map(|property| {
        let value = query.read(&property.name, |text| read_value(text, property.kind));
        let name = property.name.clone();
        value.map(|value| value.map(|value| PropertyEquals { name, value })).transpose()
    });
    conditions.collect()
}

fn read_value(text: &str, kind: PropertyKind) -> Result<Value, String> {
    match kind {
        PropertyKind::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(format!("`{}` is neither `true` nor `false`", shown(text))),
        },
        PropertyKind::Integer => {
            let integer = text.parse::<i64>().ok();
            integer.map(Value::from).ok_or_else(|| format!("`{}` is no whole number", shown(text)))
        }
        PropertyKind::Number => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.map(Value::from).ok_or_else(|| format!("`{}` is no number", shown(text)))
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}
