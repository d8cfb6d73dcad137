use std::sync::Arc;

use quartier_crs::Transform;
use quartier_model::{Bbox, Crs, FeatureId};

/// Boxes of one step that are told one by one, so that a map asks again for few tiles: more are an import, and told as
/// one.
const BOXES_MAX: usize = 256;

/// Where the objects of a step were and are, in WGS 84 degrees, for those who are told of it.
#[derive(Debug, Clone, Default)]
pub(crate) enum Places {
    /// It is not known where.
    #[default]
    Anywhere,
    Around(Bbox),
    Each(Vec<(FeatureId, Bbox)>),
}

impl Places {
    pub(crate) fn of(boxes: &[(FeatureId, Bbox)], crs: Crs) -> Self {
        let Ok(degrees) = Transform::between(crs, Crs::Crs84) else { return Self::Anywhere };
        if boxes.len() <= BOXES_MAX {
            let each = boxes.iter().map(|(fid, bbox)| Ok((*fid, degrees.bbox(bbox)?)));
            let each: Result<_, quartier_crs::Error> = each.collect();
            return each.map_or(Self::Anywhere, Self::Each);
        }
        let around = boxes.iter().map(|(_, bbox)| *bbox).reduce(Bbox::union);
        around.and_then(|around| degrees.bbox(&around).ok()).map_or(Self::Anywhere, Self::Around)
    }

    /// Those of some of the step's objects; `None` for anywhere.
    pub(crate) fn of_these(&self, objects: &[FeatureId]) -> Option<Arc<[Bbox]>> {
        match self {
            Self::Anywhere => None,
            Self::Around(bbox) => Some([*bbox].into()),
            Self::Each(all) => {
                let these = all.iter().filter(|(fid, _)| objects.contains(fid));
                Some(these.map(|(_, bbox)| *bbox).collect())
            }
        }
    }
}
