//! An MQTT server, versions 3.1.1 and 5.0, on any stream of bytes.
//!
//! The wire format and its validation are `mqtt-protocol-core`'s; sessions, flow control and delivery are here. What a
//! topic means is asked of the caller's [`Topics`].
//!
//! How a refused publish is answered:
//!
//! | [`Refusal`] | MQTT 5 | MQTT 3.1.1 (which has no reason codes) |
//! |---|---|---|
//! | `NotAuthorized` | PUBACK/PUBREC 0x87 | the connection is closed |
//! | `Topic` | 0x90 | acknowledged and logged, so that a device does not send it for ever |
//! | `Payload` | 0x99 | acknowledged and logged |
//! | `Quota` | 0x97 | acknowledged and logged |
//! | `Unavailable` | DISCONNECT 0x89 | the connection is closed; a client with a session sends it again |
//!
//! Sessions that outlive their connection are kept in memory: a restart of the server ends them.

mod codec;
mod connection;
mod counters;
mod delivery;
mod filter;
mod limits;
mod mqtt_server;
mod outbox;
mod session;
mod sessions;
mod subscribers;
mod topics;

pub use counters::{Counters, Counts};
pub use filter::{TopicError, TopicFilter};
pub use limits::Limits;
pub use mqtt_server::MqttServer;
pub use topics::{Client, Credentials, Message, Publish, Qos, Refusal, Topics, Transport};
