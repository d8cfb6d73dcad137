use std::collections::{BTreeMap, HashMap};

use quartier_model::{EntityId, Observation};
use quartier_store::{
    Bounds, KeyValue, ObservationFilter, ObservationKey, ObservationOrder, ObservationQuery,
    OrderBy,
};
use time::OffsetDateTime;

use super::{
    AggregateError, Member,
    piece::{DAY_US, HOUR_US, Piece, Way, pieces},
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

/// Pieces of members that are near each other and are read together.
#[derive(Default)]
struct Group {
    /// Each with its member.
    pieces: Vec<(usize, Piece)>,
}

impl Sensors {
    /// Adds to the members' sums what is not in memory.
    pub(super) async fn add_past(&self, members: &mut [Member]) -> Result<(), AggregateError> {
        let groups = grouped(members);
        if groups.len() > GROUPS_MAX {
            return Err(AggregateError::TooMuch);
        }
        let mut readings_left = READINGS_MAX;
        for ((way, _), group) in &groups {
            let by_datastream = group.by_datastream(members);
            let (from_us, to_us) = group.hull();
            let ids: Vec<EntityId> = by_datastream.keys().copied().collect();
            for ids in ids.chunks(DATASTREAMS_PER_READ) {
                let mut add = |datastream: EntityId, at_us: i64, sums: &dyn Fn(usize) -> Sums| {
                    for (member, piece) in by_datastream.get(&datastream).into_iter().flatten() {
                        if piece.from_us <= at_us && at_us < piece.to_us {
                            let member = &mut members[*member];
                            member.sums.merge(&sums(member.channel));
                        }
                    }
                };
                let (from, to) = (instant(from_us), instant(to_us));
                let Some(step) = way.step() else {
                    let window = (from, instant(to_us - 1));
                    self.add_readings(ids, window, &mut readings_left, &mut add).await?;
                    continue;
                };
                let rollups = self.counted(self.store.rollups(ids, step, from, to).await)?;
                for rollup in &rollups {
                    add(rollup.datastream, micros(rollup.start), &|_| Sums::from(rollup));
                }
            }
        }
        Ok(())
    }

    /// Adds each observation of a window whose two ends belong to it.
    async fn add_readings(
        &self,
        datastreams: &[EntityId],
        (from, to): (OffsetDateTime, OffsetDateTime),
        left: &mut usize,
        add: &mut (dyn FnMut(EntityId, i64, &dyn Fn(usize) -> Sums) + Send),
    ) -> Result<(), AggregateError> {
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
                add(observation.datastream, sample.at_us, &|channel| sample.sums(channel));
            }
            match page.last().filter(|_| page.len() == PAGE as usize) {
                Some(last) => query.after = Some(key(last)),
                None => return Ok(()),
            }
        }
    }
}

fn key(observation: &Observation) -> ObservationKey {
    let value = KeyValue::Time(Some(observation.phenomenon_time.start()));
    ObservationKey { value, id: observation.id }
}

/// What is missing, by the way in which it is read and the day or hour that it is the end of.
fn grouped(members: &[Member]) -> BTreeMap<(Way, i64), Group> {
    let mut groups: BTreeMap<(Way, i64), Group> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        for &(from_us, to_us) in &member.missing_us {
            // Of multi-datastreams there are no sums.
            let pieces = if member.datastream.is_multi {
                vec![Piece { way: Way::Readings, from_us, to_us }]
            } else {
                pieces(from_us, to_us)
            };
            for piece in pieces {
                let place = match piece.way {
                    Way::Readings => piece.from_us.div_euclid(HOUR_US),
                    Way::Hours => piece.from_us.div_euclid(DAY_US),
                    Way::Days => 0,
                };
                groups.entry((piece.way, place)).or_default().pieces.push((at, piece));
            }
        }
    }
    groups
}

impl Group {
    fn by_datastream(&self, members: &[Member]) -> HashMap<EntityId, Vec<(usize, Piece)>> {
        let mut by_datastream: HashMap<EntityId, Vec<(usize, Piece)>> = HashMap::new();
        for (member, piece) in &self.pieces {
            let id = members[*member].datastream.id;
            by_datastream.entry(id).or_default().push((*member, *piece));
        }
        by_datastream
    }

    fn hull(&self) -> (i64, i64) {
        let from = self.pieces.iter().map(|(_, piece)| piece.from_us).min().unwrap_or_default();
        let to = self.pieces.iter().map(|(_, piece)| piece.to_us).max().unwrap_or_default();
        (from, to)
    }
}

fn instant(at_us: i64) -> OffsetDateTime {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_us) * 1_000);
    at.expect("a window starts and ends at times that are")
}
