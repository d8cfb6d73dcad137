use std::{array::from_fn, f64::consts::PI};

use geo_types::Coord;
use quartier_model::{Bbox, Crs};

use crate::{Result, Transform, describe};

/// WGS 84's semi-major axis in metres, which EPSG:3857 takes as the radius of a sphere.
const SPHERE_RADIUS_M: f64 = 6_378_137.0;

/// A degree of latitude in metres, as near as a tolerance needs it.
const DEGREE_M: f64 = 111_320.0;

/// Chebyshev nodes along each side of a region.
const NODES: usize = 4;

/// How far from its centre a region reaches, in half sides: a hair beyond its edge, for what is rounded.
const COVERED: f64 = 1.000_001;

/// A transformation of one region that costs a few nanoseconds a coordinate where PROJ takes 190.
///
/// Map projections are smooth: over a region of a tile's size, a bicubic Chebyshev polynomial through 16 points of
/// PROJ's is nearer to PROJ than a millimetre. Where it is not near enough (a large region), several stand side by
/// side; where these are not (a continent), PROJ itself is asked.
#[derive(Debug, Clone)]
pub struct Warp(Way);

#[derive(Debug, Clone)]
enum Way {
    Identity,
    /// Degrees to EPSG:3857 in closed form.
    Mercator,
    /// A polynomial within its region, PROJ beyond it, where a polynomial runs away.
    Bicubic(Box<Bicubic>, Transform),
    /// The same for a region that is too large for one.
    Cells(Box<Cells>, Transform),
    Exact(Transform),
}

#[derive(Debug, Clone)]
struct Bicubic {
    centre: Coord<f64>,
    /// One over half the region's sides.
    scale: Coord<f64>,
    /// By the degree in y, then in x.
    coefficients: [[Coord<f64>; NODES]; NODES],
}

/// Polynomials side by side over a large region.
#[derive(Debug, Clone)]
struct Cells {
    origin: Coord<f64>,
    /// One over a cell's sides.
    scale: Coord<f64>,
    /// Cells on a side of the region.
    side: usize,
    /// Row by row.
    bicubics: Box<[Bicubic]>,
}

/// Into how many cells on a side a region is cut, one after the other until they are near enough: a city takes 2, a
/// state 16; more would take longer to make than PROJ takes for a tile.
const CELLS: [u32; 4] = [2, 4, 8, 16];

impl Warp {
    /// For coordinates in the region (in `from`), within so many metres of PROJ. Takes milliseconds.
    pub fn fit(from: Crs, to: Crs, region: Bbox, tolerance_m: f64) -> Result<Self> {
        if from == to {
            return Ok(Self(Way::Identity));
        }
        if (from, to) == (Crs::Crs84, Crs::WEB_MERCATOR) {
            return Ok(Self(Way::Mercator));
        }
        let exact = Transform::between(from, to)?;
        let tolerance =
            if describe(to)?.is_geographic { tolerance_m / DEGREE_M } else { tolerance_m };
        if let Some(bicubic) = Bicubic::near(&exact, region, tolerance) {
            return Ok(Self(Way::Bicubic(Box::new(bicubic), exact)));
        }
        let cells = CELLS.into_iter().find_map(|side| Cells::near(&exact, region, tolerance, side));
        Ok(Self(match cells {
            Some(cells) => Way::Cells(Box::new(cells), exact),
            None => Way::Exact(exact),
        }))
    }

    /// Whether PROJ is asked for every coordinate, because the region is too large for an approximation.
    pub fn is_exact(&self) -> bool {
        matches!(self.0, Way::Exact(_))
    }

    /// A coordinate outside the CRSs' domain comes back as not a number.
    pub fn apply(&self, coord: Coord<f64>) -> Coord<f64> {
        match &self.0 {
            Way::Identity => coord,
            Way::Mercator => mercator(coord),
            Way::Bicubic(bicubic, _) if bicubic.covers(coord) => bicubic.apply(coord),
            Way::Cells(cells, exact) => cells
                .at(coord)
                .map_or_else(|| through(exact, coord), |bicubic| bicubic.apply(coord)),
            Way::Bicubic(_, exact) | Way::Exact(exact) => through(exact, coord),
        }
    }
}

fn through(exact: &Transform, coord: Coord<f64>) -> Coord<f64> {
    exact.coord(coord).unwrap_or(Coord { x: f64::NAN, y: f64::NAN })
}

