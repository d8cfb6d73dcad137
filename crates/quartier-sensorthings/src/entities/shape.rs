use quartier_model::EntityKind;

use crate::{
    Version,
    options::Selected,
    path::{JsonKey, Navigation, Property, navigations, properties},
};

/// Which parts of the entities of a kind are shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    /// Whether the client said which.
    pub(crate) is_selected: bool,
    pub(crate) fields: Vec<Field>,
    /// Shown as links; what is expanded is not among them.
    pub(crate) links: Vec<Navigation>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) property: Property,
    /// Empty where the whole value is shown.
    pub(crate) parts: Vec<Vec<JsonKey>>,
    /// Whether it is shown even where it has no value.
    pub(crate) is_asked_for: bool,
}

impl Shape {
    /// Of what was selected; all where that is nothing.
    pub(crate) fn new(
        kind: EntityKind,
        select: &[Selected],
        expanded: &[Navigation],
        version: Version,
    ) -> Self {
        let fields = match select {
            [] => whole(kind, version),
            select => selected_fields(kind, select),
        };
        let is_shown = |link: &Navigation| {
            !expanded.contains(link)
                && (select.is_empty() || select.contains(&Selected::Link(*link)))
        };
        let links = navigations(kind).filter(is_shown).collect();
        Self { is_selected: !select.is_empty(), fields, links }
    }

    /// The self link alone.
    pub(crate) fn reference() -> Self {
        let fields = vec![Field::asked_for(Property::SelfLink)];
        Self { is_selected: true, fields, links: Vec::new() }
    }
}

impl Field {
    fn asked_for(property: Property) -> Self {
        Self { property, parts: Vec::new(), is_asked_for: true }
    }
}

fn listed(kind: EntityKind) -> impl Iterator<Item = Property> {
    [Property::Id, Property::SelfLink].into_iter().chain(properties(kind).iter().copied())
}

fn whole(kind: EntityKind, version: Version) -> Vec<Field> {
    let field = |property| Field {
        property,
        parts: Vec::new(),
        is_asked_for: property == Property::ResultTime && kind == EntityKind::Observation
            || property == Property::Properties
                && (version == Version::V1_1 || kind == EntityKind::Thing),
    };
    listed(kind).map(field).collect()
}

fn selected_fields(kind: EntityKind, select: &[Selected]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for wanted in listed(kind) {
        let parts: Vec<_> = select.iter().filter_map(|it| keys_of(it, wanted)).collect();
        if parts.is_empty() {
            continue;
        }
        let mut field = Field::asked_for(wanted);
        if parts.iter().all(|keys| !keys.is_empty()) {
            field.parts = parts.into_iter().map(<[JsonKey]>::to_vec).collect();
        }
        fields.push(field);
    }
    fields
}

fn keys_of(selected: &Selected, wanted: Property) -> Option<&[JsonKey]> {
    match selected {
        Selected::Property { property, keys } if *property == wanted => Some(keys),
        _ => None,
    }
}
