use quartier_model::EntityKind;

use crate::{
    entities::{Row, push_link},
    path::{Navigation, set_name},
};

/// A set of entities: all of a kind, or those to which a link leads.
#[derive(Debug, Clone)]
pub(crate) struct Source<'a> {
    pub(crate) kind: EntityKind,
    pub(crate) of: Option<(Row<'a>, Navigation)>,
}

impl<'a> Source<'a> {
    pub(crate) fn all(kind: EntityKind) -> Self {
        Self { kind, of: None }
    }

    pub(crate) fn linked(row: Row<'a>, link: Navigation) -> Self {
        Self { kind: link.to, of: Some((row, link)) }
    }

    /// Where it is found: `https://city/v1.1/Things(1)/Datastreams`.
    pub(crate) fn push_url(&self, bytes: &mut Vec<u8>, base: &str) {
        if let Some((row, link)) = &self.of {
            return push_link(bytes, base, row, *link);
        }
        bytes.extend_from_slice(base.as_bytes());
        bytes.push(b'/');
        bytes.extend_from_slice(set_name(self.kind).as_bytes());
    }

    /// Its place below the version, which says the same whatever the service is called outside.
    pub(crate) fn path(&self) -> Vec<u8> {
        let mut path = Vec::new();
        self.push_url(&mut path, "");
        path
    }
}
