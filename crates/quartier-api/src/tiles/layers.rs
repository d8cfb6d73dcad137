use std::sync::Arc;

use quartier_model::{Bbox, PropertyKind, Readers};
use quartier_twin::{CollectionSnapshot, sensors::PropertyNames};
use serde_json::{Map, Value, json};

use crate::{
    App,
    ask::Ask,
    auth::Visitor,
    city::City,
    error::{ApiError, Result},
    limits::COLLECTIONS_MAX,
    readings::take_readings,
};

/// What the tiles of a set show: the collections, and the path that the set lies under.
pub(super) struct Layers {
    pub(super) title: String,
    pub(super) path: String,
    /// The ids that were chosen by `collections`.
    pub(super) chosen: Option<String>,
    pub(super) collections: Vec<Arc<CollectionSnapshot>>,
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
        let chosen = ask.query.text("collections");
        let collections = match &chosen {
            None => city.collections().cloned().collect(),
            Some(names) => read_collections("collections", names, city)?,
        };
        Ok(Self {
            title: title.to_owned(),
            path: "/tiles".to_owned(),
            chosen,
            collections,
            readings: Readings::take(ask, app, city)?,
        })
    }

    pub(super) fn of_collection(
        it: Arc<CollectionSnapshot>,
        ask: &mut Ask,
        app: &App,
        city: &City,
    ) -> Result<Self> {
        Ok(Self {
            title: it.collection.title.clone(),
            path: format!("/collections/{}/tiles", it.collection.id),
            chosen: None,
            collections: vec![it],
            readings: Readings::take(ask, app, city)?,
        })
    }

    /// In WGS 84 degrees.
    pub(super) fn bounds(&self) -> Option<Bbox> {
        self.collections.iter().filter_map(|it| it.extent_degrees).reduce(Bbox::union)
    }

    /// Whether they are not what everyone asks for.
    pub(super) fn are_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    pub(super) fn is_public(&self) -> bool {
        self.readings.are_public
            && self.collections.iter().all(|it| it.collection.readers == Readers::Public)
    }

    /// What a tile's address ends in, so that it shows the same collections.
    pub(super) fn query(&self) -> String {
        let readings = self.readings.names.as_ref().map(|names| names.0.join(","));
        let chosen = [("collections", self.chosen.as_deref()), ("readings", readings.as_deref())];
        crate::query::with("", &chosen)
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
pub(super) fn fields(it: &CollectionSnapshot, readings: &Readings) -> Map<String, Value> {
    let id = ("id".to_owned(), json!("String"));
    let properties = it.collection.schema.properties.iter().map(|property| {
        let kind = match property.kind {
            PropertyKind::Boolean => "Boolean",
            PropertyKind::Integer | PropertyKind::Number => "Number",
            _ => "String",
        };
        (property.name.clone(), json!(kind))
    });
    std::iter::once(id).chain(properties).chain(readings.fields()).collect()
}
