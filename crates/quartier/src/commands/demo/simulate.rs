use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    net::SocketAddr,
    time::Duration,
};

use mqtt_client::{AsyncClient, ClientError, EventLoop, MqttOptions, PublishOptions};
use quartier_model::EntityId;
use quartier_town::Sample;
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::{interval, sleep};

use super::register::Feed;

/// How far back the demonstration's past goes: what a sparkline shows.
const PAST_S: i64 = 24 * 3_600;

/// Of the past, one reading in so many seconds is enough.
const PAST_EVERY_S: i64 = 600;

/// What is newer than this is sent as it was measured.
const PRESENT_S: i64 = 900;

/// Messages that wait for their acknowledgement.
const IN_FLIGHT_MAX: u16 = 500;
const QUEUE_MAX: usize = 1_000;

const RETRY: Duration = Duration::from_secs(2);

/// Where the sensors publish.
pub(super) struct Broker {
    pub(super) address: SocketAddr,
    /// Where not everyone may write.
    pub(super) token: Option<String>,
}

/// Publishes what the sensors say over the MQTT port, as devices do: first the day that has passed, then what comes.
pub(super) async fn simulate(feeds: Vec<Feed>, known: BTreeMap<EntityId, i64>, broker: Broker) {
    let Broker { address, token } = broker;
    let mut options = MqttOptions::new("quartier-demo", (address.ip().to_string(), address.port()));
    if let Some(token) = token {
        options.set_credentials("quartier-demo", token);
    }
    options.set_inflight(IN_FLIGHT_MAX);
    let (client, events) = AsyncClient::builder(options).capacity(QUEUE_MAX).build();
    let listening = tokio::spawn(listen(events));
    let now_s = OffsetDateTime::now_utc().unix_timestamp();
    for feed in &feeds {
        let from_s = known.get(&feed.datastream).map_or(now_s - PAST_S, |last_s| last_s + 1);
        for sample in past(feed, from_s.max(now_s - PAST_S), now_s) {
            if send(&client, feed.datastream, sample).await.is_err() {
                return;
            }
        }
    }
    send_as_it_comes(&client, &feeds, now_s).await;
    listening.abort();
}

/// Connects anew for as long as the program runs.
async fn listen(mut events: EventLoop) {
    loop {
        if events.poll().await.is_err() {
            sleep(RETRY).await;
        }
    }
}

fn past(feed: &Feed, from_s: i64, now_s: i64) -> impl Iterator<Item = Sample> {
    let every_s = feed.gauge.every_s;
    let is_shown = move |sample: &Sample| {
        sample.time_s >= now_s - PRESENT_S || sample.time_s.rem_euclid(PAST_EVERY_S) < every_s
    };
    feed.gauge.samples(from_s, now_s).filter(is_shown)
}

async fn send_as_it_comes(client: &AsyncClient, feeds: &[Feed], mut until_s: i64) {
    let mut waiting = BinaryHeap::new();
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        let now_s = OffsetDateTime::now_utc().unix_timestamp();
        for (place, feed) in feeds.iter().enumerate() {
            let samples = feed.gauge.samples(until_s, now_s);
            waiting.extend(samples.map(|sample| Reverse((sample.sent_s, sample.time_s, place))));
        }
        until_s = now_s.max(until_s);
        while let Some(Reverse((sent_s, time_s, place))) = waiting.pop() {
            if sent_s > now_s {
                waiting.push(Reverse((sent_s, time_s, place)));
                break;
            }
            let Some(sample) = feeds[place].gauge.samples(time_s, time_s + 1).next() else {
                continue;
            };
            if send(client, feeds[place].datastream, sample).await.is_err() {
                return;
            }
        }
    }
}

async fn send(
    client: &AsyncClient,
    datastream: EntityId,
    sample: Sample,
) -> Result<(), ClientError> {
    let time =
        OffsetDateTime::from_unix_timestamp(sample.time_s).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let payload = json!({ "phenomenonTime": time.format(&Rfc3339).ok(), "result": sample.value });
    let topic = format!("v1.1/Datastreams({datastream})/Observations");
    client.publish(topic, payload.to_string(), PublishOptions::at_least_once()).await
}
