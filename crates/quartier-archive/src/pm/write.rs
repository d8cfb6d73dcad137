use std::{fs::File, path::Path};

use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, TileType};
use serde_json::Value;

use crate::{About, Coding, Place, Result, TileFormat, part_file::PartFile};

/// Tiles go to the disk as they come, each content once; the directory, 40 bytes for each, stays in memory.
pub(crate) struct PmWriter {
    file: PartFile,
    tiles: PmTilesStreamWriter<File>,
}

impl PmWriter {
    pub(crate) fn create(path: &Path, about: &About) -> Result<Self> {
        let file = PartFile::new(path)?;
        let (bounds, center) = (about.bounds, about.center);
        let tiles = PmTilesWriter::new(tile_type(about.format))
            .precompressed(compression(about.coding))
            .internal_compression(Compression::Gzip)
            .min_zoom(about.min_zoom)
            .max_zoom(about.max_zoom)
            .bounds(bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y)
            .center(center.longitude, center.latitude)
            .center_zoom(center.zoom)
            .metadata(metadata(about))
            .create(file.handle()?)
            .map_err(|source| file.failed(source))?;
        Ok(Self { file, tiles })
    }

    pub(crate) fn add(&mut self, place: Place, tile: &[u8]) -> Result<()> {
        self.tiles.add_tile(place.coord(), tile).map_err(|source| self.file.failed(source))
    }

    pub(crate) fn finish(self) -> Result<u64> {
        self.tiles.finalize().map_err(|source| self.file.failed(source))?;
        self.file.finish()
    }
}

/// What the header has no place for.
fn metadata(about: &About) -> String {
    let mut members = about.details.clone();
    members.insert("name".into(), about.name.clone().into());
    members.insert("type".into(), "overlay".into());
    for (name, text) in [("description", &about.description), ("attribution", &about.attribution)] {
        members.extend(text.clone().map(|text| (name.into(), text.into())));
    }
    Value::Object(members).to_string()
}

fn tile_type(format: TileFormat) -> TileType {
    match format {
        TileFormat::Mvt => TileType::Mvt,
        TileFormat::Mlt => TileType::Mlt,
        TileFormat::Png => TileType::Png,
        TileFormat::Jpeg => TileType::Jpeg,
        TileFormat::Webp => TileType::Webp,
        TileFormat::Avif => TileType::Avif,
    }
}

fn compression(coding: Coding) -> Compression {
    match coding {
        Coding::Identity => Compression::None,
        Coding::Gzip => Compression::Gzip,
        Coding::Brotli => Compression::Brotli,
        Coding::Zstd => Compression::Zstd,
    }
}
