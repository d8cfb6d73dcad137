use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use quartier_ingest::server::{
    Client, Credentials, Limits, Message, MqttServer, Publish, Qos, Refusal, TopicFilter, Topics,
};
use tokio::{
    net::TcpListener,
    sync::{Mutex as DoorLock, mpsc, oneshot, watch},
    task::JoinHandle,
};

/// A notice board: keeps the last message of each topic, and everybody sees what is pinned to it.
pub(crate) struct Board {
    last: Mutex<BTreeMap<String, Message>>,
    taken: Mutex<Vec<Publish>>,
    pub(crate) asked: watch::Sender<usize>,
    /// Nothing is taken while somebody holds it; then all in their order.
    pub(crate) door: Arc<DoorLock<()>>,
    echo: mpsc::UnboundedSender<Message>,
}

impl Topics for Board {
    fn connect(&self, credentials: &Credentials) -> Result<Client, Refusal> {
        let user = credentials.user.as_deref();
        match (user, credentials.password.as_deref()) {
            (Some("stranger"), _) => Err(Refusal::NotAuthorized),
            (Some("ada"), Some(b"secret")) | (None, None) => Ok(Client {
                id: Arc::clone(&credentials.client_id),
                user: user.map(Arc::from),
                may_publish: true,
            }),
            _ => Err(Refusal::BadCredentials),
        }
    }

    async fn publish(&self, _client: &Client, message: Publish) -> Result<(), Refusal> {
        self.asked.send_modify(|asked| *asked += 1);
        let _open = self.door.lock().await;
        match message.topic.as_ref() {
            "refused/right" => return Err(Refusal::NotAuthorized),
            "refused/topic" => return Err(Refusal::Topic("no such board".into())),
            "refused/payload" => return Err(Refusal::Payload("not JSON".into())),
            "refused/now" => return Err(Refusal::Unavailable("the board is away".into())),
            _ => {}
        }
        let (topic, payload) = (Arc::clone(&message.topic), message.payload.clone());
        let echoed = Message { topic, payload, qos: Qos::ExactlyOnce, retain: false };
        self.last.lock().unwrap().insert(message.topic.to_string(), echoed.clone());
        self.taken.lock().unwrap().push(message);
        self.echo.send(echoed).unwrap();
        Ok(())
    }

    fn subscribe(&self, _client: &Client, filter: &TopicFilter) -> Result<(), Refusal> {
        if filter.as_str().starts_with("refused/") { Err(Refusal::NotAuthorized) } else { Ok(()) }
    }

    async fn retained(&self, _client: &Client, filter: &TopicFilter) -> Vec<Message> {
        let last = self.last.lock().unwrap();
        last.values().filter(|message| filter.matches(&message.topic)).cloned().collect()
    }
}

/// A server with a board, on a free port of the loopback.
pub(crate) struct Running {
    pub(crate) server: MqttServer<Board>,
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let (echo, mut echoes) = mpsc::unbounded_channel();
        let board = Board {
            last: Mutex::default(),
            taken: Mutex::default(),
            asked: watch::Sender::new(0),
            door: Arc::default(),
            echo,
        };
        let server = MqttServer::new(board, limits);
        let delivering = server.clone();
        tokio::spawn(async move {
            while let Some(message) = echoes.recv().await {
                delivering.deliver(message);
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = server.clone();
        let serving =
            tokio::spawn(
                async move { serving.serve(listener, async { drop(stopped.await) }).await },
            );
        Self { server, address, stop: Some(stop), serving }
    }

    pub(crate) async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.serving.await.unwrap();
    }

    pub(crate) fn taken(&self) -> Vec<String> {
        let taken = self.server.topics().taken.lock().unwrap();
        taken.iter().map(|publish| String::from_utf8_lossy(&publish.payload).into_owned()).collect()
    }

    /// Waits until the board has been asked to take so many messages.
    pub(crate) async fn asked(&self, wanted: usize) {
        self.server.topics().asked.subscribe().wait_for(|asked| *asked >= wanted).await.unwrap();
    }

    pub(crate) fn deliver(&self, topic: &str, payload: &str) {
        let (topic, payload) = (topic.into(), payload.to_owned().into());
        self.server.deliver(Message { topic, payload, qos: Qos::ExactlyOnce, retain: false });
    }
}

/// Waits for something that happens soon, but of which nobody is told.
pub(crate) async fn eventually(what: impl Fn() -> bool) {
    let waiting = async {
        while !what() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting)
        .await
        .expect("it should have happened by now");
}
