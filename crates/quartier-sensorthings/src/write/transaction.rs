use std::{collections::HashMap, sync::Arc};

use quartier_model::{EntityId, NewObservation, Observation};
use quartier_store::{Appended, ObservationFilter, ObservationQuery, SensorReceipt};
use quartier_twin::sensors::{Catalogue, ChangeError, Patience, Sensors, Source};

use super::work::Work;
use crate::{Error, Result, Service};

/// The observations that a request's path names.
pub(crate) type Known = HashMap<EntityId, Observation>;

impl Service {
    pub(crate) fn sensors(&self) -> &Sensors {
        self.twin.sensors()
    }

    pub(crate) fn catalogue(&self) -> Result<Arc<Catalogue>> {
        self.sensors().catalogue().ok_or(Error::NotReady)
    }

    /// Writes what the plan has put together, or nothing of it.
    pub(super) async fn transact<T: Send>(
        &self,
        known: &Known,
        plan: impl FnOnce(&mut Work<'_>) -> Result<T> + Send,
    ) -> Result<(SensorReceipt, T)> {
        self.catalogue()?;
        let sensors = self.sensors();
        let changed = sensors.change(|catalogue, numbers| {
            let mut work = Work::new(sensors, catalogue, numbers, known);
            let done = plan(&mut work)?;
            Ok((work.into_batch(), done))
        });
        changed.await.map_err(|error| match error {
            ChangeError::Refused(refusal) => refusal,
            ChangeError::Twin(error) => refusal(error),
        })
    }

    pub(super) async fn observe(&self, observations: Vec<NewObservation>) -> Result<Vec<Appended>> {
        let observed = self.sensors().observe(observations, &Source::Http, Patience::Refuse).await;
        observed.map_err(refusal)
    }

    /// Observations by their numbers; those that are not there are left out.
    pub(crate) async fn observations_named(&self, ids: Vec<EntityId>) -> Result<Known> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let filter = ObservationFilter { ids: Some(ids), ..ObservationFilter::default() };
        let query = ObservationQuery { filter, ..ObservationQuery::default() };
        let found = self.sensors().observations(&query).await?;
        Ok(found.into_iter().map(|it| (it.id, it)).collect())
    }
}

/// What the twin says of a write that is itself to blame is for its sender.
pub(crate) fn refusal(error: quartier_twin::Error) -> Error {
    use quartier_twin::Error as Twin;
    match error {
        Twin::Busy => Error::Busy,
        Twin::Loading => Error::NotReady,
        Twin::UnknownDatastream(_)
        | Twin::UnknownFeature(_)
        | Twin::NoLocation { .. }
        | Twin::Place(_)
        | Twin::Store(quartier_store::Error::Unstorable { .. }) => Error::bad(error.to_string()),
        other => Error::Twin(other),
    }
}
