//! OGC API - Features: [Part 1](https://docs.ogc.org/is/17-069r4/17-069r4.html),
//! [Part 2](https://docs.ogc.org/is/18-058r1/18-058r1.html), and of the drafts of Parts 3 to 5 what the conformance
//! page lists.

mod collections;
mod conformance;
mod item;
mod items;
mod items_page;
mod items_query;
mod kinds;
mod landing;
mod schema;
mod sketch;
mod target;
mod transactions;

pub(crate) use collections::{collection, collections};
pub(crate) use conformance::conformance;
pub(crate) use item::item;
pub(crate) use items::items;
pub(crate) use landing::landing;
pub(crate) use schema::{of as property_schema, queryables, schema, sortables};
pub(crate) use transactions::{create, delete, replace, update};

use serde_json::Value;

/// A document without the members that say nothing.
pub(crate) fn without_nulls(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}
