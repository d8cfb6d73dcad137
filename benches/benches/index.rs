//! A million buildings with eight vertices and six attributes each: what the index takes in time and memory, and its
//! searches beside those of a plain `rstar` tree, which knows boxes only.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot make its city has failed")]

use std::{hint::black_box, time::Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{Coord, LineString, Polygon};
use quartier_index::{Builder, CollectionIndex, Entry, Metric};
use quartier_model::{
    Bbox, Feature, FeatureId, Filter, Geometry, Property, PropertyEquals, PropertyKind, Schema,
    SpatialFilter, TimeRange,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use serde_json::json;

const BUILDINGS: u64 = 1_000_000;
/// Buildings stand in rows of so many, one about every 20 metres.
const ROW: u64 = 1_000;
const STEP_M: f64 = 20.0;
const ORIGIN: Coord<f64> = Coord { x: 400_000.0, y: 5_750_000.0 };
/// What one thread builds at a time.
const SEGMENT: u64 = 50_000;
/// Places that a search is tried at, one after another.
const PLACES: usize = 1_024;

const OUTLINE: [(f64, f64); 8] =
    [(0., 0.), (14., 0.), (14., 9.), (10., 9.), (10., 6.), (5., 6.), (5., 11.), (0., 11.)];
const FUNCTIONS: [&str; 5] = ["31001_1000", "31001_1100", "31001_2000", "31001_2463", "31001_3041"];
const ROOFS: [&str; 4] = ["flat", "gable", "hip", "mansard"];

fn schema() -> Schema {
    let kinds = [
        ("function", PropertyKind::Text),
        ("roof_type", PropertyKind::Text),
        ("address", PropertyKind::Text),
        ("height_m", PropertyKind::Number),
        ("storeys", PropertyKind::Integer),
        ("year_built", PropertyKind::Integer),
    ];
    Schema { properties: kinds.into_iter().map(|(name, kind)| Property::new(name, kind)).collect() }
}

fn building(number: u64) -> Feature {
    let mut dice = ChaCha8Rng::seed_from_u64(number);
    let corner = ORIGIN + Coord { x: (number % ROW) as f64, y: (number / ROW) as f64 } * STEP_M;
    let corner = corner + Coord { x: dice.random_range(0.0..4.0), y: dice.random_range(0.0..4.0) };
    let (sin, cos) = dice.random_range(0.0..1.5_f64).sin_cos();
    let tenths_of_mm = |metres: f64| (metres * 1e4).round() / 1e4;
    let turned = |(x, y): (f64, f64)| Coord {
        x: tenths_of_mm(corner.x + x * cos - y * sin),
        y: tenths_of_mm(corner.y + x * sin + y * cos),
    };
    let ring = LineString(OUTLINE.map(turned).to_vec());
    let properties = json!({
        "function": FUNCTIONS[dice.random_range(0..FUNCTIONS.len())],
        "roof_type": ROOFS[dice.random_range(0..ROOFS.len())],
        "address": format!("Straße {} {}", number / 40, number % 40),
        "height_m": f64::from(dice.random_range(30..400_i32)) / 10.0,
        "storeys": dice.random_range(1..12),
        "year_built": dice.random_range(1850..2026),
    });
    Feature {
        id: format!("DENW52AL{number:08x}").parse().unwrap(),
        source_id: None,
        geometry: Some(Geometry::new(Polygon::new(ring, Vec::new()).into()).unwrap()),
        properties: properties.as_object().unwrap().clone(),
        valid: TimeRange::ALWAYS,
    }
}

/// The builders alone, without the making of the buildings.
fn build(features: &[Feature]) -> CollectionIndex {
    let segment = |first: u64| {
        let mut builder = Builder::new(&schema(), Metric::Planar);
        for number in first..(first + SEGMENT).min(BUILDINGS) {
            builder.push(FeatureId(number + 1), 1, &features[number as usize]);
        }
        builder
    };
    let firsts: Vec<_> = (0..BUILDINGS).step_by(SEGMENT as usize).collect();
    let segments: Vec<_> = firsts.into_par_iter().map(segment).collect();
    segments
        .into_iter()
        .reduce(|mut all, segment| {
            all.append(segment);
            all
        })
        .unwrap()
        .finish()
}

fn places() -> impl Iterator<Item = Coord<f64>> {
    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let side = STEP_M * ROW as f64;
    let at = move |_| {
        ORIGIN + Coord { x: dice.random_range(0.0..side), y: dice.random_range(0.0..side) }
    };
    (0..PLACES).map(at).collect::<Vec<_>>().into_iter().cycle()
}

fn window(middle: Coord<f64>, objects: f64) -> Bbox {
    let half = objects.sqrt() * STEP_M / 2.0;
    Bbox::new(middle.x - half, middle.y - half, middle.x + half, middle.y + half).unwrap()
}

fn in_space(space: SpatialFilter) -> Filter {
    Filter { space: vec![space], ..Filter::default() }
}

/// Twelve kilometres wide, with 5,000 vertices on a ragged border.
fn district() -> Geometry {
    let vertex = |at: u32| {
        let angle = f64::from(at) / 5_000.0 * std::f64::consts::TAU;
        let radius = 6_000.0 + 200.0 * (angle * 31.0).sin() + 15.0 * f64::from(at % 2);
        ORIGIN + Coord { x: 10_000.0 + radius * angle.cos(), y: 10_000.0 + radius * angle.sin() }
    };
    Geometry::new(Polygon::new((0..5_000).map(vertex).collect(), Vec::new()).into()).unwrap()
}

struct Item {
    row: u32,
    bbox: AABB<[f64; 2]>,
}

impl RTreeObject for Item {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.bbox
    }
}

impl PointDistance for Item {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        rstar::Envelope::distance_2(&self.bbox, point)
    }
}

fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measures")]
fn say(what: &str) {
    println!("{what}");
}

fn benches(criterion: &mut Criterion) {
    let features: Vec<_> = (0..BUILDINGS).into_par_iter().map(building).collect();
    let before = resident_bytes();
    let started = Instant::now();
    let index = build(&features);
    say(&format!("build: {:.2} s", started.elapsed().as_secs_f64()));
    let bytes = index.memory_bytes() as f64 / BUILDINGS as f64;
    let resident = resident_bytes().saturating_sub(before) as f64 / BUILDINGS as f64;
    say(&format!(
        "bytes per building: {bytes:.1} counted, {resident:.1} more resident than before"
    ));

    searches(criterion, &index);
    pages(criterion, &index);
    changes(criterion, &index, &features);
    beside_rstar(criterion, &features);
}

fn searches(criterion: &mut Criterion, index: &CollectionIndex) {
    let mut at = places();
    criterion.bench_function("box of 100", |bencher| {
        bencher.iter(|| {
            let filter = in_space(SpatialFilter::Bbox(window(at.next().unwrap(), 100.0)));
            black_box(index.page(&filter, None, 1_000).objects.len())
        });
    });
    criterion.bench_function("10 nearest", |bencher| {
        bencher.iter(|| black_box(index.nearest(at.next().unwrap(), 10, None).len()));
    });
    let district = district();
    let within = in_space(SpatialFilter::Within(district.clone()));
    say(&format!("within a district of 5,000 vertices: {}", index.count(&within)));
    criterion.bench_function("within district", |bencher| {
        bencher.iter(|| black_box(index.count(&within)));
    });
    let intersects = in_space(SpatialFilter::Intersects(district));
    criterion.bench_function("intersects district", |bencher| {
        bencher.iter(|| black_box(index.count(&intersects)));
    });
    criterion.bench_function("decode 2,000 of a tile", |bencher| {
        bencher.iter(|| {
            let mut vertices = 0;
            index.visit_box(&window(at.next().unwrap(), 2_000.0), |object| {
                let plane = object.mapped_plane(|coord| coord * 0.5);
                vertices += vertices_of(&plane.unwrap());
            });
            black_box(vertices)
        });
    });
}

fn vertices_of(plane: &geo_types::Geometry<f64>) -> usize {
    let geo_types::Geometry::Polygon(polygon) = plane else { unreachable!("all are polygons") };
    polygon.exterior().0.len()
}

fn pages(criterion: &mut Criterion, index: &CollectionIndex) {
    let mut at = places();
    criterion.bench_function("page of 5,000 in a box", |bencher| {
        bencher.iter(|| {
            let filter = in_space(SpatialFilter::Bbox(window(at.next().unwrap(), 5_000.0)));
            black_box(index.page(&filter, None, 10_000).objects.len())
        });
    });
    criterion.bench_function("page of 5,000 of all", |bencher| {
        bencher.iter(|| {
            let after = Some(FeatureId(black_box(500_000)));
            black_box(index.page(&Filter::default(), after, 5_000).objects.len())
        });
    });
    let wanted = PropertyEquals { name: "year_built".to_owned(), value: json!(1900) };
    let of_a_year = Filter { properties: vec![wanted], ..Filter::default() };
    criterion.bench_function("page of 5,000 of one year", |bencher| {
        bencher.iter(|| black_box(index.page(&of_a_year, None, 10_000).matched));
    });
}

fn changes(criterion: &mut Criterion, index: &CollectionIndex, features: &[Feature]) {
    let entry = |number: usize| Entry {
        fid: FeatureId(number as u64 + 1),
        version: 2,
        feature: features[number].clone(),
    };
    let changed = index.apply((0..10_000).map(|number| entry(number * 97)).collect(), &[]);
    criterion.bench_function("one change after 10,000", |bencher| {
        bencher.iter(|| black_box(changed.apply(vec![entry(77_777)], &[]).len()));
    });
    let mut at = places();
    criterion.bench_function("box of 100 after 10,000 changes", |bencher| {
        bencher.iter(|| {
            let filter = in_space(SpatialFilter::Bbox(window(at.next().unwrap(), 100.0)));
            black_box(changed.page(&filter, None, 1_000).objects.len())
        });
    });
    criterion.benchmark_group("rebuild").sample_size(10).bench_function("a million", |bencher| {
        bencher.iter(|| black_box(changed.rebuilt().len()));
    });
}

fn beside_rstar(criterion: &mut Criterion, features: &[Feature]) {
    let item = |(row, feature): (usize, &Feature)| {
        let bbox = feature.geometry.as_ref().unwrap().bbox();
        Item {
            row: row as u32,
            bbox: AABB::from_corners([bbox.min_x, bbox.min_y], [bbox.max_x, bbox.max_y]),
        }
    };
    let tree = RTree::bulk_load(features.iter().enumerate().map(item).collect());
    let mut at = places();
    criterion.bench_function("rstar: box of 100, boxes only", |bencher| {
        bencher.iter(|| {
            let bbox = window(at.next().unwrap(), 100.0);
            let window = AABB::from_corners([bbox.min_x, bbox.min_y], [bbox.max_x, bbox.max_y]);
            let rows: Vec<_> =
                tree.locate_in_envelope_intersecting(window).map(|item| item.row).collect();
            black_box(rows.len())
        });
    });
    criterion.bench_function("rstar: 10 nearest, boxes only", |bencher| {
        bencher.iter(|| {
            let middle = at.next().unwrap();
            black_box(tree.nearest_neighbor_iter([middle.x, middle.y]).take(10).count())
        });
    });
}

criterion_group!(index, benches);
criterion_main!(index);
