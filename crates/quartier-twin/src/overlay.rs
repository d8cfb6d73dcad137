use std::collections::BTreeMap;

use quartier_model::{Collection, CollectionId, Readers};
use serde::Deserialize;

use crate::{TileRule, sensors::JoinRule};

/// What the configuration says of collections, over what the store says.
pub type Overlays = BTreeMap<CollectionId, Overlay>;

/// What the configuration says of one collection; what it leaves out stays as it is in the store.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    pub title: Option<String>,
    pub description: Option<String>,
    pub licence: Option<String>,
    pub attribution: Option<String>,
    pub readers: Option<Readers>,
    /// Its part in the join of sensors and objects.
    #[serde(default)]
    pub join: JoinRule,
    /// How tiles show it.
    #[serde(default)]
    pub tiles: TileRule,
}

impl Overlay {
    pub(crate) fn over(&self, collection: Collection) -> Collection {
        Collection {
            title: self.title.clone().unwrap_or(collection.title),
            description: self.description.clone().or(collection.description),
            licence: self.licence.clone().or(collection.licence),
            attribution: self.attribution.clone().or(collection.attribution),
            readers: self.readers.unwrap_or(collection.readers),
            ..collection
        }
    }
}
