use quartier_model::Filter;

use crate::CollectionSnapshot;

/// What a request chooses of a collection for its tiles.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TileSelection {
    /// Only objects that fulfil it; its time is that of `datetime`.
    pub filter: Filter,
    /// Only these properties; `None` for all.
    pub properties: Option<Vec<String>>,
}

/// A collection in a tile.
#[derive(Debug, Clone, Copy)]
pub struct TileLayer<'a> {
    pub collection: &'a CollectionSnapshot,
    pub selection: &'a TileSelection,
}

impl TileSelection {
    /// Every object with all its properties.
    pub const ALL: &'static Self = &Self {
        filter: Filter { space: Vec::new(), time: None, properties: Vec::new() },
        properties: None,
    };

    pub(super) fn takes(&self, property: &str) -> bool {
        self.properties.as_ref().is_none_or(|names| names.iter().any(|name| name == property))
    }
}

impl<'a> TileLayer<'a> {
    /// The whole collection.
    pub fn all(collection: &'a CollectionSnapshot) -> Self {
        Self { collection, selection: TileSelection::ALL }
    }
}
