use std::cmp::Ordering;

use geo_types::{Coord, LineString, Polygon};

use super::ONE;

/// Parts of a cell's side: fine enough that a house is not rounded away, coarse enough for exact sums.
const PARTS: i64 = 256;

/// A 65,536th of a cell's area, doubled, in square parts.
const SHARE: i64 = 2 * PARTS * PARTS / (1 << 16);

/// Cells further away than this count as this far, so that no product overflows: a world of the deepest zoom at which
/// there are blocks is not as wide.
const FAR: f64 = (1 << 29) as f64;

/// How much of each cell of a rectangle is covered, as polygons are put onto it.
///
/// Each edge leaves its share in the cells that it crosses, and a sum along each row gives what lies inside, as
/// rasterisers of fonts do it. All in integers: the sum is the same whatever order the polygons come in.
#[derive(Debug, Clone)]
pub struct Canvas {
    /// The first cell's column and row, in parts.
    corner: Place,
    width: usize,
    height: usize,
    /// A row has one cell more than the rectangle, for what goes on beyond it.
    shares: Vec<i64>,
    ring: Vec<Place>,
}

/// A place in parts of a cell, right and down.
type Place = Coord<i64>;

impl Canvas {
    /// The cells from a column and a row on.
    pub fn new((column, row): (i64, i64), width: usize, height: usize) -> Self {
        let corner = Coord { x: column * PARTS, y: row * PARTS };
        Self { corner, width, height, shares: vec![0; (width + 1) * height], ring: Vec::new() }
    }

    pub fn clear(&mut self) {
        self.shares.fill(0);
    }

    /// Covers what a polygon covers. `to_cells` gives columns and rows; they are rounded to a 256th of a cell before
    /// anything else, so that each canvas sees the same polygon.
    pub fn add(&mut self, polygon: &Polygon<f64>, to_cells: impl Fn(Coord<f64>) -> Coord<f64>) {
        self.add_ring(polygon.exterior(), 1, &to_cells);
        polygon.interiors().iter().for_each(|hole| self.add_ring(hole, -1, &to_cells));
    }

    /// What is covered of the cells, row by row; [`ONE`] is all, also where polygons overlap.
    pub fn shares(&self) -> impl Iterator<Item = u16> {
        self.shares.chunks_exact(self.width + 1).flat_map(|row| {
            let mut sum = 0;
            row[..self.width].iter().map(move |share| {
                sum += share;
                (sum / SHARE).clamp(0, i64::from(ONE)) as u16
            })
        })
    }

    fn add_ring(
        &mut self,
        ring: &LineString<f64>,
        sign: i64,
        to_cells: &impl Fn(Coord<f64>) -> Coord<f64>,
    ) {
        let mut places = std::mem::take(&mut self.ring);
        places.clear();
        places.extend(ring.0.iter().map_while(|coord| place(to_cells(*coord), self.corner)));
        if places.len() == ring.0.len() {
            let sign = sign * winding(&places);
            places.windows(2).for_each(|pair| self.add_edge(pair[0], pair[1], sign));
        }
        self.ring = places;
    }

    fn add_edge(&mut self, a: Place, b: Place, sign: i64) {
        match a.y.cmp(&b.y) {
            Ordering::Less => self.add_falling(a, b, sign),
            Ordering::Equal => {}
            Ordering::Greater => self.add_falling(b, a, -sign),
        }
    }

    /// An edge that runs down: all to its right is `sign` times inside.
    fn add_falling(&mut self, from: Place, to: Place, sign: i64) {
        let last = (self.height as i64 - 1).min((to.y - 1).div_euclid(PARTS));
        let mut start = if from.y < 0 { at_y(from, to, 0) } else { from };
        for row in start.y.div_euclid(PARTS)..=last {
            let below = (row + 1) * PARTS;
            let end = if to.y <= below { to } else { at_y(from, to, below) };
            self.add_in_row(row as usize, start, end, sign);
            start = end;
        }
    }

    /// A piece of an edge within a row of cells. What lies to the left of the canvas counts from its side on.
    fn add_in_row(&mut self, row: usize, start: Place, end: Place, sign: i64) {
        let (left, right) = if start.x <= end.x { (start, end) } else { (end, start) };
        let sign = if start.x <= end.x { sign } else { -sign };
        let mut from = left;
        if left.x < 0 {
            from = if right.x < 0 { Coord { x: 0, ..right } } else { at_x(left, right, 0) };
            self.shares[row * (self.width + 1)] += 2 * PARTS * (from.y - left.y) * sign;
        }
        let last = (self.width as i64 - 1).min(right.x.div_euclid(PARTS));
        for column in from.x / PARTS..=last {
            let beyond = (column + 1) * PARTS;
            let to = if right.x <= beyond { right } else { at_x(left, right, beyond) };
            self.add_in_cell(row, column, (from, to), sign);
            from = to;
        }
    }

    fn add_in_cell(&mut self, row: usize, column: i64, (from, to): (Place, Place), sign: i64) {
        let down = (to.y - from.y) * sign;
        let left = from.x + to.x - 2 * column * PARTS;
        let first = row * (self.width + 1) + column as usize;
        self.shares[first] += down * (2 * PARTS - left);
        self.shares[first + 1] += down * left;
    }
}

/// `None` where a coordinate is not finite.
fn place(cells: Coord<f64>, corner: Place) -> Option<Place> {
    let part = |cells: f64| (cells * PARTS as f64 + 0.5).floor() as i64;
    let near = |part: i64| part.clamp(-(FAR as i64), FAR as i64);
    let is_finite = cells.x.is_finite() && cells.y.is_finite();
    is_finite.then(|| Coord {
        x: near(part(cells.x).saturating_sub(corner.x)),
        y: near(part(cells.y).saturating_sub(corner.y)),
    })
}

fn at_y(from: Place, to: Place, y: i64) -> Place {
    Coord { x: from.x + ((to.x - from.x) * (y - from.y)).div_euclid(to.y - from.y), y }
}

fn at_x(from: Place, to: Place, x: i64) -> Place {
    Coord { x, y: from.y + ((to.y - from.y) * (x - from.x)).div_euclid(to.x - from.x) }
}

/// The sign of a ring's area: positive where what is to the right of its edges down is inside.
fn winding(places: &[Place]) -> i64 {
    let area = |a: Place, b: Place| i128::from(b.x * a.y) - i128::from(a.x * b.y);
    places.windows(2).map(|pair| area(pair[0], pair[1])).sum::<i128>().signum() as i64
}
