//! The join of one spot, against a reading of its rules that knows no index and no polygon: boxes with half-open sides.

use proptest::prelude::*;
use quartier_model::{Geometry, Method, Role};

use super::{
    shapes::{at, block, site, street},
    town::{Town, id},
};
use crate::sensors::{
    DEFAULT_TOLERANCE_M, JoinRule, JoinRules,
    join::{Spot, around},
};

const SIZE: i32 = 60;

/// What stands in the town: areas in two collections, streets, trees.
#[derive(Debug, Clone)]
struct Plan {
    areas: [Vec<(i32, i32, i32, i32)>; 2],
    streets: Vec<(i32, i32, i32)>,
    trees: Vec<(i32, i32)>,
    rank: Option<u32>,
    tolerance_m: Option<f64>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let area = || (0..SIZE, 0..SIZE, 1..30_i32, 1..30_i32);
    let areas = || prop::collection::vec(area(), 0..6);
    let streets = prop::collection::vec((0..SIZE, 0..SIZE, 1..40_i32), 0..3);
    let trees = prop::collection::vec((0..SIZE, 0..SIZE), 0..4);
    let rule = (prop::option::of(0..3_u32), prop::option::of(0..8_i32));
    (areas(), areas(), streets, trees, rule).prop_map(|(one, other, streets, trees, rule)| Plan {
        areas: [one, other],
        streets,
        trees,
        rank: rule.0,
        tolerance_m: rule.1.map(f64::from),
    })
}

impl Plan {
    /// Of the first collection of areas; of the others nothing is said.
    fn rule(&self) -> JoinRule {
        JoinRule { rank: self.rank, tolerance_m: self.tolerance_m, ..JoinRule::default() }
    }

    async fn build(&self, town: &Town) {
        let [one, other] = &self.areas;
        let areas = |areas: &[(i32, i32, i32, i32)]| -> Vec<Geometry> {
            areas.iter().map(|(x, y, width, height)| block(*x, *y, *width, *height)).collect()
        };
        let streets = self.streets.iter().map(|(x, y, length)| street((*x, *y), (x + length, *y)));
        let trees = self.trees.iter().map(|(x, y)| site(*x, *y));
        for (collection, geometries) in [
            ("areas", areas(one)),
            ("blocks", areas(other)),
            ("streets", streets.collect()),
            ("trees", trees.collect()),
        ] {
            let names: Vec<String> = (0..geometries.len()).map(|it| it.to_string()).collect();
            let puts: Vec<(&str, Geometry)> =
                names.iter().map(String::as_str).zip(geometries).collect();
            town.objects(collection, &puts).await;
        }
    }

    /// The zones and the subject of a spot, each by collection and place in it.
    fn around(&self, x: i32, y: i32) -> (Vec<(&'static str, usize)>, Option<Answer>) {
        let mut zones = Vec::new();
        let mut holders = Vec::new();
        let mut near: Vec<(f64, u32, &'static str, usize)> = Vec::new();
        let [one, other] = &self.areas;
        let one = one.iter().enumerate().map(|(place, area)| ("areas", self.rule(), place, area));
        let other = other.iter().enumerate();
        let other = other.map(|(place, area)| ("blocks", JoinRule::default(), place, area));
        for (name, rule, place, (left, low, width, height)) in one.chain(other) {
            let rank = rule.rank.unwrap_or(u32::MAX);
            if (*left..left + width).contains(&x) && (*low..low + height).contains(&y) {
                zones.push((name, place));
                holders.push((rank, width * height, name, place));
            }
            let (east, north) = (away(x, *left, left + width), away(y, *low, low + height));
            let distance_m = east.hypot(north);
            if rule.tolerance_m.is_some_and(|most| most > 0.0 && distance_m <= most) {
                near.push((distance_m, rank, name, place));
            }
        }
        for (place, (left, north, length)) in self.streets.iter().enumerate() {
            let distance_m = away(x, *left, left + length).hypot(f64::from(y - north));
            near.push((distance_m, u32::MAX, "streets", place));
        }
        for (place, (left, north)) in self.trees.iter().enumerate() {
            near.push((f64::from(x - left).hypot(f64::from(y - north)), u32::MAX, "trees", place));
        }
        near.retain(|it| it.0 <= DEFAULT_TOLERANCE_M);
        // Objects were made in the order of these collections, which is that of their feature ids.
        let first =
            |name: &str| ["areas", "blocks", "streets", "trees"].iter().position(|it| *it == name);
        let holder = holders.into_iter().min_by_key(|it| (it.0, it.1, first(it.2), it.3));
        let nearest = near.into_iter().min_by(|one, other| {
            let order = |it: &(f64, u32, &'static str, usize)| (it.1, first(it.2), it.3);
            one.0.total_cmp(&other.0).then_with(|| order(one).cmp(&order(other)))
        });
        let subject = match holder {
            Some((_, _, name, place)) => Some((name, place, Method::Within, 0.0)),
            None => nearest.map(|it| (it.2, it.3, Method::Nearest, it.0)),
        };
        (zones, subject)
    }
}

type Answer = (&'static str, usize, Method, f64);

/// From a number to a closed range.
fn away(number: i32, low: i32, high: i32) -> f64 {
    f64::from((low - number).max(number - high).max(0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spot_belongs_to_what_the_rules_say_of_boxes(
        plan in plan(),
        spots in prop::collection::vec((-10..SIZE + 30, -10..SIZE + 30), 60),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let town = Town::new().await;
            plan.build(&town).await;
            let city = town.city();
            let overlay = crate::Overlay { join: plan.rule(), ..crate::Overlay::default() };
            let rules = JoinRules::of(&[(id("areas"), overlay)].into_iter().collect());
            for (x, y) in spots {
                let found = around(&Spot { point: at(x, y), height: None }, &city, &rules);
                let (zones, subject) = plan.around(x, y);
                let name = |it: &crate::sensors::join::Found| {
                    (it.collection.to_string(), it.object.as_str().parse::<usize>().unwrap())
                };
                let found_zones: Vec<_> =
                    found.iter().filter(|it| it.role == Role::Zone).map(name).collect();
                let zones: Vec<_> = zones.iter().map(|it| (it.0.to_owned(), it.1)).collect();
                assert_eq!(found_zones, zones, "around {x} {y}");
                let found = found.iter().find(|it| it.role == Role::Subject);
                assert_eq!(
                    found.map(|it| (name(it), it.method)),
                    subject.map(|it| ((it.0.to_owned(), it.1), it.2)),
                    "at {x} {y}"
                );
                let apart = found.zip(subject).map_or(0.0, |(it, that)| it.distance_m - that.3);
                assert!(apart.abs() < 1e-6, "{apart} at {x} {y}");
            }
        });
    }
}
