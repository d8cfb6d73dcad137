use std::collections::{BTreeMap, HashMap};

use quartier_model::{EntityId, Observation, Step};
use quartier_store::{
    Bounds, KeyValue, ObservationFilter, ObservationKey, ObservationOrder, ObservationQuery,
    OrderBy,
};
use time::OffsetDateTime;

use super::{
    AggregateError, Member,
    piece::{Piece, Way, pieces},
};
use crate::sensors::{
    Sensors,
    recent::{Sample, Sums, micros},
};

/// Datastreams that are read together.
const DATASTREAMS_PER_READ: usize = 500;

/// Observations that one read brings: some megabytes.
const PAGE: u32 = 20_000;

/// Observations that one request may take from the store: some seconds.
const READINGS_MAX: usize = 2_000_000;

/// Reads that one request may take: things that move every few minutes leave many ends of hours.
const GROUPS_MAX: usize = 1_000;

/// Pieces that are near each other and are read together, each with its member.
type Groups = BTreeMap<(Way, i64), Vec<(usize, Piece)>>;

/// Members that wait for what is read of their datastreams.
struct Sink<'a> {
    members: &'a mut [Member],
    by_datastream: HashMap<EntityId, Vec<(usize, Piece)>>,
    /// From the first up to, but not including, the second.
    hull_us: (i64, i64),
}

impl Sensors {
    /// Adds to the members' sums what is not in memory.
    pub(super) async fn add_past(&self, members: &mut [Member]) -> Result<(), AggregateError> {
        let groups = grouped(members);
        if groups.len() > GROUPS_MAX {
            return Err(AggregateError::TooMuch);
        }
        let mut readings_left = READINGS_MAX;
        for ((way, _), pieces) in groups {
            let mut sink = Sink::new(members, &pieces);
            let ids: Vec<EntityId> = sink.by_datastream.keys().copied().collect();
            for ids in ids.chunks(DATASTREAMS_PER_READ) {
                match way.step() {
                    Some(step) => self.add_rollups(ids, step, &mut sink).await?,
                    None => self.add_readings(ids, &mut sink, &mut readings_left).await?,
                }
            }
        }
        Ok(())
    }

    async fn add_rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        sink: &mut Sink<'_>,
    ) -> Result<(), AggregateError> {
        let (from, to) = (instant(sink.hull_us.0), instant(sink.hull_us.1));
        let rollups = self.counted(self.store.rollups(datastreams, step, from, to).await)?;
        for rollup in &rollups {
            sink.add(rollup.datastream, micros(rollup.start), |_| Sums::from(rollup));
        }
        Ok(())
    }

    async fn add_readings(
        &self,
        datastreams: &[EntityId],
        sink: &mut Sink<'_>,
        left: &mut usize,
    ) -> Result<(), AggregateError> {
        let (from, to) = (instant(sink.hull_us.0), instant(sink.hull_us.1 - 1));
        let mut query = ObservationQuery {
            filter: ObservationFilter {
                datastreams: Some(datastreams.to_vec()),
                phenomenon_start: Bounds { min: Some(from), max: Some(to) },
                ..ObservationFilter::default()
            },
            order: ObservationOrder { by: OrderBy::PhenomenonTime, is_descending: false },
            limit: PAGE,
            ..ObservationQuery::default()
        };
        loop {
            let page = self.counted(self.store.observations(&query).await)?;
            *left = left.checked_sub(page.len()).ok_or(AggregateError::TooMuch)?;
            for observation in &page {
                let sample = Sample::of(observation);
                sink.add(observation.datastream, sample.at_us, |channel| sample.sums(channel));
            }
            match page.last().filter(|_| page.len() == PAGE as usize) {
                Some(last) => query.after = Some(key(last)),
                None => return Ok(()),
            }
        }
    }
}

impl<'a> Sink<'a> {
    fn new(members: &'a mut [Member], pieces: &[(usize, Piece)]) -> Self {
        let mut by_datastream: HashMap<EntityId, Vec<(usize, Piece)>> = HashMap::new();
        for (member, piece) in pieces {
            let id = members[*member].datastream.id;
            by_datastream.entry(id).or_default().push((*member, *piece));
        }
        let from_us = pieces.iter().map(|(_, piece)| piece.from_us).min().unwrap_or_default();
        let to_us = pieces.iter().map(|(_, piece)| piece.to_us).max().unwrap_or_default();
        Self { members, by_datastream, hull_us: (from_us, to_us) }
    }

    /// Adds what was measured from an instant on to those who were there then.
    fn add(&mut self, datastream: EntityId, at_us: i64, sums: impl Fn(usize) -> Sums) {
        let pieces = self.by_datastream.get(&datastream).into_iter().flatten();
        for (member, _) in pieces.filter(|(_, it)| it.from_us <= at_us && at_us < it.to_us) {
            let member = &mut self.members[*member];
            member.sums.merge(&sums(member.channel));
        }
    }
}

fn key(observation: &Observation) -> ObservationKey {
    let value = KeyValue::Time(Some(observation.phenomenon_time.start()));
    ObservationKey { value, id: observation.id }
}

/// What is missing, by the way in which it is read and the day or hour that it is the end of.
fn grouped(members: &[Member]) -> Groups {
    let mut groups = Groups::new();
    for (at, member) in members.iter().enumerate() {
        for piece in member.missing_us.iter().flat_map(|times_us| member.pieces(*times_us)) {
            groups.entry((piece.way, piece.place())).or_default().push((at, piece));
        }
    }
    groups
}

impl Member {
    /// Of multi-datastreams there are no hourly and daily sums.
    fn pieces(&self, (from_us, to_us): (i64, i64)) -> Vec<Piece> {
        if self.datastream.is_multi {
            return vec![Piece { way: Way::Readings, from_us, to_us }];
        }
        pieces(from_us, to_us)
    }
}

fn instant(at_us: i64) -> OffsetDateTime {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_us) * 1_000);
    at.expect("a window starts and ends at times that are")
}
