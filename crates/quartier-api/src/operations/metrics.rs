use std::{fmt, sync::OnceLock, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use quartier_twin::Twin;

use super::sensors;
use crate::App;

/// From a tile of half a millisecond to a request that runs out of its time.
const SECONDS: [f64; 13] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Samples wait in memory until they are sorted into their buckets, scraped or not.
const UPKEEP: Duration = Duration::from_secs(5);

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Where the process's metrics are; nowhere, where another library keeps them.
#[derive(Clone)]
pub(crate) struct Recorder(Option<PrometheusHandle>);

impl Recorder {
    /// Installs the recorder of the process, once.
    pub(crate) fn install() -> Self {
        Self(HANDLE.get_or_init(install).clone())
    }

    /// Keeps memory bounded for as long as the server runs.
    pub(crate) async fn keep_up(self) {
        let Some(handle) = self.0 else { return };
        loop {
            tokio::time::sleep(UPKEEP).await;
            handle.run_upkeep();
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recorder")
    }
}

fn install() -> Option<PrometheusHandle> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS).ok()?;
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    describe();
    sensors::describe();
    Some(handle)
}

fn describe() {
    describe_counter!("quartier_http_requests_total", "Requests by route, method and status");
    describe_histogram!(
        "quartier_http_request_seconds",
        Unit::Seconds,
        "Time until an answer begins, by route"
    );
    describe_gauge!("quartier_objects", Unit::Count, "Objects in memory, by collection");
    describe_gauge!("quartier_index_bytes", Unit::Bytes, "Memory of the index, by collection");
    describe_gauge!("quartier_snapshot_age_seconds", Unit::Seconds, "Time since the city changed");
    describe_gauge!("quartier_snapshot_sequence", "The store's change that the snapshot has");
    describe_counter!("quartier_tiles_drawn_total", "Tiles that were drawn, by readings");
    describe_counter!("quartier_tiles_total", "Plain tiles that were asked for, by cache");
    describe_gauge!("quartier_tiles_disk_bytes", Unit::Bytes, "Tiles on disk");
    describe_gauge!("quartier_tiles_kept", Unit::Count, "Tiles in memory, in any encoding");
    describe_gauge!("quartier_tiles_kept_bytes", Unit::Bytes, "Memory of these");
    describe_gauge!("quartier_store_errors", Unit::Count, "Failed requests to the store");
}

/// [The Prometheus text format](https://prometheus.io/docs/instrumenting/exposition_formats/).
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    gauge!("quartier_tiles_disk_bytes").set(app.tiles.disk_bytes() as f64);
    gauge!("quartier_tiles_kept").set(app.tiles.len() as f64);
    gauge!("quartier_tiles_kept_bytes").set(app.tiles.bytes() as f64);
    measure(&app.twin);
    sensors::measure(&app);
    let text = app.recorder.0.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, TEXT)], text).into_response()
}

fn measure(twin: &Twin) {
    gauge!("quartier_store_errors").set(twin.store_errors() as f64);
    let Some(snapshot) = twin.snapshot() else { return };
    gauge!("quartier_snapshot_age_seconds").set(snapshot.taken.elapsed().as_secs_f64());
    gauge!("quartier_snapshot_sequence").set(snapshot.sequence as f64);
    for it in snapshot.collections() {
        let id = it.collection.id.to_string();
        gauge!("quartier_objects", "collection" => id.clone()).set(it.index.len() as f64);
        gauge!("quartier_index_bytes", "collection" => id).set(it.index.memory_bytes() as f64);
    }
}
