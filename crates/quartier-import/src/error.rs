use std::io;

/// What can go wrong with a file, by what its owner can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("`{0}` is not there: check the path")]
    Missing(String),
    #[error("`{0}` matches no file")]
    NoMatch(String),
    #[error("`{0}` holds no file that can be imported")]
    NothingInside(String),
    #[error("`{0}` is empty")]
    Empty(String),
    #[error("`{name}` cannot be read")]
    Io {
        name: String,
        #[source]
        source: io::Error,
    },
    #[error("`{name}` is in no format that can be imported{detail}")]
    Format { name: String, detail: String },
    #[error("`{name}` has no layer `{layer}`; it has: {layers}")]
    NoLayer { name: String, layer: String, layers: String },
    #[error("`{name}` has several layers, name one of them with --layer: {layers}")]
    WhichLayer { name: String, layers: String },
    #[error("`{name}` does not say its CRS: give it with --crs, for example --crs EPSG:25832")]
    NoCrs { name: String },
    #[error("`{text}` is no CRS that can be used: write for example EPSG:25832{detail}")]
    Crs { text: String, detail: String },
    #[error("`{name}` has no field `{field}` for --id; it has: {fields}")]
    NoIdField { name: String, field: String, fields: String },
    /// What was read before is no success: the file is not whole.
    #[error("`{name}` cannot be read past {place}: {reason}")]
    Broken { name: String, place: String, reason: String },
    #[error("`{name}`: {what} exceeds the limit of {limit}")]
    Limit { name: String, what: &'static str, limit: String },
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn io(name: &str) -> impl FnOnce(io::Error) -> Self {
        let name = name.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(name),
            _ => Self::Io { name, source },
        }
    }
}
