//! Tiles by the request itself: where nothing has happened since it was last answered, it is answered again before
//! anything else is done for it, on the thread that read it.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
    response::Response,
};
use futures_util::future::Either;
use metrics::{Counter, Histogram, counter, histogram};
use quick_cache::sync::Cache;
use tower::Service;
use xxhash_rust::xxh3::Xxh3;

use super::{
    super::answer::{Manner, Source},
    Accepted, Tile,
};
use crate::{App, auth::Visitor, layers::open_to_scripts};

/// Requests that are known by their words, some 5 MB.
const REQUESTS_MAX: usize = 65_536;

/// What stands for the routes of tiles in metrics.
const ROUTE: &str = "kept tile";

/// A request for a tile, with all that its answer depends on but the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Asked(u128);

/// What such requests were last answered with.
pub(crate) struct Front(Cache<Asked, Shown>);

#[derive(Clone)]
struct Shown {
    /// Where memory has let the tile go, so has this.
    tile: Weak<Tile>,
    is_public: bool,
}

impl Default for Front {
    fn default() -> Self {
        Self(Cache::new(REQUESTS_MAX))
    }
}

impl Front {
    pub(in crate::tiles) fn put(&self, asked: Asked, tile: &Arc<Tile>, is_public: bool) {
        self.0.insert(asked, Shown { tile: Arc::downgrade(tile), is_public });
    }
}

impl Asked {
    /// `None` for what is no tile.
    fn of(request: &Request, app: &App) -> Option<Self> {
        let uri = request.uri();
        if request.method() != Method::GET || !uri.path().contains("/tiles/") {
            return None;
        }
        let headers = request.headers();
        let mut hash = Xxh3::new();
        hash.update(uri.path().as_bytes());
        hash.update(b"?");
        hash.update(uri.query().unwrap_or_default().as_bytes());
        for name in [header::ACCEPT, header::ACCEPT_ENCODING] {
            hash.update(b"\n");
            for value in headers.get_all(name) {
                hash.update(value.as_bytes());
                hash.update(b",");
            }
        }
        let is_holder = headers.contains_key(header::AUTHORIZATION)
            && Visitor::of(headers, &app.settings) == Visitor::TokenHolder;
        hash.update(&[u8::from(is_holder)]);
        Some(Self(hash.digest128()))
    }
}

/// Stands before all other layers, and passes on what it cannot answer.
#[derive(Clone)]
pub(crate) struct InFront<S> {
    // A service is cloned for each request.
    desk: Arc<Desk>,
    inner: S,
}

struct Desk {
    app: App,
    answered: [Counter; 2],
    hits: Counter,
    seconds: Histogram,
}

impl<S> InFront<S> {
    pub(crate) fn new(app: App, inner: S) -> Self {
        Self { desk: Arc::new(Desk::new(app)), inner }
    }
}

impl Desk {
    fn new(app: App) -> Self {
        let answered = ["200", "304"].map(|status| {
            let labels = [("route", ROUTE), ("method", "GET"), ("status", status)];
            counter!("quartier_http_requests_total", &labels)
        });
        Self {
            app,
            answered,
            hits: counter!("quartier_tiles_total", "cache" => "hit"),
            seconds: histogram!("quartier_http_request_seconds", "route" => ROUTE),
        }
    }

    fn answer(&self, asked: Asked, headers: &HeaderMap) -> Option<Response> {
        let shown = self.app.tiles.front.0.get(&asked)?;
        let tile = shown.tile.upgrade()?;
        let sequence = self.app.twin.sequence()?;
        if !tile.stamp.is_known_at(sequence) {
            return None;
        }
        let manner = Manner::of(shown.is_public, headers, Accepted::of(headers));
        let mut response = manner.tile(&tile, Source::Kept);
        open_to_scripts(response.headers_mut());
        Some(response)
    }

    fn count(&self, response: &Response, started: Instant) {
        let [sent, known] = &self.answered;
        let answered = if response.status().as_u16() == 304 { known } else { sent };
        answered.increment(1);
        self.hits.increment(1);
        self.seconds.record(started.elapsed().as_secs_f64());
    }
}

impl<S> Service<Request> for InFront<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        if let Some(asked) = Asked::of(&request, &self.desk.app) {
            if let Some(response) = self.desk.answer(asked, request.headers()) {
                self.desk.count(&response, started);
                return Either::Left(ready(Ok(response)));
            }
            request.extensions_mut().insert(asked);
        }
        Either::Right(self.inner.call(request))
    }
}
