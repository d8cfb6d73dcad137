use serde::{Deserialize, Serialize};

use crate::{CollectionId, Crs, Schema};

/// A set of objects of one kind: buildings, trees, districts. How many there are and how far they reach is
/// counted, not declared: the twin knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    pub id: CollectionId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// An SPDX name, a URI, or words such as `dl-de/by-2-0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The credit that maps show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    #[serde(default)]
    pub schema: Schema,
    /// The CRS that the objects are stored in: the twin's working CRS.
    pub storage_crs: Crs,
    /// The CRS that the objects were imported from, where that was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_crs: Option<String>,
    #[serde(default)]
    pub readers: Readers,
}

/// Who may read a collection. Denied unless it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// Everyone.
    Public,
    /// Whoever shows the bearer token.
    #[default]
    Token,
}

impl Collection {
    /// A collection that is read with the token only, titled by its id.
    pub fn new(id: CollectionId, storage_crs: Crs) -> Self {
        Self {
            title: id.to_string(),
            id,
            description: None,
            licence: None,
            attribution: None,
            schema: Schema::default(),
            storage_crs,
            source_crs: None,
            readers: Readers::default(),
        }
    }
}
