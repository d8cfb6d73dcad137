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
}

#[derive(Debug)]
pub(super) struct Listener {
    pub(super) topic: Arc<str>,
    pub(super) subscription: Subscription,
}

impl Listeners {
    /// What is no topic of SensorThings has been refused before, and is left out.
    pub(super) fn new(filters: &[TopicFilter]) -> Self {
        let mut listeners = Self::default();
        for filter in filters {
            let Ok(subscription) = Subscription::parse(filter.as_str()) else { continue };
            let (datastream, kind) = (subscription.datastream(), subscription.kind());
            let listener = Arc::new(Listener { topic: filter.as_str().into(), subscription });
            match (datastream, kind) {
                (Some(id), _) => listeners.by_datastream.entry(id).or_default().push(listener),
                (None, EntityKind::Observation) => listeners.observations.push(listener),
                _ => listeners.others.push(listener),
            }
        }
        listeners
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_datastream.is_empty() && self.observations.is_empty() && self.others.is_empty()
    }

    /// Those whom a happening may concern.
    pub(super) fn of(&self, happening: &Happening) -> Vec<&Arc<Listener>> {
        match happening {
            Happening::Observed(observation) => {
                let own = self.by_datastream.get(&observation.datastream);
                own.into_iter().flatten().chain(&self.observations).collect()
            }
            Happening::Entity { kind: EntityKind::Observation, .. } => {
                self.by_datastream.values().flatten().chain(&self.observations).collect()
            }
            Happening::Entity { .. } => self.others.iter().collect(),
            Happening::Objects { .. } | Happening::Fence(_) => Vec::new(),
        }
    }
}
