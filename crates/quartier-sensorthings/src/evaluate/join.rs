use time::OffsetDateTime;

use super::{
    compile::compile,
    node::{Join, Node, Reach, WhenEmpty, first_to_many},
};
use crate::{
    expression::{Base, Expr, ValuePath},
    path::Navigation,
};

/// The entities that paths can start at, outermost first.
pub(super) struct Scopes {
    joined: Vec<Way>,
    /// How many `any` are around.
    variables: usize,
}

/// From a start over links.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    start: Start,
    links: Vec<Navigation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Base(Base),
    /// On the way to the variable of an `any`: no path starts here.
    Nowhere,
}

/// One step of a join: up some scopes, over links to one, then over one to many.
#[derive(Debug)]
pub(super) struct Leap {
    pub(super) up: usize,
    pub(super) links: Vec<Navigation>,
    pub(super) link: Navigation,
}

impl Scopes {
    pub(super) fn new() -> Self {
        Self {
            joined: vec![Way { start: Start::Base(Base::Entity), links: Vec::new() }],
            variables: 0,
        }
    }

    /// A path whose links to many are all joined.
    pub(super) fn reach(&self, path: &ValuePath) -> Reach {
        let (up, rest) = self.start(Start::Base(path.base), &path.links);
        let (property, keys) = (path.property, path.keys.clone());
        Reach { up, links: rest.to_vec(), property, keys }
    }

    /// The innermost scope on the way, and the links that are left.
    fn start<'l>(&self, start: Start, links: &'l [Navigation]) -> (usize, &'l [Navigation]) {
        let rest = |way: &Way| {
            (way.start == start).then(|| links.strip_prefix(way.links.as_slice())).flatten()
        };
        let scopes = self.joined.iter().rev().enumerate();
        let candidates = scopes.filter_map(|(up, way)| Some((up, rest(way)?)));
        candidates.min_by_key(|(_, rest)| rest.len()).unwrap_or((0, links))
    }

    /// Makes conditions ready of which each must hold. Those that lead over the same link to many are tried together
    /// on one entity after the other, as a join would.
    pub(super) fn all(&mut self, conditions: &[&Expr], now: OffsetDateTime) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut open = Vec::new();
        for condition in conditions {
            match self.to_join(condition) {
                ways if ways.is_empty() => nodes.push(compile(condition, self, now)),
                ways => open.push((*condition, ways)),
            }
        }
        while let Some((group, rest)) = split_group(open) {
            nodes.push(self.join(&group, now));
            open = rest;
        }
        nodes
    }

    fn conjuncts(&mut self, condition: &Expr, now: OffsetDateTime) -> Node {
        let conjuncts: Vec<&Expr> = condition.conjuncts().iter().collect();
        Node::all(self.all(&conjuncts, now))
    }

    fn join(&mut self, group: &[(&Expr, Vec<Way>)], now: OffsetDateTime) -> Node {
        let conditions: Vec<&Expr> = group.iter().map(|(condition, _)| *condition).collect();
        let ways = group.first().map_or(&[] as &[Way], |(_, ways)| ways);
        if let ([Expr::Or(list)], [_, _, ..]) = (conditions.as_slice(), ways) {
            // One of the entities fulfils this or that, or one fulfils this or one fulfils that: it is the same.
            return Node::Or(list.iter().map(|item| self.conjuncts(item, now)).collect());
        }
        match ways.first() {
            Some(way) => self.over(way.clone(), &conditions, now),
            None => Node::all(conditions.iter().map(|it| compile(it, self, now)).collect()),
        }
    }

    fn over(&mut self, way: Way, conditions: &[&Expr], now: OffsetDateTime) -> Node {
        let leap = self.open(way);
        let condition = Node::all(self.all(conditions, now));
        let Some(leap) = leap else { return condition };
        self.joined.pop();
        Node::Exists(Box::new(Join { leap, when_empty: WhenEmpty::Nulls, condition }))
    }

    /// An `any`: one link after the other, whose last end is the variable.
    pub(super) fn any(
        &mut self,
        base: Base,
        links: &[Navigation],
        condition: &Expr,
        now: OffsetDateTime,
    ) -> Node {
        self.any_from(Start::Base(base), links, condition, now)
    }

    fn any_from(
        &mut self,
        start: Start,
        links: &[Navigation],
        condition: &Expr,
        now: OffsetDateTime,
    ) -> Node {
        let Some((link, rest)) = links.split_first() else {
            self.variables += 1;
            let node = self.conjuncts(condition, now);
            self.variables -= 1;
            return node;
        };
        let (up, _) = self.start(start, &[]);
        let variable = Start::Base(Base::Variable(self.variables));
        let next = if rest.is_empty() { variable } else { Start::Nowhere };
        self.joined.push(Way { start: next, links: Vec::new() });
        let condition = self.any_from(next, rest, condition, now);
        self.joined.pop();
        let leap = Leap { up, links: Vec::new(), link: *link };
        Node::Exists(Box::new(Join { leap, when_empty: WhenEmpty::Nothing, condition }))
    }

    /// Opens scopes at the ends of all ways to many of an expression; says how to come there.
    pub(super) fn open_all(&mut self, expr: &Expr) -> Vec<Leap> {
        let mut leaps = Vec::new();
        while let Some(way) = self.to_join(expr).into_iter().next() {
            leaps.extend(self.open(way));
        }
        leaps
    }

    fn open(&mut self, way: Way) -> Option<Leap> {
        let (up, rest) = self.start(way.start, &way.links);
        let (at, link) = first_to_many(rest)?;
        let links = rest.iter().take(at).copied().collect();
        self.joined.push(way);
        Some(Leap { up, links, link })
    }

    /// The ways to many that an expression leads over and that no scope stands at yet, each to its first.
    pub(super) fn to_join(&self, expr: &Expr) -> Vec<Way> {
        let mut ways = Vec::new();
        self.gather(expr, &mut ways);
        ways
    }

    fn gather(&self, expr: &Expr, ways: &mut Vec<Way>) {
        let path = match expr {
            Expr::Path(path) | Expr::Within { array: path, .. } => Some(path),
            _ => None,
        };
        if let Some(way) = path.and_then(|path| self.way(path))
            && !ways.contains(&way)
        {
            ways.push(way);
        }
        // What stands in an `any` is joined there.
        if !matches!(expr, Expr::Any { .. }) {
            expr.children().iter().for_each(|child| self.gather(child, ways));
        }
    }

    fn way(&self, path: &ValuePath) -> Option<Way> {
        let (_, rest) = self.start(Start::Base(path.base), &path.links);
        let (at, _) = first_to_many(rest)?;
        let length = path.links.len() - rest.len() + at + 1;
        Some(Way {
            start: Start::Base(path.base),
            links: path.links.iter().take(length).copied().collect(),
        })
    }
}

type Group<'e> = Vec<(&'e Expr, Vec<Way>)>;

/// The first condition with all that share a way with it, or with one of those; and the others.
fn split_group(mut open: Group<'_>) -> Option<(Group<'_>, Group<'_>)> {
    if open.is_empty() {
        return None;
    }
    let mut group = vec![open.remove(0)];
    loop {
        let is_related = |ways: &[Way]| {
            group.iter().flat_map(|(_, joined)| joined).any(|way| ways.contains(way))
        };
        let (related, rest): (Group<'_>, Group<'_>) =
            open.into_iter().partition(|(_, ways)| is_related(ways));
        open = rest;
        if related.is_empty() {
            return Some((group, open));
        }
        group.extend(related);
    }
}
