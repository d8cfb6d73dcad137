//! SensorThings over MQTT: who may do what, and what the embedded server tells its clients. The wire is
//! `quartier-ingest`'s, the meaning of topics `quartier-sensorthings`'.

mod bridge;
mod listeners;
mod socket;
mod topics;

pub(crate) use bridge::tell;
pub(crate) use socket::connect;
pub(crate) use topics::SensorTopics;

use std::future::Future;

use quartier_ingest::server::{Limits, MqttServer};
use quartier_sensorthings::{Service, Version};
use tokio::net::TcpListener;

use crate::{App, Settings};

pub(crate) type Server = MqttServer<SensorTopics>;

pub(crate) fn server(service: Service, settings: &Settings) -> Server {
    MqttServer::new(SensorTopics::new(service, settings), Limits::default())
}

/// Takes MQTT connections until `stop` ends, beside [`crate::serve`], which tells their clients what happens.
pub async fn serve_mqtt(listener: TcpListener, app: &App, stop: impl Future<Output = ()>) {
    app.mqtt.serve(listener, stop).await;
}

/// Where the service is for readers of messages: behind the public URL, if there is one.
fn base(settings: &Settings, version: Version) -> String {
    let root = match version {
        Version::V1_1 => "/sensorthings/v1.1",
        Version::V1_0 => "/sensorthings/v1.0",
    };
    settings.public_url.as_ref().map_or_else(|| root.to_owned(), |base| base.url(root))
}
