use quartier_model::{CollectionId, EntityId};

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
    #[error("there is no datastream {0}")]
    UnknownDatastream(EntityId),
    #[error("there is no feature of interest {0}")]
    UnknownFeature(EntityId),
    #[error(
        "thing {thing} has no location of which a feature of interest could be made for datastream {datastream}: give it one, or name a feature of interest"
    )]
    NoLocation { thing: EntityId, datastream: EntityId },
    #[error("the place cannot be read: {0}")]
    Place(String),
    #[error("the sensors are still being loaded: try again in a moment")]
    Loading,
    #[error("more observations come than the store takes: send them again in a few seconds")]
    Busy,
    #[error("the database does not answer: nothing was taken; send it again later")]
    Away,
    #[error("the write broke off, and may or may not have happened: look, or send it again")]
    Interrupted,
    #[error("the city cannot be written to its file")]
    Saving(#[source] std::io::Error),
    /// A mistake in this program.
    #[error("a computation broke off")]
    Broken(#[from] tokio::task::JoinError),
}

impl Error {
    /// Whether the same request can succeed later, once the store is back, has room or has caught up.
    pub fn is_temporary(&self) -> bool {
        use quartier_store::Error as Store;
        matches!(
            self,
            Self::Loading
                | Self::Busy
                | Self::Away
                | Self::Store(
                    Store::Unavailable(_)
                        | Store::Locked(_)
                        | Store::Credentials(_)
                        | Store::NoDatabase(_)
                        | Store::Rights(_)
                        | Store::Full(_)
                        | Store::ReadOnly(_)
                )
        )
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
