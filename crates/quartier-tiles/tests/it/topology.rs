//! Outlines that share edges lose the same vertices.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::Coord;
use proptest::prelude::*;
use quartier_tiles::{Form, Path, shown_from};

use crate::subdivision::{Ring, noise, subdivision};

const FULL: u8 = 16;

/// Seconds of testing; a hundred times as many have been run.
const CASES: u32 = 24;

type Edge = ((i32, i32), (i32, i32));

fn zooms_of(rings: &[Ring]) -> Vec<Vec<u8>> {
    let paths: Vec<_> = rings.iter().map(|ring| Path { coords: ring, form: Form::Ring }).collect();
    let mut zooms = shown_from(&paths, FULL).into_iter();
    rings.iter().map(|ring| zooms.by_ref().take(ring.len()).collect()).collect()
}

fn shown(rings: &[Ring], zooms: &[Vec<u8>], zoom: u8) -> Vec<Ring> {
    let both = rings.iter().zip(zooms);
    let shown = both.map(|(ring, zooms)| {
        let vertices = ring.iter().zip(zooms).filter(|(_, from)| **from <= zoom);
        vertices.map(|(coord, _)| *coord).collect()
    });
    shown.collect()
}

fn edges(rings: &[Ring]) -> BTreeMap<Edge, i32> {
    let mut edges = BTreeMap::new();
    let place = |coord: Coord<i32>| (coord.x, coord.y);
    for ring in rings {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let (a, b) = (place(*a), place(*b));
            *edges.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
    }
    edges
}

fn turn(a: (i32, i32), b: (i32, i32), c: (i32, i32)) -> i64 {
    let [ax, ay, bx, by, cx, cy] = [a.0, a.1, b.0, b.1, c.0, c.1].map(i64::from);
    ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)).signum()
}

fn is_between(a: (i32, i32), b: (i32, i32), c: (i32, i32)) -> bool {
    turn(a, b, c) == 0
        && (a.0.min(b.0)..=a.0.max(b.0)).contains(&c.0)
        && (a.1.min(b.1)..=a.1.max(b.1)).contains(&c.1)
        && c != a
        && c != b
}

/// Whether two edges share more than an end.
fn clash(one: &Edge, other: &Edge) -> bool {
    let ((a, b), (c, d)) = (*one, *other);
    let crosses = turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
    let touches =
        is_between(a, b, c) || is_between(a, b, d) || is_between(c, d, a) || is_between(c, d, b);
    crosses || touches
}

fn clashes(edges: &BTreeMap<Edge, i32>) -> Vec<(Edge, Edge)> {
    let edges: Vec<_> = edges.keys().copied().collect();
    let mut clashes = Vec::new();
    for (index, one) in edges.iter().enumerate() {
        // Their first ends are sorted along x.
        let reached = edges[index + 1..].iter().take_while(|other| other.0.0 <= one.1.0);
        clashes.extend(reached.filter(|other| clash(one, other)).map(|other| (*one, *other)));
    }
    clashes
}

