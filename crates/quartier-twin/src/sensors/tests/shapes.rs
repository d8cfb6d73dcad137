//! Geometry on a grid of whole metres, so that things stand on edges and at equal distances.

use geo_types::{Coord, LineString, line_string, point, polygon};
use quartier_model::{Geometry, Place};
use serde_json::json;

/// Somewhere in Münster, in EPSG:25832.
pub(super) const ORIGIN: Coord<f64> = Coord { x: 405_000.0, y: 5_757_000.0 };

pub(super) fn at(x: i32, y: i32) -> Coord<f64> {
    Coord { x: ORIGIN.x + f64::from(x), y: ORIGIN.y + f64::from(y) }
}

/// From its south-western corner.
pub(super) fn block(x: i32, y: i32, width: i32, height: i32) -> Geometry {
    let (low, high) = (at(x, y), at(x + width, y + height));
    let block = polygon![low, Coord { x: high.x, ..low }, high, Coord { x: low.x, ..high }];
    Geometry::new(block.into()).unwrap()
}

/// A block that lies at a height.
pub(super) fn storey(x: i32, y: i32, size: i32, height_m: f64) -> Geometry {
    let flat = block(x, y, size, size).into_parts().0;
    Geometry::with_heights(flat, vec![height_m; 5]).unwrap()
}

pub(super) fn street(from: (i32, i32), to: (i32, i32)) -> Geometry {
    let line: LineString<f64> = line_string![at(from.0, from.1), at(to.0, to.1)];
    Geometry::new(line.into()).unwrap()
}

pub(super) fn site(x: i32, y: i32) -> Geometry {
    Geometry::new(point!(at(x, y)).into()).unwrap()
}

/// A place that nobody transforms: its degrees are made up.
pub(super) fn place(x: i32, y: i32, height_m: Option<f64>) -> Place {
    let flat = point!(at(x, y)).into();
    let working = Geometry::from_parts(flat, height_m.map(|height_m| vec![height_m])).unwrap();
    let (east, north) = (7.0 + f64::from(x) * 1e-3, 51.0 + f64::from(y) * 1e-3);
    Place {
        sent: json!({ "type": "Point", "coordinates": [east, north] }),
        degrees: Some(Geometry::new(point!(x: east, y: north).into()).unwrap()),
        working: Some(working),
    }
}
