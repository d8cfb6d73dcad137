use quartier_model::{CityObject, Geometry};
use serde_json::json;

use super::{object, properties};
use crate::{
    districts::{District, Districts, union},
    plan::Plan,
};

pub(super) fn objects(plan: &Plan, districts: &Districts, level: usize) -> Vec<CityObject> {
    let of_level = districts.all.iter().filter(|district| district.key.len() == level);
    of_level.map(|district| object_of(plan, district)).collect()
}

fn object_of(plan: &Plan, district: &District) -> CityObject {
    let key = key(plan, district);
    let quarters = district.quarters.iter().map(|quarter| &plan.quarters[*quarter]);
    let people = quarters.map(|it| it.buildings as f64 * it.zone.people_per_building());
    let population = people.sum::<f64>().round() as u64;
    let outline = union(plan, &district.quarters);
    let geometry = Geometry::new(outline.into()).expect("quarters have finite outlines");
    let known = properties([
        ("name", json!(district.name)),
        ("key", json!(key)),
        ("population", json!(population)),
    ]);
    object(format!("district-{key}"), geometry, known)
}

/// As the statistical offices number districts: the town, then two digits for each level.
fn key(plan: &Plan, district: &District) -> String {
    let town = format!("{:04}", plan.site.town + 1);
    let levels = district.key.iter().map(|number| format!("{number:02}"));
    std::iter::once(town).chain(levels).collect()
}
