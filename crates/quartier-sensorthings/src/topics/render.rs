use bytes::Bytes;
use quartier_model::EntityKind;
use quartier_twin::sensors::{EntityChange, Happening};

use super::{
    Subscription,
    concern::{Shared, end},
};
use crate::{
    Request, Service,
    entities::{Json, Manner, Row, View, part, property_json, write_entity},
    path::{JsonKey, PathEnd, set_name},
    write::Node,
};

impl Service {
    /// What there is to tell of what has happened: a corrected observation is told like a new one.
    pub async fn told(&self, happening: &Happening) -> Option<Happening> {
        match happening {
            Happening::Entity { change: EntityChange::Deleted, .. }
            | Happening::Rewritten(_)
            | Happening::Objects { .. }
            | Happening::Fence(_) => None,
            Happening::Entity { kind: EntityKind::Observation, id, .. } => {
                let found = self.observations_named(vec![*id]).await.ok()?;
                found.into_values().next().map(|it| Happening::Observed(it.into()))
            }
            Happening::Observed(_) | Happening::Entity { .. } => Some(happening.clone()),
        }
    }

    /// The messages with which a topic answers what there is to tell; mostly none or one. `base` is where the service
    /// is for readers of links, without a slash at the end.
    pub async fn messages(
        &self,
        subscription: &Subscription,
        told: &Happening,
        base: &str,
    ) -> Vec<Bytes> {
        match told {
            Happening::Observed(observation) => {
                self.of_observation(subscription, observation, base).await.into_iter().collect()
            }
            Happening::Entity { kind, id, .. } => {
                self.of_entity(subscription, (*kind, *id), base).await
            }
            Happening::Rewritten(_) | Happening::Objects { .. } | Happening::Fence(_) => Vec::new(),
        }
    }

    /// What a new listener gets at once: a datastream's latest observation, or the entity as it is.
    pub async fn retained(&self, subscription: &Subscription, base: &str) -> Option<Bytes> {
        let catalogue = self.sensors().catalogue()?;
        if subscription.kind() == EntityKind::Observation {
            let summary = self.sensors().summary(subscription.datastream()?)?;
            let latest = Shared::new(summary.latest.clone()?);
            return self.of_observation(subscription, &latest, base).await;
        }
        if subscription.path.is_set() {
            return None;
        }
        let node = end(&catalogue, &subscription.path)?;
        self.shown(subscription, node, base).await
    }

    async fn of_observation(
        &self,
        subscription: &Subscription,
        observation: &Shared,
        base: &str,
    ) -> Option<Bytes> {
        let catalogue = self.sensors().catalogue()?;
        if !subscription.holds(&catalogue, observation) {
            return None;
        }
        if subscription.expanding.is_some() {
            let node = (EntityKind::Observation, observation.id);
            return self.expanded(subscription, node, base).await;
        }
        let summaries = self.sensors().summaries();
        let view = View { catalogue: &catalogue, summaries: &summaries, sensors: self.sensors() };
        Some(written(subscription, view, base, &Row::Observation(Shared::clone(observation))))
    }

    async fn of_entity(&self, subscription: &Subscription, node: Node, base: &str) -> Vec<Bytes> {
        let Some(catalogue) = self.sensors().catalogue() else { return Vec::new() };
        let mut messages = Vec::new();
        for node in subscription.told_of(&catalogue, node) {
            messages.extend(self.shown(subscription, node, base).await);
        }
        messages
    }

    async fn shown(&self, subscription: &Subscription, node: Node, base: &str) -> Option<Bytes> {
        if subscription.expanding.is_some() {
            return self.expanded(subscription, node, base).await;
        }
        let catalogue = self.sensors().catalogue()?;
        let summaries = self.sensors().summaries();
        let view = View { catalogue: &catalogue, summaries: &summaries, sensors: self.sensors() };
        let row = view.find(node.0, node.1)?;
        Some(written(subscription, view, base, &row))
    }

    /// With linked entities, as a request for it would be answered.
    async fn expanded(&self, subscription: &Subscription, node: Node, base: &str) -> Option<Bytes> {
        let path = format!("{}({})", set_name(node.0), node.1);
        let query = subscription.expanding.as_deref();
        let request = Request { path: &path, query, base, version: subscription.version };
        let answer = self.read(&request).await;
        answer
            .inspect_err(|error| tracing::warn!(%error, path, "a message is left out"))
            .ok()
            .map(|it| it.body)
    }
}

fn written(subscription: &Subscription, view: View<'_>, base: &str, row: &Row<'_>) -> Bytes {
    let manner = Manner { base, results_are_texts: false };
    let mut json = Json::default();
    match &subscription.path.end {
        PathEnd::Property { property, keys } => {
            let value = property_json(view, manner, row, *property);
            let value = value.as_ref().and_then(|value| part(value, keys));
            let name = match keys.last() {
                Some(JsonKey::Name(name)) => name.clone(),
                Some(JsonKey::Index(index)) => index.to_string(),
                None => property.name().to_owned(),
            };
            json.object(|json| {
                json.any_name(&name);
                match value {
                    Some(value) => json.value(value),
                    None => json.null(),
                }
            });
        }
        _ => write_entity(&mut json, view, manner, row, &subscription.shape, |_| {}),
    }
    json.into_bytes().into()
}
