//! The join in Münster, against `geo`.

use std::{fs, path::Path};

use geo::{Area as _, Contains as _};
use quartier_model::{Geometry, Role};
use serde_json::Value;

use super::town::Town;
use crate::sensors::{
    JoinRules,
    join::{Spot, around},
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/muenster");

const LEVELS: [&str; 3] = ["districts_l1", "districts_l2", "districts_l3"];

/// In the working CRS.
fn geometries(town: &Town, name: &str) -> Vec<Geometry> {
    let text = fs::read_to_string(Path::new(DATA).join(format!("{name}.geojson"))).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let features = file["features"].as_array().unwrap();
    let working = |feature: &Value| {
        town.sensors().place(feature["geometry"].clone()).unwrap().working.unwrap()
    };
    features.iter().map(working).collect()
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
async fn every_stop_in_muenster_is_in_the_districts_that_geo_finds() {
    if !Path::new(DATA).exists() {
        println!("left out: there is no {DATA}");
        return;
    }
    let town = Town::new().await;
    let mut districts = Vec::new();
    for level in LEVELS {
        let own = geometries(&town, level);
        let names: Vec<String> = (0..own.len()).map(|it| it.to_string()).collect();
        let puts: Vec<(&str, Geometry)> =
            names.iter().map(String::as_str).zip(own.iter().cloned()).collect();
        town.objects(level, &puts).await;
        districts
            .extend(own.into_iter().zip(names).map(|(it, name)| (format!("{level}/{name}"), it)));
    }
    let (city, rules) = (town.city(), JoinRules::default());
    let stops = geometries(&town, "stops");
    let mut inside = 0;
    for stop in &stops {
        let spot = Spot::in_geometry(stop).unwrap();
        let holders = districts.iter().filter(|(_, it)| it.plane().contains(&spot.point));
        let holders: Vec<_> = holders.collect();
        let found = around(&spot, &city, &rules);
        let of = |role| {
            let those = found.iter().filter(move |it| it.role == role);
            those.map(|it| format!("{}/{}", it.collection, it.object)).collect::<Vec<_>>()
        };
        let zones: Vec<String> = holders.iter().map(|it| it.0.clone()).collect();
        assert_eq!(of(Role::Zone), zones);
        let area = |it: &&&(String, Geometry)| it.1.plane().unsigned_area();
        let smallest = holders.iter().min_by(|one, other| area(one).total_cmp(&area(other)));
        assert_eq!(
            of(Role::Subject),
            smallest.map(|it| it.0.clone()).into_iter().collect::<Vec<_>>()
        );
        inside += usize::from(zones.len() == LEVELS.len());
    }
    assert!(inside > 1_000, "{inside} of {} stops are in a district of each level", stops.len());
}
