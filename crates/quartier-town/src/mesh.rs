use geo_types::Coord;

use crate::{dice::Dice, noise::direction, plan::Place};

/// Quarters of an outer ring are halved where they would grow wider than this.
const QUARTER_WIDTH_MAX_M: f64 = 560.0;
const RING_DEPTH_M: f64 = 375.0;

/// Rings around the market and roads out of the town, before they are bent.
#[derive(Debug, Clone)]
pub(crate) struct Mesh {
    /// The market's radius, then each ring's outer one.
    radii: Vec<f64>,
    /// At each level the roads' directions as parts of a turn, without the first one again.
    turns: Vec<Vec<f64>>,
    /// Of each ring.
    levels: Vec<usize>,
}

/// A main street along one edge of a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rim {
    /// Counts the town's main streets.
    pub(crate) street: u64,
    pub(crate) class: RimClass,
    /// Which piece of the street it is, from where its house numbers start.
    pub(crate) piece: u32,
    /// Whether the edge runs as the street does.
    pub(crate) is_forward: bool,
    /// Whether the street is this quarter's to show.
    pub(crate) is_own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RimClass {
    Market,
    /// The green ring where the wall once stood.
    Promenade,
    /// A road out of town or around it, by its name's number.
    Road(usize),
    Street,
}

/// The names of the roads around the town come after those of the roads out of it.
const FIRST_ROAD_AROUND: usize = 16;

impl Mesh {
    pub(crate) fn new(radius: f64, dice: &mut Dice) -> Self {
        let core = (radius * 0.2).clamp(190.0, 420.0);
        let rings = ((radius - core) / RING_DEPTH_M).round().max(1.0) as usize;
        let depth = (radius - core) / rings as f64;
        let outer = (1..=rings).map(|ring| core + depth * ring as f64);
        let market = (core * 0.2).clamp(48.0, 70.0);
        let radii: Vec<f64> = [market, core].into_iter().chain(outer).collect();
        let mut turns = vec![first_turns(dice)];
        let mut levels = vec![0];
        for pair in radii.windows(2) {
            let level = levels[levels.len() - 1];
            let width = (pair[0] + pair[1]) * std::f64::consts::PI / turns[level].len() as f64;
            if width > QUARTER_WIDTH_MAX_M && level + 1 == turns.len() {
                turns.push(halved(&turns[level], dice));
            }
            levels.push(turns.len() - 1);
        }
        Self { radii, turns, levels }
    }

    pub(crate) fn scale(&mut self, factor: f64) {
        for radius in &mut self.radii {
            *radius *= factor;
        }
    }

    pub(crate) fn radius(&self) -> f64 {
        self.radii[self.rings()]
    }

    /// How many rings there are around the market.
    pub(crate) fn rings(&self) -> usize {
        self.radii.len() - 1
    }

    pub(crate) fn sectors(&self) -> usize {
        self.turns[0].len()
    }

    pub(crate) fn steps(&self, ring: usize) -> usize {
        self.turns[self.levels[ring]].len()
    }

    /// Every quarter: the market, then ring by ring.
    pub(crate) fn places(&self) -> Vec<Place> {
        let market = Place { ring: 0, sector: 0, step: 0 };
        let around = (1..=self.rings()).flat_map(|ring| {
            (0..self.steps(ring)).map(move |step| Place {
                ring,
                sector: step >> self.levels[ring],
                step,
            })
        });
        std::iter::once(market).chain(around).collect()
    }

    /// The middle direction of a quarter, as a part of a turn.
    pub(crate) fn turn(&self, place: Place) -> f64 {
        let level = self.levels[place.ring];
        self.unrolled(level, place.step).midpoint(self.unrolled(level, place.step + 1))
    }

    /// The corners, counter-clockwise, and the street along the edge from each to the next.
    pub(crate) fn outline(&self, place: Place) -> (Vec<Coord>, Vec<Rim>) {
        if place.ring == 0 {
            let steps = 0..self.steps(1);
            return steps.map(|step| (self.corner(0, 1, step), self.along(0, step, true))).unzip();
        }
        let (ring, step, level) = (place.ring, place.step, self.levels[place.ring]);
        let outer_ring = (ring + 1).min(self.rings());
        let pieces = 1 << (self.levels[outer_ring] - level);
        let mut edges = vec![(self.corner(ring - 1, ring, step), self.outward(ring, step, true))];
        for outer in step * pieces..(step + 1) * pieces {
            let rim = self.along(ring, outer, true);
            edges.push((self.corner(ring, outer_ring, outer), rim));
        }
        edges.push((self.corner(ring, ring, step + 1), self.outward(ring, step + 1, false)));
        edges.push((self.corner(ring - 1, ring, step + 1), self.along(ring - 1, step, false)));
        edges.into_iter().unzip()
    }

