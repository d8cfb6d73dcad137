use std::{
    iter,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use quartier_archive::{About, Container, Place, Writer, Written, gzip, walk};
use quartier_twin::{Snapshot, TileLayer};
use rayon::prelude::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};

use super::region::Region;
use crate::{commands::progress::Progress, failure::Failure};

/// Tiles that are drawn before the first of them is written: enough that no thread waits long for the last one, and
/// at most 100 MB of full ones.
const AHEAD: usize = 256;

/// Draws the tiles on all processors, and writes them in the order of the file.
pub(super) struct Press<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) region: &'a Region<'a>,
    pub(super) is_stopped: &'a AtomicBool,
}

impl Press<'_> {
    pub(super) fn run(
        &self,
        path: &Path,
        container: Container,
        about: &About,
    ) -> Result<Written, Failure> {
        let layers: Vec<_> = self.region.collections.iter().map(|it| TileLayer::all(it)).collect();
        self.region.collections.iter().for_each(|it| it.prepare(&self.region.set));
        let mut writer = Writer::create(path, container, about)?;
        let (mut progress, mut bytes) = (Progress::of_tiles(), 0);
        for batch in self.batches() {
            for (place, tile) in batch.iter().zip(self.draw(&batch, &layers)?) {
                writer.add(*place, &tile)?;
                bytes += tile.len() as u64;
                progress.show_tile(place.z(), bytes);
            }
        }
        Ok(writer.finish()?)
    }

    /// The places, in the order of the file.
    fn batches(&self) -> impl Iterator<Item = Vec<Place>> {
        let holds = |place| self.region.holds(place);
        let mut places = self.region.zooms.clone().flat_map(move |zoom| walk(zoom, holds));
        iter::from_fn(move || Some(places.by_ref().take(AHEAD).collect()))
            .take_while(|batch: &Vec<Place>| !batch.is_empty())
    }

    fn draw(&self, batch: &[Place], layers: &[TileLayer<'_>]) -> Result<Vec<Vec<u8>>, Failure> {
        let draw = |place: &Place| {
            if self.is_stopped.load(Ordering::Relaxed) {
                return Err(Failure::Stopped);
            }
            self.tile(*place, layers)
        };
        batch.par_iter().with_max_len(1).map(draw).collect()
    }

    fn tile(&self, place: Place, layers: &[TileLayer<'_>]) -> Result<Vec<u8>, Failure> {
        let set = &self.region.set;
        let Ok(tile) = set.tile(place.z().into(), place.x().into(), place.y().into()) else {
            return Ok(Vec::new());
        };
        let bytes = self.snapshot.tile(set, tile, layers, None)?;
        Ok(if bytes.is_empty() { bytes } else { gzip(&bytes) })
    }
}