/// Every edge between two districts is drawn by both, and no edge crosses another.
fn assert_seamless(rings: &[Ring]) {
    let full = edges(rings);
    let outside: BTreeSet<_> = full
        .iter()
        .filter(|(_, count)| **count != 0)
        .flat_map(|(edge, _)| [edge.0, edge.1])
        .collect();
    let zooms = zooms_of(rings);
    for zoom in 0..=FULL {
        let shown = shown(rings, &zooms, zoom);
        assert!(shown.iter().zip(rings).all(|(shown, ring)| shown.len() >= ring.len().min(4)));
        let edges = edges(&shown);
        for (edge, _) in edges.iter().filter(|(_, count)| **count != 0) {
            let is_outside = outside.contains(&edge.0) && outside.contains(&edge.1);
            assert!(is_outside, "zoom {zoom}: only one side draws {edge:?}");
        }
        let clashes = clashes(&edges);
        assert!(clashes.is_empty(), "zoom {zoom}: {clashes:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn districts_have_no_slivers_between_them_at_any_zoom(city in subdivision()) {
        assert_seamless(&city.rings());
    }

    #[test]
    fn neither_order_nor_direction_nor_start_of_a_ring_decides(city in subdivision(), by in 0..50_usize) {
        let rings = city.rings();
        let mut others = rings.clone();
        others.rotate_left(by % rings.len());
        for ring in &mut others {
            let len = ring.len();
            ring.rotate_left(by % len);
            ring.reverse();
        }
        let by_place = |rings: &[Ring]| -> BTreeMap<(i32, i32), u8> {
            let zooms = zooms_of(rings).concat();
            let coords = rings.iter().flatten().map(|coord| (coord.x, coord.y));
            coords.zip(zooms).collect()
        };
        prop_assert_eq!(by_place(&rings), by_place(&others));
    }

    #[test]
    fn a_border_weighs_the_same_for_both_its_sides(city in subdivision()) {
        let rings = city.rings();
        let zooms = zooms_of(&rings);
        let mut known = BTreeMap::new();
        for (coord, zoom) in rings.iter().flatten().zip(zooms.iter().flatten()) {
            prop_assert_eq!(*known.entry((coord.x, coord.y)).or_insert(*zoom), *zoom);
        }
    }

    #[test]
    fn what_a_ring_gets_depends_on_what_is_near(city in subdivision()) {
        let rings = city.rings();
        let zooms = zooms_of(&rings);
        let meets = |one: &usize, other: &usize| boxes_meet(&rings[*one], &rings[*other]);
        let all: Vec<usize> = (0..rings.len()).collect();
        let near = |some: &[usize]| -> Vec<usize> {
            all.iter().filter(|ring| some.iter().any(|it| meets(it, ring))).copied().collect()
        };
        for ring in &all {
            let around = near(&near(&[*ring]));
            let some: Vec<Ring> = around.iter().map(|index| rings[*index].clone()).collect();
            let place = around.iter().position(|index| index == ring).unwrap();
            prop_assert_eq!(&zooms_of(&some)[place], &zooms[*ring]);
        }
    }
}

fn boxes_meet(one: &Ring, other: &Ring) -> bool {
    let reach = |ring: &Ring, part: fn(&Coord<i32>) -> i32| {
        (ring.iter().map(part).min().unwrap(), ring.iter().map(part).max().unwrap())
    };
    let along = |part| {
        let (one, other) = (reach(one, part), reach(other, part));
        one.0 <= other.1 && other.0 <= one.1
    };
    along(|coord| coord.x) && along(|coord| coord.y)
}

#[test]
fn an_island_fills_the_hole_around_it() {
    let island: Ring = (0..200)
        .map(|step| {
            let (sin, cos) = (f64::from(step) / 100.0 * std::f64::consts::PI).sin_cos();
            let radius = 900.0 + 60.0 * noise(7, step, 0);
            Coord { x: (radius * cos) as i32, y: (radius * sin) as i32 }
        })
        .collect();
    let mut hole = island.clone();
    hole.rotate_left(77);
    hole.reverse();
    let around = [(-2000, -2000), (2000, -2000), (2000, 2000), (-2000, 2000)];
    let around = around.map(|(x, y)| Coord { x, y }).to_vec();
    let rings = [around, hole, island];
    assert_seamless(&rings);
    let kept = shown(&rings, &zooms_of(&rings), 12);
    assert!(kept[2].len() < 100, "{}", kept[2].len());
}

/// The rings of a GeoJSON file on the grid of Web Mercator's zoom of full detail.
fn read(path: &str) -> Option<Vec<Ring>> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/");
    let text = std::fs::read_to_string(format!("{data}{path}")).ok()?;
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut rings = Vec::new();
    for feature in file["features"].as_array().unwrap() {
        collect_rings(&feature["geometry"]["coordinates"], &mut rings);
    }
    Some(rings)
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skip(path: &str) {
    eprintln!("skipped: {path} is not here");
}

fn collect_rings(coordinates: &serde_json::Value, rings: &mut Vec<Ring>) {
    let parts = coordinates.as_array().unwrap();
    if parts[0][0].is_number() {
        let mut ring: Ring = parts.iter().map(on_grid).collect();
        ring.dedup();
        ring.pop();
        rings.push(ring);
    } else {
        for part in parts {
            collect_rings(part, rings);
        }
    }
}

fn on_grid(degrees: &serde_json::Value) -> Coord<i32> {
    let [x, y] = [0, 1].map(|axis| degrees[axis].as_f64().unwrap());
    let world = f64::from(1 << 28);
    let across = (x + 180.0) / 360.0;
    let down = 0.5 - y.to_radians().sin().atanh() / std::f64::consts::TAU;
    Coord { x: (across * world).round() as i32, y: (down * world).round() as i32 }
}

#[test]
fn the_districts_of_muenster_stay_seamless() {
    for level in 1..=3 {
        let path = format!("muenster/districts_l{level}.geojson");
        let Some(rings) = read(&path) else {
            skip(&path);
            return;
        };
        let zooms = zooms_of(&rings);
        let at_first = clashes(&edges(&rings)).len();
        let one_sided = |rings: &[Ring]| edges(rings).values().filter(|count| **count != 0).count();
        for zoom in 0..FULL {
            let shown = shown(&rings, &zooms, zoom);
            let clashes = clashes(&edges(&shown)).len();
            assert!(clashes <= at_first, "level {level}, zoom {zoom}: {clashes} > {at_first}");
            assert!(one_sided(&shown) <= one_sided(&rings), "level {level}, zoom {zoom}");
        }
        let left = zooms.concat().iter().filter(|from| **from <= 11).count();
        assert!(left * 4 < zooms.concat().len(), "level {level}: {left} vertices at zoom 11");
    }
}

#[test]
fn houses_that_stand_alone_keep_four_corners() {
    let house = |x: i32| -> Ring {
        let corners = [(0, 0), (60, 0), (60, 40), (31, 40), (31, 43), (29, 43), (29, 40), (0, 40)];
        corners.map(|corner| Coord { x: x + corner.0, y: corner.1 }).to_vec()
    };
    let rings: Vec<Ring> = (0..100).map(|place| house(place * 100)).collect();
    let zooms = zooms_of(&rings);
    assert!(zooms.iter().all(|it| it == &zooms[0]));
    assert_eq!(shown(&rings, &zooms, 15)[0].len(), 4);
    assert_eq!(shown(&rings, &zooms, 0)[0].len(), 4);
}

#[test]
fn roads_keep_the_crossings_that_they_share() {
    let road =
        |coords: &[(i32, i32)]| -> Ring { coords.iter().map(|&(x, y)| Coord { x, y }).collect() };
    let roads = [road(&[(0, 0), (500, 3), (1000, 0)]), road(&[(500, -400), (500, 3), (500, 400)])];
    let paths = roads.each_ref().map(|road| Path { coords: road, form: Form::Line });
    assert_eq!(shown_from(&paths, FULL), [0, 0, 0, 0, 0, 0]);
    assert_eq!(shown_from(&paths[..1], FULL), [0, 16, 0]);
}

#[test]
fn odd_paths_are_taken_as_they_are() {
    let at = |x: i32, y: i32| Coord { x, y };
    let odd: [Ring; 7] = [
        vec![],
        vec![at(1, 1)],
        vec![at(1, 1), at(1, 1)],
        vec![at(0, 0), at(9, 9), at(0, 0), at(9, 9), at(0, 0)],
        vec![at(5, 5); 50],
        vec![
            at(-(1 << 29), -(1 << 29)),
            at(1 << 29, 1 << 29),
            at(1 << 29, -(1 << 29)),
            at(0, 1 << 29),
            at(7, 7),
        ],
        (0..100).map(|step| at(step % 7, step % 5)).collect(),
    ];
    for form in [Form::Ring, Form::Line] {
        let paths: Vec<_> = odd.iter().map(|coords| Path { coords, form }).collect();
        assert_eq!(shown_from(&paths, FULL).len(), odd.iter().map(Vec::len).sum::<usize>());
    }
}

#[test]
fn scribbles_that_share_a_place_are_done_with() {
    let scribble = |seed: u64| -> Ring {
        let place = |step: i32| (noise(seed, step, 0) * 1e6) as i32;
        let mut ring: Ring =
            (0..5_000).map(|step| Coord { x: place(step), y: place(-1 - step) }).collect();
        ring[2_500] = Coord { x: 0, y: 0 };
        ring
    };
    let rings = [scribble(1), scribble(2)];
    let zooms = zooms_of(&rings);
    assert_eq!((zooms[0][2_500], zooms[1][2_500]), (0, 0));
}
