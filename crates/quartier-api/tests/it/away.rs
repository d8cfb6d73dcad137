//! A store that goes away: reads go on, writes say when to come back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::StatusCode;
use quartier_api::Settings;
use quartier_model::{
    CityObject, Collection, CollectionId, Crs, EntityId, FeatureId, Geofence, Link, ObjectId,
    Observation, Rollup, Step,
};
use quartier_store::{
    Batch, Change, Error, ObservationFilter, ObservationQuery, Outcome, Receipt, Result,
    SensorBatch, SensorReceipt, SensorStore, Sequence, Store, StoredEntities, StoredFeature,
    StoredObject, Summary,
};
use serde_json::json;
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::city::{City, TOKEN};

/// A real store behind a line that can be cut: then it answers as a database does that nobody can reach.
#[derive(Debug)]
struct Line {
    store: Arc<dyn Store>,
    is_cut: Arc<AtomicBool>,
}

impl Line {
    async fn store(&self) -> Result<&dyn Store> {
        if self.is_cut.load(Ordering::Relaxed) {
            Err(unreachable().await)
        } else {
            Ok(&*self.store)
        }
    }
}

/// What a store says whose database is not there.
async fn unreachable() -> Error {
    let nobody = "postgres://nobody@127.0.0.1:1/nothing".parse().unwrap();
    quartier_store::open(&nobody, None).await.unwrap_err()
}

#[async_trait::async_trait]
impl SensorStore for Line {
    async fn entities(&self) -> Result<StoredEntities> {
        self.store().await?.entities().await
    }

    async fn summaries(&self) -> Result<Vec<Summary>> {
        self.store().await?.summaries().await
    }

    async fn write_sensors(&self, batch: &SensorBatch) -> Result<SensorReceipt> {
        self.store().await?.write_sensors(batch).await
    }

    async fn replace_observation(&self, it: &Observation) -> Result<Option<SensorReceipt>> {
        self.store().await?.replace_observation(it).await
    }

    async fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        self.store().await?.observations(query).await
    }

    async fn count_observations(&self, filter: &ObservationFilter) -> Result<u64> {
        self.store().await?.count_observations(filter).await
    }

    async fn rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>> {
        self.store().await?.rollups(datastreams, step, from, to).await
    }

    async fn expire(
        &self,
        datastream: EntityId,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<SensorReceipt> {
        self.store().await?.expire(datastream, before, limit).await
    }

    async fn links(&self) -> Result<Vec<Link>> {
        self.store().await?.links().await
    }

    async fn put_links(&self, things: &[EntityId], links: &[Link]) -> Result<()> {
        self.store().await?.put_links(things, links).await
    }

    async fn geofences(&self) -> Result<Vec<Geofence>> {
        self.store().await?.geofences().await
    }

    async fn put_geofence(&self, geofence: &Geofence) -> Result<()> {
        self.store().await?.put_geofence(geofence).await
    }

    async fn delete_geofence(&self, id: EntityId) -> Result<bool> {
        self.store().await?.delete_geofence(id).await
    }
}

#[async_trait::async_trait]
impl Store for Line {
    fn working_crs(&self) -> Crs {
        self.store.working_crs()
    }

    async fn ping(&self) -> Result<()> {
        self.store().await?.ping().await
    }

    async fn collections(&self) -> Result<Vec<Collection>> {
        self.store().await?.collections().await
    }

    async fn put_collection(&self, collection: &Collection) -> Result<()> {
        self.store().await?.put_collection(collection).await
    }

    async fn write(&self, collection: &CollectionId, batch: Batch) -> Result<Receipt> {
        self.store().await?.write(collection, batch).await
    }

    async fn compare(
        &self,
        collection: &CollectionId,
        objects: &[CityObject],
    ) -> Result<Vec<Outcome>> {
        self.store().await?.compare(collection, objects).await
    }

    async fn scan(
        &self,
        collection: &CollectionId,
        after: Option<FeatureId>,
        limit: u32,
    ) -> Result<Vec<StoredFeature>> {
        self.store().await?.scan(collection, after, limit).await
    }

    async fn feature_id_range(
        &self,
        collection: &CollectionId,
    ) -> Result<Option<(FeatureId, FeatureId)>> {
        self.store().await?.feature_id_range(collection).await
    }

    async fn features(
        &self,
        collection: &CollectionId,
        ids: &[FeatureId],
    ) -> Result<Vec<StoredFeature>> {
        self.store().await?.features(collection, ids).await
    }

    async fn object(
        &self,
        collection: &CollectionId,
        id: &ObjectId,
    ) -> Result<Option<StoredObject>> {
        self.store().await?.object(collection, id).await
    }

    async fn history(&self, collection: &CollectionId, id: &ObjectId) -> Result<Vec<StoredObject>> {
        self.store().await?.history(collection, id).await
    }

    async fn identity(&self) -> Result<String> {
        self.store().await?.identity().await
    }

    async fn sequence(&self) -> Result<Sequence> {
        self.store().await?.sequence().await
    }

    async fn mark(&self, change: Sequence) -> Result<Option<String>> {
        self.store().await?.mark(change).await
    }

    async fn changes(&self, after: Sequence, limit: u32) -> Result<Vec<Change>> {
        self.store().await?.changes(after, limit).await
    }

    fn watch(&self) -> watch::Receiver<Sequence> {
        self.store.watch()
    }
}

#[tokio::test]
async fn without_the_store_reads_go_on_and_writes_are_put_off() {
    let is_cut = Arc::new(AtomicBool::new(false));
    let cut = Arc::clone(&is_cut);
    let settings = Settings { token: Some(TOKEN.to_owned()), ..Settings::default() };
    let city = City::behind(settings, |store| Arc::new(Line { store, is_cut: cut })).await;
    is_cut.store(true, Ordering::Relaxed);

    assert_eq!(city.get("/collections/trees/items").await.json()["numberMatched"], 30);
    assert_eq!(city.get("/tiles/WebMercatorQuad/14/5415/8538").await.status, StatusCode::OK);
    assert_eq!(city.get("/ready").await.status, StatusCode::OK);
    assert_eq!(city.get("/health").await.json()["status"], "degraded");

    let feature = json!({ "type": "Feature", "geometry": null, "properties": {} });
    let item = "/collections/trees/items/tree%2F3";
    for (method, uri) in
        [("POST", "/collections/trees/items"), ("PUT", item), ("PATCH", item), ("DELETE", item)]
    {
        let answer = city.write(method, uri, &feature).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{method}: {}", answer.text());
        assert_eq!(answer.header("retry-after"), "5");
        assert!(!answer.problem().contains("postgres"), "{}", answer.problem());
    }

    is_cut.store(false, Ordering::Relaxed);
    let created = city.write("POST", "/collections/trees/items", &feature).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
    assert!(city.get("/metrics").await.text().contains("quartier_store_errors"));
}
