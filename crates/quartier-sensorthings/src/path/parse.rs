use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use quartier_model::{EntityId, EntityKind};

use super::{
    Cardinality, PathEnd, PathError, Resource, ResourcePath, Step, entity_set, json_keys, navigate,
    property, set_name, split_places,
};

/// More than any way through the model without a turn, with the keys of a deep property behind it.
const SEGMENTS_MAX: usize = 32;

impl Resource {
    /// Reads what follows the version in a URL or a topic, percent-encoded or not: `/Things(1)/name`.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.is_empty() {
            return Ok(Self::Root);
        }
        let segments: Vec<Cow<'_, str>> = path.split('/').map(decoded).collect::<Result<_, _>>()?;
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        match segments.as_slice() {
            ["$batch"] => Ok(Self::Batch),
            ["CreateObservations"] => Ok(Self::CreateObservations),
            _ if segments.len() > SEGMENTS_MAX => {
                Err(malformed(path, "it has more segments than any way through the entities"))
            }
            [first, rest @ ..] => entities(first, rest).map(Self::Entities),
            [] => Ok(Self::Root),
        }
    }
}

fn decoded(segment: &str) -> Result<Cow<'_, str>, PathError> {
    let decoded = percent_decode_str(segment).decode_utf8();
    decoded.map_err(|_not_utf8| malformed(segment, "it is not UTF-8"))
}

fn entities(first: &str, rest: &[&str]) -> Result<ResourcePath, PathError> {
    let (name, id) = split_id(first)?;
    let start = entity_set(name).ok_or_else(|| PathError::Unknown {
        segment: first.to_owned(),
        place: "among the entity sets".to_owned(),
    })?;
    let mut path = ResourcePath { start, id, steps: Vec::new(), end: PathEnd::Entities };
    let mut rest = rest;
    while let Some((segment, below)) = rest.split_first() {
        let Some(step) = step(&path, segment)? else { break };
        path.steps.push(step);
        rest = below;
    }
    path.end = end(&path, rest)?;
    Ok(path)
}

fn step(path: &ResourcePath, segment: &str) -> Result<Option<Step>, PathError> {
    let (name, id) = split_id(segment)?;
    let Some(link) = navigate(path.kind(), name) else { return Ok(None) };
    if path.is_set() {
        return Err(unknown(segment, path));
    }
    if id.is_some() && link.cardinality == Cardinality::One {
        return Err(malformed(segment, "the link leads to one entity and takes no id"));
    }
    Ok(Some(Step { link, id }))
}

fn end(path: &ResourcePath, rest: &[&str]) -> Result<PathEnd, PathError> {
    match rest {
        [] => Ok(PathEnd::Entities),
        ["$ref"] => Ok(PathEnd::Links),
        ["$count"] if path.is_set() => Ok(PathEnd::Count),
        [segment, ..] if path.is_set() => Err(unknown(segment, path)),
        [segment, below @ ..] => property_end(path, segment, below),
    }
}

fn property_end(path: &ResourcePath, segment: &str, below: &[&str]) -> Result<PathEnd, PathError> {
    let (name, mut keys) = split_places(segment);
    let property = property(path.kind(), name).ok_or_else(|| unknown(segment, path))?;
    let (below, is_value) = match below {
        [keys @ .., "$value"] => (keys, true),
        keys => (keys, false),
    };
    keys.extend(below.iter().flat_map(|segment| json_keys(segment)));
    match keys.first() {
        Some(key) if !property.is_json() => {
            let place = format!("in `{property}`, which has no parts");
            Err(PathError::Unknown { segment: key.to_string(), place })
        }
        _ if is_value => Ok(PathEnd::Value { property, keys }),
        _ => Ok(PathEnd::Property { property, keys }),
    }
}

/// `Things(1)`: the name, and the id where there is one.
fn split_id(segment: &str) -> Result<(&str, Option<EntityId>), PathError> {
    let Some((name, id)) = segment.split_once('(') else { return Ok((segment, None)) };
    let id = id.strip_suffix(')').unwrap_or_default().trim();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed(segment, "an id is a number in parentheses, such as `Things(1)`"));
    }
    // No entity has a number that is too large to be one.
    Ok((name, Some(EntityId(id.parse().unwrap_or(u64::MAX)))))
}

