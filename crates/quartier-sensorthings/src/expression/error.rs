/// Why an expression is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {reason}")]
pub struct ExpressionError {
    /// Counted from 1.
    pub at: usize,
    pub reason: String,
}

/// How much of a client's text an error repeats.
const SHOWN_MAX: usize = 60;

/// A client's text, short enough for a message.
pub(crate) fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN_MAX {
        return text.to_owned();
    }
    text.chars().take(SHOWN_MAX).chain(['…']).collect()
}
