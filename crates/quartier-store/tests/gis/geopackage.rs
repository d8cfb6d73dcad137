use std::path::Path;

use quartier_store::StoreUrl;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    home::{Home, in_geopackage},
    ogr::{assert_says, ogrinfo},
    sample::{buildings_id, deletes, house, puts, square, with},
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
        houses[7].feature.valid = quartier_model::TimeRange::new(Some(valid), None).unwrap();
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
