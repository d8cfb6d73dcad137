use axum::{
    extract::FromRequestParts as _,
    http::{HeaderMap, request::Parts},
};
use quartier_model::Readers;
use serde::Deserialize;

use crate::{
    App,
    auth::{Visitor, Writer},
    error::{ApiError, Result},
};

/// What the configuration says of the SensorThings interface (`[sensorthings]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SensorThings {
    /// Who may read, over HTTP and MQTT.
    pub readers: Readers,
    /// Who may write, over HTTP and MQTT.
    pub writers: Writers,
    /// Where clients reach the MQTT server, such as `mqtt://city.example:1883`; told in the root document.
    pub mqtt_endpoints: Vec<String>,
}

/// Who may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writers {
    /// Whoever shows the token.
    #[default]
    Token,
    /// Everyone: for tests, and for networks that only devices reach.
    Public,
}

/// Who may read and write sensors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard<'a>(pub(crate) &'a SensorThings);

impl Default for SensorThings {
    fn default() -> Self {
        Self { readers: Readers::Public, writers: Writers::default(), mqtt_endpoints: Vec::new() }
    }
}

impl Guard<'_> {
    pub(crate) fn may_read(self, headers: &HeaderMap, app: &App) -> Result<()> {
        self.shows_to(Visitor::of(headers, &app.settings))
    }

    pub(crate) fn shows_to(self, visitor: Visitor) -> Result<()> {
        if self.0.readers == Readers::Public || visitor == Visitor::TokenHolder {
            return Ok(());
        }
        Err(ApiError::Unauthorized("reading sensors needs the header `Authorization: Bearer …`"))
    }

    pub(crate) async fn may_write(self, parts: &mut Parts, app: &App) -> Result<()> {
        match self.0.writers {
            Writers::Public => Ok(()),
            Writers::Token => Writer::from_request_parts(parts, app).await.map(|_| ()),
        }
    }
}
