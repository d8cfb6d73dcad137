use std::{ops::Range, time::Instant};

use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{Result, http::Http, tally::rate};

#[derive(Debug, Args)]
pub(crate) struct Arrays {
    url: String,
    /// Observations in all; they go back in time from now, minute by minute.
    #[arg(long)]
    rows: u64,
    /// In one request.
    #[arg(long, default_value_t = 1_000)]
    batch: u64,
    /// Requests under way.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    #[arg(long, default_value_t = 4_000)]
    datastreams: u64,
    /// Rows of one datastream that stand together, as a logger sends them.
    #[arg(long, default_value_t = 25)]
    together: u64,
    /// Minutes before now at which the newest are.
    #[arg(long, default_value_t = 0)]
    before: u64,
}

impl Arrays {
    pub(crate) async fn run(self) -> Result<Value> {
        let http = Http::new(&self.url);
        let now = OffsetDateTime::now_utc().replace_nanosecond(0)?
            - time::Duration::minutes(self.before.cast_signed());
        let started = Instant::now();
        let requests = stream::iter((0..self.rows).step_by(self.batch as usize)).map(|first| {
            let http = http.clone();
            let body = self.body(now, first..(first + self.batch).min(self.rows));
            async move { taken(&http.post("/CreateObservations", body?).await?) }
        });
        let sent: Vec<u64> = requests.buffer_unordered(self.connections).try_collect().await?;
        let mut outcome = rate(sent.iter().sum(), started.elapsed());
        outcome["newest"] = now.format(&Rfc3339)?.into();
        Ok(outcome)
    }

    fn body(&self, now: OffsetDateTime, rows: Range<u64>) -> Result<String> {
        let mut groups: Vec<Value> = Vec::new();
        let mut row = rows.start;
        while row < rows.end {
            let group = row / self.together;
            let (datastream, round) = (group % self.datastreams + 1, group / self.datastreams);
            let end = ((group + 1) * self.together).min(rows.end);
            let values = (row..end).map(|row| {
                let minutes = round * self.together + row % self.together;
                let time = now - time::Duration::minutes(minutes.cast_signed());
                Ok(json!([time.format(&Rfc3339)?, value(row)]))
            });
            groups.push(json!({
                "Datastream": { "@iot.id": datastream },
                "components": ["phenomenonTime", "result"],
                "dataArray": values.collect::<Result<Vec<Value>>>()?,
            }));
            row = end;
        }
        Ok(Value::from(groups).to_string())
    }
}

/// What `sensor_town.py` expects of it.
fn value(row: u64) -> f64 {
    (row % 1_000) as f64 / 10.0
}

fn taken(answer: &[u8]) -> Result<u64> {
    let links: Vec<String> = serde_json::from_slice(answer)?;
    match links.iter().filter(|link| *link == "error").count() {
        0 => Ok(links.len() as u64),
        errors => Err(format!("{errors} rows were refused").into()),
    }
}
