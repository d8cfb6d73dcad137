use std::{
    collections::BTreeMap,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use quartier_api::{ArchiveConfig, Base, SensorThings, TileCache, TileFolder};
use quartier_ingest::broker::BrokerConfig;
use quartier_model::{CollectionId, Crs};
use quartier_store::StoreUrl;
use quartier_twin::{Overlay, Overlays, SavedCity, TILE_BYTES_MAX, sensors::SensorSettings};
use serde::Deserialize;

use crate::{cli, failure::Failure};

/// The file that is read where no other is named, if it is there.
const FILE: &str = "quartier.toml";

const STORE: &str = "geopackage:quartier.gpkg";
/// In less there is hardly a map.
const TILE_BYTES_LEAST: usize = 10_000;

const LISTEN: &str = "127.0.0.1:8080";

/// `quartier.toml`. Unknown keys are refused: a misspelt one would be ignored otherwise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The name of the city, on the landing page.
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) working_crs: Option<Crs>,
    store: Option<String>,
    listen: Option<SocketAddr>,
    /// For MQTT.
    mqtt_listen: Option<SocketAddr>,
    public_url: Option<String>,
    token: Option<String>,
    /// A folder of MapLibre styles, over those that the program brings.
    pub(crate) styles: Option<PathBuf>,
    #[serde(default)]
    pub(crate) collections: BTreeMap<CollectionId, Overlay>,
    #[serde(default)]
    pub(crate) sensors: SensorSettings,
    /// Who may read and write sensors.
    #[serde(default)]
    pub(crate) sensorthings: SensorThings,
    /// Where readings are fetched from.
    #[serde(default)]
    pub(crate) ingest: Ingest,
    #[serde(default)]
    pub(crate) tiles: Tiles,
    /// The city as a file, for a quick start.
    #[serde(default)]
    snapshot: SnapshotFile,
}

/// What the file says of all tiles; of one collection's, `[collections.X.tiles]` does.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tiles {
    /// Files of further grids: OGC `TileMatrixSet` 2.0 in JSON.
    pub(crate) matrix_sets: Vec<PathBuf>,
    /// Bytes of a tile before compression, at most.
    bytes_max: Option<u32>,
    /// Memory for tiles that were drawn, in megabytes.
    memory_mb: Option<u32>,
    /// A folder for them, which keeps them over a restart.
    disk_path: Option<PathBuf>,
    /// What that may take, in megabytes.
    disk_mb: Option<u32>,
    /// Files of tiles that are served as base layers, by the name in their addresses.
    pub(crate) archives: BTreeMap<String, ArchiveConfig>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SnapshotFile {
    /// Beside the GeoPackage, where no path is said; a database has no beside.
    enabled: bool,
    path: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ingest {
    /// Outside brokers.
    pub(crate) mqtt: Vec<BrokerConfig>,
}

impl Config {
    /// Of a city without a file.
    pub(crate) fn of_city(
        collections: BTreeMap<CollectionId, Overlay>,
        sensorthings: SensorThings,
        token: Option<String>,
    ) -> Self {
        Self { token, collections, sensorthings, ..Self::default() }
    }

    /// The file that was named, or `quartier.toml` if it is there, or nothing at all.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(FILE));
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => return Err(Failure::ConfigUnread { path: path.to_owned(), source }),
        };
        toml::from_str(&text)
            .map_err(|source| Failure::Config { path: path.to_owned(), source: Box::new(source) })
    }

    /// Flag over environment (both in `common`), over file, over the default.
    pub(crate) fn store(&self, common: &cli::Common) -> Result<StoreUrl, Failure> {
        match &common.store {
            Some(store) => Ok(store.clone()),
            None => Ok(self.store.as_deref().unwrap_or(STORE).parse()?),
        }
    }

    pub(crate) fn listen(&self, listen: &cli::Addresses) -> SocketAddr {
        let default = || LISTEN.parse().expect("the default is an address");
        listen.listen.or(self.listen).unwrap_or_else(default)
    }

    pub(crate) fn mqtt_listen(&self, listen: &cli::Addresses) -> Option<SocketAddr> {
        listen.mqtt_listen.or(self.mqtt_listen)
    }

    pub(crate) fn public_url(&self, listen: &cli::Addresses) -> Result<Option<Base>, Failure> {
        match (&listen.public_url, &self.public_url) {
            (Some(url), _) => Ok(Some(url.clone())),
            (None, Some(text)) => Ok(Some(text.parse()?)),
            (None, None) => Ok(None),
        }
    }

    /// What is said of collections, and of all tiles.
    pub(crate) fn overlays(&self) -> Result<Overlays, Failure> {
        let collections = self.collections.iter().map(|(id, it)| (id.clone(), it.clone()));
        let bytes_max = self.tiles.bytes_max.map_or(TILE_BYTES_MAX, |bytes| bytes as usize);
        if bytes_max < TILE_BYTES_LEAST {
            return Err(Failure::TileBytes { least: TILE_BYTES_LEAST });
        }
        Ok(collections.collect::<Overlays>().with_tile_bytes_max(bytes_max))
    }

    /// Where the city is saved for the next start.
    pub(crate) fn saved(&self, store: &StoreUrl) -> Option<SavedCity> {
        let beside = || match store {
            StoreUrl::GeoPackage(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".snapshot");
                Some(name.into())
            }
            StoreUrl::Postgis(_) => None,
        };
        let SnapshotFile { enabled, path } = &self.snapshot;
        let path = path.clone().or_else(|| beside().filter(|_| *enabled))?;
        Some(SavedCity { path })
    }

    /// What writers and readers of closed collections show; an empty one is none.
    pub(crate) fn token(&self) -> Option<String> {
        let token = std::env::var("QUARTIER_TOKEN").ok().or_else(|| self.token.clone());
        token.filter(|token| !token.is_empty())
    }
}

