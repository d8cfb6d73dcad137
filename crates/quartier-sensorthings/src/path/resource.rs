use std::fmt;

use quartier_model::{EntityId, EntityKind};

use super::{Cardinality, JsonKey, Navigation, Property, set_name};

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// The list of entity sets.
    Root,
    /// `CreateObservations`, from the extension for data arrays (18-088, 13).
    CreateObservations,
    /// `$batch` (18-088, 12).
    Batch,
    Entities(ResourcePath),
}

/// A way over links: `Things(1)/Datastreams(2)/Observations/$ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePath {
    pub start: EntityKind,
    pub id: Option<EntityId>,
    pub steps: Vec<Step>,
    pub end: PathEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub link: Navigation,
    /// The one of many; never given where the link leads to one.
    pub id: Option<EntityId>,
}

/// What is wanted of the entities to which a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathEnd {
    Entities,
    /// `$ref`: their links only.
    Links,
    /// `$count`: how many there are, as text. Behind a set only.
    Count,
    /// A property in JSON, such as `…/properties/owner`. Behind one entity only.
    Property {
        property: Property,
        keys: Vec<JsonKey>,
    },
    /// The property itself, as text: `…/name/$value`.
    Value {
        property: Property,
        keys: Vec<JsonKey>,
    },
}

impl ResourcePath {
    /// The kind of the entities to which it leads.
    pub fn kind(&self) -> EntityKind {
        self.steps.last().map_or(self.start, |step| step.link.to)
    }

    /// Whether it leads to a set rather than to one entity.
    pub fn is_set(&self) -> bool {
        match self.steps.last() {
            Some(step) => step.link.cardinality == Cardinality::Many && step.id.is_none(),
            None => self.id.is_none(),
        }
    }
}

impl fmt::Display for ResourcePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(set_name(self.start))?;
        write_id(self.id, formatter)?;
        for step in &self.steps {
            write!(formatter, "/{}", step.link)?;
            write_id(step.id, formatter)?;
        }
        match &self.end {
            PathEnd::Entities => Ok(()),
            PathEnd::Links => formatter.write_str("/$ref"),
            PathEnd::Count => formatter.write_str("/$count"),
            PathEnd::Property { property, keys } => write_property(*property, keys, formatter),
            PathEnd::Value { property, keys } => {
                write_property(*property, keys, formatter)?;
                formatter.write_str("/$value")
            }
        }
    }
}

fn write_id(id: Option<EntityId>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    id.map_or(Ok(()), |id| write!(formatter, "({id})"))
}

fn write_property(
    property: Property,
    keys: &[JsonKey],
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(formatter, "/{property}")?;
    keys.iter().try_for_each(|key| write!(formatter, "{key}"))
}
