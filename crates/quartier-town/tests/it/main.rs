#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod counts;
mod districts;
mod properties;
mod shapes;
mod solids;

use quartier_model::{CityObject, CollectionId};
use quartier_town::{Objects, Town};

fn town() -> Town {
    Town::new(4_000, 7).unwrap()
}

fn objects(town: &Town, collection: &str) -> Objects {
    let id: CollectionId = collection.parse().unwrap();
    town.objects(&id)
}

fn polygon(object: &CityObject) -> &geo_types::Polygon {
    match object.feature.geometry.as_ref().unwrap().plane() {
        geo_types::Geometry::Polygon(polygon) => polygon,
        other => panic!("{} is no polygon: {other:?}", object.feature.id),
    }
}