    /// How many main streets there are.
    pub(crate) fn streets(&self) -> u64 {
        let finest = self.turns[self.turns.len() - 1].len();
        ((self.rings() + 1) * self.sectors() + finest) as u64
    }

    /// Where a river runs: the quarters that it crosses, with where it enters and leaves each.
    pub(crate) fn river(&self, dice: &mut Dice) -> Vec<(Place, (Coord, Coord))> {
        let ring = 2.min(self.rings());
        let steps = self.steps(ring);
        let (first, count) = (dice.below(steps), (steps / 2).saturating_sub(1).max(2));
        let shore = |step: usize| {
            let [inner, outer] = [ring - 1, ring].map(|edge| self.corner(edge, ring, step));
            inner * 0.5 + outer * 0.5
        };
        let mut course = self.way_out(ring, first, shore(first + 1));
        course.reverse();
        for (_, way) in &mut course {
            *way = (way.1, way.0);
        }
        for step in first + 1..first + count {
            let place = self.place(ring, step);
            course.push((place, (shore(step), shore(step + 1))));
        }
        course.extend(self.way_out(ring, first + count, shore(first + count)));
        course
    }

    /// From a point on a quarter's side, ring by ring, to the edge of the town.
    fn way_out(&self, ring: usize, step: usize, from: Coord) -> Vec<(Place, (Coord, Coord))> {
        let (mut step, mut at) = (step % self.steps(ring), from);
        let mut course = Vec::new();
        for ring in ring..=self.rings() {
            let outer_ring = (ring + 1).min(self.rings());
            let pieces = 1 << (self.levels[outer_ring] - self.levels[ring]);
            let outer = step * pieces;
            let ends = [outer, outer + 1].map(|step| self.corner(ring, outer_ring, step));
            let gate = ends[0] * 0.45 + ends[1] * 0.55;
            course.push((self.place(ring, step), (at, gate)));
            (step, at) = (outer, gate);
        }
        course
    }

    fn place(&self, ring: usize, step: usize) -> Place {
        let step = step % self.steps(ring);
        Place { ring, sector: step >> self.levels[ring], step }
    }

    fn corner(&self, circle: usize, ring: usize, step: usize) -> Coord {
        let turns = &self.turns[self.levels[ring]];
        direction(turns[step % turns.len()]) * self.radii[circle]
    }

    /// Past the last road, the first one a full turn on.
    fn unrolled(&self, level: usize, step: usize) -> f64 {
        let turns = &self.turns[level];
        turns[step % turns.len()] + (step / turns.len()) as f64
    }

    fn outward(&self, ring: usize, step: usize, is_own: bool) -> Rim {
        let finest = self.turns.len() - 1;
        let road = (step % self.steps(ring)) << (finest - self.levels[ring]);
        let is_road = road.trailing_zeros() as usize >= finest;
        let circles = (self.rings() + 1) * self.sectors();
        Rim {
            street: (circles + road) as u64,
            class: if is_road { RimClass::Road(1 + (road >> finest)) } else { RimClass::Street },
            piece: ring as u32 - 1,
            is_forward: is_own,
            is_own,
        }
    }

    fn along(&self, circle: usize, step: usize, is_own: bool) -> Rim {
        let level = self.levels[(circle + 1).min(self.rings())];
        let (sector, piece) = (step >> level, step & ((1 << level) - 1));
        let (class, sector, piece) = match circle {
            0 => (RimClass::Market, 0, step),
            1 => (RimClass::Promenade, 0, step),
            _ if circle * 3 == self.rings() * 2 => {
                (RimClass::Road(FIRST_ROAD_AROUND + sector), sector, piece)
            }
            _ => (RimClass::Street, sector, piece),
        };
        Rim {
            street: (circle * self.sectors() + sector) as u64,
            class,
            piece: piece as u32,
            is_forward: is_own,
            is_own,
        }
    }
}

fn first_turns(dice: &mut Dice) -> Vec<f64> {
    let count = 6 + dice.below(3);
    let start = dice.unit();
    let step = 1.0 / count as f64;
    (0..count).map(|road| start + (road as f64 + dice.between(-0.16, 0.16)) * step).collect()
}

fn halved(turns: &[f64], dice: &mut Dice) -> Vec<f64> {
    let ends = turns.iter().skip(1).copied().chain([turns[0] + 1.0]);
    let halves = turns.iter().zip(ends);
    halves.flat_map(|(turn, end)| [*turn, turn + (end - turn) * dice.between(0.44, 0.56)]).collect()
}
