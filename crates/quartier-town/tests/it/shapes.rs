use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, Distance as _, Euclidean, InteriorPoint as _,
    Length as _, Validation as _,
};
use geo_types::{Point, Polygon};
use quartier_model::CityObject;
use quartier_town::Town;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use crate::{objects, polygon, town};

/// Corners are rounded to the millimetre, so they may be off by half of one in each direction.
const ROUNDING_M: f64 = 0.002;

type Entry = GeomWithData<Rectangle<[f64; 2]>, usize>;

fn tree(polygons: &[Polygon]) -> RTree<Entry> {
    let entry = |(index, polygon): (usize, &Polygon)| {
        let rect = polygon.bounding_rect().unwrap();
        let corners =
            Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
        GeomWithData::new(corners, index)
    };
    RTree::bulk_load(polygons.iter().enumerate().map(entry).collect())
}

fn near<'tree>(
    tree: &'tree RTree<Entry>,
    polygon: &Polygon,
) -> impl Iterator<Item = usize> + 'tree {
    let rect = polygon.bounding_rect().unwrap();
    let around = AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
    tree.locate_in_envelope_intersecting(around).map(|entry| entry.data)
}

fn polygons(objects: impl Iterator<Item = CityObject>) -> Vec<Polygon> {
    objects.map(|object| polygon(&object).clone()).collect()
}

fn reaches_out_of(inner: &Polygon, outer: &Polygon) -> f64 {
    let corners = inner.exterior().points();
    corners.map(|corner: Point| Euclidean.distance(&corner, outer)).fold(0.0, f64::max)
}

#[test]
fn every_polygon_is_valid() {
    for collection in
        ["buildings", "parcels", "blocks", "districts_l1", "districts_l2", "districts_l3"]
    {
        for object in objects(&town(), collection) {
            let problem = polygon(&object).check_validation();
            assert!(problem.is_ok(), "{collection} {}: {problem:?}", object.feature.id);
        }
    }
}

#[test]
fn buildings_do_not_overlap() {
    disjoint(&town(), "buildings");
}

#[test]
fn parcels_do_not_overlap() {
    disjoint(&town(), "parcels");
}

#[test]
fn blocks_do_not_overlap() {
    disjoint(&town(), "blocks");
}

#[test]
fn towns_side_by_side_do_not_run_into_each_other() {
    disjoint(&Town::new(1_000_000, 1).unwrap(), "districts_l1");
}

fn disjoint(town: &Town, collection: &str) {
    let ids: Vec<_> = objects(town, collection).map(|object| object.feature.id).collect();
    let polygons = polygons(objects(town, collection));
    let tree = tree(&polygons);
    for (index, one) in polygons.iter().enumerate() {
        let rounding = ROUNDING_M * Euclidean.length(one.exterior()) / 4.0;
        for other in near(&tree, one).filter(|other| *other > index) {
            let shared = one.intersection(&polygons[other]).unsigned_area();
            assert!(shared < rounding, "{} and {} share {shared} m2", ids[index], ids[other]);
        }
    }
}

#[test]
fn every_building_stands_on_one_parcel() {
    each_in_one("buildings", "parcels");
}

#[test]
fn every_parcel_lies_in_one_block() {
    each_in_one("parcels", "blocks");
}

#[test]
fn every_block_lies_in_one_district() {
    each_in_one("blocks", "districts_l3");
}

fn each_in_one(inner: &str, outer: &str) {
    let town = town();
    let outer = polygons(objects(&town, outer));
    let tree = tree(&outer);
    for object in objects(&town, inner) {
        let shape = polygon(&object);
        let middle = shape.interior_point().unwrap();
        let around: Vec<usize> = near(&tree, shape)
            .filter(|index| Euclidean.distance(&middle, &outer[*index]) == 0.0)
            .collect();
        assert_eq!(around.len(), 1, "{} lies in {} of them", object.feature.id, around.len());
        let out = reaches_out_of(shape, &outer[around[0]]);
        assert!(out < ROUNDING_M, "{} reaches {out} m out", object.feature.id);
    }
}

#[test]
fn there_are_courtyards_and_corners() {
    let town = Town::new(20_000, 1).unwrap();
    let buildings = polygons(objects(&town, "buildings"));
    let corners = |count: usize| {
        buildings.iter().filter(|polygon| polygon.exterior().0.len() == count + 1).count()
    };
    let courtyards = buildings.iter().filter(|polygon| !polygon.interiors().is_empty()).count();
    assert!(courtyards > 20, "{courtyards} courtyards");
    assert!(corners(4) > 10_000, "{} rectangles", corners(4));
    assert!(corners(6) > 500, "{} L shapes", corners(6));
    assert!(corners(8) > 50, "{} U shapes", corners(8));
}

#[test]
fn buildings_streets_and_points_have_the_grounds_height() {
    for collection in ["buildings", "streets", "trees", "addresses", "sensor_sites"] {
        for object in objects(&town(), collection) {
            let (low, high) = object.feature.geometry.unwrap().bbox().heights.unwrap();
            assert!(45.0 < low && high < 75.0, "{} stands at {low}", object.feature.id);
        }
    }
}
