use std::collections::BTreeSet;

use quartier_model::{EntityId, ObservedProperty};

use crate::sensors::Catalogue;

/// The observed properties that a text means: those of that name, else of that name in other letters, else of that
/// definition, else the one of that id.
pub(crate) fn properties_named(catalogue: &Catalogue, text: &str) -> BTreeSet<EntityId> {
    let all = || catalogue.observed_properties.values();
    let those = |means: &dyn Fn(&ObservedProperty) -> bool| -> BTreeSet<EntityId> {
        all().filter(|property| means(property)).map(|property| property.id).collect()
    };
    let lower = text.to_lowercase();
    let id = text.parse().ok().map(EntityId);
    let ways: [&dyn Fn(&ObservedProperty) -> bool; 4] = [
        &|property| property.name == text,
        &|property| property.name.to_lowercase() == lower,
        &|property| property.definition == text,
        &|property| Some(property.id) == id,
    ];
    ways.iter().map(|means| those(means)).find(|found| !found.is_empty()).unwrap_or_default()
}
