use gdal::vector::{Defn, Feature, FieldValue, OGRFieldType};
use quartier_model::{Properties, Property, PropertyKind, Schema};
use serde_json::{Number, Value};

use super::{
    binding::{self, Subtype},
    moment,
};

/// A field of a layer, and how its values become properties.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The field's place in the layer.
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) kind: PropertyKind,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Plain,
    Boolean,
    Float32,
    Json,
    List,
    Date,
    /// Date-times whose zone is known become RFC 3339; without one they stay local text, without `Z`.
    Moment,
    Text,
}

/// The layer's columns, and the names of those whose values cannot be taken over.
pub(super) fn columns(definition: &Defn) -> (Vec<Column>, Vec<String>) {
    let subtypes = binding::subtypes(definition);
    let mut columns = Vec::new();
    let mut refused = Vec::new();
    for (at, (field, subtype)) in definition.fields().zip(subtypes).enumerate() {
        let name = field.name();
        match kind_and_way(field.field_type(), subtype) {
            Some((kind, how)) => columns.push(Column { at, name, kind, how }),
            None => refused.push(name),
        }
    }
    (columns, refused)
}

fn kind_and_way(field_type: OGRFieldType::Type, subtype: Subtype) -> Option<(PropertyKind, How)> {
    Some(match field_type {
        OGRFieldType::OFTInteger if subtype == Subtype::Boolean => {
            (PropertyKind::Boolean, How::Boolean)
        }
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => {
            (PropertyKind::Integer, How::Plain)
        }
        OGRFieldType::OFTReal if subtype == Subtype::Float32 => {
            (PropertyKind::Number, How::Float32)
        }
        OGRFieldType::OFTReal => (PropertyKind::Number, How::Plain),
        OGRFieldType::OFTString if subtype == Subtype::Json => (PropertyKind::Json, How::Json),
        OGRFieldType::OFTString => (PropertyKind::Text, How::Plain),
        OGRFieldType::OFTDate => (PropertyKind::Date, How::Date),
        OGRFieldType::OFTDateTime => (PropertyKind::DateTime, How::Moment),
        OGRFieldType::OFTTime => (PropertyKind::Text, How::Text),
        OGRFieldType::OFTIntegerList
        | OGRFieldType::OFTInteger64List
        | OGRFieldType::OFTRealList
        | OGRFieldType::OFTStringList => (PropertyKind::Json, How::List),
        _ => return None,
    })
}

pub(super) fn schema(columns: &[Column]) -> Schema {
    let property = |column: &Column| Property::new(column.name.as_str(), column.kind);
    Schema { properties: columns.iter().map(property).collect() }
}

impl Column {
    /// The value, null where there is none.
    pub(super) fn value(&self, feature: &Feature<'_>) -> Result<Value, String> {
        if !binding::has_value(feature, self.at) {
            return Ok(Value::Null);
        }
        let refusal = |error: &dyn std::fmt::Display| format!("the field `{}`: {error}", self.name);
        match self.how {
            How::Date | How::Moment | How::Text => {
                let text = feature.field_as_string(self.at).map_err(|error| refusal(&error))?;
                text.map_or(Ok(Value::Null), |text| self.time(&text))
            }
            How::List if self.is_empty_list(feature) => Ok(Value::Array(Vec::new())),
            _ => {
                let value = feature.field(self.at).map_err(|error| refusal(&error))?;
                Ok(value.map_or(Value::Null, |value| self.json(value)))
            }
        }
    }

    fn time(&self, text: &str) -> Result<Value, String> {
        let rewritten = match self.how {
            How::Date => moment::date(text),
            How::Moment => moment::date_time(text, self.kind == PropertyKind::Text),
            _ => Some(text.to_owned()),
        };
        let refusal = || {
            let name = &self.name;
            format!(
                "the field `{name}`: `{text}` is no {} or lacks the time zone that others have",
                moment::word(self.kind)
            )
        };
        rewritten.map(Value::String).ok_or_else(refusal)
    }

    /// GDAL's safe binding makes a slice of the null pointer that an empty list is; the text says it first.
    fn is_empty_list(&self, feature: &Feature<'_>) -> bool {
        matches!(feature.field_as_string(self.at), Ok(Some(text)) if text.starts_with("(0:"))
    }

    fn json(&self, value: FieldValue) -> Value {
        match value {
            FieldValue::IntegerValue(number) if self.how == How::Boolean => (number != 0).into(),
            FieldValue::IntegerValue(number) => number.into(),
            FieldValue::Integer64Value(number) => number.into(),
            FieldValue::RealValue(number) if self.how == How::Float32 => real(short(number)),
            FieldValue::RealValue(number) => real(number),
            FieldValue::StringValue(text) if self.how == How::Json => {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
            FieldValue::StringValue(text) => text.into(),
            FieldValue::IntegerListValue(list) => list.into(),
            FieldValue::Integer64ListValue(list) => list.into(),
            FieldValue::RealListValue(list) => Value::Array(list.into_iter().map(real).collect()),
            FieldValue::StringListValue(list) => list.into(),
            FieldValue::DateValue(date) => date.to_string().into(),
            FieldValue::DateTimeValue(moment) => moment.to_string().into(),
        }
    }

    /// Declares a date-time column text, since its values have no zone.
    pub(super) fn has_no_zone(&mut self) {
        if self.kind == PropertyKind::DateTime {
            self.kind = PropertyKind::Text;
        }
    }
}

/// Every column's value by name; nulls are left out.
pub(super) fn properties(columns: &[Column], feature: &Feature<'_>) -> Result<Properties, String> {
    let mut properties = Properties::with_capacity(columns.len());
    for column in columns {
        let value = column.value(feature)?;
        if !value.is_null() {
            properties.insert(column.name.clone(), value);
        }
    }
    Ok(properties)
}

/// JSON has no NaN and no infinity: these say that there is no value.
fn real(number: f64) -> Value {
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// The shortest number that is the same in 32 bits: 8.1 and not 8.100000381469727.
fn short(number: f64) -> f64 {
    let rounded = (number * 1000.0).round() / 1000.0;
    if rounded as f32 == number as f32 {
        return rounded;
    }
    (number as f32).to_string().parse().unwrap_or(number)
}
