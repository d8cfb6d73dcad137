use std::{
    fmt,
    time::{Duration, Instant},
};

use clap::ValueEnum;
use rumqttc::{AsyncClient, MqttOptions, QoS};
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::{interval, timeout};

use crate::{
    Result,
    mqtt::{acknowledged, topic},
};

/// A reading's value is the time from a zero to its sending, in tenths of a millisecond.
pub(crate) const UNITS_PER_S: f64 = 10_000.0;

const TICKS_PER_S: u64 = 50;
const BURST_EVERY: u64 = 5 * TICKS_PER_S;

/// How long a burst lasts.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Burst {
    /// All of it in one second.
    Second,
    /// All of it at once.
    Instant,
}

/// How long the server has to acknowledge the last one.
const PATIENCE: Duration = Duration::from_secs(30);

/// Readings over MQTT at an even rate, with bursts.
pub(crate) struct Readings {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) rate: u64,
    pub(crate) burst: u64,
    pub(crate) lasting: Burst,
    pub(crate) datastreams: u64,
}

pub(crate) struct Sent {
    datastream: u64,
    at: OffsetDateTime,
    value: f64,
}

impl Readings {
    /// What was sent, when all of it has been acknowledged.
    pub(crate) async fn send(&self, zero: &Instant, lasting: Duration) -> Result<Vec<Sent>> {
        let mut options = MqttOptions::new("load-streams", self.host.clone(), self.port);
        options.set_inflight(10_000);
        let (client, events) = AsyncClient::new(options, 10_000);
        let ticks = lasting.as_secs() * TICKS_PER_S;
        let messages: u64 = (1..=ticks).map(|tick| self.in_tick(tick)).sum();
        let acknowledged = tokio::spawn(acknowledged(events, messages));
        let mut interval = interval(Duration::from_secs(1) / TICKS_PER_S as u32);
        let mut sent = Vec::with_capacity(messages as usize);
        for tick in 1..=ticks {
            interval.tick().await;
            for _ in 0..self.in_tick(tick) {
                let next = self.reading(sent.len() as u64, zero);
                let topic = topic(next.datastream);
                client.publish(topic, QoS::AtLeastOnce, false, next.payload()?).await?;
                sent.push(next);
            }
        }
        timeout(PATIENCE, acknowledged).await???;
        Ok(sent)
    }

    fn in_tick(&self, tick: u64) -> u64 {
        let burst_ticks = match self.lasting {
            Burst::Second => TICKS_PER_S,
            Burst::Instant => 1,
        };
        let is_burst = tick % BURST_EVERY >= BURST_EVERY - burst_ticks;
        if is_burst { self.burst / burst_ticks } else { self.rate / TICKS_PER_S }
    }

    fn reading(&self, number: u64, zero: &Instant) -> Sent {
        Sent {
            datastream: number % self.datastreams + 1,
            at: OffsetDateTime::now_utc(),
            value: (zero.elapsed().as_secs_f64() * UNITS_PER_S).round(),
        }
    }
}

impl Sent {
    fn payload(&self) -> Result<String> {
        let at = self.at.replace_nanosecond(self.at.microsecond() * 1_000)?.format(&Rfc3339)?;
        Ok(json!({ "phenomenonTime": at, "result": self.value }).to_string())
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at_us = self.at.unix_timestamp_nanos() / 1_000;
        write!(formatter, "{},{at_us},{}", self.datastream, self.value)
    }
}
