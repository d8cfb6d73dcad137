use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    Result,
    http::Http,
    tally::{milliseconds, rate},
};

#[derive(Debug, Args)]
pub(crate) struct Posts {
    url: String,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[arg(long, default_value_t = 64)]
    connections: u64,
    #[arg(long, default_value_t = 4_000)]
    datastreams: u64,
}

impl Posts {
    pub(crate) async fn run(self) -> Result<Value> {
        let http = Http::new(&self.url);
        let started = Instant::now();
        let end = started + Duration::from_secs(self.seconds);
        let senders: Vec<_> = (0..self.connections)
            .map(|number| tokio::spawn(send(http.clone(), number, self.datastreams, end)))
            .collect();
        let mut took = Vec::new();
        for sender in senders {
            took.extend(sender.await??);
        }
        let mut outcome = milliseconds(took.clone());
        outcome["rate"] = rate(took.len() as u64, started.elapsed());
        Ok(outcome)
    }
}

async fn send(http: Http, number: u64, datastreams: u64, end: Instant) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    let mut datastream = number * 61;
    while Instant::now() < end {
        datastream = (datastream + 1) % datastreams;
        let path = format!("/Datastreams({})/Observations", datastream + 1);
        let asked = Instant::now();
        http.post(&path, json!({ "result": datastream }).to_string()).await?;
        took.push(asked.elapsed());
    }
    Ok(took)
}
