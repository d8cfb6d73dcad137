use std::fmt::Display;

use gdal::vector::ToGdal;
use geo::{
    Area, Geometry, GeometryCollection, MakeValid as _, MultiPolygon, Orient as _, Polygon,
    Validation, orient::Direction, unary_union,
};

use super::{plain, settle::settled};
use crate::ogr::quietly;

/// A mended polygon that covers this much less than its outline says has lost something that matters.
const AREA_LOSS_MAX: f64 = 0.02;

pub(crate) struct Mended {
    pub(crate) plane: Geometry<f64>,
    pub(crate) note: String,
}

/// Polygons made valid in the sense of Simple Features; `None` where all of them are. Lines and points need
/// nothing. Rings may wind either way.
pub(crate) fn polygons(plane: &Geometry<f64>) -> Result<Option<Mended>, String> {
    match plane {
        Geometry::Polygon(polygon) => mended_polygon(polygon),
        Geometry::MultiPolygon(polygons) => mended_members(polygons),
        Geometry::GeometryCollection(members) => mended_collection(members),
        _ => Ok(None),
    }
}

fn mended_polygon(polygon: &Polygon<f64>) -> Result<Option<Mended>, String> {
    if plain::is_plain(polygon) {
        return Ok(None);
    }
    let Some(defect) = defect(polygon) else { return Ok(None) };
    let mended =
        repaired(polygon).ok_or_else(|| format!("the polygon cannot be mended: {defect}"))?;
    let note = format!("{defect}: mended");
    Ok(Some(Mended { plane: simplest(&mended), note }))
}

fn mended_members(polygons: &MultiPolygon<f64>) -> Result<Option<Mended>, String> {
    if plain::are_plain(polygons) {
        return Ok(None);
    }
    let Some(defect) = defect(polygons) else { return Ok(None) };
    let refusal = || format!("the multipolygon cannot be mended: {defect}");
    let mut members = Vec::new();
    for polygon in polygons {
        let is_valid = plain::is_plain(polygon) || self::defect(polygon).is_none();
        let mended = if is_valid {
            polygon.clone().into()
        } else {
            repaired(polygon).ok_or_else(refusal)?
        };
        members.extend(mended);
    }
    let members = MultiPolygon::new(members);
    if self::defect(&members).is_none() {
        return Ok(Some(Mended { plane: simplest(&members), note: format!("{defect}: mended") }));
    }
    // Members that overlap: their union is the same set of points.
    let united = unary_union(&members.orient(Direction::Default));
    if self::defect(&united).is_some() {
        return Err(refusal());
    }
    Ok(Some(Mended { plane: simplest(&united), note: format!("{defect}: united what overlaps") }))
}

fn mended_collection(members: &GeometryCollection<f64>) -> Result<Option<Mended>, String> {
    let mut notes = Vec::new();
    let mut all = Vec::new();
    for member in members {
        match polygons(member)? {
            None => all.push(member.clone()),
            Some(mended) => {
                notes.push(mended.note);
                all.push(mended.plane);
            }
        }
    }
    let plane = Geometry::GeometryCollection(GeometryCollection::new_from(all));
    Ok((!notes.is_empty()).then(|| Mended { plane, note: notes.join(", ") }))
}

/// What is wrong with it; polygons without area are none.
///
/// `geo` says more of what is wrong, GEOS, which PostGIS uses too, sees more of it: an outline that folds back on
/// itself, for example.
fn defect<G>(shape: &G) -> Option<String>
where
    G: Validation<Error: Display> + Area<f64> + ToGdal,
{
    if let Err(defect) = shape.check_validation() {
        return Some(defect.to_string());
    }
    if shape.unsigned_area() <= 0.0 {
        return Some("it has no area".to_owned());
    }
    let is_valid = quietly(|| shape.to_gdal().is_ok_and(|shape| shape.is_valid()));
    (!is_valid).then(|| "its rings touch or turn back on themselves".to_owned())
}

/// The polygon by the odd-even rule, where that keeps what the outline means.
fn repaired(polygon: &Polygon<f64>) -> Option<MultiPolygon<f64>> {
    let mended = polygon.make_valid().ok()?;
    let outline = polygon.exterior();
    let outer = Polygon::new(outline.clone(), Vec::new()).unsigned_area();
    let meant = polygon.unsigned_area();
    let area = mended.unsigned_area();
    let is_kept = area > 0.0 && area >= meant - outer * AREA_LOSS_MAX;
    // A bow-tie's outline cancels itself out, so without holes there may be more; with holes there may not.
    let is_not_more = polygon.interiors().is_empty() || area <= meant + outer * AREA_LOSS_MAX;
    // Without an outer ring that has an area, a hole would become the polygon.
    let has_outside = polygon.interiors().is_empty() || outer > 0.0;
    (has_outside && is_kept && is_not_more && defect(&mended).is_none()).then_some(mended)
}

fn simplest(polygons: &MultiPolygon<f64>) -> Geometry<f64> {
    let mut polygons = settled(polygons);
    match polygons.0.pop() {
        Some(only) if polygons.0.is_empty() => only.into(),
        Some(last) => {
            polygons.0.push(last);
            polygons.into()
        }
        None => polygons.into(),
    }
}
