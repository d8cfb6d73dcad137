use quartier_model::{EntityId, EntityKind};

use crate::{
    Error, Result, Version,
    entities::Shape,
    options::Options,
    path::{Cardinality, PathEnd, Resource, ResourcePath, Step},
};

/// A topic that somebody listens to: a set, an entity, or a property of one, at the end of any path.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub(super) version: Version,
    pub(super) path: ResourcePath,
    pub(super) shape: Shape,
    /// Where linked entities are wanted too: as it was sent.
    pub(super) expanding: Option<String>,
}

const VERSIONS: [(Version, &str); 2] = [(Version::V1_1, "v1.1/"), (Version::V1_0, "v1.0/")];

impl Subscription {
    /// Reads `v1.1/Datastreams(7)/Observations?$select=result`.
    pub fn parse(topic: &str) -> Result<Self> {
        let (version, topic) = below_version(topic)?;
        let (path, query) = topic.split_once('?').unwrap_or((topic, ""));
        let Resource::Entities(path) = Resource::parse(path)? else {
            return Err(Error::bad("a topic is a set, an entity or a property: `v1.1/Things`"));
        };
        if !matches!(path.end, PathEnd::Entities | PathEnd::Property { .. }) {
            return Err(Error::bad("a topic ends with a set, an entity or a property"));
        }
        let options = Options::parse(query, path.kind())?;
        let others = Options { select: Vec::new(), expand: Vec::new(), ..options.clone() };
        if others != Options::default() {
            return Err(Error::bad("a topic takes `$select` and `$expand` only"));
        }
        let shape = Shape::new(path.kind(), &options.select, &[], version);
        let expanding = (!options.expand.is_empty()).then(|| query.to_owned());
        Ok(Self { version, path, shape, expanding })
    }

    pub fn version(&self) -> Version {
        self.version
    }

    /// Of what it speaks.
    pub fn kind(&self) -> EntityKind {
        self.path.kind()
    }

    /// The datastream whose observations alone it speaks of.
    pub fn datastream(&self) -> Option<EntityId> {
        let (last, before) = self.path.steps.split_last()?;
        let parent = before.last();
        let (kind, id) =
            parent.map_or((self.path.start, self.path.id), |step| (step.link.to, step.id));
        let is_datastream = matches!(kind, EntityKind::Datastream | EntityKind::MultiDatastream);
        id.filter(|_| is_datastream && last.link.to == EntityKind::Observation)
    }

    /// The way to the entity in whose set the subscription looks, where the path ends in such a set.
    pub(super) fn parent(&self) -> Option<(ResourcePath, Step)> {
        let mut parent = ResourcePath { end: PathEnd::Entities, ..self.path.clone() };
        let last = parent.steps.pop()?;
        (last.link.cardinality == Cardinality::Many).then_some((parent, last))
    }
}

/// The version that a topic begins with, and what follows.
pub(super) fn below_version(topic: &str) -> Result<(Version, &str)> {
    let below = |(version, prefix)| topic.strip_prefix(prefix).map(|below| (version, below));
    let found = VERSIONS.into_iter().find_map(below);
    found.ok_or_else(|| Error::NotFound("topics begin with `v1.1/`".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datastreams_observations_are_told_from_all_others() {
        let of = |topic| Subscription::parse(topic).unwrap().datastream();
        assert_eq!(of("v1.1/Datastreams(7)/Observations"), Some(EntityId(7)));
        assert_eq!(of("v1.1/Things(1)/Datastreams(8)/Observations"), Some(EntityId(8)));
        assert_eq!(of("v1.1/MultiDatastreams(9)/Observations?$select=result"), Some(EntityId(9)));
        assert_eq!(of("v1.1/Observations"), None);
        assert_eq!(of("v1.1/FeaturesOfInterest(7)/Observations"), None);
        assert_eq!(of("v1.1/Datastreams(7)/Thing/Locations"), None);
    }

    #[test]
    fn topics_that_mean_nothing_are_refused() {
        for topic in [
            "",
            "v1.1",
            "v1.1/",
            "v2/Things",
            "v1.1/Nothings",
            "v1.1/Things?$top=1",
            "v1.1/Things/$count",
            "v1.1/Things(1)/name/$value",
            "v1.1/CreateObservations",
        ] {
            assert!(Subscription::parse(topic).is_err(), "{topic}");
        }
    }
}
