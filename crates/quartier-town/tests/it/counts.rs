use std::collections::BTreeSet;

use quartier_town::{Town, TownError};

use crate::{objects, town};

#[test]
fn a_town_has_exactly_as_many_buildings_as_were_asked_for() {
    for (buildings, seed) in
        [(1_000, 1), (1_000, 2), (1_001, 3), (2_345, 4), (7_777, 5), (20_000, 1)]
    {
        let town = Town::new(buildings, seed).unwrap();
        assert_eq!(objects(&town, "buildings").count() as u64, buildings, "seed {seed}");
    }
}

#[test]
fn many_small_towns_of_any_seed_are_whole() {
    for seed in 0..60 {
        let buildings = 1_000 + seed * 37;
        let town = Town::new(buildings, seed).unwrap();
        assert_eq!(objects(&town, "buildings").count() as u64, buildings, "seed {seed}");
    }
}

#[test]
fn several_towns_share_the_buildings_of_a_conurbation() {
    let town = Town::new(100_000, 1).unwrap();
    assert_eq!(objects(&town, "buildings").count(), 100_000);
    assert_eq!(objects(&town, "districts_l2").filter(|it| name(it) == "Altstadt").count(), 3);
}

fn name(object: &quartier_model::CityObject) -> &str {
    object.feature.properties["name"].as_str().unwrap()
}

#[test]
fn the_first_of_ten_million_buildings_come_at_once() {
    let town = Town::new(10_000_000, 1).unwrap();
    assert_eq!(objects(&town, "buildings").take(1_000).count(), 1_000);
}

#[test]
fn the_same_seed_makes_the_same_town() {
    for collection in town().collections() {
        let again = town().objects(&collection.id);
        assert!(town().objects(&collection.id).eq(again), "{}", collection.id);
    }
}

#[test]
fn another_seed_makes_another_town() {
    let other = Town::new(4_000, 8).unwrap();
    assert_ne!(objects(&town(), "buildings").next(), objects(&other, "buildings").next());
}

#[test]
fn no_town_is_smaller_than_a_thousand_buildings_or_larger_than_ten_million() {
    assert_eq!(Town::new(999, 1).unwrap_err(), TownError::Size(999));
    assert!(Town::new(10_000_001, 1).unwrap_err().to_string().contains("not 10000001"));
}

#[test]
fn an_unknown_collection_is_empty() {
    assert_eq!(objects(&town(), "castles").count(), 0);
}

#[test]
fn ids_are_unique_in_each_collection() {
    for collection in town().collections() {
        let ids: Vec<_> = town().objects(&collection.id).map(|object| object.feature.id).collect();
        let different: BTreeSet<_> = ids.iter().collect();
        assert!(!ids.is_empty(), "{} is empty", collection.id);
        assert_eq!(different.len(), ids.len(), "{}", collection.id);
    }
}

#[test]
fn everything_lies_in_the_towns_box() {
    for town in [town(), Town::new(90_000, 3).unwrap()] {
        for object in objects(&town, "districts_l1") {
            let bbox = object.feature.geometry.unwrap().bbox();
            assert!(town.bbox().contains(&bbox), "{bbox:?} is not in {:?}", town.bbox());
        }
    }
}
