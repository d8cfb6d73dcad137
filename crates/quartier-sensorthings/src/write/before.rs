/// The entity as it was, where a request changes one.
#[derive(Debug)]
pub(super) struct Before<'a, T> {
    /// Whose values stand for those that the request does not give.
    pub(super) values: Option<&'a T>,
    /// Whose links stand for those that the request does not give.
    pub(super) links: Option<&'a T>,
}

impl<'a, T> Before<'a, T> {
    /// There was none: a new entity.
    pub(super) const NOTHING: Self = Self { values: None, links: None };

    /// PATCH: what is not said stays.
    pub(super) fn merged(it: &'a T) -> Self {
        Self { values: Some(it), links: Some(it) }
    }

    /// PUT: what is not said has no value, but links stay.
    pub(super) fn replaced(it: &'a T) -> Self {
        Self { values: None, links: Some(it) }
    }

    pub(super) fn value<V>(&self, of: impl Fn(&'a T) -> V) -> Option<V> {
        self.values.map(of)
    }

    pub(super) fn link<V>(&self, of: impl Fn(&'a T) -> V) -> Option<V> {
        self.links.map(of)
    }
}
