use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _},
    path::Path,
};

use crate::{Error, Result};

/// <https://www.sqlite.org/fileformat.html>
const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// What stands at a path, as far as can be told without SQLite, which would write to some files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or an empty file.
    Nothing,
    Sqlite,
}

pub(super) fn look(path: &Path) -> Result<Found> {
    let unreadable =
        |source: std::io::Error| Error::Path { path: path.to_owned(), source: Box::new(source) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::metadata(folder).map_err(unreadable)?;
    }
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        other => other.map_err(unreadable)?,
    };
    if metadata.is_dir() {
        return Err(foreign(path, "it is a folder"));
    }
    if metadata.len() == 0 {
        return Ok(Found::Nothing);
    }
    let mut magic = Vec::with_capacity(SQLITE_MAGIC.len());
    let file = File::open(path).map_err(unreadable)?;
    file.take(SQLITE_MAGIC.len() as u64).read_to_end(&mut magic).map_err(unreadable)?;
    if magic == SQLITE_MAGIC {
        Ok(Found::Sqlite)
    } else {
        Err(foreign(path, "it is not a GeoPackage"))
    }
}

pub(super) fn foreign(path: &Path, reason: &'static str) -> Error {
    Error::NotAStore { path: path.to_owned(), reason }
}
