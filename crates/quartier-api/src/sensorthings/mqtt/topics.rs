use quartier_ingest::server::{
    Client, Credentials, Message, Publish, Qos, Refusal, TopicFilter, Topics,
};
use quartier_model::Readers;
use quartier_sensorthings::{Error, Service, Subscription, Version};

use super::base;
use crate::{Settings, Writers, auth::is_same, sensorthings::SensorThings};

/// The topics of SensorThings, for clients with and without the token.
#[derive(Debug)]
pub(crate) struct SensorTopics {
    service: Service,
    access: SensorThings,
    token: Option<String>,
    bases: [String; 2],
}

impl SensorTopics {
    pub(super) fn new(service: Service, settings: &Settings) -> Self {
        Self {
            service,
            access: settings.sensorthings.clone(),
            token: settings.token.clone(),
            bases: [base(settings, Version::V1_1), base(settings, Version::V1_0)],
        }
    }

    pub(super) fn service(&self) -> &Service {
        &self.service
    }

    /// Where the service is for readers of a message.
    pub(super) fn base(&self, version: Version) -> &str {
        match version {
            Version::V1_1 => &self.bases[0],
            Version::V1_0 => &self.bases[1],
        }
    }
}

impl Topics for SensorTopics {
    /// The password is the token that writers show over HTTP; the user's name is theirs.
    fn connect(&self, credentials: &Credentials) -> Result<Client, Refusal> {
        let shown = credentials.password.as_deref().and_then(|it| std::str::from_utf8(it).ok());
        let holds_token = match (shown, self.token.as_deref()) {
            (Some(shown), Some(token)) => is_same(shown, token),
            _ => false,
        };
        let is_wrong = credentials.password.is_some() && self.token.is_some() && !holds_token;
        let is_shut = self.access.readers == Readers::Token && !holds_token;
        if is_wrong || is_shut {
            return Err(Refusal::BadCredentials);
        }
        Ok(Client {
            id: credentials.client_id.clone(),
            user: credentials.user.as_deref().map(Into::into),
            may_publish: holds_token || self.access.writers == Writers::Public,
        })
    }

    async fn publish(&self, client: &Client, message: Publish) -> Result<(), Refusal> {
        if !client.may_publish {
            return Err(Refusal::NotAuthorized);
        }
        let taken = self.service.publish(&message.topic, &message.payload).await;
        taken.map_err(|error| match error {
            Error::NotFound(text) | Error::NotAllowed(text) => Refusal::Topic(text),
            Error::BadRequest(text) => Refusal::Payload(text),
            other => Refusal::Unavailable(other.to_string()),
        })
    }

    fn subscribe(&self, _client: &Client, filter: &TopicFilter) -> Result<(), Refusal> {
        if filter.has_wildcard() {
            let said = "SensorThings has no wildcards; subscribe to a set: `v1.1/Observations`";
            return Err(Refusal::Topic(said.to_owned()));
        }
        match Subscription::parse(filter.as_str()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Refusal::Topic(error.to_string())),
        }
    }

    async fn retained(&self, _client: &Client, filter: &TopicFilter) -> Vec<Message> {
        let Ok(subscription) = Subscription::parse(filter.as_str()) else { return Vec::new() };
        let base = self.base(subscription.version());
        let payload = self.service.retained(&subscription, base).await;
        let message = |payload| Message {
            topic: filter.as_str().into(),
            payload,
            qos: Qos::ExactlyOnce,
            retain: true,
        };
        payload.map(message).into_iter().collect()
    }
}
