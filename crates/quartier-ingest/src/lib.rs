//! MQTT: a server for devices, and a client of outside brokers; both end in plain messages.
//!
//! **Invariants:** no store and no standard's entities here: what a topic or a payload means is said by who calls. A
//! message that is to be acknowledged is acknowledged after the caller has said that it is safe.

pub mod broker;
pub mod mapping;
pub mod server;
