use quartier_model::{EntityId, EntityKind};
use quartier_store::{Bounds, ObservationFilter};
use time::{Date, Duration, Month, OffsetDateTime};

use super::{
    Value,
    math::as_number,
    moments::Moments,
    node::{Node, Reach},
    ranges::{both, either, overlap},
};
use crate::{
    expression::{Comparison, Function},
    path::Property,
};

/// What the store can find out about a condition.
#[derive(Debug)]
pub(super) struct Bounded {
    /// Whatever fulfils the condition fulfils this.
    pub(super) filter: ObservationFilter,
    /// Whether it is so the other way round, too.
    pub(super) is_exact: bool,
}

/// The bounds of a condition on an observation, the entity of the innermost scope.
pub(super) fn bounded(node: &Node) -> Option<Bounded> {
    match node {
        Node::And(list) => {
            let filter = list.iter().filter_map(bounded).map(|it| it.filter).reduce(both)?;
            Some(Bounded { filter, is_exact: false })
        }
        Node::Or(list) => alternatives(list.iter().map(bounded)),
        Node::Compare { comparison, left, right } => match (&**left, &**right) {
            (Node::Path(path), Node::Constant(value)) => compared(path, *comparison, value),
            (Node::Constant(value), Node::Path(path)) => compared(path, comparison.turned(), value),
            (Node::Call { function, arguments }, Node::Constant(value)) => {
                calendar(*function, arguments, *comparison, value)
            }
            (Node::Constant(value), Node::Call { function, arguments }) => {
                calendar(*function, arguments, comparison.turned(), value)
            }
            _ => None,
        },
        Node::In { value, list } => match &**value {
            Node::Path(path) => alternatives(list.iter().map(|item| match item {
                Node::Constant(value) => compared(path, Comparison::Equal, value),
                _ => None,
            })),
            _ => None,
        },
        Node::Call { function, arguments } => match arguments.as_slice() {
            [Node::Path(path), Node::Constant(value)] => related(path, *function, value),
            _ => None,
        },
        _ => None,
    }
}

/// Alternatives of ids are ids again; those of ranges have a range around them that holds more.
fn alternatives(all: impl Iterator<Item = Option<Bounded>>) -> Option<Bounded> {
    let all = all.collect::<Option<Vec<Bounded>>>()?;
    let is_exact = all.iter().all(|it| it.is_exact && names_ids_only(&it.filter));
    let filter = all.into_iter().map(|it| it.filter).reduce(either)?;
    Some(Bounded { filter, is_exact })
}

fn names_ids_only(filter: &ObservationFilter) -> bool {
    let bare = ObservationFilter { ids: None, ..filter.clone() };
    bare == ObservationFilter::default()
}

fn compared(path: &Reach, comparison: Comparison, value: &Value<'_>) -> Option<Bounded> {
    if path.up > 0 || !path.keys.is_empty() {
        return None;
    }
    match (path.links.as_slice(), path.property) {
        ([], Property::Id) => {
            let ids = Some(ids(comparison, value)?);
            Some(exact(ObservationFilter { ids, ..ObservationFilter::default() }))
        }
        ([], Property::Result) => {
            let result = numbers(comparison, as_number(value)?)?;
            Some(exact(ObservationFilter { result, ..ObservationFilter::default() }))
        }
        ([], Property::PhenomenonTime) => {
            let (start, end) = times(comparison, Moments::read(value)?)?;
            Some(exact(phenomenon(start, end)))
        }
        ([], Property::ResultTime) => {
            let (start, end) = times(comparison, Moments::read(value)?)?;
            let result_time = overlap(start, end);
            Some(exact(ObservationFilter { result_time, ..ObservationFilter::default() }))
        }
        ([link], Property::Id) => {
            let ids = Some(ids(comparison, value)?);
            let none = ObservationFilter::default();
            // Datastreams and multi-datastreams have their ids in common; which of them is meant remains to be seen.
            let filter = match link.to {
                EntityKind::FeatureOfInterest => ObservationFilter { features: ids, ..none },
                _ => ObservationFilter { datastreams: ids, ..none },
            };
            Some(Bounded { filter, is_exact: false })
        }
        _ => None,
    }
}

