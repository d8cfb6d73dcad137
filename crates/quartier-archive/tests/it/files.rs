//! Files of tiles for tests.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use quartier_archive::{
    About, Archive, Center, Coding, Container, Place, TileFormat, Writer, Written, gzip, walk,
};
use quartier_model::Bbox;
use serde_json::json;

pub(crate) type Tiles = BTreeMap<u64, (Place, Vec<u8>)>;

pub(crate) fn about() -> About {
    let details = json!({ "vector_layers": [{ "id": "trees", "fields": { "id": "String" } }] });
    About {
        name: "Musterstadt".to_owned(),
        description: Some("Bäume".to_owned()),
        attribution: Some("© Musterstadt".to_owned()),
        format: TileFormat::Mvt,
        coding: Coding::Gzip,
        min_zoom: 0,
        max_zoom: 9,
        bounds: Bbox::new(7.5, 51.25, 8.0, 52.5).unwrap(),
        center: Center { longitude: 7.75, latitude: 51.875, zoom: 5 },
        details: details.as_object().unwrap().clone(),
    }
}

/// Every place of the zooms of which a third is empty and many are alike.
pub(crate) fn tiles(zooms: u8) -> Tiles {
    let places = (0..=zooms).flat_map(|zoom| walk(zoom, |_| true));
    let some = places.filter(|place| !place.number().is_multiple_of(3));
    let content = |place: Place| match place.number() % 7 {
        0..4 => gzip(b"the sea"),
        _ => gzip(format!("tile {} of many", place.number()).as_bytes()),
    };
    some.map(|place| (place.number(), (place, content(place)))).collect()
}

pub(crate) fn write(path: &Path, container: Container, tiles: &Tiles) -> Written {
    let mut writer = Writer::create(path, container, &about()).unwrap();
    for (place, tile) in tiles.values() {
        writer.add(*place, tile).unwrap();
    }
    writer.finish().unwrap()
}

/// Opens a file and hands it over to a thread that may block.
pub(crate) fn with_archive<T: Send + 'static>(
    path: &Path,
    task: impl FnOnce(Archive) -> T + Send + 'static,
) -> quartier_archive::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let path: PathBuf = path.to_owned();
    runtime.block_on(async move {
        let archive = Archive::open(&path).await?;
        Ok(tokio::task::spawn_blocking(move || task(archive)).await.unwrap())
    })
}
