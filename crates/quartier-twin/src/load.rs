use std::{collections::BTreeMap, sync::Arc, time::Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use quartier_index::{Builder, CollectionIndex, Metric};
use quartier_model::{Collection, FeatureId};
use quartier_store::{Sequence, Store};
use quartier_tiles::TileMatrixSet;

use crate::{
    Error, Overlays, Result, Snapshot,
    freshness::Freshness,
    snapshot::{CollectionSnapshot, ForTiles, Ground},
    tile::{Blocks, KeptBlocks, ReadySets},
};

/// Objects that one read of the store brings: some megabytes.
const PAGE: u32 = 5_000;

/// Feature ids that one segment of a scan spans, so that small collections are read in one piece.
const SEGMENT_MIN: u64 = 20_000;

/// Segments for each worker: more than one, since ids lie in some ranges more densely than in others, and many, so
/// that what was read and not joined yet is a small part of the whole.
const SEGMENTS_PER_WORKER: u64 = 64;

/// Reads the whole city. Changes made meanwhile are in the snapshot or after its sequence, or both.
pub(crate) async fn load(
    store: &Arc<dyn Store>,
    ground: &Arc<Ground>,
    overlays: &Overlays,
) -> Result<Snapshot> {
    let sequence = store.sequence().await?;
    let mut collections = BTreeMap::new();
    for collection in store.collections().await? {
        let loaded = load_collection(store, ground, overlays, collection, sequence).await?;
        collections.insert(loaded.collection.id.clone(), Arc::new(loaded));
    }
    Ok(Snapshot { sequence, taken: Instant::now(), ground: Arc::clone(ground), collections })
}

pub(crate) async fn load_collection(
    store: &Arc<dyn Store>,
    ground: &Arc<Ground>,
    overlays: &Overlays,
    collection: Collection,
    sequence: Sequence,
) -> Result<CollectionSnapshot> {
    let index = load_index(store, &collection, ground.metric()).await?;
    let (ready, blocks) = (ReadySets::default(), KeptBlocks::default());
    let contents = Contents { index, sequence, ready, blocks };
    let (identity, overlays) = (store.identity().await?, overlays.clone());
    let shown = move || shown(collection, contents, &overlays, &identity);
    tokio::task::spawn_blocking(shown).await?
}

/// What there is in a collection, wherever it was read.
pub(crate) struct Contents {
    pub(crate) index: CollectionIndex,
    pub(crate) sequence: Sequence,
    pub(crate) ready: ReadySets,
    pub(crate) blocks: KeptBlocks,
}

/// The collection with what the configuration says of it; `identity` is the store's.
pub(crate) fn shown(
    collection: Collection,
    Contents { index, sequence, ready, blocks: kept }: Contents,
    overlays: &Overlays,
    identity: &str,
) -> Result<CollectionSnapshot> {
    let (collection, tiles) = overlays.over(collection);
    let blocks = Blocks::of(&index, &tiles, collection.storage_crs);
    let freshness = Freshness::loaded(identity, (&collection, &tiles, &blocks), &index, sequence);
    let for_tiles = ForTiles { rule: tiles, freshness, ready, blocks };
    let shown = CollectionSnapshot::new(collection, index, sequence, for_tiles)?;
    // The web's maps ask first.
    shown.ready(&TileMatrixSet::web_mercator_quad());
    shown.take_over_blocks(kept);
    Ok(shown)
}

/// Reads segments side by side; each fills a builder of its own, which is joined to those before it once it is full.
async fn load_index(
    store: &Arc<dyn Store>,
    collection: &Collection,
    metric: Metric,
) -> Result<CollectionIndex> {
    let range = store.feature_id_range(&collection.id).await?;
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let segments = range.map_or_else(Vec::new, |range| split(range, workers as u64));
    let whole = Builder::new(&collection.schema, metric);
    let whole = stream::iter(segments)
        .map(|segment| {
            let (store, collection) = (Arc::clone(store), collection.clone());
            tokio::spawn(async move { read(&*store, &collection, metric, segment).await })
        })
        .buffered(workers)
        .map(|read| read?)
        .try_fold(whole, |whole, segment| async move {
            Ok(tokio::task::spawn_blocking(move || joined(whole, segment)).await?)
        })
        .await?;
    Ok(tokio::task::spawn_blocking(move || whole.finish()).await?)
}

fn joined(mut whole: Builder, segment: Builder) -> Builder {
    whole.append(segment);
    whole
}

async fn read(
    store: &dyn Store,
    collection: &Collection,
    metric: Metric,
    (first, last): (FeatureId, FeatureId),
) -> Result<Builder, Error> {
    let mut builder = Builder::new(&collection.schema, metric);
    let mut after = first.0.checked_sub(1).map(FeatureId);
    loop {
        let page = store.scan(&collection.id, after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        let inside = page.iter().take_while(|stored| stored.fid <= last);
        inside.for_each(|stored| builder.push(stored.fid, stored.version, &stored.feature));
        match page.last() {
            Some(end) if !is_last && end.fid < last => after = Some(end.fid),
            _ => return Ok(builder),
        }
    }
}

/// Shares out a range of feature ids, both ends included.
fn split((low, high): (FeatureId, FeatureId), workers: u64) -> Vec<(FeatureId, FeatureId)> {
    let span = high.0 - low.0 + 1;
    let length = (span / (workers * SEGMENTS_PER_WORKER)).max(SEGMENT_MIN);
    let starts = (low.0..=high.0).step_by(usize::try_from(length).unwrap_or(usize::MAX));
    starts
        .map(|start| (FeatureId(start), FeatureId(start.saturating_add(length - 1).min(high.0))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cover_the_range_once() {
        let segments = split((FeatureId(5), FeatureId(1_000_004)), 2);
        assert_eq!(segments.first().unwrap().0, FeatureId(5));
        assert_eq!(segments.last().unwrap().1, FeatureId(1_000_004));
        assert!(segments.windows(2).all(|pair| pair[0].1.0 + 1 == pair[1].0.0));
    }
}