/// `date(phenomenonTime) eq 2026-05-01` and `year(resultTime) ge 2026`: of an interval, the start counts.
fn calendar(
    function: Function,
    arguments: &[Node],
    comparison: Comparison,
    value: &Value<'_>,
) -> Option<Bounded> {
    let [Node::Path(path)] = arguments else { return None };
    let (first, next) = match (function, value) {
        (Function::Date, Value::Date(date)) => (*date, date.next_day()?),
        (Function::Year, Value::Integer(year)) => {
            let year = i32::try_from(*year).ok()?;
            let first = |year| Date::from_calendar_date(year, Month::January, 1).ok();
            (first(year)?, first(year.checked_add(1)?)?)
        }
        _ => return None,
    };
    let (first, next) = (first.midnight().assume_utc(), next.midnight().assume_utc());
    let bounds = match comparison {
        Comparison::Equal => Bounds { min: Some(first), max: Some(before(next)?) },
        Comparison::Greater => Bounds { min: Some(next), max: None },
        Comparison::GreaterOrEqual => Bounds { min: Some(first), max: None },
        Comparison::Less => Bounds { min: None, max: Some(before(first)?) },
        Comparison::LessOrEqual => Bounds { min: None, max: Some(before(next)?) },
        Comparison::NotEqual => return None,
    };
    match (path.up, path.links.as_slice(), path.property) {
        (0, [], Property::PhenomenonTime) => Some(exact(phenomenon(bounds, Bounds::default()))),
        (0, [], Property::ResultTime) => {
            Some(exact(ObservationFilter { result_time: bounds, ..ObservationFilter::default() }))
        }
        _ => None,
    }
}

/// A relation between intervals that bounds the phenomenon time.
fn related(path: &Reach, function: Function, value: &Value<'_>) -> Option<Bounded> {
    match function {
        Function::Before => return compared(path, Comparison::Less, value),
        Function::After => return compared(path, Comparison::Greater, value),
        _ if path.up > 0 || !path.links.is_empty() => return None,
        _ => {}
    }
    let other = Moments::read(value)?;
    let inside = Bounds { min: Some(ceiling(other.start)?), max: Some(before(other.end)?) };
    let touching = Bounds { min: None, max: Some(floor(other.end)) };
    match (function, path.property) {
        (Function::During, Property::PhenomenonTime) => Some(exact(phenomenon(inside, touching))),
        (Function::During, Property::ResultTime) => {
            Some(exact(ObservationFilter { result_time: inside, ..ObservationFilter::default() }))
        }
        (Function::Overlaps, Property::PhenomenonTime) => {
            let end = Bounds { min: Some(ceiling(other.start)?), max: None };
            Some(Bounded { filter: phenomenon(touching, end), is_exact: false })
        }
        _ => None,
    }
}

fn exact(filter: ObservationFilter) -> Bounded {
    Bounded { filter, is_exact: true }
}

fn phenomenon(
    phenomenon_start: Bounds<OffsetDateTime>,
    phenomenon_end: Bounds<OffsetDateTime>,
) -> ObservationFilter {
    ObservationFilter { phenomenon_start, phenomenon_end, ..ObservationFilter::default() }
}

/// The one entity that is equal to it, if that is one.
fn ids(comparison: Comparison, value: &Value<'_>) -> Option<Vec<EntityId>> {
    match (comparison, value) {
        (Comparison::Equal, Value::Integer(id)) => {
            Some(u64::try_from(*id).map(EntityId).into_iter().collect())
        }
        _ => None,
    }
}

fn numbers(comparison: Comparison, number: f64) -> Option<Bounds<f64>> {
    let (min, max) = match comparison {
        Comparison::Equal => (Some(number), Some(number)),
        Comparison::Greater => (Some(number.next_up()), None),
        Comparison::GreaterOrEqual => (Some(number), None),
        Comparison::Less => (None, Some(number.next_down())),
        Comparison::LessOrEqual => (None, Some(number)),
        Comparison::NotEqual => return None,
    };
    Some(Bounds { min, max })
}

/// Where the start and the end of a time lie that compares so with another; see [`Moments::compare`].
fn times(
    comparison: Comparison,
    other: Moments,
) -> Option<(Bounds<OffsetDateTime>, Bounds<OffsetDateTime>)> {
    let from = |min| Bounds { min: Some(min), max: None };
    let to = |max| Bounds { min: None, max: Some(max) };
    let at = |at| Some(Bounds { min: Some(ceiling(at)?), max: Some(floor(at)) });
    Some(match comparison {
        Comparison::Equal => (at(other.start)?, at(other.end)?),
        Comparison::Greater if other.start == other.end => {
            (from(after(other.end)?), Bounds::default())
        }
        Comparison::Greater => (from(ceiling(other.end)?), Bounds::default()),
        Comparison::GreaterOrEqual => (from(ceiling(other.start)?), from(ceiling(other.end)?)),
        Comparison::Less => (to(before(other.start)?), to(floor(other.start))),
        Comparison::LessOrEqual => (to(floor(other.start)), to(floor(other.end))),
        Comparison::NotEqual => return None,
    })
}

/// Times are kept in whole microseconds.
const STEP: Duration = Duration::MICROSECOND;

fn floor(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(at.nanosecond() / 1000 * 1000).unwrap_or(at)
}

fn ceiling(at: OffsetDateTime) -> Option<OffsetDateTime> {
    let floor = floor(at);
    if floor == at { Some(at) } else { floor.checked_add(STEP) }
}

/// The first that is later.
fn after(at: OffsetDateTime) -> Option<OffsetDateTime> {
    floor(at).checked_add(STEP)
}

/// The last that is earlier.
fn before(at: OffsetDateTime) -> Option<OffsetDateTime> {
    ceiling(at)?.checked_sub(STEP)
}
