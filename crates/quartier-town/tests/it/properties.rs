use std::collections::BTreeSet;

use quartier_model::{Collection, PropertyKind, Readers};
use serde_json::Value;

use crate::{objects, town};

#[test]
fn the_schema_knows_every_property_and_every_code() {
    for collection in town().collections() {
        for object in town().objects(&collection.id) {
            for (name, value) in &object.feature.properties {
                described(&collection, name, value);
            }
        }
    }
}

fn described(collection: &Collection, name: &str, value: &Value) {
    let Some(property) = collection.schema.property(name) else {
        panic!("{} does not describe {name}", collection.id);
    };
    let shown = PropertyKind::of(value).unwrap();
    let fits = property.kind.widened(shown) == property.kind;
    assert!(fits, "{} {name}: {value} is no {:?}", collection.id, property.kind);
    let is_known = property.codes.iter().any(|(code, _)| code == value);
    assert!(property.codes.is_empty() || is_known, "{} {name}: {value}", collection.id);
}

#[test]
fn every_property_has_a_title() {
    for collection in town().collections() {
        for property in &collection.schema.properties {
            assert!(property.title.is_some(), "{} {}", collection.id, property.name);
        }
        assert_eq!(collection.readers, Readers::Public);
        assert!(collection.description.unwrap().contains("Invented"));
    }
}

#[test]
fn no_two_houses_have_the_same_address() {
    for seed in 1..5 {
        let town = quartier_town::Town::new(4_000, seed).unwrap();
        let mut seen = BTreeSet::new();
        for address in objects(&town, "addresses") {
            let known = &address.feature.properties;
            let key = ["street", "house_number"].map(|name| known[name].to_string());
            assert!(seen.insert(key.clone()), "{key:?} stands twice");
        }
    }
}

#[test]
fn an_address_stands_at_its_building() {
    let town = town();
    let mut buildings = objects(&town, "buildings");
    for address in objects(&town, "addresses") {
        let id = address.feature.properties["building"].as_str().unwrap();
        let building = buildings.find(|building| building.feature.id.as_str() == id).unwrap();
        for name in ["street", "house_number", "postcode"] {
            assert_eq!(address.feature.properties[name], building.feature.properties[name]);
        }
        let (at, around) = (address.feature.geometry.unwrap(), building.feature.geometry.unwrap());
        assert!(around.bbox().contains(&flat(at.bbox())), "{id}");
    }
}

fn flat(bbox: quartier_model::Bbox) -> quartier_model::Bbox {
    quartier_model::Bbox { heights: None, ..bbox }
}

#[test]
fn a_town_has_one_town_hall_and_several_churches_schools_and_kindergartens() {
    let town = quartier_town::Town::new(20_000, 1).unwrap();
    let functions: Vec<String> = objects(&town, "buildings")
        .map(|it| it.feature.properties["function"].as_str().unwrap().to_owned())
        .collect();
    let count = |code: &str| functions.iter().filter(|function| *function == code).count();
    assert_eq!(count("31001_3012"), 1);
    for code in ["31001_3041", "31001_3021", "31001_3065"] {
        assert!(count(code) > 3, "{code}");
    }
}

#[test]
fn there_are_sensor_sites_of_every_kind() {
    let town = quartier_town::Town::new(20_000, 1).unwrap();
    let kinds: BTreeSet<String> = objects(&town, "sensor_sites")
        .map(|it| it.feature.properties["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
}
