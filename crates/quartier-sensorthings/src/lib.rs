//! The OGC SensorThings API 1.1, whatever carries it: HTTP requests and MQTT topics come in as text, answers go out
//! as bytes.
//!
//! **Invariants:** no HTTP: who calls gives each answer and error its status. A name from a request is looked up, and
//! never part of a statement. What is asked is bounded: depth, length, rows and time.

mod entities;
mod error;
pub mod evaluate;
pub mod expression;
pub mod options;
pub mod path;
mod read;
mod service;
mod topics;
mod write;

pub use error::{Error, Result};
pub use service::{Answer, CSV, GEO_JSON, JSON, Kind, Request, Service, TEXT, Version};
pub use topics::Subscription;
pub use write::{Method, Reply, Write};
