use std::{
    collections::BTreeSet,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use quartier_ingest::{
    broker::{BrokerConfig, Feed, FeedHealth, Sink, SinkError},
    mapping::Mapped,
};
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::{oneshot, watch},
    task::JoinHandle,
};

use crate::device::{Device, Seen, Version};

/// A mosquitto of its own, with a session store that outlives it.
struct Mosquitto {
    port: u16,
    folder: tempfile::TempDir,
    child: Child,
}

impl Mosquitto {
    /// None where there is no mosquitto.
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let path = folder.path().display();
        let user = "user root\n";
        let config = format!(
            "{user}listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {path}/\n\
             max_inflight_messages 0\nmax_queued_messages 0\nlog_dest file {path}/log\n"
        );
        std::fs::write(folder.path().join("mosquitto.conf"), config).unwrap();
        let Some(child) = spawn(folder.path()) else {
            println!("skipped: no mosquitto here");
            return None;
        };
        let mosquitto = Self { port, folder, child };
        mosquitto.answers().await;
        Some(mosquitto)
    }

    async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    async fn restart(&mut self) {
        self.child = spawn(self.folder.path()).unwrap();
        self.answers().await;
    }

    /// Makes it write its sessions to the disk, and waits until they are there.
    async fn save(&self) {
        let file = self.folder.path().join("mosquitto.db");
        let _ = std::fs::remove_file(&file);
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-USR1", &id]).status().await.unwrap().success());
        // It is written beside and then renamed.
        wait_for(|| file.exists()).await;
    }

    /// Waits until it has read our goodbye, and with it all that was acknowledged before: what it sends to a connection
    /// that we have closed makes it forget what it has not read.
    async fn parted(&self) {
        let log = self.folder.path().join("log");
        let said = || {
            std::fs::read_to_string(&log).is_ok_and(|text| text.contains("quartier disconnected"))
        };
        wait_for(said).await;
    }

    async fn answers(&self) {
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    async fn publisher(&self) -> crate::device::Connected {
        Device::new(Version::V3, "publisher").connect(([127, 0, 0, 1], self.port).into()).await
    }

    fn feed(&self, rest: &str) -> Feed {
        let config =
            format!("url = \"mqtt://127.0.0.1:{}\"\nclient_id = \"quartier\"\n{rest}", self.port);
        Feed::new(&toml::from_str::<BrokerConfig>(&config).unwrap()).unwrap()
    }
}

