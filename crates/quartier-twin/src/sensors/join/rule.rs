use std::collections::BTreeMap;

use quartier_model::{CollectionId, GeometryKind};
use serde::Deserialize;

use crate::{CollectionSnapshot, Overlays};

/// How far a line or a point may be from a thing to be its subject, where the configuration does not say: across a
/// street, and not into the next one.
pub const DEFAULT_TOLERANCE_M: f64 = 25.0;

/// What the configuration says of a collection's part in the join (`[collections.X.join]`).
///
/// A collection of which nothing is said takes part by what it holds: its polygons are zones and subjects of what is in
/// them; its lines and points are subjects of what is at most [`DEFAULT_TOLERANCE_M`] away.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JoinRule {
    /// Whether its objects can be what readings are readings of.
    pub subject: Option<bool>,
    /// Whether its polygons are zones of what is in them.
    pub zone: Option<bool>,
    /// How far an object may be from a thing that is in none, in metres; 0 switches the search off. Where it is given,
    /// it holds for polygons too.
    pub tolerance_m: Option<f64>,
    /// Of several polygons around a thing the one of the lowest rank is its subject, those without a rank last; of one
    /// rank, the smallest.
    pub rank: Option<u32>,
}

/// Each collection's rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JoinRules(BTreeMap<CollectionId, JoinRule>);

impl JoinRules {
    pub fn of(overlays: &Overlays) -> Self {
        Self(overlays.iter().map(|(id, overlay)| (id.clone(), overlay.join)).collect())
    }

    pub(crate) fn rule(&self, collection: &CollectionId) -> JoinRule {
        self.0.get(collection).copied().unwrap_or_default()
    }
}

impl JoinRule {
    pub(crate) fn takes_subjects(self) -> bool {
        self.subject.unwrap_or(true)
    }

    pub(crate) fn makes_zones(self) -> bool {
        self.zone.unwrap_or(true)
    }

    /// How far an object of this kind may be away.
    pub(crate) fn tolerance_m(self, kind: GeometryKind) -> f64 {
        let is_area = matches!(kind, GeometryKind::Polygon | GeometryKind::MultiPolygon);
        self.tolerance_m.unwrap_or(if is_area { 0.0 } else { DEFAULT_TOLERANCE_M })
    }

    /// How far any of the collection's objects may be away.
    pub(crate) fn reach_m(self, collection: &CollectionSnapshot) -> f64 {
        let kinds = collection.index.kinds();
        kinds.into_iter().map(|kind| self.tolerance_m(kind)).fold(0.0, f64::max)
    }
}