impl Tiles {
    pub(crate) fn cache(&self) -> Result<TileCache, Failure> {
        let bytes = |megabytes: u32| u64::from(megabytes) * 1024 * 1024;
        let disk = match (&self.disk_path, self.disk_mb) {
            (Some(folder), Some(megabytes)) => {
                Some(TileFolder { folder: folder.clone(), bytes_max: bytes(megabytes) })
            }
            (None, None) => None,
            _ => return Err(Failure::TileFolder),
        };
        let memory_bytes = self.memory_mb.map_or(TileCache::default().memory_bytes, bytes);
        Ok(TileCache { memory_bytes, disk })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_refused_by_name() {
        let error = toml::from_str::<Config>("lisen = '127.0.0.1:80'").unwrap_err();
        assert!(error.to_string().contains("lisen"), "{error}");
    }

    #[test]
    fn the_city_is_saved_where_that_is_wanted() {
        let (file, database) = ("geopackage:a/b.gpkg", "postgres://localhost/city");
        let saved = |text: &str, store: &str| {
            let config: Config = toml::from_str(text).unwrap();
            config.saved(&store.parse().unwrap()).map(|saved| saved.path)
        };
        assert_eq!(saved("", file), None);
        assert_eq!(saved("snapshot.enabled = true", file), Some("a/b.gpkg.snapshot".into()));
        assert_eq!(saved("snapshot.enabled = true", database), None);
        assert_eq!(saved("snapshot.path = '/var/city'", database), Some("/var/city".into()));
    }

    #[test]
    fn a_tile_has_room_for_something() {
        let overlays = |text: &str| toml::from_str::<Config>(text).unwrap().overlays();
        assert_eq!(overlays("").unwrap(), Overlays::default());
        let small = Overlays::default().with_tile_bytes_max(20_000);
        assert_eq!(overlays("tiles.bytes_max = 20_000").unwrap(), small);
        assert!(matches!(overlays("tiles.bytes_max = 99"), Err(Failure::TileBytes { .. })));
    }

    #[test]
    fn collections_are_described_in_the_file() {
        let config: Config = toml::from_str(
            "working_crs = 'EPSG:25833'\n[collections.trees]\ntitle = 'Bäume'\nreaders = 'public'",
        )
        .unwrap();
        assert_eq!(config.working_crs, Some(Crs::Epsg(25833)));
        assert_eq!(config.collections["trees"].title.as_deref(), Some("Bäume"));
    }
}
