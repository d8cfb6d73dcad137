use std::{sync::Arc, time::Duration};

use mqtt_protocol_core::mqtt::result_code::DisconnectReasonCode;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Connection, End, incoming::Done};
use crate::server::{
    TopicError, TopicFilter, Topics,
    codec::{self, SubscribeOutcome, Wanted, WantsRetained},
    delivery::{Delivery, Parcel},
};

impl<T: Topics, S: AsyncRead + AsyncWrite + Unpin> Connection<T, S> {
    pub(super) fn subscribe(&mut self, id: u16, wanted: Vec<Wanted>) -> Result<(), End> {
        let mut outcomes = Vec::with_capacity(wanted.len());
        let mut retained = Vec::new();
        for wanted in wanted {
            let outcome = self.subscribe_one(&wanted);
            if let Ok((filter, new)) = &outcome
                && wanted.retained.applies(*new)
            {
                retained.push((filter.clone(), wanted.options));
            }
            outcomes.push(match outcome {
                Ok(_) => SubscribeOutcome::Granted(wanted.options.qos),
                Err(outcome) => outcome,
            });
        }
        let answer = codec::suback(self.version, id, &outcomes);
        self.wire.push(&answer.map_err(|error| End::Refused(error.into()))?);
        if !retained.is_empty() {
            self.ask_for_retained(retained);
        }
        Ok(())
    }

    fn subscribe_one(&mut self, wanted: &Wanted) -> Result<(TopicFilter, bool), SubscribeOutcome> {
        let filter = TopicFilter::parse(&wanted.filter).map_err(|error| match error {
            TopicError::Shared => SubscribeOutcome::Shared,
            _ => SubscribeOutcome::NotAFilter,
        })?;
        self.shared
            .topics
            .subscribe(&self.held.client, &filter)
            .map_err(SubscribeOutcome::Refused)?;
        let shared = Arc::clone(&self.shared);
        let session = self.session();
        let known = session.subscriptions.contains(&filter);
        if !known && session.subscriptions.len() >= shared.limits.subscriptions_per_client {
            return Err(SubscribeOutcome::TooMany);
        }
        let most = shared.limits.subscriptions;
        let new = shared.subscribers.add(&filter, &session.outbox, wanted.options, most);
        let new = new.map_err(|_full| SubscribeOutcome::TooMany)?;
        session.subscriptions.insert(filter.clone());
        Ok((filter, new))
    }

    fn ask_for_retained(&mut self, filters: Vec<(TopicFilter, codec::Options)>) {
        let (shared, client) = (Arc::clone(&self.shared), Arc::clone(&self.held.client));
        self.asked.push_back(Box::pin(async move {
            let mut deliveries = Vec::new();
            for (filter, options) in filters {
                let messages = shared.topics.retained(&client, &filter).await;
                deliveries.extend(messages.into_iter().map(|message| Delivery {
                    qos: message.qos.min(options.qos),
                    retain: true,
                    identifiers: options.identifier.into_iter().collect(),
                    parcel: Parcel::new(message),
                }));
            }
            Done::Retained(deliveries)
        }));
    }

    pub(super) fn unsubscribe(&mut self, id: u16, filters: &[String]) -> Result<(), End> {
        let shared = Arc::clone(&self.shared);
        let session = self.session();
        let existed: Vec<bool> = filters
            .iter()
            .map(|text| {
                let Ok(filter) = TopicFilter::parse(text) else { return false };
                session.subscriptions.remove(&filter)
                    && shared.subscribers.remove(&filter, session.outbox.key)
            })
            .collect();
        let answer = codec::unsuback(self.version, id, &existed);
        self.wire.push(&answer.map_err(|error| End::Refused(error.into()))?);
        Ok(())
    }

    pub(super) fn goodbye(&mut self, with_will: bool, session_expiry: Option<u32>) -> End {
        if let Some(seconds) = session_expiry {
            // A session that was to end with the connection cannot be kept after all (MQTT 5, 3.14.2.2.2).
            if self.held.expiry.is_zero() && seconds > 0 {
                return End::Refused(DisconnectReasonCode::ProtocolError);
            }
            self.held.expiry =
                Duration::from_secs(seconds.into()).min(self.shared.limits.session_expiry);
        }
        End::Left { with_will }
    }
}

impl WantsRetained {
    fn applies(self, new: bool) -> bool {
        match self {
            Self::Always => true,
            Self::IfNew => new,
            Self::Never => false,
        }
    }
}
