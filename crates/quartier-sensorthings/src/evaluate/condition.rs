use time::OffsetDateTime;

use super::{Facts, Truth, join::Scopes, node::Node, run::Scope};
use crate::expression::Expr;

/// A filter, ready to be asked about one entity after another.
#[derive(Debug)]
pub struct Condition {
    /// Each must hold.
    pub(super) nodes: Vec<Node>,
}

impl Condition {
    /// `now` is what `now()` gives.
    pub fn new(filter: &Expr, now: OffsetDateTime) -> Self {
        let conjuncts: Vec<&Expr> = filter.conjuncts().iter().collect();
        Self { nodes: Scopes::new().all(&conjuncts, now) }
    }

    /// Whether an entity fulfils it. `Unknown` where that hangs on what is not known of the entity.
    pub fn holds<F: Facts>(&self, facts: &F) -> Truth {
        let scope = Scope { facts: Some(facts), outer: None };
        Truth::all(self.nodes.iter().map(|node| node.truth(&scope)))
    }
}