/// How far north or south a place may be to be brought into Mercator, where the poles are infinitely far: what is cut
/// at the edge of the map, at 85 degrees, can go on beyond it.
const LATITUDE_MAX: f64 = 89.9;

/// Spherical Mercator forward; EPSG Guidance Note 7-2, method 1024.
fn mercator(degrees: Coord<f64>) -> Coord<f64> {
    let latitude = degrees.y.clamp(-LATITUDE_MAX, LATITUDE_MAX).to_radians();
    Coord {
        x: SPHERE_RADIUS_M * degrees.x.to_radians(),
        y: SPHERE_RADIUS_M * (PI / 4.0 + latitude / 2.0).tan().ln(),
    }
}

impl Cells {
    /// `None` where even so one of them is not near enough.
    fn near(exact: &Transform, region: Bbox, tolerance: f64, side: u32) -> Option<Self> {
        let origin = Coord { x: region.min_x, y: region.min_y };
        let size = Coord {
            x: (region.max_x - region.min_x) / f64::from(side),
            y: (region.max_y - region.min_y) / f64::from(side),
        };
        let cell = |number: u32| {
            let (column, row) = (f64::from(number % side), f64::from(number / side));
            let (min_x, min_y) = (origin.x + size.x * column, origin.y + size.y * row);
            let (max_x, max_y) = (min_x + size.x, min_y + size.y);
            Bicubic::near(exact, Bbox { min_x, min_y, max_x, max_y, heights: None }, tolerance)
        };
        let bicubics = (0..side * side).map(cell).collect::<Option<_>>()?;
        let scale = Coord { x: 1.0 / size.x, y: 1.0 / size.y };
        Some(Self { origin, scale, side: side as usize, bicubics })
    }

    fn at(&self, coord: Coord<f64>) -> Option<&Bicubic> {
        let column = ((coord.x - self.origin.x) * self.scale.x).max(0.0) as usize;
        let row = ((coord.y - self.origin.y) * self.scale.y).max(0.0) as usize;
        let last = self.side - 1;
        let cell = self.bicubics.get(row.min(last) * self.side + column.min(last));
        cell.filter(|bicubic| bicubic.covers(coord))
    }
}

impl Bicubic {
    /// `None` where it is not near enough to PROJ.
    fn near(exact: &Transform, region: Bbox, tolerance: f64) -> Option<Self> {
        let fitted = Self::through(exact, region).ok();
        fitted.filter(|bicubic| bicubic.is_near(exact, tolerance))
    }

    fn through(exact: &Transform, region: Bbox) -> Result<Self> {
        let half_x = ((region.max_x - region.min_x) / 2.0).max(f64::MIN_POSITIVE.sqrt());
        let half_y = ((region.max_y - region.min_y) / 2.0).max(f64::MIN_POSITIVE.sqrt());
        let centre = region.to_rect().center();
        let mut values = [[Coord::zero(); NODES]; NODES];
        for (row, values) in values.iter_mut().enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                let at = Coord { x: half_x * node(column), y: half_y * node(row) };
                *value = exact.coord(centre + at)?;
            }
        }
        let scale = Coord { x: 1.0 / half_x, y: 1.0 / half_y };
        Ok(Self { centre, scale, coefficients: chebyshev(&values) })
    }

    fn covers(&self, coord: Coord<f64>) -> bool {
        let off = coord - self.centre;
        (off.x * self.scale.x).abs() <= COVERED && (off.y * self.scale.y).abs() <= COVERED
    }

    fn apply(&self, coord: Coord<f64>) -> Coord<f64> {
        let across = basis((coord.x - self.centre.x) * self.scale.x);
        let up = basis((coord.y - self.centre.y) * self.scale.y);
        let mut sum = Coord::<f64>::zero();
        for (row, up) in self.coefficients.iter().zip(up) {
            let mut along = Coord::<f64>::zero();
            for (coefficient, across) in row.iter().zip(across) {
                along.x += coefficient.x * across;
                along.y += coefficient.y * across;
            }
            sum.x += along.x * up;
            sum.y += along.y * up;
        }
        sum
    }

    /// Compares with PROJ on a lattice from edge to edge, where a polynomial strays most.
    fn is_near(&self, exact: &Transform, tolerance: f64) -> bool {
        let steps = [-1.0, -0.5, 0.0, 0.5, 1.0];
        let lattice = steps.iter().flat_map(|x| steps.iter().map(move |y| (*x, *y)));
        lattice.into_iter().all(|(x, y)| {
            let at = self.centre + Coord { x: x / self.scale.x, y: y / self.scale.y };
            let stray = exact.coord(at).map(|truth| truth - self.apply(at));
            stray.is_ok_and(|stray| stray.x.abs() <= tolerance && stray.y.abs() <= tolerance)
        })
    }
}