fn unknown(segment: &str, path: &ResourcePath) -> PathError {
    let set = set_name(path.kind());
    let place = if path.is_set() {
        format!("behind a set: name one of them, such as `{set}(1)`")
    } else {
        format!("at an entity of `{set}`")
    };
    PathError::Unknown { segment: segment.to_owned(), place }
}

fn malformed(segment: &str, reason: &'static str) -> PathError {
    PathError::Malformed { segment: segment.to_owned(), reason }
}

impl ResourcePath {
    /// The path to a whole set.
    pub fn set(kind: EntityKind) -> Self {
        Self { start: kind, id: None, steps: Vec::new(), end: PathEnd::Entities }
    }

    /// The path to one entity.
    pub fn entity(kind: EntityKind, id: EntityId) -> Self {
        Self { id: Some(id), ..Self::set(kind) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::{JsonKey, Property};

    fn path(text: &str) -> ResourcePath {
        match Resource::parse(text) {
            Ok(Resource::Entities(path)) => path,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_path_leads_over_links() {
        let observations = path("/Things(1)/Datastreams(2)/Observations");
        assert_eq!(observations.kind(), EntityKind::Observation);
        assert!(observations.is_set());
        assert_eq!(observations.steps.first().unwrap().id, Some(EntityId(2)));
        let thing = path("Observations(1)/Datastream/Thing");
        assert_eq!((thing.kind(), thing.is_set()), (EntityKind::Thing, false));
        assert_eq!(path("Things%281%29/"), ResourcePath::entity(EntityKind::Thing, EntityId(1)));
    }

    #[test]
    fn a_path_may_end_at_a_property_or_a_part_of_it() {
        let name = PathEnd::Value { property: Property::Name, keys: vec![] };
        assert_eq!(path("Things(1)/name/$value").end, name);
        let keys = vec![JsonKey::Name("größe".to_owned()), JsonKey::Index(0)];
        let part = PathEnd::Property { property: Property::Properties, keys };
        assert_eq!(path("Things(1)/properties/gr%C3%B6%C3%9Fe[0]").end, part);
        assert_eq!(path("Datastreams(1)/Observations/$ref").end, PathEnd::Links);
        assert_eq!(path("Things/$count").end, PathEnd::Count);
    }

    #[test]
    fn what_is_no_set_of_entities_has_its_name() {
        assert_eq!(Resource::parse("/"), Ok(Resource::Root));
        assert_eq!(Resource::parse("/$batch"), Ok(Resource::Batch));
        assert_eq!(Resource::parse("CreateObservations"), Ok(Resource::CreateObservations));
    }

    #[test]
    fn a_way_that_does_not_exist_is_not_found() {
        for (text, segment) in [
            ("Thing", "Thing"),
            ("Thinks(1)", "Thinks(1)"),
            ("Things(1)/Observations", "Observations"),
            ("Things/name", "name"),
            ("Things/Datastreams", "Datastreams"),
            ("Things(1)/$count", "$count"),
            ("Things(1)/name/x", "/x"),
            ("Sensors(1)/Things(2)", "Things(2)"),
            ("CreateObservations/x", "CreateObservations"),
        ] {
            let error = Resource::parse(text).unwrap_err();
            let PathError::Unknown { segment: named, .. } = &error else { panic!("{error}") };
            assert_eq!(named, segment, "{text}");
        }
    }

    #[test]
    fn a_path_that_nobody_could_mean_is_malformed() {
        let long = "Datastreams(1)/Thing/".repeat(20);
        for text in [
            "Things(",
            "Things()",
            "Things('a')",
            "Things(-1)",
            "Things(1)x",
            "%ff",
            long.as_str(),
            "Observations(1)/Datastream(1)",
        ] {
            let error = Resource::parse(text).unwrap_err();
            assert!(matches!(error, PathError::Malformed { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn a_path_prints_as_it_is_read() {
        for text in [
            "Things",
            "Things(1)/Datastreams(2)/Observations/$ref",
            "Observations(1)/Datastream/Thing/properties/a[0]/b/$value",
            "Things/$count",
        ] {
            assert_eq!(path(text).to_string(), text);
        }
    }
}
