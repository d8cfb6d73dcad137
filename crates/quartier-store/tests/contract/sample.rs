use std::sync::Arc;

use geo_types::{Coord, LineString, Polygon};
use quartier_model::{
    Body, CityObject, Collection, CollectionId, Crs, Feature, Form, Geometry, Lod, Part, Property,
    PropertyKind, Structure, Surface, SurfaceKind, TimeRange,
};
use quartier_store::{Batch, Store};
use serde_json::{Value, json};

pub(crate) fn buildings_id() -> CollectionId {
    "buildings".parse().unwrap()
}

pub(crate) fn buildings() -> Collection {
    let mut collection = Collection::new(buildings_id(), Crs::Epsg(25832));
    let property = |name: &str, kind| Property::new(name, kind);
    collection.schema.properties = vec![
        property("function", PropertyKind::Text),
        property("storeys", PropertyKind::Integer),
        property("height_m", PropertyKind::Number),
        property("listed", PropertyKind::Boolean),
        property("built", PropertyKind::Date),
        property("surveyed", PropertyKind::DateTime),
        property("owners", PropertyKind::Json),
    ];
    collection
}

/// A house of some storeys at a place of its own.
pub(crate) fn house(number: u32, storeys: u32) -> CityObject {
    let properties = json!({
        "function": "31001_1000",
        "storeys": storeys,
        "height_m": f64::from(storeys) * 3.1,
        "listed": number.is_multiple_of(2),
        "built": "1911-02-28",
        "surveyed": "2024-05-06T07:08:09Z",
        "owners": ["city", { "share": 0.5 }],
    });
    with(&format!("house-{number}"), Some(square(f64::from(number) * 20.0)), &properties)
}

pub(crate) fn with(id: &str, geometry: Option<Geometry>, properties: &Value) -> CityObject {
    CityObject::from(Feature {
        id: id.parse().unwrap(),
        source_id: None,
        geometry,
        properties: properties.as_object().unwrap().clone(),
        valid: TimeRange::ALWAYS,
    })
}

/// Ten metres wide.
pub(crate) fn square(east: f64) -> Geometry {
    let (x, y) = (405_000.25 + east, 5_757_000.125);
    let corners = [(x, y), (x + 10.0, y), (x + 10.0, y + 10.0), (x, y + 10.0), (x, y)];
    let ring = LineString(corners.into_iter().map(|(x, y)| Coord { x, y }).collect());
    Geometry::new(Polygon::new(ring, Vec::new()).into()).unwrap()
}

/// A body with a roof, at a level of detail, with a part; coordinates have no short decimal form.
pub(crate) fn structure() -> Structure {
    let body = Body {
        lod: "2.2".parse().unwrap(),
        form: Form::Solid,
        vertices: vec![
            [405_000.1 + 0.2, 1.0 / 3.0, 54.3],
            [0.1, -0.7, 1e-300],
            [1e16, 5e-324, 0.3],
        ],
        surfaces: vec![Surface { kind: SurfaceKind::Roof, rings: vec![vec![0, 1, 2]], shell: 1 }],
    };
    let part = Part {
        id: "part-1".parse().unwrap(),
        properties: json!({ "roof": "Satteldach" }).as_object().unwrap().clone(),
        bodies: vec![Body { lod: Lod::level(1), ..body.clone() }],
        parts: Vec::new(),
    };
    Structure { bodies: vec![body], parts: vec![part] }
}

pub(crate) fn puts(puts: impl IntoIterator<Item = CityObject>) -> Batch {
    Batch { puts: puts.into_iter().collect(), ..Batch::default() }
}

pub(crate) fn deletes<'a>(ids: impl IntoIterator<Item = &'a str>) -> Batch {
    let deletes = ids.into_iter().map(|id| id.parse().unwrap()).collect();
    Batch { deletes, ..Batch::default() }
}

/// Writes each object in a batch of its own, beside whatever else is done.
pub(crate) fn write_each(
    store: &Arc<dyn Store>,
    objects: impl Iterator<Item = CityObject> + Send + 'static,
) -> tokio::task::JoinHandle<()> {
    write_all(store, objects.map(|object| puts([object])))
}

/// Writes the batches one after the other, beside whatever else is done.
pub(crate) fn write_all(
    store: &Arc<dyn Store>,
    batches: impl Iterator<Item = Batch> + Send + 'static,
) -> tokio::task::JoinHandle<()> {
    let store = Arc::clone(store);
    tokio::spawn(async move {
        for batch in batches {
            store.write(&buildings_id(), batch).await.unwrap();
        }
    })
}
