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

/// Files that stand beside data and say something about them.
const DESCRIPTIONS: &[&str] = &[".shp.xml", ".aux.xml", ".gpkg.xml", ".gml.xml", ".qml.xml"];

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
    if let Some((archive, member)) = packed(path) {
        return one_of(archive, member, found);
    }
    if path.starts_with("/vsi") || is_connection(path) {
        found.push(Input { name: without_password(path), place: Place::Dataset(path.to_owned()) });
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

/// The archive and the path inside it that a GDAL path such as `/vsizip/a.zip/b.gml` means. GDAL itself would
/// read city models without their surfaces.
fn packed(path: &str) -> Option<(PathBuf, &str)> {
    let starts = ["/vsizip/", "/vsitar/", "/vsigzip/"];
    let inner = starts.iter().find_map(|start| path.strip_prefix(start))?;
    let ends = inner.match_indices('/').map(|(at, _)| at).chain([inner.len()]);
    let mut archives = ends.filter_map(|end| {
        let archive = PathBuf::from(inner.get(..end)?);
        let member = inner.get(end..)?.trim_start_matches('/');
        archive::is_archive(&archive).then_some((archive, member))
    });
    archives.next()
}

fn one_of(archive: PathBuf, member: &str, found: &mut Vec<Input>) -> Result<()> {
    let mut inside = Vec::new();
    one(archive, &mut inside)?;
    let ending = format!("/{member}");
    found.extend(
        inside.into_iter().filter(|input| member.is_empty() || input.name.ends_with(&ending)),
    );
    Ok(())
}

/// A connection as messages may show it.
fn without_password(connection: &str) -> String {
    if let Some((before, after)) = connection.split_once("password=") {
        let quote = after.chars().next().filter(|first| matches!(first, '\'' | '"'));
        let rest = match quote {
            Some(quote) => after.get(1..).and_then(|after| after.split_once(quote)).map(|it| it.1),
            None => after.split_once(' ').map(|it| it.1),
        };
        return format!("{before}password=… {}", rest.unwrap_or_default()).trim_end().to_owned();
    }
    let Some((before, host)) = connection.rsplit_once('@') else { return connection.to_owned() };
    match before
        .split_once("://")
        .and_then(|(scheme, login)| Some((scheme, login.split_once(':')?.0)))
    {
        Some((scheme, user)) => format!("{scheme}://{user}:…@{host}"),
        None => connection.to_owned(),
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
    let name = path.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    if DESCRIPTIONS.iter().any(|ending| name.ends_with(ending)) {
        return false;
    }
    let ending = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        for (connection, shown) in [
            ("PG:host=db password=secret dbname=city", "PG:host=db password=… dbname=city"),
            ("PG:password='two words'", "PG:password=…"),
            ("postgres://anna:secret@db/city", "postgres://anna:…@db/city"),
            ("PG:dbname=city", "PG:dbname=city"),
        ] {
            assert_eq!(without_password(connection), shown);
        }
    }
}
