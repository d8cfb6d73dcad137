use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::Uri,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate as _,
        predicate::{DefaultPredicate, SizeAbove},
    },
};

use crate::{
    App, archives,
    error::{ApiError, shown},
    features,
    layers::{admit, answer_panic, cors, observe, without_prefix},
    limits::{BODY_BYTES_MAX, GZIP_BYTES_MIN},
    live, map, openapi, operations, problem, sensorthings, styles, tiles, twin,
};

/// Everything that the twin says over HTTP. Under the public URL's path where it has one, and without it too: a
/// proxy may take it off.
pub fn router(app: App) -> Router {
    let prefix: Arc<str> = app.settings.public_url.as_ref().map_or("", |base| base.prefix()).into();
    let inner = with_layers(table(), &app).with_state(app.clone());
    // Routes say what they allow outside of their layers: whoever reads that stands outside of the router.
    let outer = ServiceBuilder::new()
        .map_request(move |request: Request| without_prefix(&prefix, request))
        .layer(from_fn(cors))
        .service(inner);
    Router::new().fallback_service(tiles::InFront::new(app, outer))
}

fn table() -> Router<App> {
    Router::new()
        .merge(feature_routes())
        .merge(tile_routes())
        .merge(sensor_routes())
        .merge(twin_routes())
        .merge(other_routes())
}

fn feature_routes() -> Router<App> {
    Router::new()
        .route("/", get(features::landing))
        .route("/conformance", get(features::conformance))
        .route("/api", get(openapi::api))
        .route("/collections", get(features::collections))
        .route("/collections/{collection}", get(features::collection))
        .route("/collections/{collection}/schema", get(features::schema))
        .route("/collections/{collection}/queryables", get(features::queryables))
        .route("/collections/{collection}/sortables", get(features::sortables))
        .route("/collections/{collection}/items", get(features::items).post(features::create))
        .route(
            "/collections/{collection}/items/{id}",
            get(features::item)
                .put(features::replace)
                .patch(features::update)
                .delete(features::delete),
        )
}

#[rustfmt::skip]
fn tile_routes() -> Router<App> {
    Router::new()
        .route("/collections/{collection}/tiles", get(tiles::collection_sets))
        .route("/collections/{collection}/tiles/{set}", get(tiles::collection_set))
        .route("/collections/{collection}/tiles/{set}/tilejson.json", get(tiles::collection_tilejson))
        .route("/collections/{collection}/tiles/{set}/{z}/{row}/{column}", get(tiles::collection_tile))
        .route("/collections/{collection}/tiles/{set}/xyz/{z}/{x}/{y}", get(tiles::collection_tile_xyz))
        .route("/tiles", get(tiles::dataset_sets))
        .route("/tiles/{set}", get(tiles::dataset_set))
        .route("/tiles/{set}/tilejson.json", get(tiles::dataset_tilejson))
        .route("/tiles/{set}/{z}/{row}/{column}", get(tiles::dataset_tile))
        .route("/tiles/{set}/xyz/{z}/{x}/{y}", get(tiles::dataset_tile_xyz))
        .route("/archives", get(archives::archives))
        .route("/archives/{archive}", get(archives::archive))
        .route("/archives/{archive}/{z}/{x}/{y}", get(archives::tile))
        .route("/tileMatrixSets", get(tiles::tile_matrix_sets))
        .route("/tileMatrixSets/{set}", get(tiles::tile_matrix_set))
}

fn sensor_routes() -> Router<App> {
    let service = || {
        get(sensorthings::read)
            .post(sensorthings::write)
            .patch(sensorthings::write)
            .put(sensorthings::write)
            .delete(sensorthings::write)
    };
    Router::new()
        .route("/mqtt", any(sensorthings::mqtt::connect))
        .route("/sensorthings/v1.1", service())
        .route("/sensorthings/v1.1/", service())
        .route("/sensorthings/v1.1/{*path}", service())
        .route("/sensorthings/v1.0", service())
        .route("/sensorthings/v1.0/", service())
        .route("/sensorthings/v1.0/{*path}", service())
}

#[rustfmt::skip]
fn twin_routes() -> Router<App> {
    Router::new()
        .route("/twin/v1/nearest", get(twin::nearest))
        .route("/twin/v1/search", post(twin::search))
        .route("/twin/v1/collections/{collection}/objects/{id}", get(twin::structure))
        .route("/twin/v1/collections/{collection}/objects/{id}/history", get(twin::history))
        .route("/twin/v1/observedProperties", get(twin::observed_properties))
        .route("/twin/v1/latest", get(twin::latest))
        .route("/twin/v1/aggregate", get(twin::aggregate))
        .route("/twin/v1/links", get(twin::links))
        .route("/twin/v1/unlinked", get(twin::unlinked))
        .route("/twin/v1/geofences", get(twin::geofences).post(twin::create_geofence))
        .route("/twin/v1/geofences/{id}", get(twin::geofence).delete(twin::delete_geofence))
        .route("/twin/v1/feeds", get(twin::feeds))
        .route("/live", get(live::live))
}

fn other_routes() -> Router<App> {
    Router::new()
        .route("/styles", get(styles::styles))
        .route("/styles/{id}", get(styles::style))
        .route("/map", get(map::map))
        .route("/map/", get(map::page))
        .route("/map/{*path}", get(map::file))
        .route("/pages.css", get(map::style_sheet))
        .route("/health", get(operations::health))
        .route("/ready", get(operations::ready))
        .route("/metrics", get(operations::metrics))
}

/// From the outside in.
fn with_layers(routes: Router<App>, app: &App) -> Router<App> {
    let worth_it = DefaultPredicate::new().and(SizeAbove::new(GZIP_BYTES_MIN.into()));
    let compression =
        CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it);
    let layers = ServiceBuilder::new()
        .layer(from_fn(observe))
        .layer(compression)
        .layer(from_fn_with_state(app.clone(), problem::show))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(from_fn_with_state(app.clone(), admit))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    routes.fallback(nothing).method_not_allowed_fallback(refused).layer(layers)
}

async fn nothing(uri: Uri) -> ApiError {
    ApiError::NoRoute(shown(uri.path()))
}

async fn refused() -> ApiError {
    ApiError::MethodNotAllowed
}
