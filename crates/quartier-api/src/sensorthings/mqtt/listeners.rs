use std::{collections::HashMap, sync::Arc};

use quartier_ingest::server::TopicFilter;
use quartier_model::{EntityId, EntityKind};
use quartier_sensorthings::Subscription;
use quartier_twin::sensors::Happening;

/// The topics that somebody listens to, so that a reading finds its own among thousands at once.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    by_datastream: HashMap<EntityId, Vec<Arc<Listener>>>,
    observations: Vec<Arc<Listener>>,
    others: Vec<Arc<Listener>>,
    known: HashMap<Arc<str>, Arc<Listener>>,
}

#[derive(Debug)]
pub(super) struct Listener {
    pub(super) topic: Arc<str>,
    pub(super) subscription: Subscription,
}

impl Listeners {
    /// What is no topic of SensorThings has been refused before, and is left out. Topics that were read before are not
    /// read again: clients come one by one.
    pub(super) fn of_filters(filters: &[TopicFilter], before: &Self) -> Self {
        let mut listeners = Self::default();
        for filter in filters {
            let known = before.known.get(filter.as_str()).cloned();
            if let Some(listener) = known.or_else(|| read(filter.as_str())) {
                listeners.add(listener);
            }
        }
        listeners
    }

    fn add(&mut self, listener: Arc<Listener>) {
        self.known.insert(Arc::clone(&listener.topic), Arc::clone(&listener));
        match (listener.subscription.datastream(), listener.subscription.kind()) {
            (Some(id), _) => self.by_datastream.entry(id).or_default().push(listener),
            (None, EntityKind::Observation) => self.observations.push(listener),
            _ => self.others.push(listener),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Those whom a happening may concern.
    pub(super) fn of(&self, happening: &Happening) -> Vec<&Arc<Listener>> {
        match happening {
            Happening::Observed(observation) => {
                let own = self.by_datastream.get(&observation.datastream);
                own.into_iter().flatten().chain(&self.observations).collect()
            }
            Happening::Entity { .. } => self.others.iter().collect(),
            Happening::Rewritten(_) | Happening::Objects { .. } | Happening::Fence(_) => Vec::new(),
        }
    }
}

fn read(topic: &str) -> Option<Arc<Listener>> {
    let subscription = Subscription::parse(topic).ok()?;
    Some(Arc::new(Listener { topic: topic.into(), subscription }))
}
