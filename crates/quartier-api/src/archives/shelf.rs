use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use quartier_archive::Archive;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::error::{ApiError, Result};

/// What the configuration says of a file of tiles: its path, or a table with that and what stands over the file's own
/// words.
#[derive(Debug, Clone, PartialEq)]
pub struct ArchiveConfig {
    pub file: PathBuf,
    pub title: Option<String>,
    /// As HTML, which maps show.
    pub attribution: Option<String>,
}

/// The files of tiles that are served, by the name in their addresses. Everyone may read them.
#[derive(Clone, Default)]
pub struct Archives(BTreeMap<String, Arc<Archive>>);

impl Archives {
    pub async fn open(configs: &BTreeMap<String, ArchiveConfig>) -> quartier_archive::Result<Self> {
        let mut archives = BTreeMap::new();
        for (name, config) in configs {
            let mut archive = Archive::open(&config.file).await?;
            let about = &mut archive.about;
            about.name = config.title.clone().unwrap_or_else(|| about.name.clone());
            about.attribution = config.attribution.clone().or_else(|| about.attribution.clone());
            archives.insert(name.clone(), Arc::new(archive));
        }
        Ok(Self(archives))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Archive)> {
        self.0.iter().map(|(name, archive)| (name.as_str(), &**archive))
    }

    pub(super) fn find(&self, name: &str) -> Result<&Arc<Archive>> {
        self.0.get(name).ok_or_else(|| ApiError::not_found("archive", name))
    }
}

impl fmt::Debug for Archives {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for ArchiveConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(PathOrTable)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    file: PathBuf,
    title: Option<String>,
    attribution: Option<String>,
}

struct PathOrTable;

impl<'de> Visitor<'de> for PathOrTable {
    type Value = ArchiveConfig;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the path of a PMTiles or MBTiles file, or a table with it as `file`")
    }

    fn visit_str<E>(self, path: &str) -> std::result::Result<ArchiveConfig, E> {
        Ok(ArchiveConfig { file: path.into(), title: None, attribution: None })
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> std::result::Result<ArchiveConfig, M::Error> {
        let Table { file, title, attribution } =
            Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ArchiveConfig { file, title, attribution })
    }
}
