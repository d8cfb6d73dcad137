use quartier_model::Bbox;
use serde_json::{Map, Value};

/// What a file of tiles says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    pub name: String,
    pub description: Option<String>,
    /// HTML, as maps show it.
    pub attribution: Option<String>,
    pub format: TileFormat,
    pub coding: Coding,
    pub min_zoom: u8,
    pub max_zoom: u8,
    /// In WGS 84 degrees.
    pub bounds: Bbox,
    pub center: Center,
    /// Further members, such as `vector_layers` in the words of TileJSON.
    pub details: Map<String, Value>,
}

/// Where a map begins, in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Center {
    pub longitude: f64,
    pub latitude: f64,
    pub zoom: u8,
}

/// What a tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileFormat {
    /// Mapbox Vector Tile.
    Mvt,
    /// MapLibre Tile.
    Mlt,
    Png,
    Jpeg,
    Webp,
    Avif,
}

/// How each tile is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

impl TileFormat {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::Mlt => "application/vnd.maplibre-tile",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// The ending of a file or an address, without a dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Mvt => "mvt",
            Self::Mlt => "mlt",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    pub fn is_vector(self) -> bool {
        matches!(self, Self::Mvt | Self::Mlt)
    }
}
