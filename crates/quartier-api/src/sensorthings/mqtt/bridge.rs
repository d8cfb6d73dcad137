use quartier_ingest::server::{Message, Qos};
use quartier_twin::sensors::{Event, Ring};

use super::{Server, listeners::Listeners};

/// Events that are taken from the ring at once.
const EVENTS_AT_ONCE: usize = 512;

/// Tells the server's clients what happens, for as long as it is polled. It reads the twin's ring at its own pace, and
/// never waits for a client.
pub(crate) async fn tell(server: Server, ring: &Ring) {
    let mut newest = ring.watch();
    let mut at = ring.newest();
    let (mut version, mut listeners) = (None, Listeners::default());
    while newest.changed().await.is_ok() {
        loop {
            if version != Some(server.filters_version()) {
                version = Some(server.filters_version());
                listeners = Listeners::of_filters(&server.filters(), &listeners);
            }
            if listeners.is_empty() {
                at = ring.newest();
                break;
            }
            let Ok(events) = ring.after(at, EVENTS_AT_ONCE) else {
                tracing::warn!("MQTT clients miss events: more came than could be told");
                at = ring.newest();
                break;
            };
            let Some(last) = events.last() else { break };
            at = last.sequence;
            for event in &events {
                told(&server, &listeners, event).await;
            }
        }
    }
}

async fn told(server: &Server, listeners: &Listeners, event: &Event) {
    let topics = server.topics();
    let Some(happening) = topics.service().told(&event.happening).await else { return };
    for listener in listeners.of(&happening) {
        let subscription = &listener.subscription;
        let base = topics.base(subscription.version());
        for payload in topics.service().messages(subscription, &happening, base).await {
            let topic = listener.topic.clone();
            server.deliver(Message { topic, payload, qos: Qos::ExactlyOnce, retain: false });
        }
    }
}
