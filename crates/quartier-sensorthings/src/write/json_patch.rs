use json_patch::{Patch, PatchOperation};
use quartier_model::EntityKind;
use serde_json::Value;

use super::{
    Write,
    change::address,
    links::{self, Node},
    members::Members,
    target::Target,
    transaction::Known,
    update::Change,
};
use crate::{Answer, Error, Request, Result, Service};

/// Operations in one patch; an entity has some dozen members.
const OPERATIONS_MAX: usize = 1_000;

/// Of an entity while it is patched: `copy` operations double what is there.
const PATCHED_BYTES_MAX: usize = 1024 * 1024;

/// How often a patch starts anew because somebody else changed the entity meanwhile.
const ATTEMPTS_MAX: usize = 5;

impl Service {
    /// Applies a JSON Patch (RFC 6902) to the entity as it is read, and replaces the entity by what comes out.
    pub(super) async fn json_patch(
        &self,
        request: Request<'_>,
        target: Target,
        known: &Known,
        write: &Write,
    ) -> Result<Answer> {
        let Target::One(node) = target else {
            return Err(Error::NotAllowed("name one entity to patch: `Things(1)`".to_owned()));
        };
        let Patch(operations) = serde_json::from_slice(&write.body).map_err(|error| {
            Error::bad(format!(
                "the body is no JSON Patch (RFC 6902, a list of operations): {error}"
            ))
        })?;
        if operations.len() > OPERATIONS_MAX {
            return Err(Error::bad(format!("a patch has at most {OPERATIONS_MAX} operations")));
        }
        for _ in 0..ATTEMPTS_MAX {
            if self.patched(request, node, known, &operations).await? {
                return self.reply(request, node, write).await;
            }
        }
        Err(Error::Busy)
    }

    /// False where the entity was changed by somebody else meanwhile.
    async fn patched(
        &self,
        request: Request<'_>,
        node: Node,
        known: &Known,
        operations: &[PatchOperation],
    ) -> Result<bool> {
        let seen = self.entity(node)?;
        let path = address(node);
        let shown = self.read(&Request { path: &path, query: None, ..request }).await?;
        let document = serde_json::from_slice(&shown.body)
            .map_err(|error| Error::bad(format!("{path} cannot be patched: {error}")))?;
        let body = Members::of(String::new(), apply(document, operations)?)?;
        if let Some(old) = known.get(&node.1).filter(|_| node.0 == EntityKind::Observation) {
            return self.change_observation(old, body, Change::Replace).await.map(|()| true);
        }
        let (_, is_done) = self
            .transact(known, |work| {
                if links::entity(&work.catalogue, node) != seen {
                    return Ok(false);
                }
                work.update(node, body, Change::Replace).map(|()| true)
            })
            .await?;
        Ok(is_done)
    }
}

fn apply(mut document: Value, operations: &[PatchOperation]) -> Result<Value> {
    for (place, operation) in operations.iter().enumerate() {
        json_patch::patch(&mut document, std::slice::from_ref(operation)).map_err(|error| {
            Error::bad(format!("operation {place} of the patch cannot be applied: {error}"))
        })?;
        let grows = matches!(operation, PatchOperation::Copy(_));
        if grows && document.to_string().len() > PATCHED_BYTES_MAX {
            return Err(Error::bad(format!(
                "operation {place} makes the entity larger than {PATCHED_BYTES_MAX} bytes"
            )));
        }
    }
    Ok(document)
}
