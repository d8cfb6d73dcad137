use std::path::PathBuf;

use quartier_model::{CollectionId, Crs};

pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What can go wrong with a store, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Try again later.
    #[error("the database does not answer: see that it runs and can be reached, then try again")]
    Unavailable(#[source] sqlx::Error),
    /// Try again later.
    #[error("the store is locked by another process: wait until that is done, or end it")]
    Locked(#[source] sqlx::Error),
    #[error("the database refuses the user or the password: correct the store's URL")]
    Credentials(#[source] sqlx::Error),
    #[error("the server has no such database: create it, or correct the store's URL")]
    NoDatabase(#[source] sqlx::Error),
    #[error(
        "the database's user lacks a right: let it own the database, or grant it `create` there"
    )]
    Rights(#[source] sqlx::Error),
    #[error("`{}` is not a store of Quartier ({reason}): choose another path", path.display())]
    NotAStore { path: PathBuf, reason: &'static str },
    #[error("`{}` cannot be opened: see that the folder is there and may be written to", path.display())]
    Path {
        path: PathBuf,
        #[source]
        source: Cause,
    },
    #[error("the server has no PostGIS: install PostGIS 3.3 or newer on it")]
    NoPostgis(#[source] sqlx::Error),
    #[error(
        "the store was made for {store}, not for {asked}: configure {store}, or import into a new store"
    )]
    CrsMismatch { store: Crs, asked: Crs },
    #[error("{0} is no CRS that a database knows: configure another working CRS")]
    UnknownCrs(Crs),
    #[error("a newer Quartier has used this store (schema {found}, known up to {known}): upgrade")]
    Newer { found: i64, known: i64 },
    #[error("the store cannot be brought up to date")]
    Migration(#[source] Cause),
    #[error("the disk is full: free some space and try again; nothing was written")]
    Full(#[source] sqlx::Error),
    #[error(
        "the store can only be read: make the file and its folder writable; nothing was written"
    )]
    ReadOnly(#[source] sqlx::Error),
    #[error("there is no collection `{0}`")]
    UnknownCollection(CollectionId),
    /// The object (or collection) is to blame; nothing of its batch was written.
    #[error("`{id}` cannot be stored: {reason}")]
    Unstorable { id: String, reason: String },
    /// The stored bytes are not what this version wrote.
    #[error("`{id}` cannot be read back from the store: restore it from a backup")]
    Corrupt {
        id: String,
        #[source]
        source: Cause,
    },
    #[error("reading this takes too long: narrow the filter")]
    TooSlow,
    #[error("the place to read on from is of another order: start with the first page")]
    WrongPlace,
    /// A mistake in this crate.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn corrupt(id: impl Into<String>, source: impl Into<Cause>) -> Self {
        Self::Corrupt { id: id.into(), source: source.into() }
    }
}
