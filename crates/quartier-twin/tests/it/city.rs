//! A small city in a store of its own.

use std::{fs, path::Path, sync::Arc};

use quartier_import::ReadOptions;
use quartier_model::{CollectionId, Readers};
use quartier_store::{Store, StoreUrl};
use quartier_twin::{
    Overlays, Twin,
    import::{Error, Import, Mode, Purpose, Report, Tally},
    sensors::SensorSettings,
};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) struct City {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) url: StoreUrl,
    pub(crate) folder: TempDir,
}

impl City {
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::GeoPackage(folder.path().join("city.gpkg"));
        let store = quartier_store::open(&url, None).await.unwrap();
        Self { store, url, folder }
    }

    pub(crate) async fn with_trees(places: &[(&str, f64, f64)]) -> Self {
        let city = Self::empty().await;
        city.import(&trees(places), Mode::Upsert).await.unwrap();
        city
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn import(&self, file: &str, mode: Mode) -> Result<Report, Error> {
        self.import_for(file, mode, Purpose::Write).await
    }

    pub(crate) async fn import_for(
        &self,
        file: &str,
        mode: Mode,
        purpose: Purpose,
    ) -> Result<Report, Error> {
        let path = self.path().join("trees.geojson");
        fs::write(&path, file).unwrap();
        import(&self.store, "trees", &path, mode, purpose).await
    }

    pub(crate) async fn twin(&self) -> Arc<Twin> {
        let twin =
            Twin::open(Arc::clone(&self.store), Overlays::default(), SensorSettings::default())
                .unwrap();
        twin.until_ready().await;
        twin
    }
}

pub(crate) async fn import(
    store: &Arc<dyn Store>,
    collection: &str,
    path: &Path,
    mode: Mode,
    purpose: Purpose,
) -> Result<Report, Error> {
    let import = Import {
        inputs: quartier_import::inputs(&[path.display().to_string()]).unwrap(),
        read: ReadOptions::default(),
        collection: id(collection),
        title: None,
        readers: Some(Readers::Public),
        mode,
        purpose,
    };
    import.run(store, &Tally::default()).await
}

pub(crate) fn id(text: &str) -> CollectionId {
    text.parse().unwrap()
}

/// GeoJSON of trees at longitude and latitude.
pub(crate) fn trees(places: &[(&str, f64, f64)]) -> String {
    let features: Vec<Value> = places
        .iter()
        .map(|(id, longitude, latitude)| {
            json!({
                "type": "Feature",
                "id": id,
                "geometry": { "type": "Point", "coordinates": [longitude, latitude] },
                "properties": { "species": "Tilia cordata" }
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}
