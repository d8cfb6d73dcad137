use std::future::Future;

use crate::mapping::Mapped;

/// Where readings go.
pub trait Sink: Send + Sync + 'static {
    /// Takes the readings of one message; resolves when they are safe. Up to 1,000 messages are under way at once,
    /// begun in the order of their arrival.
    fn take(&self, readings: Vec<Mapped>) -> impl Future<Output = Result<(), SinkError>> + Send;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// Will never be taken: the message is counted as rejected and acknowledged.
    #[error("{0}")]
    Rejected(String),
    /// Cannot be taken now: it is tried again until it can.
    #[error("{0}")]
    Unavailable(String),
}
