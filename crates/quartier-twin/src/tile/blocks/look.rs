use std::collections::BTreeMap;

use quartier_index::{CollectionIndex, ObjectRef, ValueRef};
use serde_json::Value;

/// Looks that a collection's blocks may have. Each takes a pass over a tile; more colours than this no eye tells apart.
const LOOKS_MAX: usize = 48;

/// What blocks are told apart by: the values of some properties, the most frequent combinations of them.
#[derive(Debug, Default)]
pub(super) struct Looks {
    properties: Vec<String>,
    /// The values' JSON, in its order; a look's number is its place.
    texts: Vec<String>,
    values: Vec<Vec<Value>>,
}

/// The look of what has none of the most frequent ones.
pub(super) const OTHER: u16 = LOOKS_MAX as u16;

impl Looks {
    pub(super) fn of(index: &CollectionIndex, properties: &[String]) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        if let Some(extent) = index.extent().filter(|_| !properties.is_empty()) {
            index.visit_box(&extent, |object| {
                *counts.entry(text(object, properties)).or_default() += 1;
            });
        }
        let mut frequent: Vec<_> = counts.into_iter().collect();
        frequent.sort_by(|(text, count), (other, more)| more.cmp(count).then(text.cmp(other)));
        frequent.truncate(LOOKS_MAX);
        let mut texts: Vec<String> = frequent.into_iter().map(|(text, _)| text).collect();
        texts.sort();
        let values = texts.iter().map(|text| serde_json::from_str(text).unwrap_or_default());
        Self { properties: properties.to_vec(), values: values.collect(), texts }
    }

    pub(super) fn of_object(&self, object: ObjectRef<'_>) -> u16 {
        if self.properties.is_empty() {
            return OTHER;
        }
        let text = text(object, &self.properties);
        self.texts.binary_search(&text).map_or(OTHER, |place| place as u16)
    }

    /// What all objects of a look have in common.
    pub(super) fn properties(&self, look: u16) -> impl Iterator<Item = (&str, &Value)> {
        let values = self.values.get(usize::from(look)).into_iter().flatten();
        self.properties.iter().map(String::as_str).zip(values)
    }
}

fn text(object: ObjectRef<'_>, properties: &[String]) -> String {
    let values = properties.iter().map(|name| object.property(name));
    values.map(ValueRef::to_value).collect::<Value>().to_string()
}
