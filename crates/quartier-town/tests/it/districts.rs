use std::collections::BTreeSet;

use geo::Area as _;
use quartier_model::CityObject;

use crate::{objects, polygon, town};

type Way = ((i64, i64), (i64, i64));

fn level(number: usize) -> Vec<CityObject> {
    objects(&town(), &format!("districts_l{number}")).collect()
}

fn key(district: &CityObject) -> &str {
    district.feature.properties["key"].as_str().unwrap()
}

/// Every piece of boundary, in its direction.
fn ways(district: &CityObject) -> Vec<Way> {
    let node = |at: &geo_types::Coord| ((at.x * 1e3).round() as i64, (at.y * 1e3).round() as i64);
    let ring = &polygon(district).exterior().0;
    ring.windows(2).map(|pair| (node(&pair[0]), node(&pair[1]))).collect()
}

fn reversed((from, to): Way) -> Way {
    (to, from)
}

#[test]
fn districts_of_a_level_share_their_boundaries_to_the_last_digit() {
    let outer: BTreeSet<Way> = outline(&level(1)).into_iter().collect();
    for number in 1..=3 {
        let found: BTreeSet<Way> = outline(&level(number)).into_iter().collect();
        assert_eq!(found, outer, "level {number}");
    }
}

/// What no two districts share: the edge of the town.
fn outline(districts: &[CityObject]) -> Vec<Way> {
    let all: Vec<Way> = districts.iter().flat_map(ways).collect();
    let known: BTreeSet<Way> = all.iter().copied().collect();
    assert_eq!(known.len(), all.len(), "two districts have the same piece in the same direction");
    all.into_iter().filter(|way| !known.contains(&reversed(*way))).collect()
}

#[test]
fn districts_are_made_of_the_districts_below_them() {
    for number in 1..=2 {
        let below = level(number + 1);
        for district in level(number) {
            let members = below.iter().filter(|member| key(member).starts_with(key(&district)));
            let members: Vec<CityObject> = members.cloned().collect();
            let area: f64 = members.iter().map(|member| polygon(member).unsigned_area()).sum();
            let own = polygon(&district).unsigned_area();
            assert!((area - own).abs() < 1e-3 * own.sqrt(), "{}: {area} of {own}", key(&district));
            let outline: BTreeSet<Way> = outline(&members).into_iter().collect();
            assert_eq!(outline, ways(&district).into_iter().collect(), "{}", key(&district));
        }
    }
}

#[test]
fn people_are_counted_alike_on_every_level() {
    let people = |number| {
        let all = level(number).into_iter();
        all.map(|district| district.feature.properties["population"].as_f64().unwrap()).sum::<f64>()
    };
    assert!(people(1) > 4_000.0);
    assert!((people(1) - people(3)).abs() < 50.0);
}

#[test]
fn names_tell_the_districts_of_a_level_apart() {
    for number in 1..=3 {
        let districts = level(number);
        let names: BTreeSet<&str> =
            districts.iter().map(|it| it.feature.properties["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), districts.len(), "level {number}");
    }
}
