use std::{collections::HashMap, sync::Arc};

use quartier_model::{Link, Method, Role, Thing, TimeRange};

use super::{Found, JoinRules, Reason, Reference, Spot, Stay, around, reference, stays};
use crate::{Snapshot, sensors::Catalogue};

/// Everything that the join says of one thing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Resolution {
    /// By start, role, collection and feature id; no two of one object and role touch in time.
    pub(crate) links: Vec<Arc<Link>>,
    /// Why it has no object now, or not the one that it names.
    pub(crate) reason: Option<Reason>,
    pub(crate) reference: Option<Reference>,
    pub(crate) placed: Vec<Placed>,
}

/// What is around a thing while it stays somewhere.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) valid: TimeRange,
    pub(crate) spot: Result<Spot, Reason>,
    pub(crate) found: Arc<[Found]>,
}

/// Joins a thing. What is known to be around its spots is taken from `known`, which has seen the same city.
pub(crate) fn resolve(
    thing: &Thing,
    catalogue: &Catalogue,
    city: &Snapshot,
    rules: &JoinRules,
    known: &[Placed],
) -> Resolution {
    let named = reference(thing);
    let explicit = named.as_ref().map(|named| {
        let reference = named.as_ref().map_err(Clone::clone)?;
        reference.find(city)
    });
    let mut stays = stays(catalogue, thing);
    if let (Some(Ok((_, object))), [Stay { spot, .. }]) = (&explicit, stays.as_mut_slice())
        && spot.is_err()
    {
        // It stands at its object.
        *spot = object.geometry().as_ref().and_then(Spot::in_geometry).ok_or(Reason::NoLocation);
    }
    let known = known.iter().filter_map(|it| Some((bits(it.spot.as_ref().ok()?), &it.found)));
    let known: Known<'_> = known.collect();
    let placed: Vec<Placed> =
        stays.into_iter().map(|stay| place(stay, city, rules, &known)).collect();
    let distance_m = |object| {
        let here = placed.last().and_then(|last| last.spot.as_ref().ok());
        here.map_or(0.0, |spot| super::near::distance_m(spot, object, city))
    };
    let explicit = explicit.map(|found| {
        found.map(|(collection, object)| Found {
            distance_m: distance_m(object),
            ..Found::new(collection, object, Method::Explicit)
        })
    });
    let reason = match &explicit {
        Some(Ok(_)) => None,
        Some(Err(reason)) => Some(reason.clone()),
        None => placed.last().and_then(unlinked),
    };
    let links = links(thing, &placed, explicit.and_then(Result::ok));
    Resolution { links, reason, reference: named.and_then(Result::ok), placed }
}

fn place(stay: Stay, city: &Snapshot, rules: &JoinRules, known: &Known<'_>) -> Placed {
    let Stay { valid, spot } = stay;
    let found = match &spot {
        Err(_) => [].into(),
        Ok(here) => match known.get(&bits(here)) {
            Some(found) => Arc::clone(found),
            None => around(here, city, rules).into(),
        },
    };
    Placed { valid, spot, found }
}

/// What is around a spot, by its coordinates.
type Known<'a> = HashMap<[u64; 3], &'a Arc<[Found]>>;

fn bits(spot: &Spot) -> [u64; 3] {
    let height = spot.height.unwrap_or(f64::NAN);
    [spot.point.x, spot.point.y, height].map(f64::to_bits)
}

fn unlinked(placed: &Placed) -> Option<Reason> {
    let has_subject = placed.found.iter().any(|found| found.role == Role::Subject);
    match &placed.spot {
        Err(reason) => Some(reason.clone()),
        Ok(_) => (!has_subject).then_some(Reason::NothingNear),
    }
}

fn links(thing: &Thing, placed: &[Placed], explicit: Option<Found>) -> Vec<Arc<Link>> {
    let mut links: Vec<Link> = Vec::new();
    // The newest link of each object and role stands among the last that were added.
    let mut open: Vec<usize> = Vec::new();
    for stay in placed {
        let mut still_open = Vec::new();
        for found in stay.found.iter() {
            if found.role == Role::Subject && explicit.is_some() {
                continue;
            }
            let same = open.iter().copied().find(|at| is_same(&links[*at], found));
            let at = same.unwrap_or(links.len());
            match same {
                Some(at) => links[at].valid = hull(links[at].valid, stay.valid),
                None => links.push(link(thing, found, stay.valid)),
            }
            still_open.push(at);
        }
        open = still_open;
    }
    links.extend(explicit.map(|found| link(thing, &found, TimeRange::ALWAYS)));
    links.sort_by(|a, b| key(a).cmp(&key(b)));
    links.into_iter().map(Arc::new).collect()
}

fn key(link: &Link) -> impl Ord + use<'_> {
    (link.valid.start(), link.role, &link.collection, link.fid)
}

fn is_same(link: &Link, found: &Found) -> bool {
    link.fid == found.fid
        && link.collection == found.collection
        && link.role == found.role
        && link.method == found.method
        && link.distance_m == found.distance_m
}

/// Of ranges that follow each other.
fn hull(first: TimeRange, second: TimeRange) -> TimeRange {
    TimeRange::new(first.start(), second.end()).expect("stays are in the order of their times")
}

fn link(thing: &Thing, found: &Found, valid: TimeRange) -> Link {
    Link {
        thing: thing.id,
        collection: found.collection.clone(),
        fid: found.fid,
        object: found.object.clone(),
        role: found.role,
        method: found.method,
        confidence: found.confidence,
        distance_m: found.distance_m,
        valid,
    }
}
