//! Geometry as files have it, made into geometry as the model wants it.

mod heights;
mod mend;
mod plain;
mod repeats;
mod settle;

pub(crate) use heights::{Relief, Segment};

use quartier_model::{Geometry, GeometryError};

/// A geometry that nobody has looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub(crate) plane: geo::Geometry<f64>,
    /// One for each coordinate.
    pub(crate) heights: Option<Vec<f64>>,
    /// How many rings the reader had to close.
    pub(crate) closed: usize,
}

#[derive(Debug)]
pub(crate) struct Sound {
    pub(crate) geometry: Geometry,
    /// What was mended.
    pub(crate) note: Option<String>,
}

impl Shape {
    pub(crate) fn new(plane: geo::Geometry<f64>, heights: Option<Vec<f64>>) -> Self {
        Self { plane, heights, closed: 0 }
    }
}

/// Checks a geometry and mends it where that is safe; else says why not.
pub(crate) fn sound(shape: Shape) -> Result<Sound, String> {
    let mut notes = Vec::new();
    if shape.closed > 0 {
        notes.push(format!("closed {} ring(s)", shape.closed));
    }
    let (plane, heights, repeated) = repeats::remove(shape.plane, shape.heights);
    if repeated > 0 {
        notes.push(format!("removed {repeated} repeated point(s)"));
    }
    let geometry = Geometry::from_parts(plane, heights).map_err(|error| refusal(&error))?;
    let geometry = match mend::polygons(geometry.plane())? {
        None => geometry,
        Some(mended) => {
            notes.push(mended.note);
            with_heights_of(&geometry, mended.plane)?
        }
    };
    Ok(Sound { geometry, note: (!notes.is_empty()).then(|| notes.join(", ")) })
}

fn with_heights_of(old: &Geometry, plane: geo::Geometry<f64>) -> Result<Geometry, String> {
    let mended = match old.heights() {
        None => Geometry::new(plane),
        Some(heights) => {
            let relief = Relief::of_rings(old.plane(), heights);
            let (plane, heights) = relief.carry(plane);
            Geometry::with_heights(plane, heights)
        }
    };
    mended.map_err(|error| refusal(&error))
}

fn refusal(error: &GeometryError) -> String {
    match error {
        GeometryError::NotFinite => {
            "a coordinate is not a finite number (NaN or infinite)".to_owned()
        }
        GeometryError::Short => {
            "a line has fewer than 2 different points or a ring fewer than 3".to_owned()
        }
        other => other.to_string(),
    }
}
