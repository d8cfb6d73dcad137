use std::{future::Future, sync::Arc, sync::atomic::Ordering::Relaxed, time::Duration};

use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};

use super::{
    Counters, Counts, Limits, Message, TopicFilter, Topics, Transport, connection, counters::count,
    delivery::Parcel, session::Session, sessions::Sessions, subscribers::Subscribers,
};

/// The server; a clone is the same server.
pub struct MqttServer<T: Topics> {
    shared: Arc<Shared<T>>,
}

/// What all connections have in common.
pub(super) struct Shared<T: Topics> {
    pub(super) topics: T,
    pub(super) limits: Limits,
    pub(super) counters: Counters,
    pub(super) subscribers: Subscribers,
    pub(super) sessions: Sessions,
    places: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
}

/// The listener is out of file handles for the moment.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

impl<T: Topics> MqttServer<T> {
    pub fn new(topics: T, limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.connections));
        let shared = Shared {
            topics,
            limits,
            counters: Counters::default(),
            subscribers: Subscribers::default(),
            sessions: Sessions::default(),
            places,
            stopping: watch::Sender::new(false),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Takes connections until `stop`; then shuts the server down.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, _)) => drop(tokio::spawn(self.clone().take(stream))),
                Err(error) => {
                    tracing::warn!(%error, "cannot take an MQTT connection; trying again");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(listener);
        self.shut_down().await;
    }

    async fn take(self, stream: TcpStream) {
        // Small packets that wait for an answer: nothing is gained by collecting them.
        let _ = stream.set_nodelay(true);
        self.connection(stream, Transport::Tcp).await;
    }

    /// Serves one stream to its end. Run it as a task of its own: what a client has published is finished even when
    /// the client is gone, but not when this future is dropped.
    pub async fn connection<S>(&self, stream: S, transport: Transport)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let Ok(_place) = Arc::clone(&shared.places).try_acquire_owned() else {
            return count(&shared.counters.turned_away);
        };
        let _open = Open::new(&shared.counters);
        connection::run(Arc::clone(&shared), stream, transport).await;
    }

    /// Tells all clients that the server ends, and waits for what they have published to be safe.
    pub async fn shut_down(&self) {
        let shared = &self.shared;
        shared.stopping.send_replace(true);
        shared.sessions.end_all(DisconnectReasonCode::ServerShuttingDown);
        let all = u32::try_from(shared.limits.connections).unwrap_or(u32::MAX);
        if timeout(shared.limits.drain_timeout, shared.places.acquire_many(all)).await.is_err() {
            tracing::warn!("some MQTT connections do not end; not waiting any longer");
        }
    }

    /// Gives a message to all who have subscribed to its topic. Never waits for a client.
    pub fn deliver(&self, message: Message) {
        let shared = &self.shared;
        shared.subscribers.each(&Parcel::new(message), |outbox, delivery| {
            outbox.push(delivery, &shared.limits, &shared.counters);
        });
    }

    /// Whether anybody would get a message with this topic.
    pub fn has_subscriber(&self, topic: &str) -> bool {
        self.shared.subscribers.any(topic)
    }

    /// The filters that have subscribers, in no order. They are the same while [`Self::filters_version`] is.
    pub fn filters(&self) -> Vec<TopicFilter> {
        self.shared.subscribers.filters()
    }

    /// Moves on whenever a filter gets its first subscriber or loses its last.
    pub fn filters_version(&self) -> u64 {
        self.shared.subscribers.version()
    }

    pub fn counts(&self) -> Counts {
        self.shared.counters.counts()
    }

    pub fn topics(&self) -> &T {
        &self.shared.topics
    }
}

impl<T: Topics> Clone for MqttServer<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T: Topics> Shared<T> {
    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Resolves when the server shuts down.
    pub(super) async fn stopped(&self) {
        // The sender lives as long as this.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    pub(super) fn unsubscribe_all(&self, session: &Session) {
        for filter in &session.subscriptions {
            self.subscribers.remove(filter, session.outbox.key);
        }
    }
}

/// Counts a connection while it is open.
struct Open<'a>(&'a Counters);

impl<'a> Open<'a> {
    fn new(counters: &'a Counters) -> Self {
        count(&counters.connections);
        Self(counters)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Relaxed);
    }
}
