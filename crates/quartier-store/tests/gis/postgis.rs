use geo_types::MultiPolygon;
use quartier_model::{CityObject, Geometry};
use serde_json::json;
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};

use crate::{
    home::{Home, Place, at_database, in_postgis, server},
    ogr::{assert_says, ogrinfo},
    sample::{buildings, buildings_id, house, puts, square, with},
};
use quartier_store::StoreUrl;

fn options(home: &Home) -> &PgConnectOptions {
    let StoreUrl::Postgis(options) = &home.url else { unreachable!("the home of a database") };
    options
}

async fn planner(home: &Home) -> PgConnection {
    PgConnection::connect_with(options(home)).await.unwrap()
}

#[tokio::test]
async fn ogrinfo_reads_types_crs_and_values_of_a_view() {
    in_postgis(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..50).map(|it| house(it, 2)))).await.unwrap();
        let Place::Database { name, .. } = &home.place else { unreachable!("a database") };
        // Without a name for the application, GDAL appends one to the database's.
        let url = at_database(&server().unwrap(), name);
        let database = format!("PG:{url}?application_name=ogrinfo");
        let Some(said) = ogrinfo(&["-al", "-where", "id = 'house-7'", &database, "city.buildings"])
        else {
            return;
        };
        assert_says(
            &said,
            &[
                "Geometry: Polygon",
                "Feature Count: 1",
                "PROJCRS[\"ETRS89 / UTM zone 32N\"",
                "storeys (Integer64) = 2",
                "height_m (Real) = 6.2",
                "listed (Integer(Boolean)) = 0",
                "built (Date) = 1911/02/28",
                "surveyed (DateTime) = 2024/05/06 07:08:09+00",
                "owners (String(JSON)) = [\"city\", {\"share\": 0.5}]",
                "POLYGON ((405140.25 5757000.125",
            ],
        );
    })
    .await;
}

const PLAN: &str = "
    explain select * from city.buildings
    where geometry && st_makeenvelope(405055, 5757000, 405075, 5757005, 25832)";

const TYPE: &str = "
    select type || ' ' || coord_dimension || ' ' || srid
    from geometry_columns where f_table_schema = 'city' and f_table_name = 'buildings'";

async fn plan(planner: &mut PgConnection) -> String {
    sqlx::query_scalar::<_, String>(PLAN).fetch_all(planner).await.unwrap().join("\n")
}

#[tokio::test]
async fn a_box_of_a_view_is_found_by_the_spatial_index() {
    in_postgis(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts((0..5000).map(|it| house(it, 2)))).await.unwrap();
        let mut planner = planner(home).await;
        sqlx::query("analyze quartier.object").execute(&mut planner).await.unwrap();
        let plan = plan(&mut planner).await;
        assert!(plan.contains("object_geometry_1"), "{plan}");
    })
    .await;
}

fn multi(id: &str) -> CityObject {
    let geo_types::Geometry::Polygon(polygon) = square(0.0).into_parts().0 else { unreachable!() };
    let both = Geometry::new(MultiPolygon(vec![polygon]).into()).unwrap();
    with(id, Some(both), &json!({}))
}

#[tokio::test]
async fn a_views_geometry_is_typed_as_narrowly_as_its_objects() {
    in_postgis(async |home| {
        let store = home.with_buildings().await;
        let mut planner = planner(home).await;
        let high = Geometry::with_heights(square(0.0).into_parts().0, vec![3.0; 5]).unwrap();
        let point = Geometry::new(geo_types::Point::new(1.0, 2.0).into()).unwrap();
        for (object, expected) in [
            (house(1, 2), "POLYGON 2 25832"),
            (multi("multi"), "MULTIPOLYGON 2 25832"),
            (with("high", Some(high), &json!({})), "MULTIPOLYGON 2 25832"),
            (with("point", Some(point), &json!({})), "GEOMETRY 2 25832"),
        ] {
            store.write(&buildings_id(), puts([object])).await.unwrap();
            let found: String = sqlx::query_scalar(TYPE).fetch_one(&mut planner).await.unwrap();
            assert_eq!(found, expected);
        }
        let readable: i64 =
            sqlx::query_scalar("select count(st_area(geometry)) from city.buildings")
                .fetch_one(&mut planner)
                .await
                .unwrap();
        assert_eq!(readable, 4);
    })
    .await;
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_null_in_the_view() {
    in_postgis(async |home| {
        let store = home.with_buildings().await;
        let odd = json!({
            "function": 7, "storeys": "many", "height_m": "low", "listed": 1,
            "built": "2023-02-29", "surveyed": "yesterday", "owners": null,
        });
        store.write(&buildings_id(), puts([with("odd", None, &odd)])).await.unwrap();
        let mut planner = planner(home).await;
        let row: (String, Option<i64>, Option<f64>, Option<bool>, Option<time::Date>) =
            sqlx::query_as("select function, storeys, height_m, listed, built from city.buildings")
                .fetch_one(&mut planner)
                .await
                .unwrap();
        assert_eq!(row, ("7".to_owned(), None, None, None, None));
    })
    .await;
}

#[tokio::test]
async fn a_planners_own_view_outlives_new_columns_and_kinds() {
    in_postgis(async |home| {
        let store = home.with_buildings().await;
        store.write(&buildings_id(), puts([house(1, 2)])).await.unwrap();
        let mut planner = planner(home).await;
        sqlx::query("create view public.tall as select * from city.buildings where storeys > 1")
            .execute(&mut planner)
            .await
            .unwrap();
        let mut described = buildings();
        let roof = quartier_model::Property::new("roof", quartier_model::PropertyKind::Text);
        described.schema.properties.push(roof);
        store.put_collection(&described).await.unwrap();
        store.write(&buildings_id(), puts([multi("multi")])).await.unwrap();
        let tall: i64 = sqlx::query_scalar("select count(*) from public.tall")
            .fetch_one(&mut planner)
            .await
            .unwrap();
        assert_eq!(tall, 1);
    })
    .await;
}
