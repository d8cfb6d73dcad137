//! Over MQTT, with a client that somebody else wrote.

use std::{future::pending, sync::Arc, time::Duration};

use quartier_api::{App, SensorThings, Settings, Writers, serve, serve_mqtt};
use rumqttc::{
    AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS, SubscribeReasonCode, Transport,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};

use super::Sensors;
use crate::city::TOKEN;

/// Long enough for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// The city's sensors behind real ports.
struct Ports {
    sensors: Sensors,
    mqtt: u16,
    http: u16,
}

struct Client {
    client: AsyncClient,
    events: EventLoop,
}

impl Ports {
    async fn open(writers: Writers) -> Self {
        let sensors = Sensors::with_station().await;
        let sensorthings = SensorThings { writers, ..SensorThings::default() };
        let token = Some(TOKEN.to_owned());
        let settings = Settings { sensorthings, token, ..Settings::default() };
        let app = App::new(Arc::clone(&sensors.city.twin), settings).unwrap();
        let (mqtt, http) = (listener().await, listener().await);
        let ports = (mqtt.local_addr().unwrap().port(), http.local_addr().unwrap().port());
        let beside = app.clone();
        tokio::spawn(async move { serve_mqtt(mqtt, &beside, pending()).await });
        tokio::spawn(serve(http, app, pending()));
        Self { sensors, mqtt: ports.0, http: ports.1 }
    }

    fn client(&self, name: &str, password: Option<&str>) -> Client {
        let mut options = MqttOptions::new(name, "127.0.0.1", self.mqtt);
        if let Some(password) = password {
            options.set_credentials("device", password);
        }
        let (client, events) = AsyncClient::new(options, 16);
        Client { client, events }
    }

    fn web_client(&self, name: &str) -> Client {
        let url = format!("ws://127.0.0.1:{}/mqtt", self.http);
        let mut options = MqttOptions::new(name, url, self.http);
        options.set_transport(Transport::Ws);
        let (client, events) = AsyncClient::new(options, 16);
        Client { client, events }
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

impl Client {
    /// The next packet from the server that is wanted.
    async fn next<T>(&mut self, wanted: impl Fn(Packet) -> Option<T>) -> T {
        timeout(PATIENCE, self.first(wanted)).await.unwrap()
    }

    async fn first<T>(&mut self, wanted: impl Fn(Packet) -> Option<T>) -> T {
        loop {
            let event = self.events.poll().await.unwrap();
            let Event::Incoming(packet) = event else { continue };
            if let Some(found) = wanted(packet) {
                return found;
            }
        }
    }

    async fn subscribe(&mut self, topic: &str) -> SubscribeReasonCode {
        self.client.subscribe(topic, QoS::AtLeastOnce).await.unwrap();
        self.next(|packet| match packet {
            Packet::SubAck(ack) => Some(ack.return_codes[0]),
            _ => None,
        })
        .await
    }

    /// A message's topic, whether it was retained, and what it says.
    async fn message(&mut self) -> (String, bool, Value) {
        self.next(|packet| match packet {
            Packet::Publish(it) => {
                Some((it.topic, it.retain, serde_json::from_slice(&it.payload).unwrap()))
            }
            _ => None,
        })
        .await
    }

    async fn publish(&mut self, topic: &str, message: &Value) {
        let payload = message.to_string();
        self.client.publish(topic, QoS::AtLeastOnce, false, payload).await.unwrap();
        self.next(|packet| matches!(packet, Packet::PubAck(_)).then_some(())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_message_is_an_observation_and_reaches_those_who_listen() {
    let ports = Ports::open(Writers::Public).await;
    let mut listening = ports.client("listening", None);
    let topic = "v1.1/Datastreams(1)/Observations";
    assert!(matches!(listening.subscribe(topic).await, SubscribeReasonCode::Success(_)));
    let mut device = ports.client("device", None);
    let reading = json!({ "phenomenonTime": "2026-05-01T12:00:00Z", "result": 21.5 });
    device.publish(topic, &reading).await;
    device.publish(topic, &reading).await;
    assert_eq!(ports.sensors.all("Observations").await.len(), 1, "the same message twice");

    let (at, _, said) = listening.message().await;
    assert_eq!((at.as_str(), &said["result"]), (topic, &json!(21.5)));
    assert_eq!(said["@iot.selfLink"], "/sensorthings/v1.1/Observations(1)");
    ports.sensors.make("Datastreams(1)/Observations", &json!({ "result": 22 })).await;
    assert_eq!(listening.message().await.2["result"], 22);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_listener_has_the_latest_value_at_once() {
    let ports = Ports::open(Writers::Public).await;
    for result in [1, 2] {
        ports.sensors.make("Datastreams(1)/Observations", &json!({ "result": result })).await;
    }
    let mut client = ports.client("late", None);
    client.subscribe("v1.1/Datastreams(1)/Observations?$select=result").await;
    let (_, is_retained, said) = client.message().await;
    assert!(is_retained);
    assert_eq!(said, json!({ "result": 2 }));
    client.subscribe("v1.1/Things(1)/name").await;
    assert_eq!(client.message().await.2, json!({ "name": "Station 1" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_entities_are_told_to_those_who_listen_to_them() {
    let ports = Ports::open(Writers::Public).await;
    let mut client = ports.client("listening", None);
    client.subscribe("v1.1/Datastreams(1)/Thing/Locations?$select=name").await;
    ports.sensors.make("Things(1)/Locations", &super::place("Harbour", 7.64, 51.95)).await;
    assert_eq!(client.message().await.2, json!({ "name": "Harbour" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn wildcards_and_unknown_topics_are_refused() {
    let ports = Ports::open(Writers::Public).await;
    for (name, topic) in [("a", "#"), ("b", "v1.1/Nothings"), ("c", "v1.1/+/Observations")] {
        let mut client = ports.client(name, None);
        assert_eq!(client.subscribe(topic).await, SubscribeReasonCode::Failure, "{topic}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_needs_the_token_as_password() {
    let ports = Ports::open(Writers::Token).await;
    let reading = json!({ "result": 1, "Datastream": { "@iot.id": 1 } });
    let mut known = ports.client("known", Some(TOKEN));
    known.publish("v1.1/Observations", &reading).await;
    assert_eq!(ports.sensors.all("Observations").await.len(), 1);

    let mut wrong = ports.client("wrong", Some("guess"));
    assert!(timeout(PATIENCE, wrong.events.poll()).await.unwrap().is_err());
    let mut nobody = ports.client("nobody", None);
    nobody
        .client
        .publish("v1.1/Observations", QoS::AtLeastOnce, false, reading.to_string())
        .await
        .unwrap();
    let closed = async { while nobody.events.poll().await.is_ok() {} };
    timeout(PATIENCE, closed).await.unwrap();
    assert_eq!(ports.sensors.all("Observations").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn mqtt_also_comes_through_a_web_socket() {
    let ports = Ports::open(Writers::Public).await;
    let mut listening = ports.web_client("listening");
    listening.subscribe("v1.1/Observations").await;
    let mut device = ports.web_client("device");
    device.publish("v1.1/Datastreams(1)/Observations", &json!({ "result": 3 })).await;
    assert_eq!(listening.message().await.2["result"], 3);
}
