use std::collections::BTreeMap;

use ::flatgeobuf::{
    ColumnType, FgbWriter,
    geozero::{ColumnValue, PropertyProcessor},
};
use quartier_model::{Feature, Property, PropertyKind, Schema};
use serde_json::Value;

use crate::error::{Error, Result};

/// What the object's own id is called, unless the schema has such a property already.
const ID: &str = "id";
const OTHER_ID: &str = "object_id";

/// The file's columns: the id, then the schema's properties.
pub(super) struct Columns {
    by_name: BTreeMap<String, (usize, PropertyKind)>,
    id: &'static str,
}

/// One object's values, in the order of the columns.
pub(super) struct Values<'feature> {
    values: Vec<(usize, &'feature str, Cell<'feature>)>,
}

enum Cell<'feature> {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(&'feature str),
    DateTime(&'feature str),
    Json(String),
}

impl Columns {
    pub(super) fn declare(schema: &Schema, writer: &mut FgbWriter<'static>) -> Self {
        let id = if schema.property(ID).is_some() { OTHER_ID } else { ID };
        writer.add_column(id, ColumnType::String, |_, column| column.nullable = false);
        let mut by_name = BTreeMap::new();
        for (index, property) in schema.properties.iter().enumerate() {
            declare(property, writer);
            by_name.insert(property.name.clone(), (index + 1, property.kind));
        }
        Self { by_name, id }
    }

    pub(super) fn values<'feature>(
        &'feature self,
        feature: &'feature Feature,
    ) -> Result<Values<'feature>> {
        let mut values = vec![(0, self.id, Cell::Text(feature.id.as_str()))];
        for (name, value) in feature.properties.iter().filter(|(_, value)| !value.is_null()) {
            let Some((index, kind)) = self.by_name.get(name) else {
                return Err(Error::Undeclared { id: feature.id.clone(), property: name.clone() });
            };
            let Some(cell) = cell(*kind, value) else {
                return Err(Error::Value { id: feature.id.clone(), property: name.clone() });
            };
            values.push((*index, name, cell));
        }
        values.sort_by_key(|(index, ..)| *index);
        Ok(Values { values })
    }
}

impl Values<'_> {
    pub(super) fn write(&self, feature: &mut impl PropertyProcessor) {
        for (index, name, cell) in &self.values {
            let written = feature.property(*index, name, &cell.value());
            written.expect("values go to a buffer in memory, into columns that are declared");
        }
    }
}

impl Cell<'_> {
    fn value(&self) -> ColumnValue<'_> {
        match self {
            Self::Boolean(value) => ColumnValue::Bool(*value),
            Self::Integer(value) => ColumnValue::Long(*value),
            Self::Number(value) => ColumnValue::Double(*value),
            Self::Text(value) => ColumnValue::String(value),
            Self::DateTime(value) => ColumnValue::DateTime(value),
            Self::Json(value) => ColumnValue::Json(value),
        }
    }
}

fn declare(property: &Property, writer: &mut FgbWriter<'static>) {
    let described = match (&property.description, &property.unit) {
        (Some(text), Some(unit)) => Some(format!("{text} [{unit}]")),
        (Some(text), None) => Some(text.clone()),
        (None, Some(unit)) => Some(format!("[{unit}]")),
        (None, None) => None,
    };
    writer.add_column(&property.name, column_type(property.kind), |buffer, column| {
        column.title = property.title.as_deref().map(|title| buffer.create_string(title));
        column.description = described.as_deref().map(|text| buffer.create_string(text));
    });
}

/// FlatGeobuf has no type for a day: it is a text, as GDAL reads it.
fn column_type(kind: PropertyKind) -> ColumnType {
    match kind {
        PropertyKind::Boolean => ColumnType::Bool,
        PropertyKind::Integer => ColumnType::Long,
        PropertyKind::Number => ColumnType::Double,
        PropertyKind::Text | PropertyKind::Date => ColumnType::String,
        PropertyKind::DateTime => ColumnType::DateTime,
        PropertyKind::Json => ColumnType::Json,
    }
}

fn cell(kind: PropertyKind, value: &Value) -> Option<Cell<'_>> {
    match kind {
        PropertyKind::Boolean => value.as_bool().map(Cell::Boolean),
        PropertyKind::Integer => value.as_i64().map(Cell::Integer),
        PropertyKind::Number => value.as_f64().map(Cell::Number),
        PropertyKind::Text | PropertyKind::Date => value.as_str().map(Cell::Text),
        PropertyKind::DateTime => value.as_str().map(Cell::DateTime),
        PropertyKind::Json => Some(Cell::Json(value.to_string())),
    }
}
