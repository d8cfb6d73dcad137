use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Weak},
    time::Duration,
};

use quartier_index::Entry;
use quartier_model::{CollectionId, FeatureId};
use quartier_store::{Change, Sequence, StoredFeature};

use crate::{
    CollectionSnapshot, Error, Result, Snapshot, Twin,
    freshness::{self, Places},
    load,
    sensors::Happening,
    snapshot::ForTiles,
};

/// Changes that one step takes in: a backlog grows into few large steps instead of many small ones.
const CHANGES_PER_STEP_MAX: u32 = 64;

/// Objects that one read of the store brings.
const READ_MAX: usize = 5_000;

/// So many changed objects are read one by one when a saved city is brought forward…
const REPLAYED_MAX: usize = 20_000;

/// …or this share of all objects, one in five: reading them in their order is several times quicker.
const REPLAYED_SHARE: usize = 5;

/// Takes in changes of the store as they come, whoever made them.
pub(crate) async fn follow(twin: Weak<Twin>, retry: Duration) {
    let Some(mut newest) = twin.upgrade().map(|held| held.store.watch()) else { return };
    loop {
        let Some(held) = twin.upgrade() else { return };
        let sequence = *newest.borrow_and_update();
        let step = catch_up(&held, sequence).await;
        drop(held);
        if let Err(error) = step {
            warn(&error);
            tokio::time::sleep(retry).await;
            newest.mark_changed();
        }
        if newest.changed().await.is_err() {
            return;
        }
    }
}

fn warn(error: &Error) {
    let error: &dyn std::error::Error = error;
    tracing::warn!(error, "the store does not answer; what is loaded is still served");
}

/// Makes snapshots until one has everything up to the sequence.
pub(crate) async fn catch_up(twin: &Twin, sequence: Sequence) -> Result<()> {
    let _making = twin.making.lock().await;
    let Some(mut snapshot) = twin.snapshot() else { return Ok(()) };
    while snapshot.sequence < sequence {
        let changes = twin.store.changes(snapshot.sequence, CHANGES_PER_STEP_MAX).await;
        let changes = twin.counted(changes)?;
        let Some(last) = changes.last() else { return Ok(()) };
        let (next, places) = step(twin, &snapshot, &changes).await?;
        snapshot = Arc::new(next.up_to(last.sequence));
        twin.current.store(Some(Arc::clone(&snapshot)));
        fall_behind(twin, &changes);
        tell(twin, &changes, &places).await;
    }
    Ok(())
}

fn fall_behind(twin: &Twin, changes: &[Change]) {
    for change in changes {
        match &twin.keeper {
            // The whole collection is read anew.
            Some(keeper) if change.objects.is_empty() => keeper.start_anew(),
            Some(keeper) => keeper.fall_behind(change.objects.len()),
            None => {}
        }
    }
}

/// A snapshot from before, brought forward to the sequence. `None` where the store is read more quickly than the changes
/// since.
pub(crate) async fn brought_forward(
    twin: &Twin,
    mut snapshot: Snapshot,
    sequence: Sequence,
) -> Result<Option<Snapshot>> {
    let objects: usize = snapshot.collections().map(|it| it.index.len()).sum();
    let mut left = REPLAYED_MAX.max(objects / REPLAYED_SHARE);
    while snapshot.sequence < sequence {
        let changes = twin.store.changes(snapshot.sequence, CHANGES_PER_STEP_MAX).await;
        let changes = twin.counted(changes)?;
        let Some(last) = changes.last() else { return Ok(None) };
        let changed = changes.iter().map(|change| change.objects.len()).sum();
        let Some(fewer) = left.checked_sub(changed) else { return Ok(None) };
        left = fewer;
        let (next, _places) = step(twin, &snapshot, &changes).await?;
        snapshot = next.up_to(last.sequence);
    }
    Ok(Some(snapshot))
}

