use std::{collections::BTreeMap, sync::Arc, time::Instant};

use quartier_crs::{Description, Transform};
use quartier_index::{CollectionIndex, Metric};
use quartier_model::{Bbox, Collection, CollectionId, Crs};
use quartier_store::{Sequence, Store};
use quartier_tiles::TileMatrixSet;

use crate::{
    Overlays, Result, TileRule,
    freshness::Freshness,
    load,
    tile::{Blocks, ReadySets},
};

/// The whole city at one moment of the store. Immutable: hold it for a request, and nothing moves under you.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The store's change up to which the snapshot has everything.
    pub sequence: Sequence,
    pub taken: Instant,
    pub(crate) ground: Arc<Ground>,
    pub(crate) collections: BTreeMap<CollectionId, Arc<CollectionSnapshot>>,
}

/// One collection at one moment.
#[derive(Debug)]
pub struct CollectionSnapshot {
    pub collection: Collection,
    pub index: CollectionIndex,
    /// The change that made it what it is.
    pub sequence: Sequence,
    /// The box around its objects in WGS 84 degrees; `None` while it is empty.
    pub extent_degrees: Option<Bbox>,
    /// How tiles show it.
    pub tiles: TileRule,
    pub(crate) freshness: Freshness,
    pub(crate) ready: ReadySets,
    pub(crate) blocks: Blocks,
}

/// What tiles need of a collection beside its objects.
pub(crate) struct ForTiles {
    pub(crate) rule: TileRule,
    pub(crate) freshness: Freshness,
    pub(crate) ready: ReadySets,
    pub(crate) blocks: Blocks,
}

/// The CRS that everything stands on.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) crs: Crs,
    pub(crate) description: Description,
}

impl Ground {
    pub(crate) fn new(crs: Crs) -> Result<Self> {
        let description = quartier_crs::describe(crs)?;
        let is_metric = description.is_geographic || description.unit == 1.0;
        if is_metric { Ok(Self { crs, description }) } else { Err(crate::Error::WorkingCrs(crs)) }
    }

    pub(crate) fn metric(&self) -> Metric {
        if self.description.is_geographic { Metric::Geodesic } else { Metric::Planar }
    }
}

impl Snapshot {
    /// Reads the whole city once, for those who do not go on with it; a server has a [`crate::Twin`].
    pub async fn load(store: &Arc<dyn Store>, overlays: &Overlays) -> Result<Self> {
        load::load(store, &Arc::new(Ground::new(store.working_crs())?), overlays).await
    }

    pub fn working_crs(&self) -> Crs {
        self.ground.crs
    }

    /// What PROJ's register says of the working CRS.
    pub fn crs_description(&self) -> &Description {
        &self.ground.description
    }

    /// Every collection, by id.
    pub fn collections(&self) -> impl Iterator<Item = &Arc<CollectionSnapshot>> {
        self.collections.values()
    }

    pub fn collection(&self, id: &str) -> Option<&Arc<CollectionSnapshot>> {
        self.collections.get(id)
    }

    /// Makes what the first tiles of the web's maps, and their tags, would wait for.
    pub(crate) fn prepare_tiles(&self) {
        let set = TileMatrixSet::web_mercator_quad();
        for it in self.collections() {
            it.index.prepare_digests();
            it.prepare(&set);
        }
    }

    pub(crate) fn with(&self, collection: CollectionSnapshot) -> Self {
        let mut next = self.clone();
        next.collections.insert(collection.collection.id.clone(), Arc::new(collection));
        next
    }

    pub(crate) fn up_to(self, sequence: Sequence) -> Self {
        Self { sequence, taken: Instant::now(), ..self }
    }
}

impl CollectionSnapshot {
    pub(crate) fn new(
        collection: Collection,
        index: CollectionIndex,
        sequence: Sequence,
        for_tiles: ForTiles,
    ) -> Result<Self> {
        let crs = collection.storage_crs;
        let degrees = Transform::between(crs, Crs::Crs84)?;
        let extent_degrees = index.extent().and_then(|extent| degrees.bbox(&extent).ok());
        let ForTiles { rule: tiles, freshness, ready, blocks } = for_tiles;
        Ok(Self { collection, index, sequence, extent_degrees, tiles, freshness, ready, blocks })
    }
}
