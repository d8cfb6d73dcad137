use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{Bbox, Body, CityObject, Crs, Feature, Part, Structure};

/// Decimals that are kept of a coordinate that was transformed: a tenth of a millimetre, far below what PROJ and
/// surveys promise, and short to store.
const DECIMALS_METRES: f64 = 1e4;
const DECIMALS_DEGREES: f64 = 1e9;

/// How far outside the working CRS's area of use an object may lie, in degrees: a zone's neighbours use it too.
const AREA_MARGIN_DEGREES: f64 = 6.0;

/// Brings objects into the working CRS.
#[derive(Debug)]
pub(super) struct Placement {
    transform: Transform,
    decimals: f64,
    working: Crs,
    /// Where objects may lie, in the working CRS; `None` for anywhere.
    area: Option<Bbox>,
}

impl Placement {
    pub(super) fn new(from: &str, working: Crs) -> quartier_crs::Result<Self> {
        let description = quartier_crs::describe(working)?;
        let decimals = if description.is_geographic { DECIMALS_DEGREES } else { DECIMALS_METRES };
        let area = description.area.and_then(|degrees| {
            let grown = degrees.grown(AREA_MARGIN_DEGREES).intersection(&WORLD)?;
            Transform::between(Crs::Crs84, working).ok()?.bbox(&grown).ok()
        });
        let transform = Transform::from_definition(from, working)?;
        Ok(Self { transform, decimals, working, area })
    }

    /// The object in the working CRS; untouched to the last bit where it is in that already.
    pub(super) fn place(&self, object: CityObject) -> Result<CityObject, String> {
        let object = if self.transform.is_identity() { object } else { self.moved(object)? };
        self.check_area(&object.feature)?;
        Ok(object)
    }

    fn moved(&self, object: CityObject) -> Result<CityObject, String> {
        let CityObject { feature, structure } = object;
        let geometry = feature.geometry.map(|geometry| {
            let moved = self.transform.geometry(&geometry).map_err(|error| error.to_string())?;
            moved.map_coords(|coord| self.rounded(coord)).map_err(|error| error.to_string())
        });
        let feature = Feature { geometry: geometry.transpose()?, ..feature };
        Ok(CityObject { feature, structure: self.moved_structure(structure)? })
    }

    fn moved_structure(&self, structure: Structure) -> Result<Structure, String> {
        let bodies = self.moved_bodies(structure.bodies)?;
        let parts = structure.parts.into_iter().map(|part| self.moved_part(part));
        Ok(Structure { bodies, parts: parts.collect::<Result<_, String>>()? })
    }

    fn moved_part(&self, part: Part) -> Result<Part, String> {
        let below = Structure { bodies: part.bodies, parts: part.parts };
        let Structure { bodies, parts } = self.moved_structure(below)?;
        Ok(Part { bodies, parts, ..part })
    }

    fn moved_bodies(&self, bodies: Vec<Body>) -> Result<Vec<Body>, String> {
        let moved = |mut body: Body| {
            for vertex in &mut body.vertices {
                let place = Coord { x: vertex[0], y: vertex[1] };
                let place = self.transform.coord(place).map_err(|error| error.to_string())?;
                let place = self.rounded(place);
                [vertex[0], vertex[1]] = [place.x, place.y];
            }
            Ok(body)
        };
        bodies.into_iter().map(moved).collect()
    }

    fn rounded(&self, coord: Coord<f64>) -> Coord<f64> {
        let round = |number: f64| (number * self.decimals).round() / self.decimals;
        Coord { x: round(coord.x), y: round(coord.y) }
    }

    fn check_area(&self, feature: &Feature) -> Result<(), String> {
        let (Some(area), Some(geometry)) = (&self.area, &feature.geometry) else { return Ok(()) };
        let bbox = geometry.bbox();
        if area.contains(&bbox) {
            return Ok(());
        }
        Err(format!(
            "it lies at {}, {}, far outside the area of {}: are its coordinates in another CRS, or its axes swapped?",
            bbox.min_x, bbox.min_y, self.working
        ))
    }
}

const WORLD: Bbox = Bbox { min_x: -180.0, min_y: -90.0, max_x: 180.0, max_y: 90.0, heights: None };

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::point;
    use quartier_model::{Geometry, Properties, TimeRange};

    fn at(x: f64, y: f64) -> CityObject {
        let feature = Feature {
            id: "tree".parse().unwrap(),
            source_id: None,
            geometry: Some(Geometry::new(point!(x: x, y: y).into()).unwrap()),
            properties: Properties::new(),
            valid: TimeRange::ALWAYS,
        };
        feature.into()
    }

    #[test]
    fn coordinates_in_the_working_crs_are_kept_to_the_last_bit() {
        let placement = Placement::new("EPSG:25832", Crs::Epsg(25832)).unwrap();
        let object = at(405_000.123_456_789, 5_757_000.1);
        assert_eq!(placement.place(object.clone()), Ok(object));
    }

    #[test]
    fn transformed_coordinates_are_kept_to_a_tenth_of_a_millimetre() {
        let placement = Placement::new("OGC:CRS84", Crs::Epsg(25832)).unwrap();
        let placed = placement.place(at(7.62, 51.95)).unwrap();
        let place = placed.feature.geometry.unwrap().coords()[0];
        assert_eq!(place.x, (place.x * 1e4).round() / 1e4);
        assert!((place.x - 405_000.0).abs() < 1_000.0, "{place:?}");
    }

    #[test]
    fn an_object_with_swapped_axes_is_rejected_with_a_hint() {
        let placement = Placement::new("OGC:CRS84", Crs::Epsg(25832)).unwrap();
        let reason = placement.place(at(51.95, 7.62)).unwrap_err();
        assert!(reason.contains("axes swapped"), "{reason}");
    }
}
