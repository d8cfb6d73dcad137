use std::time::{Duration, Instant};

use clap::Args;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{Result, tally::rate};

#[derive(Debug, Args)]
pub(crate) struct Publishers {
    host: String,
    port: u16,
    /// In all.
    #[arg(long, default_value_t = 200_000)]
    messages: u64,
    #[arg(long, default_value_t = 20)]
    connections: u64,
    /// Messages of one connection that wait for their PUBACK.
    #[arg(long, default_value_t = 100)]
    in_flight: u16,
    #[arg(long, default_value_t = 4_000)]
    datastreams: u64,
}

impl Publishers {
    pub(crate) async fn run(self) -> Result<Value> {
        let started = Instant::now();
        let each = self.messages / self.connections;
        let publishers: Vec<_> = (0..self.connections)
            .map(|number| tokio::spawn(self.publisher(number, each)))
            .collect();
        let mut messages = 0;
        for publisher in publishers {
            messages += publisher.await??;
        }
        Ok(rate(messages, started.elapsed()))
    }

    fn publisher(
        &self,
        number: u64,
        messages: u64,
    ) -> impl Future<Output = Result<u64>> + Send + use<> {
        let mut options = MqttOptions::new(format!("load-{number}"), self.host.clone(), self.port);
        options.set_inflight(self.in_flight);
        options.set_keep_alive(Duration::from_mins(1));
        let datastreams = self.datastreams;
        async move {
            let (client, events) = AsyncClient::new(options, 100);
            let sending = tokio::spawn(send(client, number, messages, datastreams));
            acknowledged(events, messages).await?;
            sending.await??;
            Ok(messages)
        }
    }
}

async fn send(
    client: AsyncClient,
    number: u64,
    messages: u64,
    datastreams: u64,
) -> Result<AsyncClient> {
    let now = OffsetDateTime::now_utc();
    for message in 0..messages {
        let topic = topic((number * messages + message) % datastreams + 1);
        let payload = payload(now, number, message);
        client.publish(topic, QoS::AtLeastOnce, false, payload).await?;
    }
    Ok(client)
}

pub(crate) async fn acknowledged(mut events: EventLoop, messages: u64) -> Result<()> {
    let mut open = messages;
    while open > 0 {
        let event = events.poll().await?;
        open -= u64::from(matches!(event, Event::Incoming(Packet::PubAck(_))));
    }
    Ok(())
}

pub(crate) fn topic(datastream: u64) -> String {
    format!("v1.1/Datastreams({datastream})/Observations")
}

/// Each at a moment of its own, so that none is taken for a repeated one.
fn payload(now: OffsetDateTime, number: u64, message: u64) -> String {
    let at = now + time::Duration::microseconds((message * 1_000 + number).cast_signed());
    let time = at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
    json!({ "phenomenonTime": time, "result": message % 100 }).to_string()
}
