use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::{
    Result,
    readings::{Burst, Readings, UNITS_PER_S},
    tally::milliseconds,
};

/// How long clients have to take the snapshot before the first reading is sent.
const SETTLING: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(crate) struct Streams {
    /// The server's host and port.
    host: String,
    port: u16,
    #[arg(long)]
    mqtt_port: u16,
    #[arg(long, default_value_t = 200)]
    clients: usize,
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Readings in a second.
    #[arg(long, default_value_t = 2_000)]
    rate: u64,
    /// Once in five seconds so many come in a second.
    #[arg(long, default_value_t = 5_000)]
    burst: u64,
    #[arg(long, value_enum, default_value_t = Burst::Second)]
    lasting: Burst,
    #[arg(long, default_value_t = 4_000)]
    datastreams: u64,
    /// What the clients ask for, such as `?rate=4`.
    #[arg(long, default_value = "")]
    query: String,
    /// Where to write what was sent and acknowledged, a line each: datastream, microseconds since 1970, value.
    #[arg(long)]
    ledger: Option<PathBuf>,
}

impl Streams {
    pub(crate) async fn run(self) -> Result<Value> {
        let zero = Arc::new(Instant::now());
        let end = Instant::now() + SETTLING + Duration::from_secs(self.seconds + 1);
        let clients: Vec<_> =
            (0..self.clients).map(|_| tokio::spawn(self.client(Arc::clone(&zero), end))).collect();
        sleep(SETTLING).await;
        let readings = Readings {
            host: self.host.clone(),
            port: self.mqtt_port,
            rate: self.rate,
            burst: self.burst,
            lasting: self.lasting,
            datastreams: self.datastreams,
        };
        let sent = readings.send(&zero, Duration::from_secs(self.seconds)).await?;
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await??);
        }
        let mut outcome = milliseconds(latencies);
        outcome["sent"] = json!(sent.len());
        if let Some(ledger) = self.ledger {
            let lines = sent.iter().map(|sent| format!("{sent}\n"));
            tokio::fs::write(ledger, lines.collect::<String>()).await?;
        }
        Ok(outcome)
    }

    fn client(
        &self,
        zero: Arc<Instant>,
        end: Instant,
    ) -> impl Future<Output = Result<Vec<Duration>>> + Send + use<> {
        let (host, port) = (self.host.clone(), self.port);
        let request = format!(
            "GET /live{} HTTP/1.1\r\nhost: {host}\r\naccept: text/event-stream\r\n\r\n",
            self.query
        );
        async move {
            let mut stream = TcpStream::connect((host, port)).await?;
            stream.write_all(request.as_bytes()).await?;
            let mut latencies = Vec::new();
            let left = end.saturating_duration_since(Instant::now());
            match timeout(left, listen(stream, &zero, &mut latencies)).await {
                Ok(_ended) => Err("a live stream ended".into()),
                Err(_elapsed) => Ok(latencies),
            }
        }
    }
}

async fn listen(stream: TcpStream, zero: &Instant, latencies: &mut Vec<Duration>) {
    let mut lines = BufReader::with_capacity(64 * 1024, stream).lines();
    let mut is_readings = false;
    while let Ok(Some(line)) = lines.next_line().await {
        match line.split_once(':') {
            Some(("event", event)) => is_readings = event.trim() == "readings",
            Some(("data", data)) if is_readings => latencies.extend(ages(data, zero)),
            _ => {}
        }
    }
}

fn ages(data: &str, zero: &Instant) -> impl Iterator<Item = Duration> {
    let arrived = zero.elapsed();
    values(data)
        .map(move |value| arrived.saturating_sub(Duration::from_secs_f64(value / UNITS_PER_S)))
}

/// The readings' own values, and not their objects'; found as text, since to read 400,000 a second as JSON would take
/// the machine from the server.
fn values(data: &str) -> impl Iterator<Item = f64> {
    data.split("\"value\":").skip(1).filter_map(|rest| {
        let (value, rest) = rest.split_once(',')?;
        rest.starts_with("\"time\"").then(|| value.parse().ok())?
    })
}
