use quartier_model::EntityKind;

use super::{Base, ValuePath, error::shown};
use crate::path::{
    JsonKey, Navigation, Property, entity_name, json_keys, navigate, property, set_name,
    split_places,
};

/// How many links a path may lead over: the model's longest way without a turn has five.
const LINKS_MAX: usize = 8;

/// The names that mean something where an expression stands.
pub(crate) struct ValueNames {
    kind: EntityKind,
    /// The variables of the `any` around it, outermost first.
    variables: Vec<(String, EntityKind)>,
}

impl ValueNames {
    pub(crate) fn new(kind: EntityKind) -> Self {
        Self { kind, variables: Vec::new() }
    }

    pub(super) fn enter(&mut self, variable: &str, kind: EntityKind) {
        self.variables.push((variable.to_owned(), kind));
    }

    pub(super) fn leave(&mut self) {
        self.variables.pop();
    }

    /// `Datastream/Thing/properties/owner`.
    pub(crate) fn value(&self, path: &str) -> Result<ValuePath, String> {
        let segments: Vec<&str> = path.split('/').collect();
        let (base, links, kind, rest) = self.walk(&segments)?;
        let [segment, below @ ..] = rest else {
            let last = segments.last().copied().unwrap_or_default();
            let set = set_name(kind);
            return Err(format!(
                "`{last}` is an entity: write `{path}/name` or another property of {set}"
            ));
        };
        let (name, mut keys) = split_places(segment);
        let Some(property) = property(kind, name) else {
            let unknown = shown(segment);
            return Err(format!(
                "`{unknown}` is neither a property nor a link of {}",
                set_name(kind)
            ));
        };
        keys.extend(below.iter().flat_map(|segment| json_keys(segment)));
        check_keys(property, &keys)?;
        Ok(ValuePath { base, links, property, keys })
    }

    /// The links to the entities of an `any`, and what these are.
    pub(super) fn entities(
        &self,
        path: &str,
    ) -> Result<(Base, Vec<Navigation>, EntityKind), String> {
        let segments: Vec<&str> = path.split('/').collect();
        let (base, links, kind, rest) = self.walk(&segments)?;
        match rest.first() {
            Some(segment) => Err(format!("`{}` is no link of {}", shown(segment), set_name(kind))),
            None if links.is_empty() => Err("`any` stands behind a link".to_owned()),
            None => Ok((base, links, kind)),
        }
    }

    #[expect(clippy::type_complexity, reason = "the four are taken apart at once")]
    fn walk<'s>(
        &self,
        segments: &'s [&'s str],
    ) -> Result<(Base, Vec<Navigation>, EntityKind, &'s [&'s str]), String> {
        let (base, mut kind, mut rest) = self.start(segments);
        let mut links = Vec::new();
        while let Some((segment, below)) = rest.split_first()
            && let Some(link) = navigate(kind, segment)
        {
            links.push(link);
            (kind, rest) = (link.to, below);
        }
        if links.len() > LINKS_MAX {
            return Err(format!("the path leads over more than {LINKS_MAX} links"));
        }
        Ok((base, links, kind, rest))
    }

    /// Masterportal writes `Things/name` for a thing's own name.
    fn start<'s>(&self, segments: &'s [&'s str]) -> (Base, EntityKind, &'s [&'s str]) {
        let Some((first, rest)) = segments.split_first() else {
            return (Base::Entity, self.kind, segments);
        };
        let variable = self.variables.iter().rposition(|(name, _)| name == first);
        if let Some((at, (_, kind))) = variable.and_then(|at| Some((at, self.variables.get(at)?))) {
            return (Base::Variable(at), *kind, rest);
        }
        let is_self = [entity_name(self.kind), set_name(self.kind)].contains(first);
        (Base::Entity, self.kind, if is_self && !rest.is_empty() { rest } else { segments })
    }
}

pub(crate) fn check_keys(property: Property, keys: &[JsonKey]) -> Result<(), String> {
    if keys.is_empty() || property.is_json() {
        return Ok(());
    }
    Err(format!("`{property}` has no parts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(kind: EntityKind, text: &str) -> Result<ValuePath, String> {
        ValueNames::new(kind).value(text)
    }

    #[test]
    fn the_name_of_the_set_itself_may_stand_before_a_property() {
        let own = path(EntityKind::Thing, "name");
        assert_eq!(path(EntityKind::Thing, "Things/name"), own);
        assert_eq!(path(EntityKind::Thing, "Thing/name"), own);
        let other = path(EntityKind::Datastream, "Thing/name").unwrap();
        assert_eq!(other.links.len(), 1);
        assert!(path(EntityKind::Thing, "Things/Things/name").is_err());
    }

    #[test]
    fn both_names_of_the_id_are_known() {
        let id = path(EntityKind::Observation, "Datastream/@iot.id");
        assert_eq!(path(EntityKind::Observation, "Datastream/id"), id);
    }

    #[test]
    fn parts_of_json_are_steps() {
        let path = path(EntityKind::Thing, "properties/list[0]/a").unwrap();
        let name = |name: &str| JsonKey::Name(name.to_owned());
        assert_eq!(path.keys, [name("list"), JsonKey::Index(0), name("a")]);
    }

    #[test]
    fn an_unknown_name_is_told_with_the_set_that_lacks_it() {
        for (text, message) in [
            ("nam", "`nam` is neither a property nor a link of Datastreams"),
            ("Thing/result", "`result` is neither a property nor a link of Things"),
            ("name/x", "`name` has no parts"),
            ("Thing", "`Thing` is an entity: write `Thing/name` or another property of Things"),
        ] {
            assert_eq!(path(EntityKind::Datastream, text), Err(message.to_owned()));
        }
        assert!(path(EntityKind::Thing, &"Datastreams/Thing/".repeat(5)).is_err());
    }
}
