use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use rumqttc::{AsyncClient, MqttOptions, QoS};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::{interval, timeout},
};

use crate::{Result, mqtt::topic, tally::milliseconds};

/// A reading's value is the number of tenths of a millisecond from here to its sending.
type Zero = Arc<Instant>;

const UNITS_PER_S: f64 = 10_000.0;

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
    /// Once in five seconds so many come at once, beside the others.
    #[arg(long, default_value_t = 5_000)]
    burst: u64,
    #[arg(long, default_value_t = 4_000)]
    datastreams: u64,
    /// What the clients ask for, such as `?rate=4`.
    #[arg(long, default_value = "")]
    query: String,
}

impl Streams {
    pub(crate) async fn run(self) -> Result<Value> {
        let zero: Zero = Arc::new(Instant::now());
        let end = Instant::now() + Duration::from_secs(self.seconds);
        let clients: Vec<_> =
            (0..self.clients).map(|_| tokio::spawn(self.client(Arc::clone(&zero), end))).collect();
        let sent = self.send(&zero, end).await?;
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await??);
        }
        let mut outcome = milliseconds(latencies);
        outcome["sent"] = json!(sent);
        Ok(outcome)
    }

    async fn send(&self, zero: &Zero, end: Instant) -> Result<u64> {
        const TICKS_PER_S: u64 = 50;
        const BURST_EVERY: u64 = 5 * TICKS_PER_S;
        let mut options = MqttOptions::new("load-streams", self.host.clone(), self.mqtt_port);
        options.set_inflight(2_000);
        let (client, mut events) = AsyncClient::new(options, 10_000);
        let polling = tokio::spawn(async move { while events.poll().await.is_ok() {} });
        let mut ticks = interval(Duration::from_secs(1) / TICKS_PER_S as u32);
        let (mut sent, mut tick) = (0, 0);
        while Instant::now() < end {
            ticks.tick().await;
            tick += 1;
            let burst = if tick % BURST_EVERY == 0 { self.burst } else { 0 };
            for _ in 0..self.rate / TICKS_PER_S + burst {
                let datastream = sent % self.datastreams + 1;
                let value = (zero.elapsed().as_secs_f64() * UNITS_PER_S).round();
                let payload = json!({ "result": value }).to_string();
                client.publish(topic(datastream), QoS::AtLeastOnce, false, payload).await?;
                sent += 1;
            }
        }
        polling.abort();
        Ok(sent)
    }

    fn client(
        &self,
        zero: Zero,
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
            let _until_then = timeout(left, listen(stream, &zero, &mut latencies)).await;
            Ok(latencies)
        }
    }
}

async fn listen(stream: TcpStream, zero: &Zero, latencies: &mut Vec<Duration>) {
    let mut lines = BufReader::new(stream).lines();
    let mut is_readings = false;
    while let Ok(Some(line)) = lines.next_line().await {
        match line.split_once(':') {
            Some(("event", event)) => is_readings = event.trim() == "readings",
            Some(("data", data)) if is_readings => latencies.extend(ages(data, zero)),
            _ => {}
        }
    }
}

fn ages(data: &str, zero: &Zero) -> impl Iterator<Item = Duration> {
    let arrived = zero.elapsed();
    values(data)
        .map(move |value| arrived.saturating_sub(Duration::from_secs_f64(value / UNITS_PER_S)))
}

fn values(data: &str) -> impl Iterator<Item = f64> {
    let rows: Vec<Value> = serde_json::from_str(data).unwrap_or_default();
    rows.into_iter().filter_map(|row| row["value"].as_f64())
}
