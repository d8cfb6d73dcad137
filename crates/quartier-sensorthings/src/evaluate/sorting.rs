use std::{cmp::Ordering, ops::ControlFlow};

use time::OffsetDateTime;

use super::{
    Facts, Linked, Value,
    compare::sort_order,
    compile::compile,
    join::{Leap, Scopes},
    node::Node,
    run::Scope,
};
use crate::options::{Direction, Order};

/// An order, ready to be found for one entity after another.
#[derive(Debug)]
pub struct Sorting {
    keys: Vec<Key>,
}

/// An entity's place in an order.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey(Vec<Value<'static>>);

#[derive(Debug)]
struct Key {
    leaps: Vec<Leap>,
    node: Node,
    direction: Direction,
}

impl Sorting {
    /// `now` is what `now()` gives.
    pub fn new(order: &[Order], now: OffsetDateTime) -> Self {
        let key = |order: &Order| {
            let mut scopes = Scopes::new();
            let leaps = scopes.open_all(&order.by);
            Key { leaps, node: compile(&order.by, &mut scopes, now), direction: order.direction }
        };
        Self { keys: order.iter().map(key).collect() }
    }

    /// Where the entity stands. Of many values behind a link, the one that comes first in the order counts.
    pub fn key<F: Facts>(&self, facts: &F) -> SortKey {
        let scope = Scope { facts: Some(facts), outer: None };
        SortKey(self.keys.iter().map(|key| key.first(&key.leaps, &scope)).collect())
    }

    /// Numbers before texts before truth values before times; null last where the order ascends.
    pub fn compare(&self, left: &SortKey, right: &SortKey) -> Ordering {
        let mut orders = self.keys.iter().zip(&left.0).zip(&right.0);
        let decisive = orders.find_map(|((key, left), right)| {
            Some(key.compare(left, right)).filter(|order| order.is_ne())
        });
        decisive.unwrap_or(Ordering::Equal)
    }
}

impl Key {
    fn compare(&self, left: &Value<'_>, right: &Value<'_>) -> Ordering {
        match self.direction {
            Direction::Ascending => sort_order(left, right),
            Direction::Descending => sort_order(right, left),
        }
    }

    fn first<F: Facts>(&self, leaps: &[Leap], scope: &Scope<'_, F>) -> Value<'static> {
        let Some((leap, rest)) = leaps.split_first() else {
            return self.node.value(scope, &mut None).into_owned();
        };
        let mut first: Option<Value<'static>> = None;
        let end = leap.each(scope, &mut |inner| {
            let value = self.first(rest, inner);
            if first.as_ref().is_none_or(|first| self.compare(&value, first).is_lt()) {
                first = Some(value);
            }
            ControlFlow::Continue(())
        });
        match (first, end) {
            (Some(first), _) => first,
            (None, Linked::Unknown) => Value::Unknown,
            (None, _) => self.first(rest, &Scope { facts: None, outer: Some(scope) }),
        }
    }
}
