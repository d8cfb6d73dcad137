/// Why a query string is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{option}`: {reason}")]
pub struct OptionError {
    /// As the client wrote it, `$filter` for example.
    pub option: String,
    pub reason: String,
}

impl OptionError {
    pub(super) fn new(option: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { option: option.into(), reason: reason.into() }
    }
}
