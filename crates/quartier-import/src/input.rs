use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;

use crate::{Error, Result, archive};

/// One thing to read: a file, or what GDAL knows by another name.
#[derive(Debug, Clone)]
pub struct Input {
    /// As messages call it.
    pub name: String,
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum Place {
    File(PathBuf),
    /// A file from an archive; the folder goes when the last input in it has gone.
    Unpacked {
        path: PathBuf,
        _folder: Arc<TempDir>,
    },
    /// A name that only GDAL understands: `/vsizip/…`, `PG:…`.
    Dataset(String),
}

/// The endings of files that a folder or an archive is searched for. A Shapefile's other parts are not listed: GDAL
/// finds them.
const ENDINGS: &[&str] = &[
    "gpkg", "geojson", "geojsonl", "geojsons", "ndjson", "json", "jsonl", "shp", "fgb", "gml",
    "xml", "csv", "tab", "kml", "parquet", "gdb", "sqlite",
];

/// Deeper folders are no one's data, but a loop of links.
const FOLDER_DEPTH_MAX: usize = 32;

/// As many as the tiles of a large country.
const INPUTS_MAX: usize = 1_000_000;

impl Input {
    pub(crate) fn file(path: PathBuf) -> Self {
        Self { name: path.display().to_string(), place: Place::File(path) }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) | Place::Unpacked { path, .. } => Some(path),
            Place::Dataset(_) => None,
        }
    }

    /// The name by which GDAL opens it.
    pub(crate) fn dataset(&self) -> PathBuf {
        match &self.place {
            Place::File(path) | Place::Unpacked { path, .. } => path.clone(),
            Place::Dataset(name) => name.into(),
        }
    }
}

/// What the paths stand for, in their order: files, folders with everything below them, globs, archives (`.zip`,
/// `.tar`, `.gz`, `.xz` and their combinations), GDAL's `/vsi…` paths and connection strings such as `PG:dbname=…`.
pub fn inputs(paths: &[String]) -> Result<Vec<Input>> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        expand(path, &mut found)?;
        if found.len() == before {
            return Err(Error::NothingInside(path.clone()));
        }
    }
    Ok(found)
}

fn expand(path: &str, found: &mut Vec<Input>) -> Result<()> {
    if path.starts_with("/vsi") || is_connection(path) {
        found.push(Input { name: path.to_owned(), place: Place::Dataset(path.to_owned()) });
        return Ok(());
    }
    let file = PathBuf::from(path);
    match fs::metadata(&file) {
        Ok(metadata) if metadata.is_dir() && !is_listed(&file) => folder(&file, 0, found),
        Ok(_) => one(file, found),
        Err(_) if path.contains(['*', '?', '[']) => matches(path, found),
        Err(error) => Err(Error::io(path)(error)),
    }
}

fn is_connection(path: &str) -> bool {
    ["PG:", "postgres://", "postgresql://", "WFS:", "OAPIF:", "MYSQL:"]
        .iter()
        .any(|start| path.starts_with(start))
}

fn matches(pattern: &str, found: &mut Vec<Input>) -> Result<()> {
    let no_match = || Error::NoMatch(pattern.to_owned());
    let mut paths: Vec<PathBuf> =
        glob::glob(pattern).ok().into_iter().flatten().flatten().collect();
    paths.sort();
    if paths.is_empty() {
        return Err(no_match());
    }
    paths.into_iter().try_for_each(|path| {
        if path.is_dir() && !is_listed(&path) { folder(&path, 0, found) } else { one(path, found) }
    })
}

fn folder(path: &Path, depth: usize, found: &mut Vec<Input>) -> Result<()> {
    let name = path.display().to_string();
    if depth > FOLDER_DEPTH_MAX {
        let limit = FOLDER_DEPTH_MAX.to_string();
        return Err(Error::Limit { name, what: "the depth of its folders", limit });
    }
    let entries = fs::read_dir(path).map_err(Error::io(&name))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if is_listed(&path) || archive::is_archive(&path) {
            one(path, found)?;
        } else if path.is_dir() {
            folder(&path, depth + 1, found)?;
        }
    }
    Ok(())
}

fn one(path: PathBuf, found: &mut Vec<Input>) -> Result<()> {
    if found.len() >= INPUTS_MAX {
        let name = path.display().to_string();
        return Err(Error::Limit {
            name,
            what: "the number of files",
            limit: INPUTS_MAX.to_string(),
        });
    }
    if !archive::is_archive(&path) {
        found.push(Input::file(path));
        return Ok(());
    }
    let name = path.display().to_string();
    let unpacked = Arc::new(archive::unpack(&path)?);
    let mut inside = Vec::new();
    folder(unpacked.path(), 0, &mut inside)?;
    found.extend(inside.into_iter().filter_map(|input| {
        let path = input.path()?.to_owned();
        let member = path.strip_prefix(unpacked.path()).unwrap_or(&path).display().to_string();
        let name = format!("{name}/{member}");
        Some(Input { name, place: Place::Unpacked { path, _folder: Arc::clone(&unpacked) } })
    }));
    Ok(())
}

fn is_listed(path: &Path) -> bool {
    let ending = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
