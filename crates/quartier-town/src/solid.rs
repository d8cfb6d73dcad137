use geo_types::Coord;
use quartier_model::{Body, Form as BodyForm, Lod, Surface, SurfaceKind};

use crate::{
    convex::to_millimetre,
    form::{Area, Ridge, Roof, Wing},
    frame::Frame,
};

/// Where a solid stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stand {
    pub(crate) frame: Frame,
    pub(crate) ground_m: f64,
}

impl Stand {
    fn vertex(self, at: Coord, height_m: f64) -> [f64; 3] {
        let plane = self.frame.place(at);
        [plane.x, plane.y, to_millimetre(self.ground_m + height_m)]
    }
}

/// A box with a roof on it. The roof's faces meet in shared vertices, so the shell is closed.
pub(crate) fn wing(wing: &Wing, stand: Stand) -> Body {
    let mut plan = wing.area.corners();
    if wing.ridge == Ridge::FromStreet {
        plan.rotate_left(1);
    }
    let rise = |index: usize| match wing.roof {
        Roof::Shed if index >= 2 => wing.rise_m,
        _ => 0.0,
    };
    let ground = plan.iter().map(|corner| stand.vertex(*corner, 0.0));
    let eaves = plan.iter().enumerate();
    let eaves = eaves.map(|(index, at)| stand.vertex(*at, wing.eaves_m + rise(index)));
    let ridge = ridge(wing.roof, plan);
    let ridge = ridge.iter().map(|at| stand.vertex(*at, wing.eaves_m + wing.rise_m));
    let vertices = ground.chain(eaves).chain(ridge).collect();
    solid(vertices, faces(wing.roof).iter().map(|(kind, ring)| (*kind, vec![ring.to_vec()])))
}

/// The ends of the ridge, which runs from the edge 3–0 to the edge 1–2.
fn ridge(roof: Roof, plan: [Coord; 4]) -> Vec<Coord> {
    let (from, to) = ((plan[0] + plan[3]) * 0.5, (plan[1] + plan[2]) * 0.5);
    match roof {
        Roof::Flat | Roof::Shed => Vec::new(),
        Roof::Gable => vec![from, to],
        Roof::Hip => vec![from * 0.7 + to * 0.3, from * 0.3 + to * 0.7],
        Roof::Pyramid => vec![(from + to) * 0.5],
    }
}

type Face = (SurfaceKind, &'static [u32]);

/// Vertices 0–3 are the ground's, 4–7 the eaves', then the ridge's.
fn faces(roof: Roof) -> &'static [Face] {
    use SurfaceKind::{Ground, Roof as Top, Wall};
    match roof {
        Roof::Flat | Roof::Shed => &[
            (Ground, &[0, 3, 2, 1]),
            (Wall, &[0, 1, 5, 4]),
            (Wall, &[1, 2, 6, 5]),
            (Wall, &[2, 3, 7, 6]),
            (Wall, &[3, 0, 4, 7]),
            (Top, &[4, 5, 6, 7]),
        ],
        Roof::Gable => &[
            (Ground, &[0, 3, 2, 1]),
            (Wall, &[0, 1, 5, 4]),
            (Wall, &[1, 2, 6, 9, 5]),
            (Wall, &[2, 3, 7, 6]),
            (Wall, &[3, 0, 4, 8, 7]),
            (Top, &[4, 5, 9, 8]),
            (Top, &[6, 7, 8, 9]),
        ],
        Roof::Hip => &[
            (Ground, &[0, 3, 2, 1]),
            (Wall, &[0, 1, 5, 4]),
            (Wall, &[1, 2, 6, 5]),
            (Wall, &[2, 3, 7, 6]),
            (Wall, &[3, 0, 4, 7]),
            (Top, &[4, 5, 9, 8]),
            (Top, &[5, 6, 9]),
            (Top, &[6, 7, 8, 9]),
            (Top, &[7, 4, 8]),
        ],
        Roof::Pyramid => &[
            (Ground, &[0, 3, 2, 1]),
            (Wall, &[0, 1, 5, 4]),
            (Wall, &[1, 2, 6, 5]),
            (Wall, &[2, 3, 7, 6]),
            (Wall, &[3, 0, 4, 7]),
            (Top, &[4, 5, 8]),
            (Top, &[5, 6, 8]),
            (Top, &[6, 7, 8]),
            (Top, &[7, 4, 8]),
        ],
    }
}

/// Upright walls on an outline, with a courtyard or without, under a flat roof.
pub(crate) fn prism(
    outline: &[Coord],
    courtyard: Option<Area>,
    height_m: f64,
    stand: Stand,
) -> Body {
    let mut plan = outline.to_vec();
    let mut rings = vec![(0..outline.len() as u32).collect::<Vec<u32>>()];
    if let Some(area) = courtyard {
        let start = plan.len() as u32;
        plan.extend(area.corners().into_iter().rev());
        rings.push((start..plan.len() as u32).collect());
    }
    let top = plan.len() as u32;
    let ground = plan.iter().map(|at| stand.vertex(*at, 0.0));
    let vertices = ground.chain(plan.iter().map(|at| stand.vertex(*at, height_m))).collect();
    let floor = rings.iter().map(|ring| ring.iter().rev().copied().collect()).collect();
    let roof = rings.iter().map(|ring| ring.iter().map(|vertex| vertex + top).collect()).collect();
    let walls = rings.iter().flat_map(|ring| {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(from, to)| (SurfaceKind::Wall, vec![vec![*from, *to, to + top, from + top]]))
    });
    let lids = [(SurfaceKind::Ground, floor), (SurfaceKind::Roof, roof)];
    solid(vertices, walls.chain(lids))
}

fn solid(
    vertices: Vec<[f64; 3]>,
    faces: impl Iterator<Item = (SurfaceKind, Vec<Vec<u32>>)>,
) -> Body {
    let surfaces = faces.map(|(kind, rings)| Surface { kind, rings, shell: 0 }).collect();
    Body { lod: Lod::level(2), form: BodyForm::Solid, vertices, surfaces }
}
