//! What a request is and what an answer is, whatever carries them.

use std::sync::Arc;

use bytes::Bytes;
use quartier_twin::Twin;

/// The SensorThings API of a twin. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Service {
    pub(crate) twin: Arc<Twin>,
    pub(crate) mqtt_endpoints: Arc<[String]>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Below the version, as it was sent: `Things(1)/name`.
    pub path: &'a str,
    /// As it was sent, without the question mark.
    pub query: Option<&'a str>,
    /// Where the service is for the client, without a slash at the end: `https://city/sensorthings/v1.1`.
    pub base: &'a str,
    pub version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V1_0,
    V1_1,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub kind: Kind,
    /// Of the body; empty where there is none.
    pub media_type: &'static str,
    pub body: Bytes,
    /// The self link of what was created.
    pub location: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Ok,
    Created,
    NoContent,
}

pub const JSON: &str = "application/json";
pub const GEO_JSON: &str = "application/geo+json";
pub const CSV: &str = "text/csv; charset=utf-8";
pub const TEXT: &str = "text/plain; charset=utf-8";

impl Service {
    /// With the addresses at which its MQTT server is reached (`mqtt://city:1883`); none where there is no such server.
    pub fn new(twin: Arc<Twin>, mqtt_endpoints: Vec<String>) -> Self {
        Self { twin, mqtt_endpoints: mqtt_endpoints.into() }
    }
}

impl Answer {
    pub fn ok(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { kind: Kind::Ok, media_type, body: body.into(), location: None }
    }

    pub fn created(location: String, body: impl Into<Bytes>) -> Self {
        Self { kind: Kind::Created, media_type: JSON, body: body.into(), location: Some(location) }
    }

    pub fn no_content() -> Self {
        Self { kind: Kind::NoContent, media_type: "", body: Bytes::new(), location: None }
    }
}
