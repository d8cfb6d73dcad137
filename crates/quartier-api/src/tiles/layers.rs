use std::sync::Arc;

use quartier_model::{Bbox, PropertyKind, Readers};
use quartier_twin::CollectionSnapshot;
use serde_json::{Map, Value, json};

use crate::{
    ask::Ask,
    city::City,
    error::{ApiError, Result},
    limits::COLLECTIONS_MAX,
};

/// What the tiles of a set show: the collections, and the path that the set lies under.
pub(super) struct Layers {
    pub(super) title: String,
    pub(super) path: String,
    /// The ids that were chosen by `collections`.
    pub(super) chosen: Option<String>,
    pub(super) collections: Vec<Arc<CollectionSnapshot>>,
}

impl Layers {
    /// All collections, or those that the parameter `collections` names.
    pub(super) fn of_dataset(title: &str, ask: &mut Ask, city: &City) -> Result<Self> {
        let chosen = ask.query.text("collections");
        let collections = match &chosen {
            None => city.collections().cloned().collect(),
            Some(names) => read_collections("collections", names, city)?,
        };
        Ok(Self { title: title.to_owned(), path: "/tiles".to_owned(), chosen, collections })
    }

    pub(super) fn of_collection(it: Arc<CollectionSnapshot>) -> Self {
        Self {
            title: it.collection.title.clone(),
            path: format!("/collections/{}/tiles", it.collection.id),
            chosen: None,
            collections: vec![it],
        }
    }

    /// In WGS 84 degrees.
    pub(super) fn bounds(&self) -> Option<Bbox> {
        self.collections.iter().filter_map(|it| it.extent_degrees).reduce(Bbox::union)
    }

    pub(super) fn is_public(&self) -> bool {
        self.collections.iter().all(|it| it.collection.readers == Readers::Public)
    }

    /// What a tile's address ends in, so that it shows the same collections.
    pub(super) fn query(&self) -> String {
        self.chosen.as_ref().map_or_else(String::new, |chosen| {
            crate::query::with("", &[("collections", Some(chosen))])
        })
    }
}

/// Collections that a parameter names, with commas between.
pub(crate) fn read_collections(
    parameter: &'static str,
    names: &str,
    city: &City,
) -> Result<Vec<Arc<CollectionSnapshot>>> {
    let mut collections: Vec<Arc<CollectionSnapshot>> = Vec::new();
    for name in names.split(',') {
        let it = city.collection(name).map_err(|error| ApiError::parameter(parameter, error))?;
        if collections.iter().all(|known| known.collection.id != it.collection.id) {
            collections.push(Arc::clone(it));
        }
        if collections.len() > COLLECTIONS_MAX {
            let reason = format!("it names more than {COLLECTIONS_MAX} collections");
            return Err(ApiError::parameter(parameter, reason));
        }
    }
    Ok(collections)
}

/// The properties in a collection's tiles, with their types in the words of `TileJSON`.
pub(super) fn fields(it: &CollectionSnapshot) -> Map<String, Value> {
    let id = ("id".to_owned(), json!("String"));
    let properties = it.collection.schema.properties.iter().map(|property| {
        let kind = match property.kind {
            PropertyKind::Boolean => "Boolean",
            PropertyKind::Integer | PropertyKind::Number => "Number",
            _ => "String",
        };
        (property.name.clone(), json!(kind))
    });
    std::iter::once(id).chain(properties).collect()
}
