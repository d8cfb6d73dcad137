//! Observations of datastreams that are there: many callers share a commit, and nobody waits for changes of entities.

use quartier_model::{Datastream, EntityId, EntityKind, NewObservation, Repeats};
use quartier_twin::sensors::Catalogue;
use time::OffsetDateTime;

use super::{
    links::Node,
    members::{Linked, Members},
    reading::Reading,
    work::unknown,
};
use crate::{Error, Result};

/// Whether a body makes nothing but the observation itself.
pub(crate) fn is_plain(body: &Members) -> bool {
    ["Datastream", "MultiDatastream", "FeatureOfInterest"]
        .iter()
        .all(|link| body.is_reference(link))
}

/// The observation that a plain body at an address means.
pub(crate) fn plain(
    catalogue: &Catalogue,
    mut body: Members,
    parent: Option<Node>,
    repeats: Repeats,
) -> Result<NewObservation> {
    let datastream = datastream(catalogue, &mut body, parent)?;
    let feature = feature(catalogue, &mut body, parent)?;
    let reading = Reading::new(&mut body, OffsetDateTime::now_utc())?;
    body.finish()?;
    new(catalogue, datastream, feature, reading, repeats)
}

/// An observation whose values and links fit together.
pub(super) fn new(
    catalogue: &Catalogue,
    datastream: &Datastream,
    feature: Option<EntityId>,
    reading: Reading,
    repeats: Repeats,
) -> Result<NewObservation> {
    reading.check(datastream)?;
    let thing = catalogue.things.get(&datastream.thing);
    if feature.is_none() && thing.is_none_or(|thing| thing.locations.is_empty()) {
        let (thing, datastream) = (datastream.thing, datastream.id);
        return Err(Error::bad(quartier_twin::Error::NoLocation { thing, datastream }.to_string()));
    }
    Ok(reading.of(datastream.id, feature, repeats))
}

fn datastream<'a>(
    catalogue: &'a Catalogue,
    body: &mut Members,
    parent: Option<Node>,
) -> Result<&'a Datastream> {
    const KINDS: [(EntityKind, &str); 2] =
        [(EntityKind::Datastream, "Datastream"), (EntityKind::MultiDatastream, "MultiDatastream")];
    let mut found = parent.filter(|parent| KINDS.iter().any(|(kind, _)| *kind == parent.0));
    for (kind, name) in KINDS {
        let Some(Linked::Existing(id)) = body.one(name)? else { continue };
        if found.is_some_and(|found| found != (kind, id)) {
            return Err(Error::bad(format!(
                "`{}` is not the only datastream that is named: an observation belongs to one",
                body.name(name)
            )));
        }
        found = Some((kind, id));
    }
    let found = found.ok_or_else(|| body.missing("Datastream"))?;
    named(catalogue, found)
}

/// A datastream that a body names.
pub(super) fn named(catalogue: &Catalogue, node: Node) -> Result<&Datastream> {
    let it = catalogue.datastreams.get(&node.1).filter(|it| it.kind() == node.0);
    it.map(|it| &**it).ok_or_else(|| unknown(node))
}

fn feature(
    catalogue: &Catalogue,
    body: &mut Members,
    parent: Option<Node>,
) -> Result<Option<EntityId>> {
    let parent = parent.filter(|parent| parent.0 == EntityKind::FeatureOfInterest);
    let Some(Linked::Existing(id)) = body.one("FeatureOfInterest")? else {
        return Ok(parent.map(|parent| parent.1));
    };
    if parent.is_some_and(|parent| parent.1 != id) {
        let name = body.name("FeatureOfInterest");
        return Err(Error::bad(format!("`{name}` is not that of the address: leave it out")));
    }
    let node = (EntityKind::FeatureOfInterest, id);
    if catalogue.contains(node.0, node.1) { Ok(Some(id)) } else { Err(unknown(node)) }
}
