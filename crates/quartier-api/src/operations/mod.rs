//! For whoever runs the server.

mod health;
mod metrics;

pub(crate) use health::{health, ready};
pub(crate) use metrics::{Recorder, metrics};
