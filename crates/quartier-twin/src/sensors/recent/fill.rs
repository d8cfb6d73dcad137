use quartier_model::EntityId;
use quartier_store::{Bounds, ObservationFilter, ObservationOrder, ObservationQuery, OrderBy};
use time::OffsetDateTime;

use super::{AHEAD, REACH, Recent, Sample, lock, micros, series};
use crate::{Result, sensors::Sensors};

/// Datastreams that are read together: their observations take some 60 MB for a moment.
const STREAMS_PER_READ: usize = 16;

/// Datastreams that are read in one go; the rest waits for the next second.
const STREAMS_PER_STEP: usize = 1_024;

/// Observations of one datastream that are read, the newest: two hours of one and a half a second.
const OBSERVATIONS_MAX: u32 = 10_000;

impl Sensors {
    /// Reads datastreams whose newest numbers are not in memory.
    pub(crate) async fn fill_recent(&self, now: OffsetDateTime) -> Result<()> {
        let _filling = self.recent.filling.lock().await;
        let Some(catalogue) = self.catalogue() else { return Ok(()) };
        let missing = catalogue.datastreams.keys().copied();
        let missing = missing.filter(|id| self.recent.needs_filling(*id, now));
        let missing: Vec<EntityId> = missing.take(STREAMS_PER_STEP).collect();
        for step in missing.chunks(STREAMS_PER_READ) {
            self.fill_streams(step, now).await?;
        }
        Ok(())
    }

    async fn fill_streams(&self, datastreams: &[EntityId], now: OffsetDateTime) -> Result<()> {
        for id in datastreams {
            self.recent.begin_filling(*id);
        }
        let oldest = series::start_of(series::minute_of(micros(now - REACH)));
        let summaries = self.summaries();
        let is_fresh = |id: &EntityId| {
            let times = summaries.get(id).and_then(|summary| summary.phenomenon_time);
            times.is_some_and(|times| micros(times.end()) >= oldest)
        };
        let (fresh, quiet): (Vec<EntityId>, Vec<EntityId>) =
            datastreams.iter().copied().partition(is_fresh);
        for id in quiet {
            self.recent.fill(id, Vec::new(), oldest, now);
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let mut samples = self.read_newest(&fresh, now - REACH).await?;
        for id in fresh {
            let rest = samples.partition_point(|(datastream, _)| *datastream <= id);
            let own = samples.drain(..rest).map(|(_, sample)| sample).collect();
            self.recent.fill(id, own, oldest, now);
        }
        Ok(())
    }

    /// By datastream, newest first.
    async fn read_newest(
        &self,
        datastreams: &[EntityId],
        since: OffsetDateTime,
    ) -> Result<Vec<(EntityId, Sample)>> {
        let since = since.replace_second(0).unwrap_or(since).replace_nanosecond(0).unwrap_or(since);
        let query = ObservationQuery {
            filter: ObservationFilter {
                datastreams: Some(datastreams.to_vec()),
                phenomenon_start: Bounds { min: Some(since), max: None },
                ..ObservationFilter::default()
            },
            order: ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: true },
            limit: OBSERVATIONS_MAX,
            for_each_datastream: true,
            ..ObservationQuery::default()
        };
        let observations = self.counted(self.store.observations(&query).await)?;
        let samples = observations.iter().map(|it| (it.datastream, Sample::of(it)));
        Ok(samples.collect())
    }
}

impl Recent {
    /// Ends the filling of a datastream, newest observation first.
    fn fill(
        &self,
        datastream: EntityId,
        mut samples: Vec<Sample>,
        oldest: i64,
        now: OffsetDateTime,
    ) {
        let Some(stream) = self.stream(datastream) else { return };
        let mut since_us = oldest;
        if samples.len() >= OBSERVATIONS_MAX as usize {
            // Others of the same instant may have been cut off.
            since_us = samples.last().map_or(oldest, |last| last.at_us + 1);
            samples.retain(|sample| sample.at_us >= since_us);
        }
        let mut stream = lock(&stream);
        stream.fill(samples, since_us, micros(now + AHEAD));
        self.numbers.fetch_add(stream.len(), std::sync::atomic::Ordering::Relaxed);
    }
}
