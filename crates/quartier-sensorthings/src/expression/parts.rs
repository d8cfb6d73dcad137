use quartier_model::EntityKind;

use super::{Base, Expr, ValuePath};
use crate::path::Navigation;

impl Expr {
    /// Both; lists grow instead of standing in one another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut list), Self::And(more)) => {
                list.extend(more);
                Self::And(list)
            }
            (Self::And(mut list), other) => {
                list.push(other);
                Self::And(list)
            }
            (first, Self::And(mut list)) => {
                list.insert(0, first);
                Self::And(list)
            }
            (first, second) => Self::And(vec![first, second]),
        }
    }

    /// Either; lists grow instead of standing in one another.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut list), Self::Or(more)) => {
                list.extend(more);
                Self::Or(list)
            }
            (Self::Or(mut list), other) => {
                list.push(other);
                Self::Or(list)
            }
            (first, Self::Or(mut list)) => {
                list.insert(0, first);
                Self::Or(list)
            }
            (first, second) => Self::Or(vec![first, second]),
        }
    }

    /// All of them; `None` of an empty list.
    pub fn all(list: impl IntoIterator<Item = Self>) -> Option<Self> {
        list.into_iter().reduce(Self::and)
    }

    /// What must be true, each for itself.
    pub fn conjuncts(&self) -> &[Self] {
        match self {
            Self::And(list) => list,
            single => std::slice::from_ref(single),
        }
    }

    /// The expressions that stand directly in it.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Literal(_) | Self::Path(_) => Vec::new(),
            Self::Not(inner)
            | Self::Negative(inner)
            | Self::Within { value: inner, .. }
            | Self::Any { condition: inner, .. } => vec![inner],
            Self::Compare { left, right, .. } | Self::Math { left, right, .. } => vec![left, right],
            Self::In { value, list } => std::iter::once(&**value).chain(list).collect(),
            Self::And(list) | Self::Or(list) | Self::Call { arguments: list, .. } => {
                list.iter().collect()
            }
        }
    }

    /// Shows every property that is read and every entity that is tried, with the links on the way.
    pub fn visit<'e>(&'e self, see: &mut impl FnMut(Reach<'e>)) {
        match self {
            Self::Path(path) | Self::Within { array: path, .. } => see(Reach::Value(path)),
            Self::Any { base, links, .. } => see(Reach::Entities(*base, links)),
            _ => {}
        }
        self.children().into_iter().for_each(|child| child.visit(see));
    }

    /// Whether it follows a link to entities of this kind.
    pub fn reaches(&self, kind: EntityKind) -> bool {
        let mut reaches = false;
        self.visit(&mut |reach| reaches |= reach.links().iter().any(|link| link.to == kind));
        reaches
    }
}

/// What an expression looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach<'e> {
    Value(&'e ValuePath),
    /// Behind these links, by an `any`.
    Entities(Base, &'e [Navigation]),
}

impl<'e> Reach<'e> {
    pub fn links(self) -> &'e [Navigation] {
        match self {
            Self::Value(path) => &path.links,
            Self::Entities(_, links) => links,
        }
    }
}
