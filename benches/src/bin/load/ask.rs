use std::time::Instant;

use clap::Args;
use serde_json::Value;

use crate::{Result, http::Http, tally::milliseconds};

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// With the query, percent-encoded.
    url: String,
    #[arg(long, default_value_t = 50)]
    times: usize,
}

impl Ask {
    pub(crate) async fn run(self) -> Result<Value> {
        let http = Http::new("");
        let mut took = Vec::with_capacity(self.times);
        let mut bytes = 0;
        for _ in 0..self.times {
            let asked = Instant::now();
            bytes = http.get(&self.url).await?.len();
            took.push(asked.elapsed());
        }
        let mut outcome = milliseconds(took);
        outcome["bytes"] = bytes.into();
        Ok(outcome)
    }
}
