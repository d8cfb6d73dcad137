use std::ops::ControlFlow;

use super::{
    Facts, Linked, Shape, Truth, Value,
    call::call,
    compare::compare,
    join::Leap,
    math::{compute, negated},
    node::{Join, Node, Place, Reach, WhenEmpty},
    spatial::{Figure, length, spatial},
};
use crate::{
    expression::Comparison,
    path::{Cardinality, JsonKey, Navigation, Property},
};

/// The entity that is asked about, or one that is tried for it.
pub(super) struct Scope<'s, F> {
    /// `None` where a link led nowhere.
    pub(super) facts: Option<&'s F>,
    pub(super) outer: Option<&'s Scope<'s, F>>,
}

/// An entity that there is none of.
pub(super) enum Nobody {}

impl Scope<'static, Nobody> {
    /// For what hangs on no entity.
    pub(super) const NOTHING: Self = Self { facts: None, outer: None };
}

impl<'s, F> Scope<'s, F> {
    fn up(&self, count: usize) -> Option<&'s F> {
        let mut facts = self.facts;
        let mut outer = self.outer;
        for _ in 0..count {
            (facts, outer) = outer.map_or((None, None), |scope| (scope.facts, scope.outer));
        }
        facts
    }
}

impl Node {
    pub(super) fn truth<F: Facts>(&self, scope: &Scope<'_, F>) -> Truth {
        match self {
            Self::And(list) => Truth::all(list.iter().map(|item| item.truth(scope))),
            Self::Or(list) => Truth::any(list.iter().map(|item| item.truth(scope))),
            Self::Not(inner) => inner.truth(scope).negated(),
            Self::Compare { comparison, left, right } => {
                let (mut one, mut other) = (None, None);
                compare(*comparison, &left.value(scope, &mut one), &right.value(scope, &mut other))
            }
            Self::In { value, list } => {
                let mut held = None;
                let value = value.value(scope, &mut held);
                Truth::any(
                    list.iter().map(|item| {
                        compare(Comparison::Equal, &value, &item.value(scope, &mut None))
                    }),
                )
            }
            Self::Within { value, array } => {
                let (mut one, mut other) = (None, None);
                within(&value.value(scope, &mut one), &array.value(scope, &mut other))
            }
            Self::Spatial { function, left, right, pattern } => {
                let (mut one, mut other, mut third) = (None, None, None);
                let (left, right) = (left.figure(scope, &mut one), right.figure(scope, &mut other));
                let pattern = pattern.as_ref().map(|it| it.value(scope, &mut third));
                spatial(*function, &left, &right, pattern.as_ref()).truth()
            }
            Self::Exists(join) => join.truth(scope),
            _ => self.value(scope, &mut None).truth(),
        }
    }

    /// What it comes to. A value may be borrowed from an entity behind a link, which is held for as long.
    pub(super) fn value<'v, F: Facts>(
        &'v self,
        scope: &Scope<'v, F>,
        held: &'v mut Option<F>,
    ) -> Value<'v> {
        match self {
            Self::Constant(value) => value.borrowed(),
            Self::Path(reach) => reach.value(scope, held),
            Self::Math { operator, left, right } => {
                let (mut one, mut other) = (None, None);
                compute(*operator, &left.value(scope, &mut one), &right.value(scope, &mut other))
            }
            Self::Negative(inner) => negated(&inner.value(scope, held)),
            Self::Call { function, arguments } => call(*function, arguments, scope, held),
            Self::Length(place) => length(&place.figure(scope, held)),
            Self::Spatial { function, left, right, pattern: None } => {
                let mut other = None;
                let left = left.figure(scope, held);
                spatial(*function, &left, &right.figure(scope, &mut other), None)
            }
            _ => self.truth(scope).into(),
        }
    }
}

impl Reach {
    fn value<'v, F: Facts>(&'v self, scope: &Scope<'v, F>, held: &'v mut Option<F>) -> Value<'v> {
        match find(scope.up(self.up), &self.links, held) {
            Linked::Known(facts) => facts.value(self.property, &self.keys),
            Linked::Nothing => Value::Null,
            Linked::Unknown => Value::Unknown,
        }
    }

    fn shape<'v, F: Facts>(&'v self, scope: &Scope<'v, F>, held: &'v mut Option<F>) -> Shape<'v> {
        match find(scope.up(self.up), &self.links, held) {
            Linked::Known(facts) => facts.shape(self.property, &self.keys),
            Linked::Nothing => Shape::Nothing,
            Linked::Unknown => Shape::Unknown,
        }
    }
}

