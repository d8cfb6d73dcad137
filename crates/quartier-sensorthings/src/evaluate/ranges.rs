use quartier_model::EntityId;
use quartier_store::{Bounds, ObservationFilter};

/// What fulfils both.
pub(super) fn both(one: ObservationFilter, other: ObservationFilter) -> ObservationFilter {
    ObservationFilter {
        ids: common(one.ids, other.ids),
        datastreams: common(one.datastreams, other.datastreams),
        features: common(one.features, other.features),
        phenomenon_start: overlap(one.phenomenon_start, other.phenomenon_start),
        phenomenon_end: overlap(one.phenomenon_end, other.phenomenon_end),
        result_time: overlap(one.result_time, other.result_time),
        result: overlap(one.result, other.result),
    }
}

/// What fulfils either, and perhaps more.
pub(super) fn either(one: ObservationFilter, other: ObservationFilter) -> ObservationFilter {
    ObservationFilter {
        ids: union(one.ids, other.ids),
        datastreams: union(one.datastreams, other.datastreams),
        features: union(one.features, other.features),
        phenomenon_start: hull(one.phenomenon_start, other.phenomenon_start),
        phenomenon_end: hull(one.phenomenon_end, other.phenomenon_end),
        result_time: hull(one.result_time, other.result_time),
        result: hull(one.result, other.result),
    }
}

/// Whether nothing at all can fulfil it.
pub(super) fn is_impossible(filter: &ObservationFilter) -> bool {
    let has_none = |ids: &Option<Vec<EntityId>>| ids.as_ref().is_some_and(Vec::is_empty);
    has_none(&filter.ids)
        || has_none(&filter.datastreams)
        || has_none(&filter.features)
        || is_reversed(filter.phenomenon_start)
        || is_reversed(filter.phenomenon_end)
        || is_reversed(filter.result_time)
        || is_reversed(filter.result)
}

fn is_reversed<T: PartialOrd>(bounds: Bounds<T>) -> bool {
    matches!((bounds.min, bounds.max), (Some(min), Some(max)) if min > max)
}

fn common(one: Option<Vec<EntityId>>, other: Option<Vec<EntityId>>) -> Option<Vec<EntityId>> {
    match (one, other) {
        (Some(mut one), Some(mut other)) => {
            other.sort_unstable();
            one.retain(|id| other.binary_search(id).is_ok());
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

fn union(one: Option<Vec<EntityId>>, other: Option<Vec<EntityId>>) -> Option<Vec<EntityId>> {
    let (mut one, other) = (one?, other?);
    one.extend(other);
    Some(one)
}

/// What lies in both.
pub(super) fn overlap<T: PartialOrd + Copy>(one: Bounds<T>, other: Bounds<T>) -> Bounds<T> {
    Bounds { min: larger(one.min, other.min), max: smaller(one.max, other.max) }
}

fn hull<T: PartialOrd + Copy>(one: Bounds<T>, other: Bounds<T>) -> Bounds<T> {
    let min = one.min.and_then(|min| smaller(Some(min), Some(other.min?)));
    let max = one.max.and_then(|max| larger(Some(max), Some(other.max?)));
    Bounds { min, max }
}

fn larger<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one >= other { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn smaller<T: PartialOrd>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one <= other { one } else { other }),
        (one, other) => one.or(other),
    }
}
