use std::collections::HashMap;

use quartier_model::{EntityId, EntityKind, Observation};

use crate::{
    entities::{Json, Row, push_self_link, write_property},
    path::{Property, entity_name},
    read::{Frame, Level, Reader},
};

/// What every row has where nothing is selected (18-088, 13.2).
const USUAL: [Property; 4] =
    [Property::Id, Property::PhenomenonTime, Property::ResultTime, Property::Result];

/// The rows of one datastream.
struct Group<'l, 'a> {
    datastream: EntityId,
    rows: Vec<&'l Row<'a>>,
}

impl<'a> Reader<'a> {
    /// Observations as rows, by datastream, in the order in which the datastreams first come.
    pub(super) fn data_array(&self, frame: &Frame<'_, 'a>, level: &Level<'a>) -> Vec<u8> {
        let components = components(level);
        let mut json = Json::with_capacity(level.rows.len() * 80 + 500);
        json.object(|json| {
            self.write_frame(json, frame);
            json.name(&["value"]);
            json.array(|json| self.write_groups(json, &level.rows, &components));
        });
        json.into_bytes()
    }

    fn write_groups(&self, json: &mut Json, rows: &[Row<'a>], components: &[Property]) {
        for group in groups(rows) {
            self.write_group(json, &group, components);
        }
    }

    fn write_group(&self, json: &mut Json, group: &Group<'_, 'a>, components: &[Property]) {
        let Some(datastream) = self.view.catalogue.datastreams.get(&group.datastream) else {
            return;
        };
        json.object(|json| {
            json.name(&[entity_name(datastream.kind()), "@iot.navigationLink"]);
            json.plain(|bytes| {
                push_self_link(bytes, self.manner.base, &Row::Datastream(datastream));
            });
            json.name(&["components"]);
            json.value(&components.iter().copied().map(component_name).collect::<Vec<_>>());
            json.name(&["dataArray@iot.count"]);
            json.whole(group.rows.len() as u64);
            json.name(&["dataArray"]);
            json.array(|json| {
                group.rows.iter().for_each(|row| self.write_row(json, row, components));
            });
        });
    }

    fn write_row(&self, json: &mut Json, row: &Row<'a>, components: &[Property]) {
        json.array(|json| components.iter().for_each(|it| self.write_component(json, row, *it)));
    }

    fn write_component(&self, json: &mut Json, row: &Row<'a>, component: Property) {
        if !write_property(json, self.view, self.manner, row, component) {
            json.null();
        }
    }
}

fn groups<'l, 'a>(rows: &'l [Row<'a>]) -> Vec<Group<'l, 'a>> {
    let mut groups: Vec<Group<'l, 'a>> = Vec::new();
    let mut places = HashMap::new();
    for row in rows {
        let Row::Observation(observation) = row else { continue };
        let datastream = observation.datastream;
        let place = *places.entry(datastream).or_insert_with(|| {
            groups.push(Group { datastream, rows: Vec::new() });
            groups.len() - 1
        });
        groups[place].rows.push(row);
    }
    groups
}

/// What was selected; else what is usual, and what one of the rows has beside it.
fn components(level: &Level<'_>) -> Vec<Property> {
    let fields = level.shape.fields.iter().map(|field| field.property);
    if level.shape.is_selected {
        return fields.filter(|property| *property != Property::SelfLink).collect();
    }
    let rare =
        crate::path::properties(EntityKind::Observation).iter().copied().filter(|property| {
            !USUAL.contains(property) && level.rows.iter().any(|row| has(row, *property))
        });
    USUAL.into_iter().chain(rare).collect()
}

fn has(row: &Row<'_>, property: Property) -> bool {
    let Row::Observation(observation) = row else { return false };
    let Observation { valid_time, quality, parameters, .. } = &**observation;
    match property {
        Property::ValidTime => valid_time.is_some(),
        Property::ResultQuality => quality.is_some(),
        Property::Parameters => parameters.is_some(),
        _ => false,
    }
}

fn component_name(property: Property) -> &'static str {
    match property {
        Property::Id => "id",
        other => other.name(),
    }
}
