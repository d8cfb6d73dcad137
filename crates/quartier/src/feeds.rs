//! What outside brokers send, brought into the twin.

use std::{collections::HashMap, sync::Arc};

use quartier_ingest::{
    broker::{BrokerConfig, Feed, Sink, SinkError},
    mapping::{Mapped, Target},
};
use quartier_model::{EntityId, NewObservation, Period, Repeats, ResultValue};
use quartier_twin::{
    Twin,
    sensors::{Catalogue, Patience, Source},
};

use crate::{config::Ingest, failure::Failure};

/// The sources of the configuration.
pub(crate) fn feeds(ingest: &Ingest) -> Result<Vec<Feed>, Failure> {
    let feed = |config: &BrokerConfig| {
        let name = config.name.clone().unwrap_or_else(|| config.url.clone());
        Feed::new(config).map_err(|source| Failure::Feed { name, source })
    };
    ingest.mqtt.iter().map(feed).collect()
}

/// Takes readings as observations of the datastreams that they name.
pub(crate) struct TwinSink {
    twin: Arc<Twin>,
    source: Source,
}

impl TwinSink {
    pub(crate) fn new(twin: &Arc<Twin>, feed: &Feed) -> Self {
        Self { twin: Arc::clone(twin), source: Source::Broker(feed.health().name.into()) }
    }
}

impl Sink for TwinSink {
    /// What nobody measures here is refused alone: the other values of its message are taken.
    async fn take(&self, readings: Vec<Mapped>) -> Result<(), SinkError> {
        let sensors = self.twin.sensors();
        sensors.until_loaded().await;
        let Some(catalogue) = sensors.catalogue() else {
            return Err(SinkError::Unavailable("the sensors are not loaded".to_owned()));
        };
        let (mut observations, mut refused) = (Vec::new(), Vec::new());
        for reading in readings {
            match observation(reading, &catalogue) {
                Ok(observation) => observations.push(observation),
                Err(words) => refused.push(words),
            }
        }
        drop(catalogue);
        sensors.count_rejected(&self.source, refused.len() as u64);
        if !observations.is_empty() {
            sensors
                .observe(observations, &self.source, Patience::Wait)
                .await
                .map_err(|error| said(&error))?;
        }
        match refused.into_iter().next() {
            Some(words) => Err(SinkError::Rejected(words)),
            None => Ok(()),
        }
    }
}

fn said(error: &quartier_twin::Error) -> SinkError {
    let words = error.to_string();
    if error.is_temporary() { SinkError::Unavailable(words) } else { SinkError::Rejected(words) }
}

/// A broker sends a message again when it is not sure: the same reading twice is one.
fn observation(reading: Mapped, catalogue: &Catalogue) -> Result<NewObservation, String> {
    Ok(NewObservation {
        datastream: datastream(&reading.target, catalogue)?,
        feature: None,
        phenomenon_time: Period::instant(reading.time),
        result_time: None,
        result: ResultValue::new(reading.result),
        valid_time: None,
        quality: None,
        parameters: None,
        repeats: Repeats::Merged,
    })
}

fn datastream(target: &Target, catalogue: &Catalogue) -> Result<EntityId, String> {
    match target {
        Target::Datastream(id) if catalogue.datastreams.contains_key(id) => Ok(*id),
        Target::Datastream(id) => Err(format!("there is no datastream {id}")),
        Target::ThingAndProperty { thing, property } => named(thing, property, catalogue),
    }
}

/// The lowest of those that fit, so that the same message always goes to the same one.
fn named(thing: &str, property: &str, catalogue: &Catalogue) -> Result<EntityId, String> {
    let names: HashMap<EntityId, &str> =
        catalogue.observed_properties.iter().map(|(id, it)| (*id, it.name.as_str())).collect();
    let things = catalogue.things.values().filter(|it| it.name == thing);
    let measures = |id: &EntityId| {
        catalogue.datastreams[id]
            .channels
            .iter()
            .any(|channel| names.get(&channel.observed_property) == Some(&property))
    };
    let found = things.flat_map(|it| catalogue.datastreams_of(it.id)).filter(measures).min();
    found.ok_or_else(|| format!("no thing `{thing}` has a datastream of `{property}`"))
}
