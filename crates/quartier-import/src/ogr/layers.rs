use gdal::{
    Dataset,
    vector::{LayerAccess as _, OGRwkbGeometryType, OwnedLayer},
};

use crate::{Error, Input, Result};

/// More layers than these are not listed in a message.
const LISTED_MAX: usize = 50;

/// The layer of that name; without a name the only one that has a geometry or, if none has, the only one.
pub(super) fn choose(input: &Input, dataset: Dataset, wanted: Option<&str>) -> Result<OwnedLayer> {
    let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
    let at = match wanted {
        Some(wanted) => {
            names.iter().position(|name| name == wanted).ok_or_else(|| Error::NoLayer {
                name: input.name.clone(),
                layer: wanted.to_owned(),
                layers: listed(&names),
            })?
        }
        None => only(input, &dataset, &names)?,
    };
    dataset
        .into_layer(at)
        .map_err(|error| Error::Format { name: input.name.clone(), detail: format!(": {error}") })
}

fn only(input: &Input, dataset: &Dataset, names: &[String]) -> Result<usize> {
    let with_geometry: Vec<usize> = dataset
        .layers()
        .enumerate()
        .filter(|(_, layer)| layer.defn().geometry_type() != OGRwkbGeometryType::wkbNone)
        .map(|(at, _)| at)
        .collect();
    let filled = || {
        let is_filled = |at: &usize| {
            dataset.layer(*at).ok().and_then(|layer| layer.try_feature_count()) != Some(0)
        };
        with_geometry.iter().copied().filter(is_filled).collect::<Vec<usize>>()
    };
    match (names, with_geometry.as_slice()) {
        ([], _) => {
            Err(Error::Format { name: input.name.clone(), detail: ": it has no layers".to_owned() })
        }
        ([_], _) => Ok(0),
        (_, [only]) => Ok(*only),
        _ => match filled().as_slice() {
            [only] => Ok(*only),
            _ => Err(Error::WhichLayer { name: input.name.clone(), layers: listed(names) }),
        },
    }
}

fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(LISTED_MAX).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > LISTED_MAX {
        text.push_str(", …");
    }
    text
}
