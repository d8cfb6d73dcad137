//! For whoever runs the server.

mod health;
mod metrics;
mod sensors;

pub(crate) use health::{health, ready};
pub(crate) use metrics::{Recorder, metrics};
pub(crate) use sensors::DROPPED;
