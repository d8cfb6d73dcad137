use proptest::prelude::*;
use quartier_model::{EntityKind, Properties};
use serde_json::json;

use super::{
    shapes::{block, place, site, storey, street},
    town::{Town, minutes},
};
use crate::sensors::{JoinRule, Reason};

fn no() -> Properties {
    Properties::new()
}

fn naming(object: serde_json::Value) -> Properties {
    [("object".to_owned(), object)].into_iter().collect()
}

#[tokio::test]
async fn a_thing_belongs_to_the_smallest_polygon_around_it_and_is_in_all_of_them() {
    let town = Town::new().await;
    town.objects("districts", &[("north", block(0, 0, 100, 100))]).await;
    town.objects("houses", &[("one", block(10, 10, 20, 20))]).await;
    let thing = town.thing(no(), Some(place(15, 15, None))).await;
    assert_eq!(
        town.links(),
        [
            format!("{thing} houses/one Subject Within 0.0 m -..-"),
            format!("{thing} districts/north Zone Within 0.0 m -..-"),
            format!("{thing} houses/one Zone Within 0.0 m -..-"),
        ]
    );
}

#[tokio::test]
async fn a_thing_on_a_shared_edge_is_in_exactly_one_of_the_neighbours() {
    let town = Town::new().await;
    let quarters = [(0, 0), (10, 0), (0, 10), (10, 10)];
    let names = ["sw", "se", "nw", "ne"];
    let blocks: Vec<_> =
        names.into_iter().zip(quarters.map(|(x, y)| block(x, y, 10, 10))).collect();
    town.objects("districts", &blocks).await;
    for (x, y, district) in [(10, 5, "se"), (5, 10, "nw"), (10, 10, "ne"), (0, 0, "sw")] {
        let thing = town.thing(no(), Some(place(x, y, None))).await;
        let own: Vec<_> =
            town.links().into_iter().filter(|it| it.starts_with(&format!("{thing} "))).collect();
        assert_eq!(own.len(), 2, "{own:?}");
        assert!(own.iter().all(|it| it.contains(&format!("districts/{district}"))), "{own:?}");
    }
}

#[tokio::test]
async fn what_is_in_no_polygon_belongs_to_the_nearest_object_within_the_tolerance() {
    let far = JoinRule { tolerance_m: Some(40.0), ..JoinRule::default() };
    let off = JoinRule { tolerance_m: Some(0.0), ..JoinRule::default() };
    let town = Town::ruled(&[("benches", far), ("trees", off)]).await;
    town.objects("streets", &[("high", street((0, 0), (100, 0)))]).await;
    town.objects("benches", &[("bench", site(50, 70))]).await;
    town.objects("trees", &[("oak", site(50, 31))]).await;
    let near = town.thing(no(), Some(place(50, 20, None))).await;
    let nearer = town.thing(no(), Some(place(50, 31, None))).await;
    let nowhere = town.thing(no(), Some(place(50, -26, None))).await;
    assert_eq!(
        town.links(),
        [
            format!("{near} streets/high Subject Nearest 20.0 m -..-"),
            format!("{nearer} benches/bench Subject Nearest 39.0 m -..-"),
        ]
    );
    let unlinked = town.sensors().unlinked();
    assert_eq!(unlinked.len(), 1);
    assert_eq!((unlinked[0].thing, &unlinked[0].reason), (nowhere, &Reason::NothingNear));
}

#[tokio::test]
async fn the_object_that_a_thing_names_is_its_subject_and_its_zones_stay() {
    let town = Town::new().await;
    town.objects("districts", &[("north", block(0, 0, 100, 100))]).await;
    town.objects("houses", &[("one", block(10, 10, 20, 20)), ("two", block(40, 10, 20, 20))]).await;
    let ways = [json!("houses/two"), json!("two"), json!({ "collection": "houses", "id": "two" })];
    for object in ways {
        let thing = town.thing(naming(object), Some(place(35, 15, None))).await;
        let own: Vec<_> =
            town.links().into_iter().filter(|it| it.starts_with(&format!("{thing} "))).collect();
        assert_eq!(
            own,
            [
                format!("{thing} houses/two Subject Explicit 5.0 m -..-"),
                format!("{thing} districts/north Zone Within 0.0 m -..-"),
            ]
        );
    }
}

#[tokio::test]
async fn a_thing_without_a_place_stands_at_the_object_that_it_names() {
    let town = Town::new().await;
    town.objects("districts", &[("north", block(0, 0, 100, 100))]).await;
    town.objects("trees", &[("oak", site(5, 5))]).await;
    let thing = town.thing(naming(json!("trees/oak")), None).await;
    assert_eq!(
        town.links(),
        [
            format!("{thing} trees/oak Subject Explicit 0.0 m -..-"),
            format!("{thing} districts/north Zone Within 0.0 m -..-"),
        ]
    );
}

