use std::collections::HashSet;

use quartier_model::{PropertyKind, Schema};

/// Names of more bytes are cut by PostgreSQL.
const NAME_BYTES_MAX: usize = 63;

/// PostgreSQL ends at 1,600 columns, SQLite at 2,000; the properties past these are read from the JSON.
const COLUMNS_MAX: usize = 1000;

/// A property as a column of its collection's layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column<'a> {
    pub(crate) name: String,
    pub(crate) property: &'a str,
    pub(crate) kind: PropertyKind,
}

/// The columns of a layer beside those that it has anyhow. Names that clash, whatever their case, are told apart.
pub(crate) fn columns<'a>(schema: &'a Schema, reserved: &[&str]) -> Vec<Column<'a>> {
    let mut taken: HashSet<String> = reserved.iter().map(|name| name.to_lowercase()).collect();
    let properties = schema.properties.iter().filter(|property| !property.name.contains('\0'));
    let column = |property: &'a quartier_model::Property| {
        let name = free_name(&property.name, &taken);
        taken.insert(name.to_lowercase());
        Column { name, property: &property.name, kind: property.kind }
    };
    properties.take(COLUMNS_MAX).map(column).collect()
}

fn free_name(property: &str, taken: &HashSet<String>) -> String {
    let is_free = |name: &String| !name.is_empty() && !taken.contains(&name.to_lowercase());
    let plain = cut(property, NAME_BYTES_MAX).to_owned();
    if is_free(&plain) {
        return plain;
    }
    let numbered = |number: usize| {
        let suffix = format!("_{number}");
        format!("{}{suffix}", cut(property, NAME_BYTES_MAX - suffix.len()))
    };
    // Each column takes one name.
    (2..=COLUMNS_MAX + 2).map(numbered).find(is_free).unwrap_or(plain)
}

fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quartier_model::Property;

    fn names(properties: &[&str]) -> Vec<String> {
        let properties =
            properties.iter().map(|name| Property::new(*name, PropertyKind::Text)).collect();
        columns(&Schema { properties }, &["fid", "geometry"])
            .into_iter()
            .map(|it| it.name)
            .collect()
    }

    #[test]
    fn a_property_named_as_a_column_of_the_layer_gets_a_number() {
        assert_eq!(
            names(&["geometry", "FID", "Fid_2", ""]),
            ["geometry_2", "FID_2", "Fid_2_2", "_2"]
        );
    }

    #[test]
    fn names_that_differ_only_past_what_a_database_keeps_stay_apart() {
        let long = "ü".repeat(40);
        let names = names(&[&long, &format!("{long}x")]);
        assert_ne!(names[0], names[1]);
        assert!(names.iter().all(|name| name.len() <= NAME_BYTES_MAX));
    }
}
