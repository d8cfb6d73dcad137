use std::{future::Future, pin::Pin, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesOrdered};
use mqtt_client::{
    AsyncClient, Event, EventLoop, Packet, Publish, QoS,
    mqttbytes::v4::{ConnectReturnCode, SubscribeFilter, SubscribeReasonCode},
};
use time::OffsetDateTime;
use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, timeout},
};

use crate::mapping::Mapped;

use super::{Sink, SinkError, config::Source, health::Pulse};

pub(super) enum Ended {
    Stopped,
    Lost(String),
}

/// Messages that wait for the sink at once: enough to fill a group commit. A broker's own limit may be lower.
const TAKING: usize = 1_000;
/// Messages that have been read and not begun.
const READ_AHEAD: usize = 100;
/// Acknowledgements that wait to be written. More than can be due while the reading waits for the sink, so that
/// neither waits for the other.
pub(super) const REQUESTS: usize = 2 * (TAKING + READ_AHEAD);
/// Between attempts to hand a message to a sink that is unavailable.
const SINK_PAUSE: Duration = Duration::from_millis(500);
/// How long the last messages may take when the feed stops.
const DRAIN: Duration = Duration::from_secs(10);

/// One connection, from its first packet to its last. Each has a client of its own: an acknowledgement that was due
/// on an earlier connection could be taken for that of another message with the same number.
pub(super) async fn serve(
    source: &Source,
    pulse: &Pulse,
    sink: &impl Sink,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Ended {
    let (client, events) = AsyncClient::builder(source.options.clone()).capacity(REQUESTS).build();
    let line = Line { source, pulse, sink, client };
    let (messages, arriving) = mpsc::channel(READ_AHEAD);
    let (stopping, stopped) = oneshot::channel();
    let mut listening = std::pin::pin!(line.listen(events, messages));
    let mut taking = std::pin::pin!(line.take(arriving, stopped));
    tokio::select! {
        why = &mut listening => return Ended::Lost(why),
        why = &mut taking => return Ended::Lost(why),
        () = stop.as_mut() => {}
    }
    drop(stopping);
    let draining = async {
        tokio::select! {
            _ = &mut taking => {}
            _ = &mut listening => return,
        }
        // What is queued is written before the goodbye, and then the broker closes.
        if line.client.disconnect().await.is_ok() {
            listening.await;
        }
    };
    let _ = timeout(DRAIN, draining).await;
    Ended::Stopped
}

/// What one connection works with.
struct Line<'a, S> {
    source: &'a Source,
    pulse: &'a Pulse,
    sink: &'a S,
    client: AsyncClient,
}

type Arrival = (Publish, OffsetDateTime);

impl<S: Sink> Line<'_, S> {
    /// Reads what the broker sends; ends when the connection does, with the reason.
    async fn listen(&self, mut events: EventLoop, messages: mpsc::Sender<Arrival>) -> String {
        loop {
            let heard = match events.poll().await {
                Ok(Event::Incoming(packet)) => self.hear(packet, &messages).await,
                Ok(Event::Outgoing(_)) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
            if let Err(why) = heard {
                return why;
            }
        }
    }

    async fn hear(&self, packet: Packet, messages: &mpsc::Sender<Arrival>) -> Result<(), String> {
        match packet {
            Packet::ConnAck(answer) if answer.code != ConnectReturnCode::Success => {
                return Err(format!("the broker refuses the connection: {:?}", answer.code));
            }
            Packet::ConnAck(_) => {
                self.pulse.connected();
                let filters = self
                    .source
                    .topics
                    .iter()
                    .map(|topic| SubscribeFilter::new(topic.clone(), self.source.qos));
                self.client.subscribe_many(filters).await.map_err(|error| error.to_string())?;
            }
            Packet::SubAck(answer)
                if answer.return_codes.contains(&SubscribeReasonCode::Failure) =>
            {
                return Err(
                    "the broker refuses a subscription; has the user the right to the topics?"
                        .to_owned(),
                );
            }
            Packet::Publish(message) => {
                let now = OffsetDateTime::now_utc();
                self.pulse.heard(now);
                // While nobody receives, the feed is stopping: the broker keeps the message.
                let _ = messages.send((message, now)).await;
            }
            _ => {}
        }
        Ok(())
    }

    /// Hands messages to the sink, many at once, and acknowledges them in the order in which they came.
    async fn take(
        &self,
        mut arriving: mpsc::Receiver<Arrival>,
        mut stopped: oneshot::Receiver<()>,
    ) -> String {
        let mut taking = FuturesOrdered::new();
        let mut open = true;
        while open || !taking.is_empty() {
            tokio::select! {
                biased;
                _ = &mut stopped, if open => {
                    open = false;
                    arriving.close();
                }
                Some(message) = taking.next() => {
                    if let Err(error) = self.acknowledge(&message).await {
                        return error;
                    }
                }
                arrived = arriving.recv(), if open && taking.len() < TAKING => match arrived {
                    Some((message, at)) => taking.push_back(self.take_one(message, at)),
                    None => open = false,
                },
            }
        }
        "the feed stops".to_owned()
    }

    async fn acknowledge(&self, message: &Publish) -> Result<(), String> {
        if message.qos == QoS::AtMostOnce {
            return Ok(());
        }
        self.client.ack(message).await.map_err(|error| error.to_string())
    }

    /// Resolves with the message when it may be acknowledged.
    async fn take_one(&self, message: Publish, at: OffsetDateTime) -> Publish {
        let topic = String::from_utf8_lossy(&message.topic);
        match self.source.mapping.map(&topic, &message.payload, at) {
            Ok(readings) if readings.is_empty() => self.pulse.ignored(),
            Ok(readings) => self.hand_over(&topic, readings).await,
            Err(rejection) => self.pulse.rejected(format!("{topic}: {rejection}")),
        }
        message
    }

    async fn hand_over(&self, topic: &str, readings: Vec<Mapped>) {
        loop {
            match self.sink.take(readings.clone()).await {
                Ok(()) => return self.pulse.accepted(),
                Err(SinkError::Rejected(why)) => {
                    return self.pulse.rejected(format!("{topic}: {why}"));
                }
                Err(SinkError::Unavailable(why)) => self.pulse.failed(why),
            }
            sleep(SINK_PAUSE).await;
        }
    }
}
