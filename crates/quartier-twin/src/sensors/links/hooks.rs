//! What the join, the geofences and the recent readings have to be told, and when.

use std::sync::Arc;

use quartier_model::{CollectionId, EntityId, FeatureId, Observation};
use quartier_store::SensorBatch;

use super::super::{Catalogue, Sensors};
use crate::{Result, Snapshot};

#[expect(clippy::unused_async, unused_variables, dead_code, reason = "being written")]
impl Sensors {
    /// At the start, when the catalogue and the latest values are there: reads links and geofences from the store.
    pub(crate) async fn load_join(&self) -> Result<()> {
        unimplemented!()
    }

    /// When city and catalogue are both loaded, and after each import of a whole collection: links every thing anew.
    pub(crate) async fn relink(&self, city: &Arc<Snapshot>) {
        unimplemented!()
    }

    /// After entities were committed and the catalogue shows them, before `change` returns. Without a city nothing is
    /// linked yet: [`Sensors::relink`] does it later.
    pub(crate) async fn entities_changed(
        &self,
        city: Option<&Arc<Snapshot>>,
        before: &Catalogue,
        after: &Catalogue,
        batch: &SensorBatch,
    ) {
        unimplemented!()
    }

    /// After a snapshot with changed objects is shown.
    pub(crate) async fn objects_changed(
        &self,
        city: &Arc<Snapshot>,
        collection: &CollectionId,
        objects: &[FeatureId],
    ) {
        unimplemented!()
    }

    /// After observations that were not known before are committed and their summaries are shown; in commit order.
    /// Quick, and never waits.
    pub(crate) fn observed(&self, observations: &[Arc<Observation>]) {
        unimplemented!()
    }

    /// After observations of these datastreams were deleted or replaced.
    pub(crate) async fn observations_rewritten(&self, datastreams: &[EntityId]) {
        unimplemented!()
    }

    /// Every second: looks for silence, forgets old readings, writes links that the store does not have yet.
    pub(crate) async fn upkeep(&self, city: Option<&Arc<Snapshot>>) {
        unimplemented!()
    }
}