impl Place {
    fn figure<'v, F: Facts>(&'v self, scope: &Scope<'v, F>, held: &'v mut Option<F>) -> Figure<'v> {
        match self {
            Self::Ready(prepared) => Figure::Ready(prepared),
            Self::Path(reach) => Figure::Shape(reach.shape(scope, held)),
            Self::Nothing => Figure::Shape(Shape::Nothing),
        }
    }
}

/// Follows links to one.
fn find<'v, F: Facts>(
    start: Option<&'v F>,
    links: &[Navigation],
    held: &'v mut Option<F>,
) -> Linked<&'v F> {
    let Some(start) = start else { return Linked::Nothing };
    for link in links {
        match held.as_ref().unwrap_or(start).one(*link) {
            Linked::Known(facts) => *held = Some(facts),
            Linked::Nothing => return Linked::Nothing,
            Linked::Unknown => return Linked::Unknown,
        }
    }
    let held: &'v Option<F> = held;
    Linked::Known(held.as_ref().unwrap_or(start))
}

impl Join {
    /// Whether the condition holds for one of the entities.
    fn truth<F: Facts>(&self, scope: &Scope<'_, F>) -> Truth {
        let mut found = Truth::False;
        let end = self.leap.each(scope, &mut |inner| {
            found = Truth::any([found, self.condition.truth(inner)]);
            if found.is_true() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match (found, end) {
            (Truth::True, _) => Truth::True,
            (_, Linked::Unknown) => Truth::Unknown,
            (found, Linked::Known(())) => found,
            (_, Linked::Nothing) => self.when_empty(scope),
        }
    }

    fn when_empty<F: Facts>(&self, scope: &Scope<'_, F>) -> Truth {
        match self.when_empty {
            WhenEmpty::Nulls => self.condition.truth(&Scope { facts: None, outer: Some(scope) }),
            WhenEmpty::Nothing => Truth::False,
        }
    }
}

impl Leap {
    /// Opens a scope for one entity after the other. `Nothing` where there was none.
    pub(super) fn each<F: Facts>(
        &self,
        scope: &Scope<'_, F>,
        see: &mut dyn FnMut(&Scope<'_, F>) -> ControlFlow<()>,
    ) -> Linked<()> {
        let mut held = None;
        let start = match find(scope.up(self.up), &self.links, &mut held) {
            Linked::Known(start) => start,
            Linked::Nothing => return Linked::Nothing,
            Linked::Unknown => return Linked::Unknown,
        };
        let mut is_empty = true;
        let mut see = |facts: F| {
            is_empty = false;
            see(&Scope { facts: Some(&facts), outer: Some(scope) })
        };
        let end = if self.link.cardinality == Cardinality::Many {
            start.each(self.link, &mut see)
        } else {
            one(start, self.link, &mut see)
        };
        if is_empty && end == Linked::Known(()) { Linked::Nothing } else { end }
    }
}

fn one<F: Facts>(
    start: &F,
    link: Navigation,
    see: &mut dyn FnMut(F) -> ControlFlow<()>,
) -> Linked<()> {
    match start.one(link) {
        Linked::Known(facts) => {
            let _ = see(facts);
            Linked::Known(())
        }
        Linked::Nothing => Linked::Nothing,
        Linked::Unknown => Linked::Unknown,
    }
}

fn within(value: &Value<'_>, array: &Value<'_>) -> Truth {
    match array {
        Value::Unknown => Truth::Unknown,
        Value::Json(json) => {
            let items = json.as_array().into_iter().flatten();
            Truth::any(items.map(|item| compare(Comparison::Equal, value, &Value::from(item))))
        }
        _ => Truth::False,
    }
}

impl Facts for Nobody {
    fn value<'v>(&'v self, _property: Property, _keys: &[JsonKey]) -> Value<'v> {
        match *self {}
    }

    fn one(&self, _link: Navigation) -> Linked<Self> {
        match *self {}
    }

    fn each(&self, _link: Navigation, _see: &mut dyn FnMut(Self) -> ControlFlow<()>) -> Linked<()> {
        match *self {}
    }
}
