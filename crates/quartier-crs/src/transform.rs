use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use geo_types::{Coord, LineString, Polygon};
use proj::Proj;
use quartier_model::{Bbox, Crs, Geometry};

use crate::{Error, Result, describe::silence};

/// Pairs of CRSs that a thread keeps ready: the CRSs of an API, both ways, several times over.
const PAIRS_PER_THREAD_MAX: usize = 64;

/// Points on each edge of a box that is transformed: the edge of a box around a city strays from its chords by less
/// than a centimetre.
const OUTLINE_STEPS: usize = 21;

/// Turns coordinates of one CRS into coordinates of another.
///
/// Cheap to make, to clone and to send: the PROJ object behind it, which takes milliseconds to make and stays in its
/// thread, is kept per thread.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Transform {
    from: Arc<str>,
    to: Arc<str>,
}

thread_local! {
    static READY: RefCell<HashMap<Transform, Rc<Proj>>> = RefCell::default();
}

impl Transform {
    /// Between two CRSs of the register. Fails where PROJ knows no way from one to the other.
    pub fn between(from: Crs, to: Crs) -> Result<Self> {
        Self::from_definition(&from.to_string(), to)
    }

    /// From whatever PROJ understands as a CRS: `EPSG:7415`, WKT, PROJJSON.
    pub fn from_definition(from: &str, to: Crs) -> Result<Self> {
        let transform = Self { from: from.into(), to: to.to_string().into() };
        if !transform.is_identity() {
            transform.proj()?;
        }
        Ok(transform)
    }

    /// Whether coordinates pass through untouched, to the last bit.
    pub fn is_identity(&self) -> bool {
        self.from == self.to
    }

    pub fn coord(&self, coord: Coord<f64>) -> Result<Coord<f64>> {
        if self.is_identity() {
            return Ok(coord);
        }
        let proj = self.proj()?;
        self.one(&proj, coord)
    }

    /// Transforms in place; stops at the first coordinate that cannot be transformed.
    pub fn coords(&self, coords: &mut [Coord<f64>]) -> Result<()> {
        if self.is_identity() {
            return Ok(());
        }
        let proj = self.proj()?;
        coords.iter_mut().try_for_each(|coord| {
            *coord = self.one(&proj, *coord)?;
            Ok(())
        })
    }

    /// The same shape in the other CRS; heights stay as they are.
    pub fn geometry(&self, geometry: &Geometry) -> Result<Geometry> {
        if self.is_identity() {
            return Ok(geometry.clone());
        }
        let proj = self.proj()?;
        let mut failure = None;
        let moved = geometry.map_coords(|coord| {
            self.one(&proj, coord).unwrap_or_else(|error| {
                failure.get_or_insert(error);
                coord
            })
        });
        match failure {
            Some(error) => Err(error),
            None => Ok(moved?),
        }
    }

    /// The box around a transformed box, whose edges may bend: followed through [`Transform::outline`].
    pub fn bbox(&self, bbox: &Bbox) -> Result<Bbox> {
        if self.is_identity() {
            return Ok(*bbox);
        }
        let outline = self.outline(bbox)?;
        let corners = outline.exterior().0.iter().map(|coord| (coord.x, coord.y));
        let flat = Bbox::around(corners).expect("an outline has coordinates");
        Ok(Bbox { heights: bbox.heights, ..flat })
    }

    /// A box as it lies in the other CRS: a polygon with enough points on each edge to follow its bend.
    pub fn outline(&self, bbox: &Bbox) -> Result<Polygon<f64>> {
        let corners = bbox.to_rect().to_polygon();
        let steps = if self.is_identity() { 1 } else { OUTLINE_STEPS };
        let mut ring: Vec<Coord<f64>> = Vec::with_capacity(4 * steps + 1);
        for edge in corners.exterior().lines() {
            let along = |step: usize| edge.start + edge.delta() * (step as f64 / steps as f64);
            ring.extend((0..steps).map(along));
        }
        self.coords(&mut ring)?;
        Ok(Polygon::new(LineString(ring), Vec::new()))
    }

    fn one(&self, proj: &Proj, coord: Coord<f64>) -> Result<Coord<f64>> {
        let moved: Option<Coord<f64>> = proj.convert(coord).ok();
        let moved = moved.filter(|moved| moved.x.is_finite() && moved.y.is_finite());
        moved.ok_or_else(|| Error::OutOfDomain {
            x: coord.x,
            y: coord.y,
            from: self.from.chars().take(80).collect(),
            to: self.to.to_string(),
        })
    }

