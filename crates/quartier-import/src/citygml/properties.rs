use quartier_model::{Properties, Property, PropertyKind, Schema};
use serde_json::{Map, Value};

use super::tree::Node;

/// What the standard says of a building's properties; everything else is text.
const KNOWN: &[(&str, PropertyKind, Option<&str>)] = &[
    ("object_type", PropertyKind::Text, None),
    ("measuredHeight", PropertyKind::Number, Some("m")),
    ("storeysAboveGround", PropertyKind::Integer, None),
    ("storeysBelowGround", PropertyKind::Integer, None),
    ("creationDate", PropertyKind::Date, None),
    ("terminationDate", PropertyKind::Date, None),
];

/// Numbers that come as text.
const NUMBERS: &[&str] = &[
    "measuredHeight",
    "storeysAboveGround",
    "storeysBelowGround",
    "yearOfConstruction",
    "yearOfDemolition",
];

pub(crate) fn schema() -> Schema {
    let property = |(name, kind, unit): &(&str, PropertyKind, Option<&str>)| Property {
        unit: unit.map(str::to_owned),
        ..Property::new(*name, *kind)
    };
    Schema { properties: KNOWN.iter().map(property).collect() }
}

/// Takes in a child element if it holds a property of its own.
pub(crate) fn take(node: Node<'_>, properties: &mut Properties) {
    let name = node.name();
    match name {
        "externalReference" => external_reference(node, properties),
        "height" if node.child("Height").is_some() => height(node, properties),
        "genericAttribute" => node.children().for_each(|child| generic(child, properties)),
        _ if name.ends_with("Attribute") || name == "genericAttributeSet" => {
            generic(node, properties);
        }
        _ if node.first().is_some() || node.text().is_empty() => {}
        "storeyHeightsAboveGround" | "storeyHeightsBelowGround" => {
            let heights = node.text().split_ascii_whitespace().map(number);
            put(properties, name, Value::Array(heights.collect()));
        }
        _ if NUMBERS.contains(&name) => put(properties, name, number(node.text())),
        "creationDate" | "terminationDate" => put(properties, name, date(node.text())),
        _ => put(properties, name, node.text().into()),
    }
}

/// Keeps a value; a property that comes several times becomes a list.
pub(crate) fn put(properties: &mut Properties, name: &str, value: Value) {
    match properties.get_mut(name) {
        None => drop(properties.insert(name.to_owned(), value)),
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn generic(node: Node<'_>, properties: &mut Properties) {
    let own_name = node.child("name").map(Node::text);
    let Some(name) = node.attribute("name").or(own_name).filter(|name| !name.is_empty()) else {
        return;
    };
    let text = node.child("value").map(Node::text).unwrap_or_default();
    let value = match node.name() {
        "genericAttributeSet" | "GenericAttributeSet" => {
            let mut set = Map::new();
            for child in node.children() {
                match child.name() {
                    "genericAttribute" => {
                        child.children().for_each(|child| generic(child, &mut set));
                    }
                    _ => generic(child, &mut set),
                }
            }
            Value::Object(set)
        }
        "intAttribute" | "IntAttribute" | "doubleAttribute" | "DoubleAttribute"
        | "measureAttribute" | "MeasureAttribute" => number(text),
        _ => text.into(),
    };
    put(properties, name, value);
}

fn external_reference(node: Node<'_>, properties: &mut Properties) {
    let named = |name: &str| node.find(name).map(Node::text).filter(|text| !text.is_empty());
    if let Some(system) = named("informationSystem") {
        put(properties, "informationSystem", system.into());
    }
    if let Some(object) = named("name").or_else(|| named("uri")).or_else(|| named("targetResource"))
    {
        put(properties, "externalReference", object.into());
    }
}

/// CityGML 3 says which height it means; the measured one is what CityGML 2 calls `measuredHeight`.
fn height(node: Node<'_>, properties: &mut Properties) {
    if let Some(value) = node.find("value") {
        put(properties, "measuredHeight", number(value.text()));
    }
}

/// The first ten characters of a date; CityJSON and some exporters add a time.
fn date(text: &str) -> Value {
    text.split('T').next().unwrap_or(text).trim_end_matches('Z').into()
}

/// The number that the text stands for, or the text.
pub(crate) fn number(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    let fraction = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    fraction.map_or_else(|| text.into(), Value::Number)
}
