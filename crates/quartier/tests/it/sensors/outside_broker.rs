//! Readings that are fetched from a Mosquitto, by the program and its configuration file.

use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rumqttc::{Client, Connection, Event, MqttOptions, Packet, QoS};
use serde_json::json;

use super::station::{TOKEN, datastream, feed};
use crate::program::{Server, command};

const PAYLOADS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../quartier-ingest/tests/payloads");

/// For a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

const SOURCES: &str = r#"
[[ingest.mqtt]]
name = "Parking"
url = "URL"
client_id = "quartier-parking"
topics = ["parking/+"]
[[ingest.mqtt.readings]]
topic = "parking/{facility}"
thing = "{facility}"
property = "free"
value = "$.free"
time = "$.at"
time_zone = "Europe/Berlin"

[[ingest.mqtt]]
name = "The Things Stack"
url = "URL"
client_id = "quartier-tts"
topics = ["v3/#"]
format = "the_things_stack"

[[ingest.mqtt]]
name = "ChirpStack"
url = "URL"
client_id = "quartier-chirpstack"
topics = ["application/+/device/+/event/up"]
format = "chirpstack"
"#;

/// A broker that keeps its sessions when it is stopped.
struct Mosquitto {
    folder: PathBuf,
    port: u16,
    child: Child,
}

impl Mosquitto {
    /// None where there is no mosquitto; says so.
    fn start(folder: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "user root\nlistener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {}/\n",
            folder.display()
        );
        std::fs::write(folder.join("mosquitto.conf"), config).unwrap();
        let Some(child) = spawn(folder) else {
            println!("skipped: no mosquitto here");
            return None;
        };
        let broker = Self { folder: folder.to_owned(), port, child };
        broker.until_it_answers();
        Some(broker)
    }

    /// As a service manager does it: the sessions are written to the disk.
    fn stop(&mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap();
    }

    fn start_again(&mut self) {
        self.child = spawn(&self.folder).unwrap();
        self.until_it_answers();
    }

    fn until_it_answers(&self) {
        eventually("mosquitto answers", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    fn device(&self) -> Device {
        let options = MqttOptions::new("device", "127.0.0.1", self.port);
        let (client, connection) = Client::new(options, 10);
        Device { client, connection }
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &Path) -> Option<Child> {
    ["mosquitto", "/usr/sbin/mosquitto"].into_iter().find_map(|program| {
        let mut command = Command::new(program);
        command.arg("-c").arg(folder.join("mosquitto.conf"));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
    })
}

struct Device {
    client: Client,
    connection: Connection,
}

impl Device {
    /// Returns when the broker has it.
    fn publish(&mut self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.client.publish(topic, QoS::AtLeastOnce, false, payload).unwrap();
        let taken = |event| matches!(event, Ok(Event::Incoming(Packet::PubAck(_))));
        assert!(self.connection.iter().any(taken));
    }
}

fn payload(name: &str) -> String {
    std::fs::read_to_string(format!("{PAYLOADS}/{name}.json")).unwrap()
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// What a datastream's observations say, oldest first.
fn readings(server: &Server, datastream: u64) -> Vec<(String, f64)> {
    let path = format!(
        "/sensorthings/v1.1/Datastreams({datastream})/Observations?$orderby=phenomenonTime"
    );
    let page = server.json(&path);
    let read = page["value"].as_array().unwrap().iter().map(|it| {
        (it["phenomenonTime"].as_str().unwrap().to_owned(), it["result"].as_f64().unwrap())
    });
    read.collect()
}

fn start(folder: &Path, broker: &Mosquitto) -> Server {
    let config = SOURCES.replace("URL", &format!("mqtt://127.0.0.1:{}", broker.port));
    std::fs::write(folder.join("quartier.toml"), config).unwrap();
    let mut serve =
        command(folder, &["serve", "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"]);
    serve.env("QUARTIER_TOKEN", TOKEN);
    Server::start(serve)
}

#[test]
fn readings_at_an_outside_broker_become_observations_also_after_it_was_away() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut broker) = Mosquitto::start(folder.path()) else { return };
    let server = start(folder.path(), &broker);
    let free = datastream(&server, "Domplatz", "free");
    let temperature = datastream(&server, "air-quality-07", "temperature");
    let chirp: serde_json::Value = serde_json::from_str(&payload("chirpstack_up")).unwrap();
    let dev_eui = chirp["deviceInfo"]["devEui"].as_str().unwrap();
    let (property, value) = first_number(&chirp["object"]);
    let uplinked = datastream(&server, dev_eui, &property);
    let mut device = broker.device();
    let parked = |free: u32, minute: u32| {
        json!({ "free": free, "at": format!("2026-07-01 12:{minute:02}") }).to_string()
    };
    // The broker drops what nobody has subscribed to.
    eventually("the feed has subscribed", || {
        broker.device().publish("parking/Domplatz", parked(7, 0));
        !readings(&server, free).is_empty()
    });
    device.publish("parking/Domplatz", parked(8, 15));
    device.publish("parking/Nowhere", parked(9, 15));
    device.publish("parking/Domplatz", "closed");
    device.publish("v3/app@ttn/devices/air-quality-07/up", payload("the_things_stack_uplink"));
    device.publish("application/1/device/x/event/up", payload("chirpstack_up"));
    eventually("all are there", || {
        readings(&server, free).len() == 2
            && readings(&server, temperature).len() == 1
            && readings(&server, uplinked).len() == 1
    });
    let summer = [("2026-07-01T10:00:00Z", 7.0), ("2026-07-01T10:15:00Z", 8.0)];
    assert_eq!(readings(&server, free), summer.map(|(at, free)| (at.to_owned(), free)));
    assert_eq!(readings(&server, temperature)[0].1, 21.5);
    assert_eq!(readings(&server, uplinked)[0].1, value);

    let parking = feed(&server, "Parking");
    assert_eq!((&parking["connected"], &parking["dropped"]), (&true.into(), &0.into()));
    let rejected = &parking["messages"]["rejected"];
    assert_eq!(rejected, 2, "an unknown car park, and what is no JSON: {parking}");

    broker.stop();
    eventually("the feed is alone", || feed(&server, "Parking")["connected"] == false);
    broker.start_again();
    let mut device = broker.device();
    device.publish("parking/Domplatz", parked(6, 30));
    eventually("the feed has come back", || readings(&server, free).len() == 3);
    let (status, log) = server.stop();
    assert!(status.success() && !log.contains("panicked"), "{log}");
    assert!(log.contains("no thing `Nowhere` has a datastream of `free`"), "{log}");
}

fn first_number(object: &serde_json::Value) -> (String, f64) {
    let mut fields = object.as_object().unwrap().iter();
    fields.find_map(|(name, value)| Some((name.clone(), value.as_f64()?))).unwrap()
}
