use quartier_model::GeometryError;

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("PROJ does not know the CRS `{0}`: give the code of another, such as EPSG:25832")]
    Unknown(String),
    #[error("there is no transformation from `{from}` to `{to}`")]
    NoTransformation { from: String, to: String },
    #[error("the position {x}, {y} lies outside what `{from}` can be transformed from to `{to}`")]
    OutOfDomain { x: f64, y: f64, from: String, to: String },
    #[error(transparent)]
    Geometry(#[from] GeometryError),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
