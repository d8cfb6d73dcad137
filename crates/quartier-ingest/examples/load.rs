//! Load for the MQTT server, by hand:
//!
//! - `load serve 18830` serves on one thread; each message is safe at the end of a group of 2 ms.
//! - `load publish 18830 50 200000` publishes from 50 connections at `QoS` 1 and says how many a second are safe.
//! - `load idle 18830 10000` holds idle connections, until it is ended.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool by hand")]

use std::{
    collections::BTreeMap,
    env,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use mqtt_protocol_core::mqtt::packet::{Qos, v3_1_1};
use quartier_ingest::server::{
    self, Client, Credentials, Limits, Message, MqttServer, Publish, Refusal, TopicFilter, Topics,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::Builder,
    sync::watch,
    task::JoinSet,
    time::{Instant, interval, sleep},
};

/// Takes everything, in groups, as a store that commits does; passes it on, and keeps the last of each topic.
struct Groups {
    committed: watch::Sender<u64>,
    last: Mutex<BTreeMap<Arc<str>, Message>>,
    server: OnceLock<MqttServer<Self>>,
}

impl Topics for Groups {
    fn connect(&self, credentials: &Credentials) -> Result<Client, Refusal> {
        Ok(Client { id: Arc::clone(&credentials.client_id), user: None, may_publish: true })
    }

    async fn publish(&self, _client: &Client, message: Publish) -> Result<(), Refusal> {
        if message.topic.starts_with("refused") {
            return Err(Refusal::Payload("not JSON".into()));
        }
        let mut committed = self.committed.subscribe();
        committed.changed().await.map_err(|_gone| Refusal::Unavailable("no more groups".into()))?;
        let Publish { topic, payload, .. } = message;
        let message = Message {
            topic: Arc::clone(&topic),
            payload,
            qos: server::Qos::ExactlyOnce,
            retain: false,
        };
        self.last.lock().unwrap().insert(topic, message.clone());
        if let Some(server) = self.server.get() {
            server.deliver(message);
        }
        Ok(())
    }

    fn subscribe(&self, _client: &Client, _filter: &TopicFilter) -> Result<(), Refusal> {
        Ok(())
    }

    async fn retained(&self, _client: &Client, filter: &TopicFilter) -> Vec<Message> {
        let last = self.last.lock().unwrap();
        last.values().filter(|message| filter.matches(&message.topic)).cloned().collect()
    }
}

const GROUP: Duration = Duration::from_millis(2);
/// Publishes of one connection that wait for their acknowledgement.
const WINDOW: usize = 500;
const PUBACK_BYTES: usize = 4;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number =
        |at: usize| arguments.get(at).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    let port = number(1) as u16;
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    match arguments.first().map(String::as_str) {
        Some("serve") => runtime.block_on(serve(port)),
        Some("publish") => runtime.block_on(publish(port, number(2), number(3))),
        Some("idle") => runtime.block_on(idle(port, number(2))),
        _ => println!("serve PORT | publish PORT CONNECTIONS MESSAGES | idle PORT CONNECTIONS"),
    }
}

async fn serve(port: u16) {
    let topics = Groups {
        committed: watch::Sender::new(0),
        last: Mutex::default(),
        server: OnceLock::new(),
    };
    let server = MqttServer::new(topics, Limits::default());
    let _ = server.topics().server.set(server.clone());
    let committing = server.clone();
    tokio::spawn(async move {
        let mut groups = interval(GROUP);
        loop {
            groups.tick().await;
            committing.topics().committed.send_modify(|group| *group += 1);
        }
    });
    let reporting = server.clone();
    tokio::spawn(async move {
        loop {
            println!("{} kB, {:?}", resident_kb(), reporting.counts());
            sleep(Duration::from_secs(5)).await;
        }
    });
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    server.serve(listener, std::future::pending()).await;
}

fn resident_kb() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.unwrap_or("VmRSS: unknown").split_whitespace().nth(1).unwrap_or_default().to_owned()
}

async fn connect(port: u16, name: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let connect =
        v3_1_1::Connect::builder().client_id(name).unwrap().clean_session(true).build().unwrap();
    stream.write_all(&connect.to_continuous_buffer()).await.unwrap();
    stream.read_exact(&mut [0; 4]).await.unwrap();
    stream
}

async fn publish(port: u16, connections: usize, messages: usize) {
    let begun = Instant::now();
    let mut all = JoinSet::new();
    let each = messages / connections.max(1);
    for number in 0..connections {
        all.spawn(publish_some(port, number, each));
    }
    all.join_all().await;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{:.0} messages/s over {connections} connections",
        (each * connections) as f64 / seconds
    );
}

async fn publish_some(port: u16, number: usize, messages: usize) {
    let (mut answers, mut stream) = connect(port, &format!("load-{number}")).await.into_split();
    let payload = r#"{"phenomenonTime":"2024-04-10T07:15:02.596Z","result":21.5}"#;
    let (acknowledged, mut watching) = watch::channel(0_usize);
    tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        let mut bytes = 0;
        while let Ok(read @ 1..) = answers.read(&mut buffer).await {
            bytes += read;
            acknowledged.send_replace(bytes / PUBACK_BYTES);
        }
    });
    let mut sent = 0;
    while sent < messages {
        let safe = *watching.wait_for(|safe| sent - *safe < WINDOW).await.unwrap();
        let now = (WINDOW - (sent - safe)).min(messages - sent);
        let mut bytes = Vec::new();
        for id in sent..sent + now {
            let topic = format!("v1.1/Datastreams({number})/Observations");
            let packet =
                v3_1_1::Publish::builder().topic_name(topic).unwrap().qos(Qos::AtLeastOnce);
            let packet =
                packet.packet_id(Some((id % 60_000) as u16 + 1)).payload(payload).build().unwrap();
            bytes.extend(packet.to_continuous_buffer());
        }
        stream.write_all(&bytes).await.unwrap();
        sent += now;
    }
    watching.wait_for(|safe| *safe >= messages).await.unwrap();
}

async fn idle(port: u16, connections: usize) {
    let mut all = Vec::new();
    for number in 0..connections {
        all.push(connect(port, &format!("idle-{number}")).await);
    }
    println!("{} idle connections", all.len());
    std::future::pending::<()>().await;
}
