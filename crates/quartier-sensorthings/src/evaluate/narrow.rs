use quartier_model::EntityKind;
use quartier_store::ObservationFilter;
use time::OffsetDateTime;

use super::{
    Condition,
    bounds::{Bounded, bounded},
    node::{Node, Reach},
    ranges::{both, either, is_impossible},
};
use crate::{expression::Expr, path::Navigation};

/// A filter of observations, by who can decide its parts. An observation fulfils the filter if it fulfils them all.
#[derive(Debug)]
pub struct Narrowed {
    /// For the store: at least all that fulfil the filter.
    pub filter: ObservationFilter,
    /// Hangs on the datastream alone: may be asked of anything that has the link `Datastream` or `MultiDatastream`.
    pub of_datastream: Option<Condition>,
    /// Hangs on the feature of interest alone.
    pub of_feature: Option<Condition>,
    /// To be asked of every observation. Where there is none, the others say it all.
    pub residual: Option<Condition>,
    /// No observation can fulfil the filter.
    pub is_impossible: bool,
}

impl Narrowed {
    /// `now` is what `now()` gives.
    pub fn new(filter: &Expr, now: OffsetDateTime) -> Self {
        let mut narrowed = Self {
            filter: ObservationFilter::default(),
            of_datastream: None,
            of_feature: None,
            residual: None,
            is_impossible: false,
        };
        for node in Condition::new(filter, now).nodes {
            narrowed.add(node);
        }
        let ObservationFilter { ids, datastreams, features, .. } = &mut narrowed.filter;
        for ids in [ids, datastreams, features].into_iter().flatten() {
            ids.sort_unstable();
            ids.dedup();
        }
        narrowed.is_impossible = is_impossible(&narrowed.filter);
        narrowed
    }

    fn add(&mut self, node: Node) {
        let bounds = bounded(&node);
        let is_decided = bounds.as_ref().is_some_and(|bounds| bounds.is_exact);
        if let Some(Bounded { filter, .. }) = bounds {
            self.filter = both(std::mem::take(&mut self.filter), filter);
        }
        let place = match basis(&node) {
            _ if is_decided => return,
            Some(EntityKind::FeatureOfInterest) => &mut self.of_feature,
            Some(_) => &mut self.of_datastream,
            None => &mut self.residual,
        };
        place.get_or_insert_with(|| Condition { nodes: Vec::new() }).nodes.push(node);
    }
}

impl Condition {
    /// Which observations behind links can matter to a condition on other entities: no other can make it true.
    pub fn glimpse(&self) -> ObservationFilter {
        let mut seen = None;
        self.nodes.iter().for_each(|node| glimpse(node, &mut seen));
        seen.unwrap_or_default()
    }
}

fn glimpse(node: &Node, seen: &mut Option<ObservationFilter>) {
    if let Node::Exists(join) = node
        && join.leap.link.to == EntityKind::Observation
    {
        let filter = bounded(&join.condition).map(|bounds| bounds.filter).unwrap_or_default();
        *seen = Some(seen.take().map_or(filter.clone(), |seen| either(seen, filter)));
    }
    node.children().into_iter().for_each(|child| glimpse(child, seen));
}

/// The one kind of entity, of those that an observation is linked to, on which alone a condition hangs. Of datastreams
/// and multi-datastreams, either.
fn basis(node: &Node) -> Option<EntityKind> {
    let mut firsts = Vec::new();
    gather(node, 0, &mut firsts);
    let mut kinds = firsts.into_iter().map(|first| {
        let kind = first?.to;
        Some(if kind == EntityKind::MultiDatastream { EntityKind::Datastream } else { kind })
    });
    let first = kinds.next()??;
    kinds.all(|kind| kind == Some(first)).then_some(first)
}

/// The first link of every path that starts at the entity itself; `None` for its own properties.
fn gather(node: &Node, depth: usize, firsts: &mut Vec<Option<Navigation>>) {
    let own = |reach: &&Reach| reach.up == depth;
    firsts.extend(node.reaches().into_iter().filter(own).map(|reach| reach.links.first().copied()));
    let inner = match node {
        Node::Exists(join) => {
            let leap = &join.leap;
            if leap.up == depth {
                firsts.push(Some(leap.links.first().copied().unwrap_or(leap.link)));
            }
            depth + 1
        }
        _ => depth,
    };
    node.children().into_iter().for_each(|child| gather(child, inner, firsts));
}
