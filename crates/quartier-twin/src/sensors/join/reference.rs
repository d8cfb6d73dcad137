use quartier_index::ObjectRef;
use quartier_model::{CollectionId, Thing};
use serde_json::Value;

use super::Reason;
use crate::{CollectionSnapshot, Snapshot};

/// The property of a thing that names its object.
const PROPERTY: &str = "object";

/// The object that a thing names: `"collection/id"`, `"id"` where only one collection has it, or
/// `{"collection": …, "id": …}`. An id in the source does where no object has it as its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    collection: Option<String>,
    pub(crate) id: String,
}

/// `None` where the thing names nothing.
pub(crate) fn reference(thing: &Thing) -> Option<Result<Reference, Reason>> {
    let parsed = match thing.properties.get(PROPERTY)? {
        Value::Null => return None,
        Value::String(id) if id.is_empty() => return None,
        Value::String(id) => Some(Reference { collection: None, id: id.clone() }),
        Value::Object(fields) => {
            let text = |name| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            text("id").map(|id| Reference { collection: text("collection"), id })
        }
        _ => None,
    };
    Some(parsed.ok_or(Reason::Unreadable))
}

impl Reference {
    pub(super) fn find<'a>(
        &'a self,
        city: &'a Snapshot,
    ) -> Result<(&'a CollectionSnapshot, ObjectRef<'a>), Reason> {
        if let Some((collection, id)) = self.qualified(city) {
            let found = object(collection, id).map(|object| (collection, object));
            return found.ok_or_else(|| self.dangling());
        }
        if self.collection.is_some() {
            return Err(self.dangling());
        }
        let all = city.collections().map(|it| &**it);
        let mut found = all.filter_map(|it| object(it, &self.id).map(|object| (it, object)));
        let first = found.next().ok_or_else(|| self.dangling())?;
        let others: Vec<CollectionId> = found.map(|(it, _)| it.collection.id.clone()).collect();
        if others.is_empty() {
            return Ok(first);
        }
        let collections = [vec![first.0.collection.id.clone()], others].concat();
        Err(Reason::Ambiguous { id: self.id.clone(), collections })
    }

    /// Whether the object could be the one that is meant.
    pub(crate) fn may_mean(&self, object: ObjectRef<'_>) -> bool {
        let ids = std::iter::once(object.id()).chain(object.source_id());
        ids.into_iter().any(|id| self.id.ends_with(id))
    }

    /// An id may have slashes of its own: what stands before the first one counts if it is a collection.
    fn qualified<'a>(&'a self, city: &'a Snapshot) -> Option<(&'a CollectionSnapshot, &'a str)> {
        let (collection, id) = match &self.collection {
            Some(collection) => (collection.as_str(), self.id.as_str()),
            None => self.id.split_once('/')?,
        };
        city.collection(collection).map(|it| (&**it, id))
    }

    fn dangling(&self) -> Reason {
        Reason::Dangling(match &self.collection {
            Some(collection) => format!("{collection}/{}", self.id),
            None => self.id.clone(),
        })
    }
}

fn object<'a>(collection: &'a CollectionSnapshot, id: &'a str) -> Option<ObjectRef<'a>> {
    let index = &collection.index;
    index.by_id(id).or_else(|| match index.by_source_id(id).as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}
