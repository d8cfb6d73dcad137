use quartier_model::{Collection, Crs};
use quartier_store::{Error, inspect, open};
use sqlx::{Connection as _, SqliteConnection};

use crate::{
    home::{Home, in_each_store, in_geopackage},
    sample::{buildings_id, house, puts},
};

#[tokio::test]
async fn a_store_that_is_not_there_is_made_for_utm_zone_32() {
    in_each_store(async |home| {
        assert_eq!(inspect(&home.url).await.unwrap(), None);
        let store = home.open().await;
        assert_eq!(store.working_crs(), Crs::Epsg(25832));
        store.ping().await.unwrap();
        assert_eq!(store.collections().await.unwrap(), []);
        assert_eq!(store.sequence().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_written_is_there_when_the_store_is_opened_again() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 1)])).await.unwrap();
        drop(store);
        let again = home.open().await;
        assert_eq!(again.scan(&buildings_id(), None, 10).await.unwrap().len(), 1);
        assert_eq!(*again.watch().borrow(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_working_crs_other_than_the_stores_is_refused_and_named() {
    in_each_store(async |home| {
        let store = open(&home.url, Some(Crs::Crs84)).await.unwrap();
        assert_eq!(store.working_crs(), Crs::Crs84);
        assert!(open(&home.url, Some(Crs::Crs84)).await.is_ok());
        let error = open(&home.url, Some(Crs::Epsg(25833))).await.unwrap_err();
        assert!(matches!(error, Error::CrsMismatch { .. }), "{error}");
        assert!(error.to_string().contains("OGC:CRS84"), "{error}");
        let other = store.put_collection(&crate::sample::buildings()).await.unwrap_err();
        assert!(matches!(other, Error::CrsMismatch { .. }), "{other}");
    })
    .await;
}

#[tokio::test]
async fn looking_into_a_store_counts_its_objects() {
    in_each_store(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..3).map(|it| house(it, 1)))).await.unwrap();
        let inspection = inspect(&home.url).await.unwrap().unwrap();
        assert_eq!(inspection.schema, 5);
        assert_eq!(inspection.working_crs, Crs::Epsg(25832));
        assert_eq!(inspection.objects.into_iter().collect::<Vec<_>>(), [(buildings_id(), 3)]);
    })
    .await;
}

#[tokio::test]
async fn many_who_open_a_new_store_at_once_make_it_once() {
    in_each_store(async |home| {
        let open = || Box::pin(open(&home.url, None));
        let opened = tokio::join!(open(), open(), open(), open());
        for store in [opened.0, opened.1, opened.2, opened.3] {
            store.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_store_of_a_newer_quartier_is_refused() {
    in_each_store(async |home| {
        drop(home.open().await);
        pretend_newer(home).await;
        let error = home_error(home).await;
        assert!(matches!(error, Error::Newer { found: 9999, .. }), "{error}");
        assert!(error.to_string().contains("upgrade"), "{error}");
    })
    .await;
}

async fn home_error(home: &Home) -> Error {
    open(&home.url, None).await.unwrap_err()
}

const NEWER_POSTGIS: &str = "
    insert into quartier.migration (version, description, success, checksum, execution_time)
    values (9999, 'from the future', true, '', 0)";

const NEWER_GEOPACKAGE: &str = "
    insert into quartier_migration (version, description, success, checksum, execution_time)
    values (9999, 'from the future', true, x'', 0)";

async fn pretend_newer(home: &Home) {
    match &home.url {
        quartier_store::StoreUrl::GeoPackage(path) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut file = SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::query(NEWER_GEOPACKAGE).execute(&mut file).await.unwrap();
        }
        quartier_store::StoreUrl::Postgis(options) => {
            let mut database = sqlx::PgConnection::connect_with(options).await.unwrap();
            sqlx::query(NEWER_POSTGIS).execute(&mut database).await.unwrap();
        }
    }
}

/// What a collection called `sensors` has in a store from before sensors had a view of that name.
const OLD_LAYER: [&str; 6] = [
    "insert into quartier_twin (working_crs, srs_id) values ('EPSG:25832', 25832)",
    "insert into quartier_collection (id, description) values ('sensors', ?)",
    "insert into gpkg_contents (table_name, data_type, identifier, srs_id, max_x)
     values ('sensors', 'features', 'sensors', 25832, 7.5)",
    "insert into gpkg_geometry_columns values ('sensors', 'geometry', 'GEOMETRY', 25832, 0, 0)",
    "create view sensors as select 1 as OGC_FID, null as geometry",
    "create virtual table rtree_sensors_geometry using rtree (id, minx, maxx, miny, maxy)",
];

const EXTENT: &str = "select max_x from gpkg_contents where table_name = 'layer_sensors'";

#[tokio::test]
async fn a_store_from_before_sensors_is_brought_forward_with_all_its_layers() {
    in_geopackage(async |home| {
        let quartier_store::StoreUrl::GeoPackage(path) = &home.url else { unreachable!("a file") };
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut file = SqliteConnection::connect_with(&options).await.unwrap();
        let mut migrator = sqlx::migrate!("../../migrations/geopackage");
        migrator.dangerous_set_table_name("quartier_migration");
        migrator.migrations.to_mut().retain(|migration| migration.version < 3);
        migrator.run_direct(None, &mut file, false).await.unwrap();
        let collection = Collection::new("sensors".parse().unwrap(), Crs::Epsg(25832));
        for statement in OLD_LAYER {
            let statement = sqlx::query(statement);
            let text = serde_json::to_string(&collection).unwrap();
            statement.bind(text).execute(&mut file).await.unwrap();
        }
        let store = home.with_station().await;
        assert_eq!(store.collections().await.unwrap(), [collection]);
        let extent: f64 = sqlx::query_scalar(EXTENT).fetch_one(&mut file).await.unwrap();
        assert_eq!(extent, 7.5);
        for layer in ["select count(*) from sensors", "select count(*) + 1 from layer_sensors"] {
            let things: i64 = sqlx::query_scalar(layer).fetch_one(&mut file).await.unwrap();
            assert_eq!(things, 1, "{layer}");
        }
    })
    .await;
}
