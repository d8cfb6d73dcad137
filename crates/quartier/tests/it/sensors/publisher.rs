use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    net::SocketAddr,
    time::Duration,
};

use rumqttc::{Client, Connection, Event, MqttOptions, Outgoing, Packet, QoS};
use serde_json::{Value, json};

use super::station::TOKEN;

/// What somebody has sent and what was acknowledged to them, kept away from the server.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) sent: BTreeSet<u64>,
    pub(super) acknowledged: BTreeSet<u64>,
}

impl Ledger {
    pub(super) fn unanswered(&self) -> Vec<u64> {
        self.sent.difference(&self.acknowledged).copied().collect()
    }

    pub(super) fn add(&mut self, other: Self) {
        self.sent.extend(other.sent);
        self.acknowledged.extend(other.acknowledged);
    }

    /// What can be seen holds what was acknowledged, and nothing that was never sent.
    pub(super) fn agrees_with(&self, seen: &BTreeSet<u64>, who: &str) {
        let lost: Vec<_> = self.acknowledged.difference(seen).collect();
        assert!(lost.is_empty(), "{who}: acknowledged and lost: {lost:?}");
        let invented: Vec<_> = seen.difference(&self.sent).collect();
        assert!(invented.is_empty(), "{who}: never sent: {invented:?}");
    }
}

/// A reading whose number is its result and makes its time.
pub(super) fn reading(number: u64) -> Value {
    json!({ "phenomenonTime": moment(number), "result": number })
}

pub(super) fn moment(number: u64) -> String {
    let start = time::macros::datetime!(2026-05-01 00:00 UTC);
    let at = start + Duration::from_millis(number);
    at.format(&time::format_description::well_known::Rfc3339).unwrap()
}

/// Messages that wait for their acknowledgement.
const IN_FLIGHT: u16 = 200;

/// A device that publishes at `QoS` 1 over one connection.
pub(super) struct Publisher {
    client: Client,
    connection: Connection,
    topic: String,
    /// Given to the client, and not yet in a packet.
    waiting: VecDeque<u64>,
    /// In packets, by their number.
    in_flight: HashMap<u16, u64>,
}

impl Publisher {
    pub(super) fn new(address: SocketAddr, name: &str, datastream: u64) -> Self {
        let mut options = MqttOptions::new(name, address.ip().to_string(), address.port());
        options.set_credentials("device", TOKEN).set_inflight(IN_FLIGHT);
        let (client, connection) = Client::new(options, usize::from(IN_FLIGHT));
        let topic = format!("v1.1/Datastreams({datastream})/Observations");
        Self { client, connection, topic, waiting: VecDeque::new(), in_flight: HashMap::new() }
    }

    pub(super) fn pending(&self) -> usize {
        self.waiting.len() + self.in_flight.len()
    }

    pub(super) fn has_room(&self) -> bool {
        self.pending() < usize::from(IN_FLIGHT)
    }

    pub(super) fn publish(&mut self, number: u64, ledger: &mut Ledger) {
        ledger.sent.insert(number);
        let payload = reading(number).to_string();
        self.client.try_publish(&self.topic, QoS::AtLeastOnce, false, payload).unwrap();
        self.waiting.push_back(number);
    }

    /// Waits for the next packet; whether there is still a connection.
    pub(super) fn step(&mut self, ledger: &mut Ledger) -> bool {
        match self.connection.recv() {
            Ok(Ok(event)) => self.note(&event, ledger),
            Ok(Err(_)) | Err(_) => return false,
        }
        true
    }

    /// Whether an acknowledgement comes within a time; there must be a connection.
    pub(super) fn is_answered_within(&mut self, patience: Duration, ledger: &mut Ledger) -> bool {
        let before = ledger.acknowledged.len();
        while let Ok(event) = self.connection.recv_timeout(patience) {
            self.note(&event.expect("the connection stays"), ledger);
        }
        ledger.acknowledged.len() > before
    }

    fn note(&mut self, event: &Event, ledger: &mut Ledger) {
        match event {
            Event::Outgoing(Outgoing::Publish(packet)) => {
                let number = self.waiting.pop_front().expect("it was given to the client");
                self.in_flight.insert(*packet, number);
            }
            Event::Incoming(Packet::PubAck(answer)) => {
                let number = self.in_flight.remove(&answer.pkid).expect("it was sent");
                ledger.acknowledged.insert(number);
            }
            _ => {}
        }
    }
}
