use std::sync::Arc;

use quartier_model::{Bbox, Property, PropertyKind, Readers};
use quartier_twin::{CollectionSnapshot, TileLayer, TileSelection, sensors::PropertyNames};
use serde_json::{Map, Value, json};

use super::selection::take_selections;
use crate::{
    App,
    ask::Ask,
    auth::Visitor,
    city::City,
    error::{ApiError, Result},
    limits::COLLECTIONS_MAX,
    links::segment,
    readings::take_readings,
};

/// What the tiles of a set show: the collections, what is chosen of each, and the path that the set lies under.
pub(super) struct Layers {
    pub(super) title: String,
    pub(super) path: String,
    /// What chooses all of it, as an address ends in it.
    pub(super) query: String,
    pub(super) collections: Vec<Arc<CollectionSnapshot>>,
    /// For each collection; `None` where no object can be meant.
    selections: Vec<Option<TileSelection>>,
    pub(super) readings: Readings,
}

/// What stands in a tile of each observed property, with its type in the words of `TileJSON`.
const MEASURED: [(&str, &str); 6] = [
    ("value", "Number"),
    ("unit", "String"),
    ("time", "String"),
    ("age_s", "Number"),
    ("n", "Number"),
    ("stale", "Boolean"),
];

/// What is measured of these properties is to stand among those of the objects.
#[derive(Debug)]
pub(super) struct Readings {
    pub(super) names: Option<PropertyNames>,
    are_public: bool,
}

impl Layers {
    /// All collections, or those that the parameter `collections` names.
    pub(super) fn of_dataset(title: &str, ask: &mut Ask, app: &App, city: &City) -> Result<Self> {
        let collections = match ask.query.text("collections") {
            None => city.collections().cloned().collect(),
            Some(names) => read_collections("collections", &names, city)?,
        };
        Self::of((title.to_owned(), "/tiles".to_owned()), collections, ask, app, city)
    }

    pub(super) fn of_collection(
        it: Arc<CollectionSnapshot>,
        ask: &mut Ask,
        app: &App,
        city: &City,
    ) -> Result<Self> {
        let title = it.collection.title.clone();
        let path = format!("/collections/{}/tiles", segment(it.collection.id.as_str()));
        Self::of((title, path), vec![it], ask, app, city)
    }

    fn of(
        (title, path): (String, String),
        collections: Vec<Arc<CollectionSnapshot>>,
        ask: &mut Ask,
        app: &App,
        city: &City,
    ) -> Result<Self> {
        let readings = Readings::take(ask, app, city)?;
        let selections = take_selections(&mut ask.query, app, &collections)?;
        Ok(Self { title, path, query: ask.choice(), collections, selections, readings })
    }

    /// The layers as a tile has them.
    pub(super) fn in_tile(&self) -> Vec<TileLayer<'_>> {
        let layers = self.collections.iter().zip(&self.selections);
        let chosen = layers.filter_map(|(collection, selection)| {
            selection.as_ref().map(|selection| TileLayer { collection, selection })
        });
        chosen.collect()
    }

    /// The properties that some tile of a collection has.
    pub(super) fn properties<'a>(
        &'a self,
        it: &'a CollectionSnapshot,
    ) -> impl Iterator<Item = &'a Property> {
        let place =
            self.collections.iter().position(|known| known.collection.id == it.collection.id);
        let selection = place.and_then(|place| self.selections[place].as_ref());
        let chosen = selection.and_then(|selection| selection.properties.as_ref());
        it.collection.schema.properties.iter().filter(move |property| {
            let is_chosen = chosen.is_none_or(|names| names.contains(&property.name));
            is_chosen && it.tiles.ever_has(&property.name)
        })
    }

    /// In WGS 84 degrees.
    pub(super) fn bounds(&self) -> Option<Bbox> {
        self.collections.iter().filter_map(|it| it.extent_degrees).reduce(Bbox::union)
    }

    /// Whether they are not what everyone asks for.
    pub(super) fn are_chosen(&self) -> bool {
        !self.query.is_empty()
    }

    pub(super) fn is_public(&self) -> bool {
        self.readings.are_public
            && self.collections.iter().all(|it| it.collection.readers == Readers::Public)
    }
}

impl Readings {
    fn take(ask: &mut Ask, app: &App, city: &City) -> Result<Self> {
        let names = take_readings(&mut ask.query, app, city.visitor)?;
        let are_public = names.is_none() || app.guard().shows_to(Visitor::Anyone).is_ok();
        Ok(Self { names, are_public })
    }

    fn fields(&self) -> Vec<(String, Value)> {
        let names = self.names.as_ref().filter(|names| !names.are_all());
        let names = names.into_iter().flat_map(|names| &names.0);
        let fields =
            names.flat_map(|name| MEASURED.map(|(it, kind)| (format!("{name}.{it}"), json!(kind))));
        fields.collect()
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
pub(super) fn fields(it: &CollectionSnapshot, layers: &Layers) -> Map<String, Value> {
    let id = ("id".to_owned(), json!("String"));
    let properties = layers.properties(it).map(|property| {
        let kind = match property.kind {
            PropertyKind::Boolean => "Boolean",
            PropertyKind::Integer | PropertyKind::Number => "Number",
            _ => "String",
        };
        (property.name.clone(), json!(kind))
    });
    std::iter::once(id).chain(properties).chain(layers.readings.fields()).collect()
}
