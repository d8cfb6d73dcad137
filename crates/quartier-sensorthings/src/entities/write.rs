use quartier_model::EntityKind;

use super::{
    Field, Json, Manner, Row, Shape, View,
    json::push_whole,
    property::{parts_only, property_json, write_property},
};
use crate::path::{Navigation, set_name};

/// Writes an entity as an object; `expanded` adds what hangs on it.
#[expect(clippy::too_many_arguments, reason = "what a request sees and how it shows it are apart")]
pub(crate) fn write_entity(
    json: &mut Json,
    view: View<'_>,
    manner: Manner<'_>,
    row: &Row<'_>,
    shape: &Shape,
    expanded: impl FnOnce(&mut Json),
) {
    json.object(|json| {
        for field in &shape.fields {
            write_field(json, view, manner, row, field);
        }
        for link in shape.links.iter().filter(|link| leads_somewhere(view, row, **link)) {
            json.name(&[link.name, "@iot.navigationLink"]);
            json.plain(|bytes| push_link(bytes, manner.base, row, *link));
        }
        expanded(json);
    });
}

fn write_field(json: &mut Json, view: View<'_>, manner: Manner<'_>, row: &Row<'_>, field: &Field) {
    let start = json.mark();
    json.name(&[field.property.name()]);
    let is_there = if field.parts.is_empty() {
        write_property(json, view, manner, row, field.property)
    } else {
        let value = property_json(view, manner, row, field.property);
        value.map(|value| json.value(&parts_only(&value, &field.parts))).is_some()
    };
    match (is_there, field.is_asked_for) {
        (false, true) => json.null(),
        (false, false) => json.back_to(start),
        (true, _) => {}
    }
}

/// An observation is of a datastream or of a multi-datastream.
fn leads_somewhere(view: View<'_>, row: &Row<'_>, link: Navigation) -> bool {
    let Row::Observation(observation) = row else { return true };
    link.to == EntityKind::FeatureOfInterest
        || view.catalogue.contains(link.to, observation.datastream)
}

/// `https://city/v1.1/Things(1)`.
pub(crate) fn push_self_link(bytes: &mut Vec<u8>, base: &str, row: &Row<'_>) {
    bytes.extend_from_slice(base.as_bytes());
    bytes.push(b'/');
    bytes.extend_from_slice(set_name(row.kind()).as_bytes());
    bytes.push(b'(');
    push_whole(bytes, row.id().0);
    bytes.push(b')');
}

/// `https://city/v1.1/Things(1)/Datastreams`.
pub(crate) fn push_link(bytes: &mut Vec<u8>, base: &str, row: &Row<'_>, link: Navigation) {
    push_self_link(bytes, base, row);
    bytes.push(b'/');
    bytes.extend_from_slice(link.name.as_bytes());
}
