use super::{Value, join::Leap, spatial::Prepared};
use crate::{
    expression::{Comparison, Function, Math},
    path::{Cardinality, JsonKey, Navigation, Property},
};

/// An expression made ready: constants are computed, every path starts at a scope and leads over links to one only.
#[derive(Debug)]
pub(super) enum Node {
    Constant(Value<'static>),
    Path(Reach),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare { comparison: Comparison, left: Box<Node>, right: Box<Node> },
    Math { operator: Math, left: Box<Node>, right: Box<Node> },
    Negative(Box<Node>),
    In { value: Box<Node>, list: Vec<Node> },
    Within { value: Box<Node>, array: Reach },
    Call { function: Function, arguments: Vec<Node> },
    Spatial { function: Function, left: Place, right: Place, pattern: Option<Box<Node>> },
    Length(Place),
    Exists(Box<Join>),
}

/// A property of the entity some scopes up, or behind links to one.
#[derive(Debug)]
pub(super) struct Reach {
    pub(super) up: usize,
    pub(super) links: Vec<Navigation>,
    pub(super) property: Property,
    pub(super) keys: Vec<JsonKey>,
}

/// Tries what a link leads to, one after the other, in a scope of its own.
#[derive(Debug)]
pub(super) struct Join {
    pub(super) leap: Leap,
    pub(super) when_empty: WhenEmpty,
    pub(super) condition: Node,
}

/// What is tried where a link leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenEmpty {
    /// An entity of which everything is null, as an outer join does.
    Nulls,
    Nothing,
}

/// Where a geometry comes from.
#[derive(Debug)]
pub(super) enum Place {
    Ready(Box<Prepared>),
    Path(Reach),
    Nothing,
}

impl Node {
    /// All of them.
    pub(super) fn all(mut nodes: Vec<Self>) -> Self {
        match nodes.pop() {
            Some(only) if nodes.is_empty() => only,
            Some(last) => {
                nodes.push(last);
                Self::And(nodes)
            }
            None => Self::Constant(Value::Bool(true)),
        }
    }

    pub(super) fn children(&self) -> Vec<&Self> {
        match self {
            Self::Constant(_) | Self::Path(_) | Self::Length(_) => Vec::new(),
            Self::And(list) | Self::Or(list) | Self::Call { arguments: list, .. } => {
                list.iter().collect()
            }
            Self::Not(inner) | Self::Negative(inner) | Self::Within { value: inner, .. } => {
                vec![inner]
            }
            Self::Compare { left, right, .. } | Self::Math { left, right, .. } => vec![left, right],
            Self::In { value, list } => std::iter::once(&**value).chain(list).collect(),
            Self::Spatial { pattern, .. } => pattern.as_deref().into_iter().collect(),
            Self::Exists(join) => vec![&join.condition],
        }
    }

    /// The paths that stand in it itself.
    pub(super) fn reaches(&self) -> Vec<&Reach> {
        match self {
            Self::Path(reach) | Self::Within { array: reach, .. } => vec![reach],
            Self::Spatial { left, right, .. } => {
                [left, right].into_iter().filter_map(Place::reach).collect()
            }
            Self::Length(place) => place.reach().into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

impl Place {
    fn reach(&self) -> Option<&Reach> {
        match self {
            Self::Path(reach) => Some(reach),
            Self::Ready(_) | Self::Nothing => None,
        }
    }
}

/// How many links stand before the first to many, and that one.
pub(super) fn first_to_many(links: &[Navigation]) -> Option<(usize, Navigation)> {
    let at = links.iter().position(|link| link.cardinality == Cardinality::Many)?;
    links.get(at).map(|link| (at, *link))
}