fn node(index: usize) -> f64 {
    (PI * (2 * index + 1) as f64 / (2 * NODES) as f64).cos()
}

fn basis(t: f64) -> [f64; NODES] {
    [1.0, t, 2.0 * t * t - 1.0, (4.0 * t * t - 3.0) * t]
}

/// The discrete Chebyshev transform, in both directions.
fn chebyshev(values: &[[Coord<f64>; NODES]; NODES]) -> [[Coord<f64>; NODES]; NODES] {
    from_fn(|degree_y| from_fn(|degree_x| coefficient(values, degree_x, degree_y)))
}

fn coefficient(
    values: &[[Coord<f64>; NODES]; NODES],
    degree_x: usize,
    degree_y: usize,
) -> Coord<f64> {
    let weight = |degree: usize| if degree == 0 { 1.0 } else { 2.0 } / NODES as f64;
    let mut sum = Coord::zero();
    for (row, values) in values.iter().enumerate() {
        let up = weight(degree_y) * basis(node(row))[degree_y];
        for (column, value) in values.iter().enumerate() {
            let across = weight(degree_x) * basis(node(column))[degree_x];
            sum = sum + *value * (up * across);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CITY: Bbox =
        Bbox { min_x: 395e3, min_y: 5_747e3, max_x: 415e3, max_y: 5_767e3, heights: None };

    proptest! {
        #[test]
        fn a_city_is_warped_within_a_millimetre_of_proj(x in 395e3..415e3, y in 5_747e3..5_767e3) {
            let warp = Warp::fit(Crs::Epsg(25832), Crs::WEB_MERCATOR, CITY, 1e-3).unwrap();
            prop_assert!(matches!(warp.0, Way::Bicubic(..)));
            let truth = Transform::between(Crs::Epsg(25832), Crs::WEB_MERCATOR).unwrap();
            let stray = warp.apply(Coord { x, y }) - truth.coord(Coord { x, y }).unwrap();
            prop_assert!(stray.x.abs() < 1e-3 && stray.y.abs() < 1e-3, "{stray:?}");
        }
    }

    #[test]
    fn a_continent_is_left_to_proj() {
        let continent = Bbox::new(-2e6, 3e6, 3e6, 8e6).unwrap();
        let warp = Warp::fit(Crs::Epsg(25832), Crs::WEB_MERCATOR, continent, 1e-3).unwrap();
        assert!(warp.is_exact());
    }

    #[test]
    fn degrees_reach_mercator_in_closed_form_as_by_proj() {
        let world = Bbox::new(-180.0, -85.0, 180.0, 85.0).unwrap();
        let warp = Warp::fit(Crs::Crs84, Crs::WEB_MERCATOR, world, 1e-3).unwrap();
        let place = Coord { x: 7.62, y: 51.95 };
        let truth = Transform::between(Crs::Crs84, Crs::WEB_MERCATOR).unwrap();
        let stray = warp.apply(place) - truth.coord(place).unwrap();
        assert!(stray.x.abs() < 1e-6 && stray.y.abs() < 1e-6, "{stray:?}");
    }

    #[test]
    fn beyond_its_region_a_warp_is_as_good_as_proj() {
        let block = Bbox::new(405e3, 5_757e3, 405.1e3, 5_757.1e3).unwrap();
        let warp = Warp::fit(Crs::Epsg(25832), Crs::WEB_MERCATOR, block, 1e-3).unwrap();
        let far = Coord { x: 450e3, y: 5_700e3 };
        let truth = Transform::between(Crs::Epsg(25832), Crs::WEB_MERCATOR).unwrap();
        assert_eq!(warp.apply(far), truth.coord(far).unwrap());
    }

    #[test]
    fn a_region_of_one_point_is_warped_too() {
        let point = Bbox::new(405e3, 5_757e3, 405e3, 5_757e3).unwrap();
        let warp = Warp::fit(Crs::Epsg(25832), Crs::WEB_MERCATOR, point, 1e-3).unwrap();
        assert!(warp.apply(Coord { x: 405e3, y: 5_757e3 }).x.is_finite());
    }
}
