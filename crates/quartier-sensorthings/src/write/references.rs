//! What requests of a batch say of those before them: `$id` in an address, `{"@iot.id": "$id"}` in a body.

use std::collections::HashMap;

use serde_json::Value;

use super::{change::address, create::Made, links::Node, perform::Done};
use crate::{Error, Result};

/// The entities that the requests so far have made, by the requests' ids.
#[derive(Debug, Clone, Default)]
pub(super) struct References(HashMap<String, Node>);

impl References {
    pub(super) fn add(&mut self, request: &str, node: Node) {
        self.0.insert(request.to_owned(), node);
    }

    /// Observations have no number before the store has given them one.
    pub(super) fn add_made(&mut self, request: &str, done: Done) {
        if let Done::Made(Made::Entity(node)) = done {
            self.add(request, node);
        }
    }

    /// The address with what it refers to put in.
    pub(super) fn in_address(&self, url: &str) -> Result<String> {
        let Some(rest) = url.strip_prefix('$').filter(|rest| !rest.starts_with("batch")) else {
            return Ok(url.to_owned());
        };
        let (name, below) = match rest.find(['/', '?']) {
            Some(end) => rest.split_at(end),
            None => (rest, ""),
        };
        let node = self.0.get(name).ok_or_else(|| unknown(name))?;
        Ok(format!("{}{below}", address(*node)))
    }

    /// Puts the numbers of entities in the places that refer to them. A body is nested 128 deep at most.
    pub(super) fn in_body(&self, body: &mut Value) -> Result<()> {
        match body {
            Value::Array(list) => list.iter_mut().try_for_each(|it| self.in_body(it)),
            Value::Object(map) => {
                map.iter_mut().try_for_each(|(name, value)| self.in_member(name, value))
            }
            _ => Ok(()),
        }
    }

    fn in_member(&self, name: &str, value: &mut Value) -> Result<()> {
        match value.as_str().and_then(|text| text.strip_prefix('$')) {
            Some(request) if name == "@iot.id" => {
                let node = self.0.get(request).ok_or_else(|| unknown(request))?;
                *value = Value::from(node.1.0);
                Ok(())
            }
            _ => self.in_body(value),
        }
    }
}

fn unknown(name: &str) -> Error {
    let name: String = name.chars().take(80).collect();
    Error::bad(format!("`${name}` refers to no request before this one that has made an entity"))
}
