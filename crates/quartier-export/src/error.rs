use std::{io, path::PathBuf};

use quartier_model::{GeometryKind, ObjectId};

pub type Result<T> = std::result::Result<T, Error>;

/// Why a file was not written. What stood under its name before is still there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot make a file in {}: check that the folder exists and may be written", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("cannot write {}: check that there is room on the disk", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot put {} in its place: check that nothing else stands there", path.display())]
    Place { path: PathBuf, source: io::Error },
    #[error(
        "cannot keep objects in {} until their index is known: make room there, or name another folder in TMPDIR",
        folder.display()
    )]
    Spool { folder: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error(
        "object `{id}` is a {found}, but the file was begun with {begun}: write them to files of their own"
    )]
    Mixed { id: ObjectId, found: &'static str, begun: &'static str },
    #[error(
        "object `{id}` has a property `{property}` that the collection's schema does not know: declare it there"
    )]
    Undeclared { id: ObjectId, property: String },
    #[error(
        "object `{id}` has a value for `{property}` that is not of the kind that the schema declares"
    )]
    Value { id: ObjectId, property: String },
    #[error("object `{id}` lies too far from the first one to be written to the millimetre")]
    Far { id: ObjectId },
}

impl Error {
    pub(crate) fn mixed(id: &ObjectId, found: GeometryKind, begun: GeometryKind) -> Self {
        Self::Mixed { id: id.clone(), found: found.name(), begun: begun.name() }
    }
}
