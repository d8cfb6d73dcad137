use std::collections::BTreeMap;

use quartier_model::{Collection, CollectionId, Readers};
use serde::Deserialize;

use crate::{TILE_BYTES_MAX, TileRule, sensors::JoinRule};

/// What the configuration says of collections, over what the store says.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlays {
    of_each: BTreeMap<CollectionId, Overlay>,
    tile_bytes_max: usize,
}

impl Default for Overlays {
    fn default() -> Self {
        Self { of_each: BTreeMap::new(), tile_bytes_max: TILE_BYTES_MAX }
    }
}

impl FromIterator<(CollectionId, Overlay)> for Overlays {
    fn from_iter<I: IntoIterator<Item = (CollectionId, Overlay)>>(overlays: I) -> Self {
        Self { of_each: overlays.into_iter().collect(), ..Self::default() }
    }
}

impl Overlays {
    /// The same, with so many bytes for each tile at most.
    #[must_use]
    pub fn with_tile_bytes_max(self, tile_bytes_max: usize) -> Self {
        Self { tile_bytes_max, ..self }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&CollectionId, &Overlay)> {
        self.of_each.iter()
    }

    /// The collection as it is to be shown, and how tiles show it.
    pub(crate) fn over(&self, collection: Collection) -> (Collection, TileRule) {
        let (collection, rule) = match self.of_each.get(&collection.id) {
            Some(overlay) => (overlay.over(collection), overlay.tiles.clone()),
            None => (collection, TileRule::default()),
        };
        (collection, TileRule { bytes_max: self.tile_bytes_max, ..rule })
    }
}

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
    fn over(&self, collection: Collection) -> Collection {
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
