use std::{net::SocketAddr, time::Duration};

use rumqttc::{QoS, v5};
use tokio::{sync::mpsc, time::timeout};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V3,
    V5,
}

pub(crate) const BOTH: [Version; 2] = [Version::V3, Version::V5];

/// What a client library says that it has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    Connected {
        session_present: bool,
    },
    Message {
        topic: String,
        payload: String,
        qos: u8,
        retain: bool,
    },
    /// The last answer to a publish of `QoS` 1 or 2, with the reason if it is not taken.
    Done(Option<String>),
    Subscribed(Vec<String>),
    Unsubscribed,
    Ended(String),
}

/// How a device presents itself.
pub(crate) struct Device {
    pub(crate) version: Version,
    pub(crate) id: String,
    pub(crate) keeps_session: bool,
    pub(crate) login: Option<(String, String)>,
    pub(crate) will: Option<(String, String)>,
    pub(crate) keep_alive: Duration,
}

pub(crate) struct Connected {
    speaker: Speaker,
    seen: mpsc::UnboundedReceiver<Seen>,
    task: tokio::task::JoinHandle<()>,
}

enum Speaker {
    V3(rumqttc::AsyncClient),
    V5(v5::AsyncClient),
}

const PATIENCE: Duration = Duration::from_secs(20);
const QUEUE: usize = 10_000;

impl Device {
    pub(crate) fn new(version: Version, id: &str) -> Self {
        let keep_alive = Duration::from_mins(1);
        Self { version, id: id.into(), keeps_session: false, login: None, will: None, keep_alive }
    }

    pub(crate) fn keeping_its_session(self) -> Self {
        Self { keeps_session: true, ..self }
    }

    pub(crate) fn with_will(self, topic: &str, payload: &str) -> Self {
        Self { will: Some((topic.into(), payload.into())), ..self }
    }

    pub(crate) fn with_login(self, user: &str, password: &str) -> Self {
        Self { login: Some((user.into(), password.into())), ..self }
    }

    /// Connects; the first thing seen is the server's answer.
    pub(crate) fn dial(&self, address: SocketAddr) -> Connected {
        let (tell, seen) = mpsc::unbounded_channel();
        let (speaker, task) = match self.version {
            Version::V3 => {
                let (client, events) = rumqttc::AsyncClient::new(self.options_v3(address), QUEUE);
                (Speaker::V3(client), tokio::spawn(listen_v3(events, tell)))
            }
            Version::V5 => {
                let (client, events) = v5::AsyncClient::new(self.options_v5(address), QUEUE);
                (Speaker::V5(client), tokio::spawn(listen_v5(events, tell)))
            }
        };
        Connected { speaker, seen, task }
    }

    pub(crate) async fn connect(&self, address: SocketAddr) -> Connected {
        let mut device = self.dial(address);
        match device.next().await {
            Seen::Connected { .. } => device,
            other => panic!("not connected: {other:?}"),
        }
    }

    fn options_v3(&self, address: SocketAddr) -> rumqttc::MqttOptions {
        let mut options =
            rumqttc::MqttOptions::new(&self.id, address.ip().to_string(), address.port());
        options
            .set_keep_alive(self.keep_alive)
            .set_clean_session(!self.keeps_session)
            .set_inflight(1_000);
        if let Some((user, password)) = &self.login {
            options.set_credentials(user, password);
        }
        if let Some((topic, payload)) = &self.will {
            options.set_last_will(rumqttc::LastWill::new(
                topic,
                payload.clone(),
                QoS::AtLeastOnce,
                false,
            ));
        }
        options
    }

    fn options_v5(&self, address: SocketAddr) -> v5::MqttOptions {
        let mut options = v5::MqttOptions::new(&self.id, address.ip().to_string(), address.port());
        options.set_keep_alive(self.keep_alive).set_clean_start(!self.keeps_session);
        if self.keeps_session {
            options.set_session_expiry_interval(Some(600));
        }
        if let Some((user, password)) = &self.login {
            options.set_credentials(user, password);
        }
        if let Some((topic, payload)) = &self.will {
            let qos = v5::mqttbytes::QoS::AtLeastOnce;
            options.set_last_will(v5::mqttbytes::v5::LastWill::new(
                topic,
                payload.clone(),
                qos,
                false,
                None,
            ));
        }
        options
    }
}

impl Connected {
    pub(crate) async fn next(&mut self) -> Seen {
        timeout(PATIENCE, self.seen.recv())
            .await
            .expect("nothing is seen")
            .expect("the device listens")
    }

    pub(crate) async fn message(&mut self) -> (String, String) {
        loop {
            if let Seen::Message { topic, payload, .. } = self.next().await {
                return (topic, payload);
            }
        }
    }

