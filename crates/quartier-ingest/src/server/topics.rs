use std::{future::Future, sync::Arc};

use bytes::Bytes;

use super::TopicFilter;

/// What topics mean; the server asks it about everything that is not MQTT itself.
pub trait Topics: Send + Sync + 'static {
    /// Lets a client in, or says why not. Called once for each CONNECT.
    fn connect(&self, credentials: &Credentials) -> Result<Client, Refusal>;

    /// Takes a published message; resolves after it is safe, and only then is it acknowledged.
    ///
    /// Up to [`Limits::receive_maximum`](super::Limits) of one connection are under way at once; they are begun in the
    /// order in which the client sent them. The future is run to its end even when the client is gone.
    fn publish(
        &self,
        client: &Client,
        message: Publish,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Whether the client may subscribe to the filter.
    fn subscribe(&self, client: &Client, filter: &TopicFilter) -> Result<(), Refusal>;

    /// The messages that a new subscriber gets at once. Asked after the subscription has begun, so that nothing is
    /// missed between; a message may be seen twice.
    fn retained(
        &self,
        client: &Client,
        filter: &TopicFilter,
    ) -> impl Future<Output = Vec<Message>> + Send;
}

/// Who wants to connect, in the client's own words.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub client_id: Arc<str>,
    pub user: Option<String>,
    pub password: Option<Bytes>,
    pub transport: Transport,
}

/// Who is connected, as [`Topics::connect`] has said.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: Arc<str>,
    pub user: Option<Arc<str>>,
    /// Kept for `Topics::publish`; the server itself does not look at it.
    pub may_publish: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    Tcp,
    WebSocket,
}

/// How surely a message arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qos {
    AtMostOnce,
    AtLeastOnce,
    ExactlyOnce,
}

/// A message from a client, or its will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: Qos,
    pub retain: bool,
}

/// A message to clients. `qos` is the most that a subscriber gets; a lower one of the subscription goes before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub qos: Qos,
    pub retain: bool,
}

/// Why something is not done; the text is for the client (MQTT 5) and for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("user name or password is wrong")]
    BadCredentials,
    #[error("not allowed; connect with a user that has the right")]
    NotAuthorized,
    #[error("the topic is not one of this server's: {0}")]
    Topic(String),
    #[error("the payload cannot be taken: {0}")]
    Payload(String),
    #[error("a limit is reached: {0}")]
    Quota(String),
    #[error("cannot be taken now, try again later: {0}")]
    Unavailable(String),
}
