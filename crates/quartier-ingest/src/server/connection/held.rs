use std::{mem, sync::Arc, time::Duration};

use tokio::{runtime::Handle, time::sleep};

use crate::server::{
    Client, Topics, codec::Will, counters::count, mqtt_server::Shared, session::Session,
};

/// The session while a connection has it. However the connection ends, it is given back.
pub(super) struct Held<T: Topics> {
    pub(super) shared: Arc<Shared<T>>,
    pub(super) client: Arc<Client>,
    /// There until it is given back.
    session: Option<Session>,
    pub(super) expiry: Duration,
    pub(super) will: Option<Will>,
}

impl<T: Topics> Held<T> {
    pub(super) fn new(shared: Arc<Shared<T>>, client: Arc<Client>, session: Session) -> Self {
        Self { shared, client, session: Some(session), expiry: Duration::ZERO, will: None }
    }

    pub(super) fn session(&self) -> &Session {
        self.session.as_ref().expect("a connection has its session until it leaves")
    }

    pub(super) fn session_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect("a connection has its session until it leaves")
    }

    /// Keeps the session for its time, or ends it; publishes the will now or when it is due.
    pub(super) fn let_go(&mut self) {
        let Some(session) = self.session.take() else { return };
        let will = mem::take(&mut self.will);
        let key = session.outbox.key;
        let ended = if self.expiry.is_zero() {
            self.shared.sessions.forget(&self.client.id, &session);
            Some(session)
        } else {
            self.shared.sessions.keep(
                &self.client.id,
                session,
                self.shared.limits.sleeping_sessions,
            )
        };
        let (shared, client) = (Arc::clone(&self.shared), Arc::clone(&self.client));
        if let Some(ended) = &ended {
            shared.unsubscribe_all(ended);
        }
        // Without a runtime the process ends, and everything with it.
        let Ok(runtime) = Handle::try_current() else { return };
        if ended.is_none() {
            let end = runtime.spawn(shared.outlast(client, key, self.expiry, will));
            self.shared.sessions.ends_by(&self.client.id, key, end.abort_handle());
        } else if let Some(will) = will {
            runtime.spawn(shared.publish_will(client, will));
        }
    }
}

impl<T: Topics> Drop for Held<T> {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl<T: Topics> Shared<T> {
    /// The life of a session without a connection.
    async fn outlast(
        self: Arc<Self>,
        client: Arc<Client>,
        key: u64,
        expiry: Duration,
        will: Option<Will>,
    ) {
        let delay = will.as_ref().map_or(Duration::ZERO, |will| will.delay.min(expiry));
        if let Some(will) = will {
            sleep(delay).await;
            // A task of its own: the client may come back while the will is on its way.
            tokio::spawn(Arc::clone(&self).publish_will(Arc::clone(&client), will));
        }
        sleep(expiry.saturating_sub(delay)).await;
        if let Some(session) = self.sessions.expire(&client.id, key) {
            self.unsubscribe_all(&session);
        }
    }

    async fn publish_will(self: Arc<Self>, client: Arc<Client>, will: Will) {
        match self.topics.publish(&client, will.message).await {
            Ok(()) => count(&self.counters.received),
            Err(refusal) => {
                count(&self.counters.refused);
                tracing::warn!(client = %client.id, %refusal, "the will of an MQTT client is not taken");
            }
        }
    }
}
