use quartier_model::CollectionId;

/// What can go wrong in the twin, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("there is no collection `{0}`")]
    UnknownCollection(CollectionId),
    #[error(
        "the working CRS {0} measures in neither metres nor degrees: choose a projected CRS in metres, or OGC:CRS84"
    )]
    WorkingCrs(quartier_model::Crs),
    #[error(transparent)]
    Crs(#[from] quartier_crs::Error),
    #[error(transparent)]
    Store(#[from] quartier_store::Error),
    /// A mistake in this program.
    #[error("a computation broke off")]
    Broken(#[from] tokio::task::JoinError),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
