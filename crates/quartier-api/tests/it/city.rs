//! A small city: 25 buildings in a row, 30 trees, and plans that only the token's holder may read.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Request, request::Builder},
};
use geo_types::{point, polygon};
use quartier_api::{App, Settings, router};
use quartier_model::{
    Body as Solid, CityObject, Collection, CollectionId, Crs, Feature, Form, Geometry, Lod,
    Property, PropertyKind, Readers, Schema, Structure, Surface, SurfaceKind, TimeRange,
};
use quartier_store::{Batch, Store, StoreUrl};
use quartier_twin::{Overlays, Twin, sensors::SensorSettings};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::macros::datetime;

use crate::answer::Answer;

pub(crate) const TOKEN: &str = "a-token-for-tests";

/// Where the first building's lower left corner is, in EPSG:25832.
pub(crate) const CORNER: (f64, f64) = (405_000.0, 5_757_000.0);

pub(crate) struct City {
    pub(crate) router: Router,
    pub(crate) twin: Arc<Twin>,
    _folder: TempDir,
}

impl City {
    pub(crate) async fn new() -> Self {
        Self::with(Settings { token: Some(TOKEN.to_owned()), ..Settings::default() }).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::behind(settings, |store| store).await
    }

    /// A city whose store is reached through another.
    pub(crate) async fn behind(
        settings: Settings,
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::GeoPackage(folder.path().join("city.gpkg"));
        let store = quartier_store::open(&url, Some(Crs::Epsg(25832))).await.unwrap();
        fill(&*store).await;
        let twin = Twin::open(wrap(store), Overlays::default(), SensorSettings::default()).unwrap();
        twin.until_ready().await;
        twin.sensors().until_loaded().await;
        let app = App::new(Arc::clone(&twin), settings).unwrap();
        Self { router: router(app), twin, _folder: folder }
    }

    pub(crate) async fn get(&self, uri: &str) -> Answer {
        self.send(Request::get(uri), Body::empty()).await
    }

    pub(crate) async fn accepting(&self, accept: &str, uri: &str) -> Answer {
        self.send(Request::get(uri).header("accept", accept), Body::empty()).await
    }

    pub(crate) async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let request = request.header("host", "city.example").body(body.into()).unwrap();
        Answer::to(&self.router, request).await
    }

    /// A write with the token.
    pub(crate) async fn write(&self, method: &str, uri: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/geo+json");
        self.send(request, body.to_string()).await
    }

    pub(crate) async fn search(&self, uri: &str, question: &Value) -> Answer {
        let request = Request::post(uri).header("content-type", "application/json");
        self.send(request, question.to_string()).await
    }
}

async fn fill(store: &dyn Store) {
    let objects = (0..25).map(building).collect();
    put(store, "buildings", Readers::Public, building_schema(), objects).await;
    let objects = (0..30).map(tree).collect();
    put(store, "trees", Readers::Public, Schema::default(), objects).await;
    put(store, "plans", Readers::Token, Schema::default(), vec![tree(99)]).await;
}

async fn put(
    store: &dyn Store,
    id: &str,
    readers: Readers,
    schema: Schema,
    objects: Vec<CityObject>,
) {
    let id: CollectionId = id.parse().unwrap();
    let collection = Collection {
        title: format!("The {id}"),
        attribution: Some("© City & Co".to_owned()),
        schema,
        readers,
        ..Collection::new(id.clone(), Crs::Epsg(25832))
    };
    store.put_collection(&collection).await.unwrap();
    store.write(&id, Batch { puts: objects, ..Batch::default() }).await.unwrap();
}

fn building_schema() -> Schema {
    let function = Property {
        title: Some("Function".to_owned()),
        codes: vec![(json!("1010"), "Dwelling".to_owned()), (json!("2050"), "Shop".to_owned())],
        ..Property::new("function", PropertyKind::Text)
    };
    let height =
        Property { unit: Some("m".to_owned()), ..Property::new("height_m", PropertyKind::Number) };
    let properties = vec![
        function,
        Property::new("storeys", PropertyKind::Integer),
        height,
        Property::new("is_listed", PropertyKind::Boolean),
        Property::new("uses", PropertyKind::Json),
    ];
    Schema { properties }
}

/// The n-th building is a square of ten metres, twenty metres east of the one before. The first has heights and a
/// body; the second stood until 2020; the third comes from a source that calls it otherwise.
fn building(n: u32) -> CityObject {
    let (x, y) = (CORNER.0 + f64::from(n) * 20.0, CORNER.1);
    let plane = polygon![(x: x, y: y), (x: x + 10.0, y: y), (x: x + 10.0, y: y + 10.0), (x: x, y: y + 10.0)];
    let heights = (n == 0).then(|| vec![54.5; 5]);
    let properties = json!({
        "function": if n.is_multiple_of(2) { "1010" } else { "2050" },
        "storeys": n % 5,
        "height_m": 3.5 * f64::from(n % 5),
        "is_listed": n == 7,
        "uses": ["<b>bakery</b>", n],
    });
    let feature = Feature {
        id: format!("building-{n}").parse().unwrap(),
        source_id: (n == 2).then(|| "DENW_Ä/2".parse().unwrap()),
        geometry: Some(Geometry::from_parts(plane.into(), heights).unwrap()),
        properties: properties.as_object().unwrap().clone(),
        valid: if n == 1 { until_2020() } else { TimeRange::ALWAYS },
    };
    CityObject { feature, structure: if n == 0 { body() } else { Structure::default() } }
}

fn until_2020() -> TimeRange {
    TimeRange::new(None, Some(datetime!(2020-01-01 0:00 UTC))).unwrap()
}

fn body() -> Structure {
    let (x, y) = CORNER;
    let roof = Surface { kind: SurfaceKind::Roof, rings: vec![vec![0, 1, 2]], shell: 0 };
    let solid = Solid {
        lod: Lod::level(2),
        form: Form::Surfaces,
        vertices: vec![[x, y, 60.0], [x + 10.0, y, 60.0], [x, y + 10.0, 63.0]],
        surfaces: vec![roof],
    };
    Structure { bodies: vec![solid], parts: Vec::new() }
}

/// The n-th tree stands n times seven metres north of the first building's corner.
fn tree(n: u32) -> CityObject {
    let place = point!(x: CORNER.0, y: CORNER.1 + f64::from(n) * 7.0);
    CityObject::from(Feature {
        id: format!("tree/{n}").parse().unwrap(),
        source_id: None,
        geometry: Some(Geometry::new(place.into()).unwrap()),
        properties: json!({ "species": "linden" }).as_object().unwrap().clone(),
        valid: TimeRange::ALWAYS,
    })
}
