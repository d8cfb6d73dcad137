use quartier_model::EntityKind;

use super::{OptionError, Selected};
use crate::{
    expression::{check_keys, shown},
    path::{json_keys, navigate, property, set_name, split_places},
};

/// Adds `id,name,properties/owner,Datastreams` to what is selected already.
pub(super) fn parse_select(
    text: &str,
    kind: EntityKind,
    selection: &mut Vec<Selected>,
) -> Result<(), OptionError> {
    for name in text.split(',').map(str::trim) {
        let selected =
            selected(name, kind).map_err(|reason| OptionError::new("$select", reason))?;
        if !selection.contains(&selected) {
            selection.push(selected);
        }
    }
    Ok(())
}

fn selected(name: &str, kind: EntityKind) -> Result<Selected, String> {
    if let Some(link) = navigate(kind, name) {
        return Ok(Selected::Link(link));
    }
    let mut segments = name.split('/');
    let (first, mut keys) = split_places(segments.next().unwrap_or_default());
    let Some(property) = property(kind, first) else {
        let set = set_name(kind);
        return Err(format!("`{}` is neither a property nor a link of {set}", shown(name)));
    };
    keys.extend(segments.flat_map(json_keys));
    check_keys(property, &keys)?;
    Ok(Selected::Property { property, keys })
}
