/// Why a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing has this name here; the answer is "not found".
    #[error("`{segment}` is not known {place}")]
    Unknown { segment: String, place: String },
    /// No path of SensorThings looks like this; the answer is "bad request".
    #[error("the path is not understood at `{segment}`: {reason}")]
    Malformed { segment: String, reason: &'static str },
}