/// Lets the sensors know what the snapshot shows anew: links follow, then the word of it.
async fn tell(twin: &Twin, changes: &[Change], places: &PlacesOf) {
    for change in changes {
        let Change { collection, objects, .. } = change;
        twin.sensors.objects_changed(collection, objects).await;
        let places = places.get(collection).and_then(|places| places.of_these(objects));
        let objects = objects.as_slice().into();
        let collection = collection.clone();
        twin.sensors.ring().push([Happening::Objects { collection, objects, places }]);
    }
}

/// By collection; without those of which all may have changed.
type PlacesOf = BTreeMap<CollectionId, Places>;

async fn step(twin: &Twin, before: &Snapshot, changes: &[Change]) -> Result<(Snapshot, PlacesOf)> {
    let mut touched: BTreeMap<&CollectionId, BTreeSet<FeatureId>> = BTreeMap::new();
    let mut renewed = BTreeSet::new();
    for change in changes {
        if change.objects.is_empty() {
            renewed.insert(&change.collection);
        }
        touched.entry(&change.collection).or_default().extend(&change.objects);
    }
    let sequence = changes.last().map_or(before.sequence, |last| last.sequence);
    let (mut snapshot, mut places) = (before.clone(), PlacesOf::new());
    for (id, objects) in touched {
        let known = before.collections.get(id).filter(|_| !renewed.contains(id));
        let changed = match known {
            Some(known) => {
                let (changed, moved) = changed(twin, known, &objects, sequence).await?;
                places.insert(id.clone(), moved);
                Some(changed)
            }
            None => reloaded(twin, id, sequence).await?,
        };
        if let Some(changed) = changed {
            snapshot = snapshot.with(changed);
        }
    }
    Ok((snapshot, places))
}

/// The collection with these objects as the store has them now.
async fn changed(
    twin: &Twin,
    before: &Arc<CollectionSnapshot>,
    objects: &BTreeSet<FeatureId>,
    sequence: Sequence,
) -> Result<(CollectionSnapshot, Places)> {
    let objects: Vec<FeatureId> = objects.iter().copied().collect();
    let mut entries = Vec::with_capacity(objects.len());
    for ids in objects.chunks(READ_MAX) {
        let stored = twin.store.features(&before.collection.id, ids).await;
        entries.extend(twin.counted(stored)?.into_iter().map(entry));
    }
    let present: BTreeSet<FeatureId> = entries.iter().map(|entry| entry.fid).collect();
    let removed: Vec<FeatureId> =
        objects.into_iter().filter(|fid| !present.contains(fid)).collect();
    let before = Arc::clone(before);
    let next = tokio::task::spawn_blocking(move || {
        let boxes = freshness::boxes(&before.index, &entries, &removed);
        let index = before.index.apply(entries, &removed);
        let index = if index.needs_rebuild() { index.rebuilt() } else { index };
        let collection = before.collection.clone();
        let places = Places::of(&boxes, collection.storage_crs);
        let for_tiles = ForTiles {
            rule: before.tiles.clone(),
            freshness: before.freshness.and(sequence, &boxes),
            ready: before.ready.after(&index, collection.storage_crs),
            blocks: before.blocks.after(&boxes),
        };
        Ok((CollectionSnapshot::new(collection, index, sequence, for_tiles)?, places))
    });
    next.await?
}

/// A collection that is new, or of which something else is said now.
async fn reloaded(
    twin: &Twin,
    id: &CollectionId,
    sequence: Sequence,
) -> Result<Option<CollectionSnapshot>> {
    let collections = twin.counted(twin.store.collections().await)?;
    let Some(collection) = collections.into_iter().find(|collection| collection.id == *id) else {
        return Ok(None);
    };
    let loaded =
        load::load_collection(&twin.store, &twin.ground, &twin.overlays, collection, sequence);
    Ok(Some(loaded.await?))
}

fn entry(stored: StoredFeature) -> Entry {
    Entry { fid: stored.fid, version: stored.version, feature: stored.feature }
}
