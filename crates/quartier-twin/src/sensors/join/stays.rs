use quartier_model::{EntityId, Thing, TimeRange};
use time::OffsetDateTime;

use super::{Reason, Spot};
use crate::sensors::Catalogue;

/// Places of one thing that are joined, the newest: a bus that reports every half minute for three days. What was
/// measured before belongs to no object.
pub(crate) const STAYS_MAX: usize = 10_000;

/// That a thing was somewhere for a time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stay {
    pub(crate) valid: TimeRange,
    pub(crate) spot: Result<Spot, Reason>,
}

/// Where a thing was, oldest first, without gaps. It is taken to have been at its first place always, since nothing is
/// known of another; so a series of old readings has a place. One stay at least.
pub(crate) fn stays(catalogue: &Catalogue, thing: &Thing) -> Vec<Stay> {
    let newest = catalogue.history_of(thing.id).rev().take(STAYS_MAX + 1);
    let history = newest.filter_map(|id| catalogue.historical_locations.get(&id));
    let mut arrivals: Vec<_> =
        history.map(|it| (it.time, spot(catalogue, &it.locations))).collect();
    let is_cut = arrivals.len() > STAYS_MAX;
    arrivals.truncate(STAYS_MAX);
    arrivals.reverse();
    if arrivals.is_empty() {
        return vec![Stay { valid: TimeRange::ALWAYS, spot: spot(catalogue, &thing.locations) }];
    }
    merged(arrivals, is_cut)
}

fn merged(arrivals: Vec<(OffsetDateTime, Result<Spot, Reason>)>, is_cut: bool) -> Vec<Stay> {
    let ends: Vec<_> = arrivals.iter().skip(1).map(|(time, _)| Some(*time)).chain([None]).collect();
    let mut stays: Vec<Stay> = Vec::new();
    for ((time, spot), end) in arrivals.into_iter().zip(ends) {
        if end == Some(time) {
            continue;
        }
        let start = Some(time).filter(|_| is_cut || !stays.is_empty());
        match stays.last_mut().filter(|last| last.spot == spot) {
            Some(last) => last.valid = range(last.valid.start(), end),
            None => stays.push(Stay { valid: range(start, end), spot }),
        }
    }
    stays
}

fn range(start: Option<OffsetDateTime>, end: Option<OffsetDateTime>) -> TimeRange {
    TimeRange::new(start, end).expect("arrivals are in the order of their times")
}

/// Of several encodings of a place, the first that is understood.
fn spot(catalogue: &Catalogue, locations: &[EntityId]) -> Result<Spot, Reason> {
    if locations.is_empty() {
        return Err(Reason::NoLocation);
    }
    let mut known = locations.iter().filter_map(|id| catalogue.locations.get(id));
    known.find_map(|it| Spot::of(&it.place)).ok_or(Reason::NoPlace)
}
