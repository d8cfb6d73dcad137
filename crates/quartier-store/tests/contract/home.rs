use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use quartier_store::{Store, StoreUrl, open};
use sqlx::{Connection as _, PgConnection, QueryBuilder};
use tempfile::TempDir;

use crate::sample;

/// The URL of a server on which databases may be made, ending in the name of one that exists.
const POSTGRES: &str = "QUARTIER_TEST_POSTGRES";

/// A place for a store of a test's own.
pub(crate) struct Home {
    pub(crate) url: StoreUrl,
    pub(crate) place: Place,
}

pub(crate) enum Place {
    Folder,
    Database { server: String, name: String },
}

impl Home {
    /// Opens the store; makes it the first time.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        open(&self.url, None).await.unwrap()
    }

    /// A store with an empty collection of buildings.
    pub(crate) async fn with_buildings(&self) -> Arc<dyn Store> {
        let store = self.open().await;
        store.put_collection(&sample::buildings()).await.unwrap();
        store
    }
}

/// Holds a claim against an empty home of each kind.
pub(crate) async fn in_each_store(claim: impl AsyncFn(&Home)) {
    in_geopackage(&claim).await;
    in_postgis(&claim).await;
}

pub(crate) async fn in_geopackage(claim: impl AsyncFn(&Home)) {
    let folder = TempDir::new().unwrap();
    let url = StoreUrl::GeoPackage(folder.path().join("city.gpkg"));
    claim(&Home { url, place: Place::Folder }).await;
}

pub(crate) async fn in_postgis(claim: impl AsyncFn(&Home)) {
    let Some(server) = server() else { return };
    let name = unused_name();
    execute(&server, "create database ", &name, "").await;
    let home = Home {
        url: at_database(&server, &name).parse().unwrap(),
        place: Place::Database { server: server.clone(), name: name.clone() },
    };
    claim(&home).await;
    execute(&server, "drop database ", &name, " with (force)").await;
}

#[expect(clippy::print_stdout, reason = "a claim that is not tested says so")]
pub(crate) fn server() -> Option<String> {
    let server = env::var(POSTGRES).ok();
    if server.is_none() {
        println!("skipped for PostGIS: {POSTGRES} names no server");
    }
    server
}

pub(crate) fn at_database(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

fn unused_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("quartier_test_{}_{count}", std::process::id())
}

async fn execute(server: &str, start: &str, name: &str, end: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let mut sql = QueryBuilder::<sqlx::Postgres>::new(start);
    sql.push(name).push(end).build().execute(&mut connection).await.unwrap();
}