#[tokio::test]
async fn a_dangling_name_is_reported_until_the_object_comes() {
    let town = Town::new().await;
    town.objects("houses", &[("one", block(10, 10, 20, 20))]).await;
    let thing = town.thing(naming(json!("houses/nine")), Some(place(15, 15, None))).await;
    let reasons = || town.sensors().unlinked().into_iter().map(|it| it.reason).collect::<Vec<_>>();
    assert_eq!(reasons(), [Reason::Dangling("houses/nine".to_owned())]);
    assert!(town.links()[0].contains("houses/one Subject Within"));
    town.objects("houses", &[("nine", block(500, 500, 20, 20))]).await;
    assert_eq!(reasons(), []);
    assert!(town.links()[0].starts_with(&format!("{thing} houses/nine Subject Explicit")));
}

#[tokio::test]
async fn a_thing_is_on_the_highest_storey_that_is_not_above_it() {
    let town = Town::new().await;
    let storeys = [
        ("ground", storey(0, 0, 10, 60.0)),
        ("first", storey(0, 0, 10, 63.0)),
        ("second", storey(0, 0, 10, 66.0)),
    ];
    town.objects("storeys", &storeys).await;
    for (height_m, storey) in [(60.0, "ground"), (64.5, "first"), (99.0, "second")] {
        let thing = town.thing(no(), Some(place(5, 5, Some(height_m)))).await;
        let subject = format!("{thing} storeys/{storey} Subject Storey 0.0 m -..-");
        assert!(town.links().contains(&subject), "{subject}: {:?}", town.links());
    }
}

#[tokio::test]
async fn a_late_stay_moves_only_its_own_interval() {
    let town = Town::new().await;
    let districts =
        [("a", block(0, 0, 10, 10)), ("b", block(20, 0, 10, 10)), ("c", block(40, 0, 10, 10))];
    town.objects("districts", &districts).await;
    let thing = town.thing(no(), Some(place(5, 5, None))).await;
    town.comes(thing, minutes(60), place(25, 5, None)).await;
    let late = town.comes(thing, minutes(30), place(45, 5, None)).await;
    let subjects = || {
        let subjects = town.links().into_iter().filter(|it| it.contains("Subject"));
        subjects.map(|it| it.replace(" Subject Within 0.0 m", "")).collect::<Vec<_>>()
    };
    assert_eq!(
        subjects(),
        [
            format!("{thing} districts/a -..30"),
            format!("{thing} districts/c 30..60"),
            format!("{thing} districts/b 60..-"),
        ]
    );
    town.delete(vec![(EntityKind::HistoricalLocation, late)]).await;
    assert_eq!(
        subjects(),
        [format!("{thing} districts/a -..60"), format!("{thing} districts/b 60..-")]
    );
}

#[tokio::test]
async fn links_are_in_the_store_after_the_upkeep() {
    let town = Town::new().await;
    town.objects("houses", &[("one", block(10, 10, 20, 20))]).await;
    let thing = town.thing(no(), Some(place(15, 15, None))).await;
    town.sensors().upkeep().await;
    let stored = town.sensors().store.links().await.unwrap();
    assert_eq!(stored.len(), 2);
    let catalogue = town.sensors().catalogue().unwrap();
    let stay = catalogue.history_of(thing).next().unwrap();
    town.delete(vec![(EntityKind::HistoricalLocation, stay), (EntityKind::Thing, thing)]).await;
    town.sensors().upkeep().await;
    assert_eq!(town.sensors().store.links().await.unwrap(), []);
}

#[tokio::test]
async fn an_import_of_many_objects_is_followed_by_the_upkeep() {
    let town = Town::new().await;
    let thing = town.thing(no(), Some(place(5, 5, None))).await;
    let names: Vec<String> = (0..2_001).map(|it| it.to_string()).collect();
    let rows = names.iter().zip(0..).map(|(name, x)| (name.as_str(), block(x * 10, 0, 10, 10)));
    town.objects("lots", &rows.collect::<Vec<_>>()).await;
    town.sensors().upkeep().await;
    assert_eq!(town.links()[0], format!("{thing} lots/0 Subject Within 0.0 m -..-"));
}

