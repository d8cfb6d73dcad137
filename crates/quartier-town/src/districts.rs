use std::collections::BTreeMap;

use geo_types::{Coord, LineString, Polygon};

use crate::{
    names,
    noise::scramble,
    plan::{Place, Plan},
};

/// A district of one of three levels; those of a level tile the town.
#[derive(Debug, Clone)]
pub(crate) struct District {
    pub(crate) key: Key,
    pub(crate) name: String,
    /// By their places in the plan.
    pub(crate) quarters: Vec<usize>,
}

/// Its own number on its level, after the numbers of the districts that it lies in.
pub(crate) type Key = Vec<usize>;

/// The districts of a town, of all levels.
#[derive(Debug, Clone)]
pub(crate) struct Districts {
    pub(crate) all: Vec<District>,
    /// For each quarter, its district of the third level.
    of_quarter: Vec<usize>,
}

const LEVELS: usize = 3;

/// More than the largest town has.
const RINGS_MAX: usize = 1_000;
const QUARTERS_PER_RING_MAX: usize = 100_000;

const COMPASS: &[&str] =
    &["Ost", "Nordost", "Nord", "Nordwest", "West", "Südwest", "Süd", "Südost"];

impl Districts {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut districts = Self { all: Vec::new(), of_quarter: vec![0; plan.quarters.len()] };
        let mut numbers = [0; LEVELS];
        for (path, quarters) in members(plan) {
            let level = path.len();
            numbers[level - 1] += 1;
            numbers[level..].fill(0);
            for quarter in &quarters {
                districts.of_quarter[*quarter] = districts.all.len();
            }
            let key = numbers[..level].to_vec();
            districts.all.push(District { name: String::new(), key, quarters });
        }
        districts.give_names(plan);
        districts
    }

    /// The quarter's district of the third level.
    pub(crate) fn around(&self, quarter: usize) -> &District {
        &self.all[self.of_quarter[quarter]]
    }

    fn give_names(&mut self, plan: &Plan) {
        let town = plan.site.town;
        let town_name = names::town(plan.site.seed, town);
        let mut suburbs = 0;
        let mut parent = String::new();
        for district in &mut self.all {
            let last = district.key[district.key.len() - 1];
            district.name = match (district.key.len(), district.key[0]) {
                (1, 1) => format!("{town_name}-Mitte"),
                (1, _) => format!("{town_name}-{}", compass(plan, &district.quarters)),
                (2, 1) => "Altstadt".to_owned(),
                (2, _) => {
                    suburbs += 1;
                    names::suburb(plan.site.seed ^ scramble(town), suburbs - 1)
                }
                _ => format!("{parent} {last}"),
            };
            if district.key.len() == 2 {
                parent.clone_from(&district.name);
            }
        }
    }
}

/// The quarters of each district, a district before those that lie in it.
fn members(plan: &Plan) -> BTreeMap<Vec<usize>, Vec<usize>> {
    let sectors = plan.quarters.iter().map(|quarter| quarter.place.sector + 1).max().unwrap_or(1);
    let mut members: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (index, quarter) in plan.quarters.iter().enumerate() {
        let path = path(quarter.place, sectors);
        for level in 1..=LEVELS {
            members.entry(path[..level].to_vec()).or_default().push(index);
        }
    }
    members
}

/// What tells a quarter's district from others, on each level. The market lies in the old town's first quarter.
fn path(place: Place, sectors: usize) -> [usize; LEVELS] {
    if place.ring < 2 {
        return [0, 0, place.step];
    }
    let side = 1 + place.sector * (sectors / 2) / sectors;
    let suburb = place.sector * RINGS_MAX + place.ring / 2;
    [side, suburb, place.ring * QUARTERS_PER_RING_MAX + place.step]
}

fn compass(plan: &Plan, quarters: &[usize]) -> &'static str {
    let zero = Coord { x: 0.0, y: 0.0 };
    let middles = quarters.iter().map(|quarter| plan.quarters[*quarter].shape.middle());
    let sum = middles.fold(zero, |sum, middle| sum + middle);
    let steep = 2.414_213_562;
    let index = match (sum.x.abs(), sum.y.abs()) {
        (x, y) if y * steep < x => usize::from(sum.x < 0.0) * 4,
        (x, y) if x * steep < y => 2 + usize::from(sum.y < 0.0) * 4,
        _ => match (sum.x > 0.0, sum.y > 0.0) {
            (true, true) => 1,
            (false, true) => 3,
            (false, false) => 5,
            (true, false) => 7,
        },
    };
    COMPASS[index]
}

/// The outline of quarters that lie together: what two of them share falls away.
pub(crate) fn union(plan: &Plan, quarters: &[usize]) -> Polygon {
    let mut ways: BTreeMap<(Node, Node), (Coord, Coord)> = BTreeMap::new();
    for quarter in quarters {
        let outline = plan.outline(&plan.quarters[*quarter]);
        let next = outline.iter().cycle().skip(1);
        for (from, to) in outline.iter().zip(next) {
            let (start, end) = (node(*from), node(*to));
            if ways.remove(&(end, start)).is_none() {
                ways.insert((start, end), (*from, *to));
            }
        }
    }
    let from_here: BTreeMap<Node, (Coord, Coord)> =
        ways.iter().map(|((start, _), way)| (*start, *way)).collect();
    let mut ring = Vec::with_capacity(ways.len() + 1);
    let mut next = from_here.first_key_value().map(|(_, way)| *way);
    while let Some((from, to)) = next.filter(|_| ring.len() < ways.len()) {
        ring.push(from);
        next = from_here.get(&node(to)).copied();
    }
    Polygon::new(LineString(ring), Vec::new())
}

/// In whole millimetres.
type Node = (i64, i64);

fn node(at: Coord) -> Node {
    ((at.x * 1000.0).round() as i64, (at.y * 1000.0).round() as i64)
}
