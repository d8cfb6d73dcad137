use crate::{options::OptionError, path::PathError};

/// What can go wrong with a request, by what its sender can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing is there.
    #[error("{0}")]
    NotFound(String),
    /// The request is to blame; the text names the part of it and says what to do.
    #[error("{0}")]
    BadRequest(String),
    /// The request is understood, but not for this resource.
    #[error("{0}")]
    NotAllowed(String),
    #[error("the sensors are still being loaded: try again in a few seconds")]
    NotReady,
    #[error(
        "the answer takes too long to find: narrow the filter, for example by `phenomenonTime` or by one `Datastream`"
    )]
    TooSlow,
    #[error("more readings are waiting than can be written: try again in a second")]
    Busy,
    #[error(transparent)]
    Twin(#[from] quartier_twin::Error),
    /// A mistake in this program.
    #[error("a computation broke off")]
    Broken(#[from] tokio::task::JoinError),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn bad(text: impl Into<String>) -> Self {
        Self::BadRequest(text.into())
    }
}

impl From<PathError> for Error {
    fn from(error: PathError) -> Self {
        match error {
            PathError::Unknown { .. } => Self::NotFound(error.to_string()),
            PathError::Malformed { .. } => Self::BadRequest(error.to_string()),
        }
    }
}

impl From<OptionError> for Error {
    fn from(error: OptionError) -> Self {
        Self::BadRequest(error.to_string())
    }
}