#[tokio::test]
async fn tolerances_are_metres_in_a_city_of_degrees_too() {
    let town = Town::in_degrees().await;
    let degrees = |east: f64, north: f64| {
        let sent = json!({ "type": "Point", "coordinates": [east, north] });
        town.sensors().place(sent).unwrap()
    };
    let tree = degrees(7.62, 51.96).working.unwrap();
    // A hundred-thousandth of a degree is 1.11 m to the north, and 0.69 m to the east there.
    let north = town.thing(no(), Some(degrees(7.62, 51.9602))).await;
    let east = town.thing(no(), Some(degrees(7.6203, 51.96))).await;
    let far = town.thing(no(), Some(degrees(7.62, 51.9603))).await;
    assert_eq!(town.links(), Vec::<String>::new());
    town.objects("trees", &[("oak", tree)]).await;
    assert_eq!(
        town.links(),
        [
            format!("{north} trees/oak Subject Nearest 22.3 m -..-"),
            format!("{east} trees/oak Subject Nearest 20.6 m -..-"),
        ]
    );
    assert_eq!(town.sensors().unlinked()[0].thing, far);
}

/// What happens in a town, and to what; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Event {
    Comes { thing: usize, minute: i64, at: (i32, i32) },
    Leaves { stay: usize },
    House { house: usize, at: (i32, i32), size: i32 },
    Demolished { house: usize },
    Street { street: usize, from: (i32, i32), to: (i32, i32) },
}

const HOUSES: [&str; 4] = ["one", "two", "three", "four"];
const STREETS: [&str; 2] = ["high", "low"];

fn events() -> impl Strategy<Value = Vec<Event>> {
    let spot = || (0..60_i32, 0..60_i32);
    let event = prop_oneof![
        4 => (0..3_usize, 0..20_i64, spot())
            .prop_map(|(thing, minute, at)| Event::Comes { thing, minute, at }),
        1 => (0..9_usize).prop_map(|stay| Event::Leaves { stay }),
        3 => (0..4_usize, spot(), 1..30_i32)
            .prop_map(|(house, at, size)| Event::House { house, at, size }),
        1 => (0..4_usize).prop_map(|house| Event::Demolished { house }),
        1 => (0..2_usize, spot(), spot()).prop_filter("a street has a length", |(_, from, to)| from != to)
            .prop_map(|(street, from, to)| Event::Street { street, from, to }),
    ];
    prop::collection::vec(event, 1..25)
}

async fn play(town: &Town, events: &[Event]) {
    let mut things = Vec::new();
    for _ in 0..3 {
        things.push(town.thing(no(), None).await);
    }
    let named = naming(json!("houses/three"));
    things.push(town.thing(named, Some(place(30, 30, None))).await);
    let mut stays = Vec::new();
    for event in events {
        match *event {
            Event::Comes { thing, minute, at } => {
                stays.push(
                    town.comes(things[thing], minutes(minute), place(at.0, at.1, None)).await,
                );
            }
            Event::Leaves { stay } if !stays.is_empty() => {
                let stay = stays.swap_remove(stay % stays.len());
                town.delete(vec![(EntityKind::HistoricalLocation, stay)]).await;
            }
            Event::Leaves { .. } => {}
            Event::House { house, at, size } => {
                town.objects("houses", &[(HOUSES[house], block(at.0, at.1, size, size))]).await;
            }
            Event::Demolished { house } => town.write("houses", &[], &[HOUSES[house]]).await,
            Event::Street { street: name, from, to } => {
                town.objects("streets", &[(STREETS[name], street(from, to))]).await;
            }
        }
    }
}

/// The events in another order where that does not matter: stays among themselves, with some told twice.
fn shuffled(events: &[Event]) -> Vec<Event> {
    let comes: Vec<&Event> = events.iter().filter(|it| matches!(it, Event::Comes { .. })).collect();
    let others =
        events.iter().filter(|it| !matches!(it, Event::Comes { .. } | Event::Leaves { .. }));
    others.chain(comes.into_iter().rev()).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_are_the_same_as_from_scratch_whatever_happened(events in events()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let town = Town::new().await;
            play(&town, &events).await;
            let known = town.links();
            let scratch = town.anew().await;
            let filter = crate::sensors::LinkFilter::default();
            let anew: Vec<String> =
                scratch.sensors().links(&filter).iter().map(|it| super::town::shown(it)).collect();
            assert_eq!(known, anew);
        });
    }

    #[test]
    fn links_do_not_depend_on_the_order_in_which_stays_are_told(events in events()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut minutes = std::collections::BTreeSet::new();
        let events: Vec<Event> = events.into_iter().filter(|event| match event {
            // At one time a thing comes to one place.
            Event::Comes { thing, minute, .. } => minutes.insert((*thing, *minute)),
            Event::Leaves { .. } => false,
            _ => true,
        }).collect();
        runtime.block_on(async {
            let (one, other) = (Town::new().await, Town::new().await);
            play(&one, &events).await;
            play(&other, &shuffled(&events)).await;
            assert_eq!(one.links(), other.links());
        });
    }
}
