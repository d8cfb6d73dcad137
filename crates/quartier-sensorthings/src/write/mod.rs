//! Writing: creating with deep inserts, changing, deleting, many at once (18-088, 10 to 13).
//!
//! A request that makes or changes entities is planned as one transaction on a copy of the catalogue that shows what
//! the transaction has done so far. Observations of datastreams that are there go past it, to the twin's own queue.

mod attach;
mod batch;
mod before;
mod change;
mod create;
mod data_array;
mod delete;
mod json_patch;
mod links;
mod members;
mod moment;
mod observations;
mod perform;
mod reading;
mod references;
mod sweep;
mod target;
mod transaction;
mod update;
mod values;
mod work;

use bytes::Bytes;

use crate::{
    Answer, Error, Kind, Request, Result, Service,
    path::{PathEnd, Resource},
};

pub(crate) use links::{Node, has, one_of_observation};
pub(crate) use members::Members;
pub(crate) use observations::{is_plain, plain};
pub(crate) use target::{Target, walk};
pub(crate) use transaction::refusal;

/// What a client wants to happen to what its request's path names.
#[derive(Debug, Clone)]
pub struct Write {
    pub method: Method,
    /// JSON; empty where something is deleted.
    pub body: Bytes,
    pub reply: Reply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Post,
    /// The body's members replace those of the entity.
    Patch,
    /// The body is a JSON Patch (RFC 6902) of the entity.
    JsonPatch,
    Put,
    Delete,
}

/// What is answered where a write succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reply {
    /// The entity as it is now; of new observations only where they are.
    #[default]
    Usual,
    Minimal,
    /// The entity as it is now.
    Full,
}

impl Service {
    /// Writes, durably: when this returns, the store has committed it.
    pub async fn write(&self, request: Request<'_>, write: Write) -> Result<Answer> {
        let resource = Resource::parse(request.path)?;
        match (resource, write.method) {
            (Resource::Batch, Method::Post) => self.batch(request, &write.body).await,
            (Resource::CreateObservations, Method::Post) => {
                self.create_observations(request, &write.body).await
            }
            (Resource::Entities(path), Method::Delete) if path.is_set() => {
                self.sweep(request, &path).await
            }
            (Resource::Entities(path), _) if path.end == PathEnd::Entities => {
                self.write_entity(request, &path, write).await
            }
            (Resource::Entities(_), _) => Err(Error::NotAllowed(
                "a part of an entity is not written by itself: send a PATCH to the entity"
                    .to_owned(),
            )),
            _ => Err(Error::NotAllowed("this address takes POST only".to_owned())),
        }
    }
}

/// An answer without a body.
fn nothing(kind: Kind) -> Answer {
    Answer { kind, media_type: "", body: Bytes::new(), location: None }
}
