//! A tile of 2,000 buildings with eight vertices and six attributes each: the whole way from coordinates to bytes, and
//! the writing alone beside other writers.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot write its tile has failed")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fast_mvt::{MvtCoord, MvtGeomType, MvtLayerBuilder, MvtValueRef};
use geo_types::{Coord, Geometry, LineString, Polygon};
use mimalloc::MiMalloc;
use mvt::{GeomEncoder, GeomType, Tile};
use quartier_tiles::{Detail, Layer, TileMatrixSet, Value, encode};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const BUILDINGS: u64 = 2_000;
const FUNCTIONS: [&str; 5] = ["31001_1000", "31001_1100", "31001_2000", "31001_2463", "31001_3041"];
const ROOFS: [&str; 4] = ["flat", "gable", "hip", "mansard"];

struct Building {
    id: u64,
    name: String,
    function: &'static str,
    roof: &'static str,
    height_m: f64,
    storeys: i64,
    year: i64,
    /// In metres of Web Mercator.
    footprint: Geometry<f64>,
}

impl Building {
    fn properties(&self) -> [(&str, Value<'_>); 6] {
        [
            ("id", Value::Text(&self.name)),
            ("function", Value::Text(self.function)),
            ("roof_type", Value::Text(self.roof)),
            ("height_m", Value::Number(self.height_m)),
            ("storeys", Value::Integer(self.storeys)),
            ("year_built", Value::Integer(self.year)),
        ]
    }

    fn ring(&self) -> &[Coord<f64>] {
        let Geometry::Polygon(polygon) = &self.footprint else { unreachable!("all are polygons") };
        let (_, open) = polygon.exterior().0.split_last().unwrap();
        open
    }
}

/// Buildings with eight corners, strewn over a tile so that one in twenty crosses its edge.
fn buildings(set: &TileMatrixSet) -> Vec<Building> {
    let bbox = set.bbox(set.tile(15, 17_063, 10_882).unwrap());
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    let outline =
        [(0., 0.), (14., 0.), (14., 9.), (10., 9.), (10., 6.), (5., 6.), (5., 11.), (0., 11.)];
    let building = |id: u64| {
        let (x, y) =
            (dice.random_range(bbox.min_x..bbox.max_x), dice.random_range(bbox.min_y..bbox.max_y));
        let (sin, cos) = dice.random_range(0.0..1.5_f64).sin_cos();
        let corner = |(a, b): (f64, f64)| (x + a * cos - b * sin, y + a * sin + b * cos);
        let mut ring: LineString<f64> = outline.map(corner).to_vec().into();
        ring.close();
        Building {
            id,
            name: format!("DENW{id:08}"),
            function: FUNCTIONS[dice.random_range(0..FUNCTIONS.len())],
            roof: ROOFS[dice.random_range(0..ROOFS.len())],
            height_m: f64::from(dice.random_range(20..200)) / 10.0,
            storeys: dice.random_range(1..7),
            year: dice.random_range(1850..2026),
            footprint: Polygon::new(ring, vec![]).into(),
        }
    };
    (1..=BUILDINGS).map(building).collect()
}

fn pipeline(buildings: &[Building], set: &TileMatrixSet, detail: Detail) -> Vec<u8> {
    let frame = set.frame(set.tile(15, 17_063, 10_882).unwrap());
    let mut layer = Layer::new("buildings", detail);
    for building in buildings {
        let to_tile = |coord| frame.apply(coord);
        layer.push_mapped(building.id, &building.footprint, to_tile, building.properties());
    }
    encode(&[layer])
}

/// Rings that are ready: in tile units, on the grid.
fn ready(buildings: &[Building], set: &TileMatrixSet) -> Vec<Vec<(i32, i32)>> {
    let frame = set.frame(set.tile(15, 17_063, 10_882).unwrap());
    let grid = |coord: &Coord<f64>| {
        let Coord { x, y } = frame.apply(*coord);
        (x.round() as i32, y.round() as i32)
    };
    buildings.iter().map(|building| building.ring().iter().rev().map(grid).collect()).collect()
}

fn by_fast_mvt(buildings: &[Building], rings: &[Vec<(i32, i32)>]) -> Vec<u8> {
    let mut layer = MvtLayerBuilder::new("buildings").unwrap();
    for (building, ring) in buildings.iter().zip(rings) {
        let mut feature = layer.feature_of(MvtGeomType::Polygon);
        feature.id(Some(building.id));
        feature.ring(ring.iter().map(|&(x, y)| MvtCoord { x, y }), true).unwrap();
        for (name, value) in building.properties() {
            let value = match value {
                Value::Text(text) => MvtValueRef::String(text),
                Value::Number(number) => MvtValueRef::Double(number),
                Value::Integer(number) => MvtValueRef::UInt(number.cast_unsigned()),
                Value::Boolean(truth) => MvtValueRef::Bool(truth),
                Value::Null => continue,
            };
            feature.tag_ref(name, value).unwrap();
        }
        layer = feature.end();
    }
    layer.encode()
}

fn by_mvt(buildings: &[Building], rings: &[Vec<(i32, i32)>]) -> Vec<u8> {
    let mut tile = Tile::new(4096);
    let mut layer = tile.create_layer("buildings");
    for (building, ring) in buildings.iter().zip(rings) {
        let mut encoder = GeomEncoder::new(GeomType::Polygon);
        for &(x, y) in ring {
            encoder.add_point(f64::from(x), f64::from(y)).unwrap();
        }
        let mut feature = layer.into_feature(encoder.encode().unwrap());
        feature.set_id(building.id);
        for (name, value) in building.properties() {
            match value {
                Value::Text(text) => feature.add_tag_string(name, text),
                Value::Number(number) => feature.add_tag_double(name, number),
                Value::Integer(number) => feature.add_tag_uint(name, number.cast_unsigned()),
                Value::Boolean(truth) => feature.add_tag_bool(name, truth),
                Value::Null => {}
            }
        }
        layer = feature.into_layer();
    }
    tile.add_layer(layer).unwrap();
    tile.to_bytes().unwrap()
}

/// Rings as polygons in tile units, for which the pipeline has nothing to do but to write them.
fn as_written(rings: &[Vec<(i32, i32)>]) -> Vec<Geometry<f64>> {
    let polygon = |ring: &Vec<(i32, i32)>| {
        let mut ring: LineString<f64> =
            ring.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
        ring.close();
        Polygon::new(ring, vec![]).into()
    };
    rings.iter().map(polygon).collect()
}

fn tiles(criterion: &mut Criterion) {
    let set = TileMatrixSet::web_mercator_quad();
    let buildings = buildings(&set);
    let rings = ready(&buildings, &set);
    let polygons = as_written(&rings);
    let mut group = criterion.benchmark_group("tile of 2,000 buildings");
    group.throughput(Throughput::Elements(BUILDINGS));
    group.bench_function("whole, simplified", |bench| {
        bench.iter(|| pipeline(black_box(&buildings), &set, Detail::default()));
    });
    group.bench_function("whole, every vertex", |bench| {
        bench.iter(|| pipeline(black_box(&buildings), &set, Detail::FULL));
    });
    group.bench_function("geometry only", |bench| {
        bench.iter(|| {
            let mut layer = Layer::new("buildings", Detail::FULL);
            for (building, polygon) in buildings.iter().zip(black_box(&polygons)) {
                layer.push(building.id, polygon, []);
            }
            encode(&[layer])
        });
    });
    group.bench_function("written by quartier, checked", |bench| {
        bench.iter(|| {
            let mut layer = Layer::new("buildings", Detail::FULL);
            for (building, polygon) in buildings.iter().zip(black_box(&polygons)) {
                layer.push(building.id, polygon, building.properties());
            }
            encode(&[layer])
        });
    });
    group.bench_function("written by fast-mvt, unchecked", |bench| {
        bench.iter(|| by_fast_mvt(black_box(&buildings), &rings));
    });
    group.bench_function("written by mvt, unchecked", |bench| {
        bench.iter(|| by_mvt(black_box(&buildings), &rings));
    });
    group.finish();
}

criterion_group!(benches, tiles);
criterion_main!(benches);