fn spawn(folder: &std::path::Path) -> Option<Child> {
    ["mosquitto", "/usr/sbin/mosquitto"].into_iter().find_map(|program| {
        let mut command = Command::new(program);
        command
            .arg("-c")
            .arg(folder.join("mosquitto.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.kill_on_drop(true).spawn().ok()
    })
}

async fn wait_for(what: impl Fn() -> bool) {
    crate::board::eventually(what).await;
}

/// Keeps what it takes, while it is open.
#[derive(Clone)]
struct Basket {
    taken: Arc<Mutex<Vec<String>>>,
    asked: watch::Sender<usize>,
    open: watch::Sender<bool>,
}

impl Basket {
    fn new() -> Self {
        Self { taken: Arc::default(), asked: watch::Sender::new(0), open: watch::Sender::new(true) }
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    fn has_all(&self, numbers: std::ops::Range<u32>) -> bool {
        let taken: BTreeSet<String> = self.taken().into_iter().collect();
        numbers.into_iter().all(|number| taken.contains(&number.to_string()))
    }
}

impl Sink for Basket {
    async fn take(&self, readings: Vec<Mapped>) -> Result<(), SinkError> {
        self.asked.send_modify(|asked| *asked += 1);
        self.open.subscribe().wait_for(|open| *open).await.unwrap();
        for reading in readings {
            if reading.result == 666 {
                return Err(SinkError::Rejected("nobody wants it".into()));
            }
            self.taken.lock().unwrap().push(reading.result.to_string());
        }
        Ok(())
    }
}

struct Running {
    feed: Feed,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(feed: Feed, basket: &Basket) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (running, sink) = (feed.clone(), basket.clone());
        let task =
            tokio::spawn(async move { running.run(sink, async { drop(stopped.await) }).await });
        Self { feed, stop, task }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(20), self.task).await.expect("it stops").unwrap();
    }

    fn health(&self) -> FeedHealth {
        self.feed.health()
    }

    async fn connected(&self) {
        wait_for(|| self.health().connected_since.is_some()).await;
    }
}

const NUMBERS: &str = "topics = [\"numbers/#\"]\nreadings = [{ datastream = 1, value = \"$.n\" }]";

async fn publish(publisher: &mut crate::device::Connected, numbers: std::ops::Range<u32>) {
    for number in numbers.clone() {
        publisher.publish("numbers/x", &format!("{{\"n\":{number}}}"), 1).await;
    }
    for _ in numbers {
        assert_eq!(publisher.next().await, Seen::Done(None));
    }
}

/// The first connection makes the session at the broker.
async fn subscribed(
    mosquitto: &Mosquitto,
    feed: &Running,
    basket: &Basket,
) -> crate::device::Connected {
    feed.connected().await;
    let mut publisher = mosquitto.publisher().await;
    // Until the subscription is there, the broker drops what is published.
    while basket.taken().is_empty() {
        publish(&mut publisher, 0..1).await;
        tokio::task::yield_now().await;
    }
    publisher
}

#[tokio::test]
async fn a_feed_takes_what_it_understands_and_says_what_it_does_not() {
    let Some(mosquitto) = Mosquitto::start().await else { return };
    let basket = Basket::new();
    let feed = Running::start(mosquitto.feed(&format!("name = \"Numbers\"\n{NUMBERS}")), &basket);
    let mut publisher = subscribed(&mosquitto, &feed, &basket).await;
    let before = feed.health().accepted;
    publish(&mut publisher, 1..11).await;
    wait_for(|| basket.has_all(1..11)).await;
    wait_for(|| feed.health().accepted >= before + 10).await;
    publish(&mut publisher, 666..667).await;
    wait_for(|| feed.health().rejected == 1).await;
    assert_eq!(feed.health().last_error.unwrap(), "numbers/x: nobody wants it");
    publisher.publish("numbers/y", "n = 1", 1).await;
    wait_for(|| feed.health().rejected == 2).await;
    let health = feed.health();
    assert!(health.last_error.unwrap().starts_with("numbers/y: the payload is not JSON"));
    assert!(health.last_message.is_some() && health.name == "Numbers");
    feed.stop().await;
}

#[tokio::test]
async fn nothing_is_lost_when_the_broker_is_killed_with_messages_that_are_not_safe_yet() {
    let Some(mut mosquitto) = Mosquitto::start().await else { return };
    let basket = Basket::new();
    let feed = Running::start(mosquitto.feed(NUMBERS), &basket);
    let mut publisher = subscribed(&mosquitto, &feed, &basket).await;
    let asked = *basket.asked.borrow();
    basket.open.send_replace(false);
    publish(&mut publisher, 1..51).await;
    basket.asked.subscribe().wait_for(|now| *now >= asked + 50).await.unwrap();
    mosquitto.save().await;
    mosquitto.kill().await;
    wait_for(|| feed.health().connected_since.is_none()).await;
    assert!(feed.health().last_error.is_some());
    basket.open.send_replace(true);
    assert!(!basket.has_all(1..51), "what was on its way is dropped with the connection");
    mosquitto.restart().await;
    wait_for(|| basket.has_all(1..51)).await;
    feed.stop().await;
}

#[tokio::test]
async fn nothing_is_lost_when_we_are_killed_and_nothing_acknowledged_comes_again() {
    let Some(mosquitto) = Mosquitto::start().await else { return };
    let basket = Basket::new();
    let feed = Running::start(mosquitto.feed(NUMBERS), &basket);
    let mut publisher = subscribed(&mosquitto, &feed, &basket).await;
    publish(&mut publisher, 1..21).await;
    wait_for(|| basket.has_all(1..21)).await;
    // A clean stop acknowledges all that is safe.
    feed.stop().await;
    mosquitto.parted().await;
    publish(&mut publisher, 21..41).await;
    let before = basket.taken().len();
    let feed = Running::start(mosquitto.feed(NUMBERS), &basket);
    wait_for(|| basket.has_all(21..41)).await;
    let again = basket.taken().split_off(before);
    assert_eq!(again, (21..41).map(|number| number.to_string()).collect::<Vec<_>>());
    let asked = *basket.asked.borrow();
    basket.open.send_replace(false);
    publish(&mut publisher, 41..61).await;
    basket.asked.subscribe().wait_for(|now| *now >= asked + 20).await.unwrap();
    feed.task.abort();
    drop(feed.task.await);
    basket.open.send_replace(true);
    let feed = Running::start(mosquitto.feed(NUMBERS), &basket);
    wait_for(|| basket.has_all(41..61)).await;
    feed.stop().await;
}

#[tokio::test]
async fn a_feed_waits_for_a_broker_that_is_not_there() {
    let Some(mut mosquitto) = Mosquitto::start().await else { return };
    mosquitto.kill().await;
    let basket = Basket::new();
    let feed = Running::start(mosquitto.feed(NUMBERS), &basket);
    wait_for(|| feed.health().last_error.is_some()).await;
    mosquitto.restart().await;
    feed.connected().await;
    feed.stop().await;
}

#[test]
fn a_source_that_cannot_work_is_refused_at_the_start() {
    let good =
        "url = \"mqtt://h\"\nclient_id = \"c\"\ntopics = [\"a\"]\nreadings = [{ datastream = 1 }]";
    assert!(Feed::new(&toml::from_str(good).unwrap()).is_ok());
    let cases = [
        ("mqtt://h", "http://h", "mqtts://host:port"),
        ("\"c\"", "\"\"", "client_id is empty"),
        ("[\"a\"]", "[\"a/#/b\"]", "\"a/#/b\""),
        ("[\"a\"]", "[]", "topics is empty"),
        ("[\"a\"]", "[\"a\"]\nqos = 3", "not 3"),
        ("[\"a\"]", "[\"a\"]\npassword = \"x\"", "needs a username"),
        ("[\"a\"]", "[\"a\"]\npassword_env = \"QUARTIER_NO_SUCH_VARIABLE\"", "is not set"),
        ("[\"a\"]", "[\"a\"]\nca_file = \"/x\"", "mqtts://"),
        ("mqtt://h", "mqtts://h\"\nca_file = \"/no/such/file", "cannot read ca_file"),
        ("datastream = 1", "", "either a `datastream`"),
    ];
    for (from, to, part) in cases {
        let config: BrokerConfig = toml::from_str(&good.replacen(from, to, 1)).unwrap();
        let error = Feed::new(&config).err().unwrap().to_string();
        assert!(error.contains(part), "{to}: {error}");
    }
    let unknown = toml::from_str::<BrokerConfig>(&format!("retain = true\n{good}"));
    assert!(unknown.unwrap_err().to_string().contains("unknown field `retain`"));
}
