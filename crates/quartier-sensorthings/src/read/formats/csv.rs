use serde_json::Value;

use crate::{
    entities::{Field, part, property_json},
    path::{JsonKey, Property},
    read::{Level, Reader},
};

/// The parts of a unit; each has a column.
const UNIT: [&str; 3] = ["name", "symbol", "definition"];

/// One column: where it finds its entity, and what it shows of it.
struct Column {
    name: String,
    /// From the first level on, which branch leads there.
    way: Vec<usize>,
    property: Property,
    keys: Vec<JsonKey>,
}

impl<'a> Reader<'a> {
    /// A table (RFC 4180): a row for each entity, with what hangs on it; without rows there is still a header.
    pub(super) fn csv(&self, level: &Level<'a>) -> Vec<u8> {
        let mut columns = Vec::new();
        add_columns(&mut columns, level, "", &[]);
        let mut text = String::new();
        push_line(&mut text, columns.iter().map(|column| column.name.clone()));
        for index in 0..level.rows.len() {
            push_line(&mut text, columns.iter().map(|column| self.cell(level, index, column)));
        }
        text.into_bytes()
    }

    /// Empty where there is no entity, or no value.
    fn cell(&self, level: &Level<'a>, index: usize, column: &Column) -> String {
        let mut place = Some((level, index));
        for &branch in &column.way {
            place = place.and_then(|(level, index)| {
                let branch = &level.branches[branch];
                let below = branch.parts[index].rows.clone().next()?;
                Some((&branch.level, below))
            });
        }
        let value = place.and_then(|(level, index)| {
            property_json(self.view, self.manner, &level.rows[index], column.property)
        });
        match value.as_ref().and_then(|value| part(value, &column.keys)) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }
}

fn add_columns(columns: &mut Vec<Column>, level: &Level<'_>, prefix: &str, way: &[usize]) {
    for field in &level.shape.fields {
        for keys in parts(field) {
            let below: String = keys.iter().map(ToString::to_string).collect();
            let name = format!("{prefix}{}{below}", column_name(field.property));
            let property = field.property;
            columns.push(Column { name, way: way.to_vec(), property, keys });
        }
    }
    for (index, branch) in level.branches.iter().enumerate() {
        let way = [way, &[index]].concat();
        add_columns(columns, &branch.level, &format!("{prefix}{}/", branch.link), &way);
    }
}

/// Which parts of a property have columns: the property itself, its parts that were selected, or the unit's. A self
/// link has one only where it was selected.
fn parts(field: &Field) -> Vec<Vec<JsonKey>> {
    match field.property {
        Property::SelfLink if !field.is_asked_for => Vec::new(),
        _ if !field.parts.is_empty() => field.parts.clone(),
        Property::UnitOfMeasurement => {
            UNIT.map(|name| vec![JsonKey::Name(name.to_owned())]).to_vec()
        }
        _ => vec![Vec::new()],
    }
}

fn column_name(property: Property) -> &'static str {
    match property {
        Property::Id => "id",
        other => other.name(),
    }
}

fn push_line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}
