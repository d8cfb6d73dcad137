use std::collections::HashMap;

use quartier_model::{CityObject, Crs};
use serde_json::{Value, json};

/// A millimetre or less; heights are in metres in every CRS.
const METRES: f64 = 0.001;
const DEGREES: f64 = 1e-8;

/// JSON readers keep whole numbers up to 2^53 exactly.
const STEPS_MAX: f64 = 9_007_199_254_740_992.0;

/// Where vertices are counted from, and in what steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transform {
    pub(super) scale: [f64; 3],
    pub(super) translate: [f64; 3],
}

/// One building's vertices, each once, in whole steps from the origin.
pub(super) struct Vertices {
    transform: Transform,
    steps: Vec<[i64; 3]>,
    known: HashMap<[i64; 3], usize>,
    is_near: bool,
}

impl Vertices {
    pub(super) fn from(transform: Transform) -> Self {
        Self { transform, steps: Vec::new(), known: HashMap::new(), is_near: true }
    }

    /// The place of a vertex in the list.
    pub(super) fn index(&mut self, vertex: [f64; 3]) -> usize {
        let mut steps = [0; 3];
        for (axis, step) in steps.iter_mut().enumerate() {
            let Transform { scale, translate } = self.transform;
            let exact = ((vertex[axis] - translate[axis]) / scale[axis]).round();
            self.is_near &= exact.abs() <= STEPS_MAX;
            *step = exact as i64;
        }
        *self.known.entry(steps).or_insert_with(|| {
            self.steps.push(steps);
            self.steps.len() - 1
        })
    }

    /// `None` where a vertex is too far away to be counted in steps.
    pub(super) fn into_json(self) -> Option<Value> {
        self.is_near.then(|| json!(self.steps))
    }
}

impl Transform {
    /// From a round place near the first object, in steps that suit the CRS.
    pub(super) fn new(crs: Crs, first: Option<&CityObject>) -> Self {
        let step = match crs {
            Crs::Crs84 | Crs::Epsg(4326 | 4258 | 4979) => DEGREES,
            Crs::Epsg(_) => METRES,
        };
        let translate = first.map_or([0.0; 3], origin);
        Self { scale: [step, step, METRES], translate }
    }
}

fn origin(object: &CityObject) -> [f64; 3] {
    let structure = &object.structure;
    let mut bodies =
        structure.bodies.iter().chain(structure.parts.iter().flat_map(|it| &it.bodies));
    let solid = bodies.next().and_then(|body| body.vertices.first()).copied();
    let flat = || {
        let geometry = object.feature.geometry.as_ref()?;
        let first = *geometry.coords().first()?;
        Some([first.x, first.y, 0.0])
    };
    let [x, y, _] = solid.or_else(flat).unwrap_or_default();
    [x.floor(), y.floor(), 0.0]
}
