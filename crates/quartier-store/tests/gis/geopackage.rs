use std::path::Path;

use quartier_model::{EntityId, FeatureId, Link, Method, Role, TimeRange};
use quartier_store::StoreUrl;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    home::{Home, in_geopackage},
    ogr::{assert_says, ogrinfo},
    sample::{buildings_id, deletes, house, puts, square, with},
    sensors::{DATASTREAMS, START, observed, reading, station},
};

fn path(home: &Home) -> &Path {
    let StoreUrl::GeoPackage(path) = &home.url else { unreachable!("the home of a GeoPackage") };
    path
}

#[tokio::test]
async fn ogrinfo_lists_the_collections_of_a_store_that_is_open() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..50).map(|it| house(it, 2)))).await.unwrap();
        store.write(&buildings_id(), deletes(["house-0"])).await.unwrap();
        let Some(list) = ogrinfo(&[&path(home).display().to_string()]) else { return };
        let layers = ["buildings (Polygon)", "quartier_collection (None)", "observations (None)"];
        assert_says(&list, &layers);
        assert_says(&list, &["sensors"]);
        assert_eq!(list.lines().count(), 6, "there is no other layer in\n{list}");
        store.write(&buildings_id(), puts([house(77, 2)])).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn ogrinfo_reads_types_extent_crs_and_values() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        let mut houses: Vec<_> = (0..50).map(|it| house(it, 2)).collect();
        let valid = time::macros::datetime!(1911-02-28 12:00 UTC);
        houses[7].feature.valid = TimeRange::new(Some(valid), None).unwrap();
        store.write(&buildings_id(), puts(houses)).await.unwrap();
        let file = path(home).display().to_string();
        let Some(said) = ogrinfo(&["-al", "-fid", "8", &file, "buildings"]) else { return };
        assert_says(
            &said,
            &[
                "Geometry: Polygon",
                "Feature Count: 50",
                "Extent: (405000.250000, 5757000.125000) - (405990.250000, 5757010.125000)",
                "PROJCRS[\"ETRS89 / UTM zone 32N\"",
                "FID Column = OGC_FID",
                "id: String",
                "function: String",
                "storeys: Integer64",
                "height_m: Real",
                "listed: Integer(Boolean)",
                "built: Date",
                "surveyed: DateTime",
                "owners: String",
                "valid_from: DateTime",
                "OGRFeature(buildings):8",
                "id (String) = house-7",
                "storeys (Integer64) = 2",
                "height_m (Real) = 6.2",
                "listed (Integer(Boolean)) = 0",
                "built (Date) = 1911/02/28",
                "surveyed (DateTime) = 2024/05/06 07:08:09+00",
                "valid_from (DateTime) = 1911/02/28 12:00:00+00",
                "owners (String) = [\"city\",{\"share\":0.5}]",
                "POLYGON ((405140.25 5757000.125",
            ],
        );
    })
    .await;
}

#[tokio::test]
async fn ogrinfo_finds_what_is_in_a_box_by_the_spatial_index() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..500).map(|it| house(it, 2)))).await.unwrap();
        store.write(&buildings_id(), puts([house(3, 9)])).await.unwrap();
        let file = path(home).display().to_string();
        let debug = ["--config", "CPL_DEBUG", "GPKG", "--config", "CPL_LOG", "/dev/stdout"];
        let view = ["-al", "-spat", "405055", "5757000", "405075", "5757005", &file, "buildings"];
        let Some(said) = ogrinfo(&[&debug[..], &view[..]].concat()) else { return };
        assert_says(
            &said,
            &["JOIN \"rtree_buildings_geometry\"", "house-3", "storeys (Integer64) = 9"],
        );
        assert_eq!(said.matches("OGRFeature(buildings)").count(), 1, "{said}");
    })
    .await;
}

const BOX: &str = "
    explain query plan
    select m.* from buildings m join rtree_buildings_geometry r on m.OGC_FID = r.id
    where r.maxx >= 1 and r.minx <= 2 and r.maxy >= 1 and r.miny <= 2";