    pub(crate) async fn publish(&self, topic: &str, payload: &str, qos: u8) {
        match &self.speaker {
            Speaker::V3(client) => {
                client.publish(topic, v3_qos(qos), false, payload).await.unwrap();
            }
            Speaker::V5(client) => {
                client.publish(topic, v5_qos(qos), false, payload.to_owned()).await.unwrap();
            }
        }
    }

    /// Subscribes and waits for the answer.
    pub(crate) async fn subscribe(&mut self, filter: &str, qos: u8) -> Vec<String> {
        match &self.speaker {
            Speaker::V3(client) => client.subscribe(filter, v3_qos(qos)).await.unwrap(),
            Speaker::V5(client) => client.subscribe(filter, v5_qos(qos)).await.unwrap(),
        }
        match self.next().await {
            Seen::Subscribed(codes) => codes,
            other => panic!("no SUBACK but {other:?}"),
        }
    }

    pub(crate) async fn unsubscribe(&mut self, filter: &str) {
        match &self.speaker {
            Speaker::V3(client) => client.unsubscribe(filter).await.unwrap(),
            Speaker::V5(client) => client.unsubscribe(filter).await.unwrap(),
        }
        assert_eq!(self.next().await, Seen::Unsubscribed);
    }

    pub(crate) async fn disconnect(mut self) {
        match &self.speaker {
            Speaker::V3(client) => client.disconnect().await.unwrap(),
            Speaker::V5(client) => client.disconnect().await.unwrap(),
        }
        while !matches!(self.next().await, Seen::Ended(_)) {}
    }

    /// Pulls the plug.
    pub(crate) async fn vanish(self) {
        self.task.abort();
        drop(self.task.await);
    }
}

fn v3_qos(qos: u8) -> QoS {
    rumqttc::qos(qos).unwrap()
}

fn v5_qos(qos: u8) -> v5::mqttbytes::QoS {
    v5::mqttbytes::qos(qos).unwrap()
}

async fn listen_v3(mut events: rumqttc::EventLoop, tell: mpsc::UnboundedSender<Seen>) {
    use rumqttc::{Event, Packet};
    loop {
        let seen = match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(ack))) => {
                Seen::Connected { session_present: ack.session_present }
            }
            Ok(Event::Incoming(Packet::Publish(message))) => Seen::Message {
                topic: message.topic,
                payload: String::from_utf8_lossy(&message.payload).into_owned(),
                qos: message.qos as u8,
                retain: message.retain,
            },
            Ok(Event::Incoming(Packet::PubAck(_) | Packet::PubComp(_))) => Seen::Done(None),
            Ok(Event::Incoming(Packet::SubAck(ack))) => {
                Seen::Subscribed(ack.return_codes.iter().map(|code| format!("{code:?}")).collect())
            }
            Ok(Event::Incoming(Packet::UnsubAck(_))) => Seen::Unsubscribed,
            Ok(_) => continue,
            Err(error) => {
                let _ = tell.send(Seen::Ended(format!("{error:?}")));
                return;
            }
        };
        if tell.send(seen).is_err() {
            return;
        }
    }
}

async fn listen_v5(mut events: v5::EventLoop, tell: mpsc::UnboundedSender<Seen>) {
    use v5::{
        Event,
        mqttbytes::v5::{Packet, PubAckReason, PubRecReason},
    };
    loop {
        let seen = match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(ack))) => {
                Seen::Connected { session_present: ack.session_present }
            }
            Ok(Event::Incoming(Packet::Publish(message))) => Seen::Message {
                topic: String::from_utf8_lossy(&message.topic).into_owned(),
                payload: String::from_utf8_lossy(&message.payload).into_owned(),
                qos: message.qos as u8,
                retain: message.retain,
            },
            Ok(Event::Incoming(Packet::PubAck(ack))) => Seen::Done(
                (ack.reason != PubAckReason::Success).then(|| format!("{:?}", ack.reason)),
            ),
            Ok(Event::Incoming(Packet::PubRec(ack))) if ack.reason != PubRecReason::Success => {
                Seen::Done(Some(format!("{:?}", ack.reason)))
            }
            Ok(Event::Incoming(Packet::PubComp(_))) => Seen::Done(None),
            Ok(Event::Incoming(Packet::SubAck(ack))) => {
                Seen::Subscribed(ack.return_codes.iter().map(|code| format!("{code:?}")).collect())
            }
            Ok(Event::Incoming(Packet::UnsubAck(_))) => Seen::Unsubscribed,
            Ok(Event::Incoming(Packet::Disconnect(goodbye))) => {
                Seen::Ended(format!("{:?}", goodbye.reason_code))
            }
            Ok(_) => continue,
            Err(error) => {
                let _ = tell.send(Seen::Ended(format!("{error:?}")));
                return;
            }
        };
        if tell.send(seen).is_err() {
            return;
        }
    }
}
