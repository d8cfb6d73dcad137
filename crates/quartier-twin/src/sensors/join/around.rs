use std::cmp::Ordering;

use geo::Area as _;
use geo_types::Coord;
use quartier_index::ObjectRef;
use quartier_model::{Bbox, CollectionId, FeatureId, Method, ObjectId, Role};

use super::{JoinRules, Spot, cover::covers, near};
use crate::{CollectionSnapshot, Snapshot};

/// An object that a spot belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) collection: CollectionId,
    pub(crate) fid: FeatureId,
    pub(crate) object: ObjectId,
    pub(crate) role: Role,
    pub(crate) method: Method,
    pub(crate) confidence: f32,
    pub(crate) distance_m: f64,
}

/// A polygon that a spot is in.
struct Holder<'a> {
    collection: &'a CollectionSnapshot,
    object: ObjectRef<'a>,
    method: Method,
    rank: u32,
    /// In squared units of the working CRS.
    area: f64,
}

/// The zones around a spot, by collection and feature id, and at most one subject, which is the last.
pub(crate) fn around(spot: &Spot, city: &Snapshot, rules: &JoinRules) -> Vec<Found> {
    let holders: Vec<Holder<'_>> =
        city.collections().flat_map(|it| in_collection(spot, it, rules)).collect();
    let makes_zone = |it: &&Holder<'_>| rules.rule(&it.collection.collection.id).makes_zones();
    let zones = holders.iter().filter(makes_zone).map(|it| it.found(Role::Zone));
    let takes_subjects =
        |it: &&Holder<'_>| rules.rule(&it.collection.collection.id).takes_subjects();
    let most_specific = holders.iter().filter(takes_subjects).min_by(|a, b| a.specificity(b));
    let subject = most_specific.map(|it| it.found(Role::Subject));
    zones.chain(subject.or_else(|| near::nearest(spot, city, rules))).collect()
}

fn in_collection<'a>(
    spot: &Spot,
    collection: &'a CollectionSnapshot,
    rules: &JoinRules,
) -> Vec<Holder<'a>> {
    let rule = rules.rule(&collection.collection.id);
    if !rule.takes_subjects() && !rule.makes_zones() {
        return Vec::new();
    }
    let mut holders = Vec::new();
    collection.index.visit_box(&window(spot.point), |object| {
        let Some(plane) = object.plane().filter(|plane| covers(plane, spot.point)) else { return };
        let rank = rule.rank.unwrap_or(u32::MAX);
        let area = plane.unsigned_area();
        holders.push(Holder { collection, object, method: Method::Within, rank, area });
    });
    holders.sort_by_key(|holder| holder.object.fid());
    on_storey(spot, holders)
}

/// Where polygons of one collection lie above each other, and the spot's height is known: the one with the highest floor
/// that is not above the spot. A spot below all floors (clients send a height of 0 for an unknown one) says nothing.
fn on_storey<'a>(spot: &Spot, holders: Vec<Holder<'a>>) -> Vec<Holder<'a>> {
    let floor = |it: &Holder<'_>| it.object.bbox().and_then(|bbox| bbox.heights).map(|it| it.0);
    let Some(height) = spot.height.filter(|_| holders.len() > 1) else { return holders };
    let floors: Vec<_> = holders.iter().filter_map(floor).collect();
    let storey = floors.iter().copied().filter(|floor| *floor <= height).reduce(f64::max);
    let Some(storey) = storey.filter(|_| floors.len() > 1) else { return holders };
    let on_it = holders.into_iter().filter(|it| floor(it).is_none_or(|floor| floor == storey));
    on_it
        .map(|it| match floor(&it) {
            Some(_) => Holder { method: Method::Storey, ..it },
            None => it,
        })
        .collect()
}

impl Holder<'_> {
    fn specificity(&self, other: &Self) -> Ordering {
        let by_size = || self.area.total_cmp(&other.area);
        let by_fid = || self.object.fid().cmp(&other.object.fid());
        self.rank.cmp(&other.rank).then_with(by_size).then_with(by_fid)
    }

    fn found(&self, role: Role) -> Found {
        let certain = Found::new(self.collection, self.object, self.method);
        Found { role, ..certain }
    }
}

impl Found {
    /// A subject for certain.
    pub(super) fn new(
        collection: &CollectionSnapshot,
        object: ObjectRef<'_>,
        method: Method,
    ) -> Self {
        Self {
            collection: collection.collection.id.clone(),
            fid: object.fid(),
            object: object.id().parse().expect("the index was filled with object ids"),
            role: Role::Subject,
            method,
            confidence: 1.0,
            distance_m: 0.0,
        }
    }
}

fn window(point: Coord<f64>) -> Bbox {
    Bbox { min_x: point.x, min_y: point.y, max_x: point.x, max_y: point.y, heights: None }
}
