//! What a write did whose answer was lost: the database was gone before it could say.

use std::sync::Arc;

use imbl::{OrdMap, ordmap::DiffItem};
use quartier_model::{EntityId, EntityKind, Observation};
use quartier_store::{KeyValue, ObservationKey, ObservationQuery};

use super::{Catalogue, EntityChange, Happening, Sensors, commit::Writing};
use crate::Result;

/// More than one write brings; whoever sends larger ones sees the rest without a word of it.
const MISSED_MAX: u32 = 10_000;

impl Sensors {
    /// Reads the store anew, shows what memory lacks, and tells of it.
    pub(super) async fn settle_doubt(&self, writing: &mut Writing) -> Result<()> {
        let missed = self.missed_after(writing.numbers.last(EntityKind::Observation)).await?;
        let before = self.catalogue().unwrap_or_default();
        let after = Arc::new(self.read(&mut writing.numbers).await?);
        self.catalogue.store(Some(Arc::clone(&after)));
        self.relink().await;
        let datastreams: Vec<EntityId> = self.state.all().keys().copied().collect();
        self.observations_rewritten(&datastreams);
        let observed = missed.into_iter().map(|it| Happening::Observed(Arc::new(it)));
        self.ring.push(differences(&before, &after).into_iter().chain(observed));
        Ok(())
    }

    async fn missed_after(&self, known: EntityId) -> Result<Vec<Observation>> {
        let query = ObservationQuery {
            after: Some(ObservationKey { value: KeyValue::Id, id: known }),
            limit: MISSED_MAX,
            ..ObservationQuery::default()
        };
        self.counted(self.store.observations(&query).await)
    }
}

fn differences(before: &Catalogue, after: &Catalogue) -> Vec<Happening> {
    let mut all = Vec::new();
    let mut add = |kind, changes: Vec<(EntityId, EntityChange)>| {
        let tell = |(id, change)| Happening::Entity { kind, id, change };
        all.extend(changes.into_iter().map(tell));
    };
    add(EntityKind::Thing, changes(&before.things, &after.things));
    add(EntityKind::Location, changes(&before.locations, &after.locations));
    let (old, new) = (&before.historical_locations, &after.historical_locations);
    add(EntityKind::HistoricalLocation, changes(old, new));
    add(EntityKind::Sensor, changes(&before.sensors, &after.sensors));
    let (old, new) = (&before.observed_properties, &after.observed_properties);
    add(EntityKind::ObservedProperty, changes(old, new));
    add(EntityKind::FeatureOfInterest, changes(&before.features, &after.features));
    for (id, change) in changes(&before.datastreams, &after.datastreams) {
        let known = after.datastreams.get(&id).or_else(|| before.datastreams.get(&id));
        add(known.map_or(EntityKind::Datastream, |it| it.kind()), vec![(id, change)]);
    }
    all
}

fn changes<T: PartialEq>(
    before: &OrdMap<EntityId, Arc<T>>,
    after: &OrdMap<EntityId, Arc<T>>,
) -> Vec<(EntityId, EntityChange)> {
    let change = |item| match item {
        DiffItem::Add(id, _) => (*id, EntityChange::Created),
        DiffItem::Update { new: (id, _), .. } => (*id, EntityChange::Changed),
        DiffItem::Remove(id, _) => (*id, EntityChange::Deleted),
    };
    before.diff(after).map(change).collect()
}
