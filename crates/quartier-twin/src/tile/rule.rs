use quartier_tiles::ZOOM_MAX;
use serde::Deserialize;

use super::TILE_BYTES_MAX;

/// What the configuration says of a collection in tiles (`[collections.X.tiles]`). Zooms are those of the web's maps;
/// other grids count theirs from the same scale.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TileRule {
    /// The first zoom at which the collection is in tiles.
    pub min_zoom: u8,
    /// The last one.
    pub max_zoom: u8,
    /// A property with numbers: the objects that have more of it are the more important ones. Without it the larger
    /// ones are.
    pub rank: Option<String>,
    /// Objects are merged, and points stand for others, only where these properties are equal.
    pub look: Vec<String>,
    /// Below this zoom, small polygons are merged into blocks; 0 for never. Without it that is found from their size.
    pub blocks_below: Option<u8>,
    /// Which properties tiles have: the last entry whose zoom is reached counts.
    pub properties: Vec<PropertiesFrom>,
    /// Bytes of a tile with the collection in it, before compression: said once for all of them.
    #[serde(skip)]
    pub bytes_max: usize,
}

/// The properties that tiles have from a zoom on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertiesFrom {
    pub from_zoom: u8,
    /// All where none are named.
    pub names: Option<Vec<String>>,
}

impl Default for TileRule {
    fn default() -> Self {
        Self {
            min_zoom: 0,
            max_zoom: ZOOM_MAX,
            rank: None,
            look: Vec::new(),
            blocks_below: None,
            properties: Vec::new(),
            bytes_max: TILE_BYTES_MAX,
        }
    }
}

impl TileRule {
    /// Whether tiles of a zoom of the web's maps have the collection.
    pub fn shows(&self, web_zoom: u8) -> bool {
        (self.min_zoom..=self.max_zoom).contains(&web_zoom)
    }

    /// Whether there is a zoom whose tiles have the property.
    pub fn ever_has(&self, property: &str) -> bool {
        let has = |zoom| {
            let names = self.properties_at(zoom);
            names.is_none_or(|names| names.iter().any(|name| name == property))
        };
        (self.min_zoom..=self.max_zoom.min(ZOOM_MAX)).any(has)
    }

    /// The properties that a zoom of the web's maps has; `None` for all.
    pub fn properties_at(&self, web_zoom: u8) -> Option<&[String]> {
        let reached = self.properties.iter().rfind(|entry| entry.from_zoom <= web_zoom);
        reached.and_then(|entry| entry.names.as_deref())
    }
}