#[tokio::test]
async fn a_layer_is_read_through_its_index_whatever_its_columns_are() {
    let point = geo_types::Point::new(1.0, 2.0);
    for geometry in [square(0.0), quartier_model::Geometry::new(point.into()).unwrap()] {
        in_geopackage(async |home| {
            let store = home.with_buildings().await;
            let object = with("any", Some(geometry.clone()), &serde_json::json!({}));
            store.write(&buildings_id(), puts([object])).await.unwrap();
            let options = SqliteConnectOptions::new().filename(path(home));
            let mut file = SqliteConnection::connect_with(&options).await.unwrap();
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(BOX).fetch_all(&mut file).await.unwrap();
            let plan: Vec<String> = plan.into_iter().map(|(_, _, _, step)| step).collect();
            let by_rowid = "SEARCH quartier_object USING INTEGER PRIMARY KEY (rowid=?)";
            assert!(plan.iter().any(|step| step == by_rowid), "{plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("MATERIALIZE")), "{plan:#?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_layer_says_where_to_change_its_objects() {
    in_geopackage(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let options = SqliteConnectOptions::new().filename(path(home));
        let mut file = SqliteConnection::connect_with(&options).await.unwrap();
        let edit = sqlx::query("update buildings set storeys = 99").execute(&mut file).await;
        let refused = edit.unwrap_err().to_string();
        assert!(refused.contains("Quartier keeps this layer"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn ogrinfo_shows_where_the_sensors_are() {
    in_geopackage(async |home| {
        let store = home.open().await;
        store.write_sensors(&station()).await.unwrap();
        let file = path(home).display().to_string();
        let Some(said) = ogrinfo(&["-al", &file, "sensors"]) else { return };
        assert_says(
            &said,
            &[
                "Feature Count: 1",
                "Extent: (407625.000000, 5751963.000000)",
                "PROJCRS[\"ETRS89 / UTM zone 32N\"",
                "name (String) = Station 1",
                "location (String) = Domplatz 1",
                "POINT (407625 5751963",
            ],
        );
    })
    .await;
}

#[tokio::test]
async fn ogrinfo_reads_observations_with_names_and_times() {
    in_geopackage(async |home| {
        let store = home.open().await;
        store.write_sensors(&station()).await.unwrap();
        store.write_sensors(&observed([reading(2, 3, 12.5)])).await.unwrap();
        let file = path(home).display().to_string();
        let Some(said) = ogrinfo(&["-al", &file, "observations"]) else { return };
        assert_says(
            &said,
            &[
                "Feature Count: 1",
                "datastream_name (String) = Datastream 2",
                "thing_name (String) = Station 1",
                "property (String) = PM2.5",
                "unit (String) = µg/m³",
                "phenomenon_start (DateTime) = 2026/03/28 22:03:00+00",
                "result (Real) = 12.5",
            ],
        );
    })
    .await;
}

const LINKS: &str = "
    select datastream, object, role, method, valid_from, recorded_to is null from sensor_link";

#[tokio::test]
async fn a_researcher_joins_datastreams_to_objects() {
    in_geopackage(async |home| {
        let store = home.open().await;
        store.write_sensors(&station()).await.unwrap();
        store.put_links(&[link().thing], &[link()]).await.unwrap();
        let options = SqliteConnectOptions::new().filename(path(home));
        let mut file = SqliteConnection::connect_with(&options).await.unwrap();
        let rows: Vec<(i64, String, String, String, String, bool)> =
            sqlx::query_as(LINKS).fetch_all(&mut file).await.unwrap();
        assert_eq!(rows.len() as u64, DATASTREAMS);
        let (_, object, role, method, from, is_current) = &rows[0];
        assert_eq!(
            (object.as_str(), role.as_str(), method.as_str()),
            ("house-5", "subject", "nearest")
        );
        assert_eq!((from.as_str(), *is_current), ("2026-03-28T22:00:00.000Z", true));
    })
    .await;
}

fn link() -> Link {
    Link {
        thing: EntityId(1),
        collection: buildings_id(),
        fid: FeatureId(5),
        object: "house-5".parse().unwrap(),
        role: Role::Subject,
        method: Method::Nearest,
        confidence: 0.5,
        distance_m: 12.0,
        valid: TimeRange::new(Some(START), None).unwrap(),
    }
}
