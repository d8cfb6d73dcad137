/// Sections that are not those of the structure that is to be taken from them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("section `{wanted}` is missing: `{found}` stands in its place")]
    Missing { wanted: String, found: String },
    #[error("section `{name}` has {bytes} bytes, which is no whole number of its elements")]
    Size { name: String, bytes: usize },
    #[error("section `{name}` holds what cannot be: {reason}")]
    Content { name: String, reason: String },
}

impl Misfit {
    pub fn content(name: &str, reason: &impl ToString) -> Self {
        Self::Content { name: name.to_owned(), reason: reason.to_string() }
    }
}
