//! A client of outside brokers: what they send becomes readings, by [`mapping`](crate::mapping).
//!
//! A message of `QoS` 1 or 2 is acknowledged after the sink has said that its readings are safe, so the broker sends
//! it again after any failure. It may then be seen twice; a sink that takes the same reading twice as one makes it
//! exactly once. The broker keeps messages for a client that is away in the session of the `client_id`.

mod config;
mod connection;
mod feed;
mod health;
mod sink;

pub use config::{BrokerConfig, ConfigError};
pub use feed::Feed;
pub use health::FeedHealth;
pub use sink::{Sink, SinkError};
