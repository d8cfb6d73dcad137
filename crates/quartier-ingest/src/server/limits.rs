use std::time::Duration;

/// What one server and one client may take. Every number has a default that says why.
#[derive(Debug, Clone)]
pub struct Limits {
    /// 10,000 idle sensors and some room for those that come back before their old connection is noticed as dead.
    pub connections: usize,
    /// 256 KiB: a `dataArray` of some thousand rows; a single reading has 200 bytes.
    pub packet_bytes: u32,
    /// From the first byte of the connection to the end of its CONNECT.
    pub connect_timeout: Duration,
    /// One map that subscribes to 4,000 datastreams one by one, twice.
    pub subscriptions_per_client: usize,
    /// All clients together; at some 200 bytes each this is 200 MB.
    pub subscriptions: usize,
    /// Publishes of one connection that wait for the caller at once: enough to fill a group commit.
    pub receive_maximum: u16,
    /// Their payloads together: a few of the largest packets.
    pub receiving_bytes: usize,
    /// Messages that wait for one client: a burst of 5,000 readings while the client is busy drawing.
    pub waiting_messages: usize,
    /// Their payloads together.
    pub waiting_bytes: usize,
    /// Retained messages that wait for one client: all datastreams of a large city.
    pub waiting_retained: usize,
    /// Messages that wait for a client that is away, and their payloads together: an hour of a busy sensor.
    pub sleeping_messages: usize,
    pub sleeping_bytes: usize,
    /// Sessions that are kept without a connection.
    pub sleeping_sessions: usize,
    /// How long they are kept at most, whatever the client asks for.
    pub session_expiry: Duration,
    /// A client that does not take a byte for so long is gone.
    pub write_stall: Duration,
    /// How long a client waits for the connection it replaces, and the server at its end for its connections.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 12_000,
            packet_bytes: 256 * 1024,
            connect_timeout: Duration::from_secs(10),
            subscriptions_per_client: 10_000,
            subscriptions: 1_000_000,
            receive_maximum: 1_000,
            receiving_bytes: 4 * 1024 * 1024,
            waiting_messages: 5_000,
            waiting_bytes: 8 * 1024 * 1024,
            waiting_retained: 100_000,
            sleeping_messages: 1_000,
            sleeping_bytes: 256 * 1024,
            sleeping_sessions: 2_000,
            session_expiry: Duration::from_hours(24),
            write_stall: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// A topic of SensorThings has at most eight levels; deeper ones come from elsewhere.
pub(super) const TOPIC_LEVELS: usize = 32;
/// The longest `$select` of all properties has 200 bytes.
pub(super) const TOPIC_BYTES: usize = 1024;
/// A CONNECT holds a will of at most 64 KiB and short names; nothing larger is read from a stranger.
pub(super) const CONNECT_BYTES: u32 = 80 * 1024;
/// Identifiers in use are UUIDs and device names.
pub(super) const CLIENT_ID_BYTES: usize = 256;
/// Unacknowledged messages to one client, if it does not say less: a client reads on after the first.
pub(super) const SENDING_MAXIMUM: u16 = 256;
/// Topic aliases that a client may set: a device has a handful of topics.
pub(super) const TOPIC_ALIASES: u16 = 64;
/// Bytes to one client that are encoded ahead of the socket: one send buffer.
pub(super) const WRITE_AHEAD_BYTES: usize = 64 * 1024;
/// Text that explains a refusal to a client.
pub(super) const REASON_BYTES: usize = 256;
