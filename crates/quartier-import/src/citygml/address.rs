use quartier_model::Properties;
use serde_json::{Map, Value};

use super::tree::Node;

/// The parts of an xAL address (2 and 3): the property, and the elements that may hold it, outer and inner.
const PARTS: &[(&str, &[(&str, &str)])] = &[
    ("street", &[("Thoroughfare", "ThoroughfareName"), ("Thoroughfare", "NameElement")]),
    ("house_number", &[("Thoroughfare", "ThoroughfareNumber"), ("Thoroughfare", "Number")]),
    ("postal_code", &[("PostalCode", "PostalCodeNumber"), ("PostCode", "Identifier")]),
    ("locality", &[("Locality", "LocalityName"), ("Locality", "NameElement")]),
    ("country", &[("Country", "CountryName"), ("Country", "NameElement")]),
];

/// Takes the addresses of an object into its properties: the parts of the first, and all in `addresses` where there
/// are more.
pub(crate) fn put(addresses: &[Map<String, Value>], properties: &mut Properties) {
    if let Some(first) = addresses.first() {
        for (name, value) in first {
            properties.insert(name.clone(), value.clone());
        }
    }
    if addresses.len() > 1 {
        let all = addresses.iter().cloned().map(Value::Object).collect();
        properties.insert("addresses".to_owned(), Value::Array(all));
    }
}

pub(crate) fn read(node: Node<'_>) -> Option<Map<String, Value>> {
    let mut address = Map::new();
    for (name, places) in PARTS {
        let text = places.iter().find_map(|(outer, inner)| {
            let outer = node.find(outer)?;
            Some(outer.find(inner)?.text()).filter(|text| !text.is_empty())
        });
        if let Some(text) = text {
            address.insert((*name).to_owned(), text.into());
        }
    }
    (!address.is_empty()).then_some(address)
}