    fn proj(&self) -> Result<Rc<Proj>> {
        READY.with_borrow_mut(|ready| {
            if let Some(proj) = ready.get(self) {
                return Ok(Rc::clone(proj));
            }
            if ready.len() >= PAIRS_PER_THREAD_MAX {
                ready.clear();
            }
            let proj = Rc::new(self.make()?);
            ready.insert(self.clone(), Rc::clone(&proj));
            Ok(proj)
        })
    }

    fn make(&self) -> Result<Proj> {
        silence();
        for definition in [&self.from, &self.to] {
            Proj::new(definition)
                .map_err(|_cause| Error::Unknown(definition.chars().take(120).collect()))?;
        }
        Proj::new_known_crs(&self.from, &self.to, None).map_err(|_cause| Error::NoTransformation {
            from: self.from.to_string(),
            to: self.to.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{coord, point};

    fn near(left: Coord<f64>, right: Coord<f64>, tolerance: f64) -> bool {
        (left.x - right.x).abs() <= tolerance && (left.y - right.y).abs() <= tolerance
    }

    #[test]
    fn a_place_in_utm_is_found_in_degrees_and_back_within_a_tenth_of_a_millimetre() {
        let utm = coord! { x: 405_000.0, y: 5_757_000.0 };
        let degrees = Transform::between(Crs::Epsg(25832), Crs::Crs84).unwrap().coord(utm).unwrap();
        assert!(near(degrees, coord! { x: 7.620_0, y: 51.955_0 }, 0.01), "{degrees:?}");
        let back = Transform::between(Crs::Crs84, Crs::Epsg(25832)).unwrap().coord(degrees);
        assert!(near(back.unwrap(), utm, 1e-4));
    }

    #[test]
    fn x_is_east_whatever_the_register_says_about_axes() {
        for crs in [Crs::Epsg(4326), Crs::Epsg(4258)] {
            let there = Transform::between(Crs::Crs84, crs).unwrap();
            let place = there.coord(coord! { x: 7.62, y: 51.95 }).unwrap();
            assert!(near(place, coord! { x: 7.62, y: 51.95 }, 1e-8), "{crs}: {place:?}");
        }
        let lambert = Transform::between(Crs::Crs84, Crs::Epsg(3035)).unwrap();
        let place = lambert.coord(coord! { x: 10.0, y: 52.0 }).unwrap();
        assert!(near(place, coord! { x: 4_321_000.0, y: 3_210_000.0 }, 1e-3), "{place:?}");
    }

    #[test]
    fn the_same_crs_changes_nothing_and_heights_are_kept() {
        let point = Geometry::with_heights(point!(x: 0.1, y: 0.2).into(), vec![54.3]).unwrap();
        let same = Transform::between(Crs::Epsg(25832), Crs::Epsg(25832)).unwrap();
        assert_eq!(same.geometry(&point).unwrap(), point);
        let moved = Transform::between(Crs::Crs84, Crs::WEB_MERCATOR).unwrap().geometry(&point);
        assert_eq!(moved.unwrap().heights(), Some([54.3].as_slice()));
    }

    #[test]
    fn an_unknown_code_and_a_place_off_the_map_are_named() {
        let unknown = Transform::between(Crs::Epsg(1), Crs::Crs84).unwrap_err();
        assert_eq!(unknown, Error::Unknown("EPSG:1".to_owned()));
        let mercator = Transform::between(Crs::Crs84, Crs::WEB_MERCATOR).unwrap();
        let pole = mercator.coord(coord! { x: 0.0, y: 95.0 }).unwrap_err();
        assert!(pole.to_string().contains("0, 95"), "{pole}");
    }

    #[test]
    fn the_box_of_a_bent_box_holds_its_bulges() {
        let degrees = Bbox::new(6.0, 51.0, 9.0, 52.0).unwrap();
        let there = Transform::between(Crs::Crs84, Crs::Epsg(25832)).unwrap();
        let bbox = there.bbox(&degrees).unwrap();
        let middle = there.coord(coord! { x: 9.0, y: 51.0 }).unwrap();
        assert!(bbox.min_y <= middle.y);
        assert_eq!(there.outline(&degrees).unwrap().exterior().0.len(), 85);
    }

    #[test]
    fn a_compound_crs_lends_its_horizontal_part() {
        let dutch = Transform::from_definition("EPSG:7415", Crs::Crs84).unwrap();
        let delft = dutch.coord(coord! { x: 84_000.0, y: 447_000.0 }).unwrap();
        assert!(near(delft, coord! { x: 4.36, y: 52.0 }, 0.03), "{delft:?}");
    }
}
