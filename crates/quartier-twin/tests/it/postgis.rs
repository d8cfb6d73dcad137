//! Searches over real data, beside PostGIS's own answers to the same questions.

use std::{path::Path, process::Command, sync::Arc};

use quartier_model::{Bbox, Filter, SpatialFilter};
use quartier_twin::{
    Overlays, Twin,
    import::{Mode, Purpose},
    sensors::SensorSettings,
};

use crate::city::import;

const BLOCKS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/muenster/heat_blocks.geojson");

/// A database of its own on the tests' server, gone with the value.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    pub(crate) fn create(name: &str) -> Option<Self> {
        let server = std::env::var("QUARTIER_TEST_POSTGRES").ok()?;
        let name = format!("twin_{name}_{}", std::process::id());
        let database = Self { server, name };
        psql(&database.server, &format!("create database {}", database.name));
        Some(database)
    }

    pub(crate) fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    pub(crate) fn ask(&self, sql: &str) -> String {
        psql(&self.url(), sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        psql(&self.server, &format!("drop database if exists {} with (force)", self.name));
    }
}

fn psql(url: &str, sql: &str) -> String {
    let mut question = Command::new("psql");
    question.args([url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    let answer = question.output().expect("psql is installed");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn searches_over_real_blocks_agree_with_postgis() {
    if !Path::new(BLOCKS).exists() {
        println!("skipped: the Münster data are not beside this checkout");
        return;
    }
    let Some(database) = Database::create("search") else {
        println!("skipped: QUARTIER_TEST_POSTGRES names no server");
        return;
    };
    let url = database.url().parse().unwrap();
    let store = quartier_store::open(&url, None).await.unwrap();
    let imported = import(&store, "blocks", Path::new(BLOCKS), Mode::Upsert, Purpose::Write);
    let report = imported.await.unwrap();
    assert_eq!(report.read, 6_462);
    let twin =
        Twin::open(Arc::clone(&store), Overlays::default(), SensorSettings::default()).unwrap();
    twin.until_ready().await;
    agree(&twin, &database);
    drop((twin, store));
}

/// Boxes from a block to a quarter, laid over the city by a fixed rule.
fn boxes() -> impl Iterator<Item = Bbox> {
    (0..40).map(|at| {
        let (x, y) = (396_000.0 + f64::from(at % 8) * 2_300.0, 5_746_000.0 + f64::from(at) * 470.0);
        let side = 150.0 + f64::from(at * at);
        Bbox::new(x, y, x + side, y + side * 1.3).unwrap()
    })
}

fn agree(twin: &Twin, database: &Database) {
    let snapshot = twin.snapshot().unwrap();
    let blocks = snapshot.collection("blocks").unwrap();
    let mut found = 0;
    for bbox in boxes() {
        let Bbox { min_x, min_y, max_x, max_y, .. } = bbox;
        let shape = format!("ST_MakeEnvelope({min_x}, {min_y}, {max_x}, {max_y}, 25832)");
        let polygon = quartier_model::Geometry::new(bbox.to_rect().into()).unwrap();
        let centre = bbox.to_rect().center();
        let point = quartier_model::Geometry::new(geo_types::Point::from(centre).into()).unwrap();
        let at = format!("ST_SetSRID(ST_MakePoint({}, {}), 25832)", centre.x, centre.y);
        let questions = [
            (SpatialFilter::Bbox(bbox), format!("ST_Intersects(geometry, {shape})")),
            (
                SpatialFilter::Intersects(polygon.clone()),
                format!("ST_Intersects(geometry, {shape})"),
            ),
            (SpatialFilter::Within(polygon), format!("ST_CoveredBy(geometry, {shape})")),
            (
                SpatialFilter::Distance { geometry: point, metres: 250.0 },
                format!("ST_DWithin(geometry, {at}, 250)"),
            ),
        ];
        for (space, condition) in questions {
            let filter = Filter { space: vec![space], ..Filter::default() };
            let page = blocks.index.page(&filter, None, 10_000);
            let ids: Vec<String> = page.objects.iter().map(|it| it.fid().to_string()).collect();
            let sql = format!(
                "select coalesce(string_agg(fid::text, ',' order by fid), '') from city.blocks where {condition}"
            );
            assert_eq!(ids.join(","), database.ask(&sql), "{condition}");
            found += ids.len();
        }
        let nearest: Vec<String> = blocks
            .index
            .nearest(centre, 10, None)
            .iter()
            .map(|near| format!("{:.6}", near.distance_m))
            .collect();
        let sql = format!(
            "select string_agg(to_char(d, 'FM999999990.000000'), ',' order by d) from \
             (select ST_Distance(geometry, {at}) as d from city.blocks order by d limit 10) as nearest"
        );
        assert_eq!(nearest.join(","), database.ask(&sql));
    }
    assert!(found > 500, "the boxes meet the city: {found}");
}
