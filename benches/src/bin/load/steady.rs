use std::time::{Duration, Instant};

use clap::Args;
use serde_json::Value;

use crate::{
    Result,
    readings::{Burst, Readings},
    tally::rate,
};

#[derive(Debug, Args)]
pub(crate) struct Steady {
    host: String,
    mqtt_port: u16,
    /// Readings in a second.
    #[arg(long, default_value_t = 1_000)]
    rate: u64,
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    #[arg(long, default_value_t = 4_000)]
    datastreams: u64,
}

impl Steady {
    pub(crate) async fn run(self) -> Result<Value> {
        let readings = Readings {
            host: self.host,
            port: self.mqtt_port,
            rate: self.rate,
            burst: self.rate,
            lasting: Burst::Second,
            datastreams: self.datastreams,
        };
        let started = Instant::now();
        let sent = readings.send(&started, Duration::from_secs(self.seconds)).await?;
        Ok(rate(sent.len() as u64, started.elapsed()))
    }
}
