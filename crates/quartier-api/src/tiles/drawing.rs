use std::sync::Arc;

use axum::{http::HeaderMap, response::Response};
use bytes::Bytes;
use metrics::counter;
use quartier_tiles::{TileCoord, TileMatrixSet};
use quartier_twin::{TileLayer, TileSelection, sensors::Reader};
use xxhash_rust::xxh3::Xxh3;

use super::{
    answer::{Manner, Source},
    cache::{Accepted, Asked, Broken, Cache, Encoding, Follow, Key, Lead, Tile},
    layers::Layers,
    tag,
    turns::Turn,
};
use crate::{
    App,
    city::City,
    client::Client,
    error::{ApiError, Result},
    limits::GZIP_BYTES_MIN,
};

/// A tile that is asked for.
pub(super) struct Drawing {
    pub(super) city: City,
    pub(super) set: Arc<TileMatrixSet>,
    pub(super) tile: TileCoord,
    pub(super) layers: Arc<Layers>,
    pub(super) client: Client,
    pub(super) asked: Option<Asked>,
}

impl Drawing {
    /// Geometry and attributes of the objects: drawn once for each change of theirs, however many ask.
    pub(super) async fn plain(self, app: &App, headers: &HeaderMap) -> Result<Response> {
        let (manner, encoding) = self.manner(headers)?;
        let drawing = Arc::new(self);
        let key = drawing.key();
        if let Some(tile) = drawing.kept(&app.tiles, key, encoding)? {
            return Ok(drawing.shown(app, &manner, &tile, Source::Kept));
        }
        let turn = app.turns.turn(drawing.client).await?;
        if tag::are_told(headers)
            && let Some(unchanged) = drawing.unchanged(app, &manner).await?
        {
            return Ok(unchanged);
        }
        let (tile, source) = drawing.made(app, (key, encoding), turn).await?;
        Ok(drawing.shown(app, &manner, &tile, source))
    }

    /// The same with what is measured at the objects. Its tag changes with that and not with its age, so that a tile
    /// whose tag is known need not be drawn.
    pub(super) async fn measured(
        self,
        app: &App,
        reader: Reader,
        headers: HeaderMap,
    ) -> Result<Response> {
        let turn = app.turns.turn(self.client).await?;
        let draw = move || {
            let _turn = turn;
            self.draw_measured(&reader, &headers)
        };
        app.compute(draw).await?
    }

    fn draw_measured(&self, reader: &Reader, headers: &HeaderMap) -> Result<Response> {
        let (manner, encoding) = self.manner(headers)?;
        let (snapshot, layers) = (&self.city.snapshot, self.layers());
        let mut hash = Xxh3::new();
        hash.update(&snapshot.tile_digest(&self.set, self.tile, &layers)?.to_le_bytes());
        for name in self.layers.readings.names.iter().flat_map(|names| &names.0) {
            hash.update(format!("{name},").as_bytes());
        }
        for stamp in snapshot.tile_stamps(&self.set, self.tile, &layers, reader)? {
            hash.update(&stamp.to_le_bytes());
        }
        let digest = hash.digest128();
        if let Some(unchanged) = manner.unchanged(digest) {
            return Ok(unchanged);
        }
        counter!("quartier_tiles_drawn_total", "readings" => "yes").increment(1);
        let bytes = Bytes::from(snapshot.tile(&self.set, self.tile, &layers, Some(reader))?);
        let encoding = encoded_as(encoding, &bytes);
        Ok(manner.measured(digest, (encoding, encoding.encode(&bytes))))
    }

    /// The next time, the tile is found by the request itself: unless it is empty, when the city decides whether it is
    /// there at all.
    fn shown(&self, app: &App, manner: &Manner<'_>, tile: &Arc<Tile>, source: Source) -> Response {
        counter!("quartier_tiles_total", "cache" => source.word()).increment(1);
        if let Some(asked) = self.asked.filter(|_| !tile.bytes.is_empty()) {
            app.tiles.front.put(asked, tile, self.layers.is_public());
        }
        manner.tile(tile, source)
    }

    /// A tile that was made before, and that nothing has touched since.
    fn kept(&self, cache: &Cache, key: Key, encoding: Encoding) -> Result<Option<Arc<Tile>>> {
        let Some(tile) = cache.tile(key, encoding) else { return Ok(None) };
        let snapshot = &self.city.snapshot;
        let is_current =
            snapshot.shows_the_same(&tile.stamp, &self.set, self.tile, &self.layers())?;
        Ok(is_current.then_some(tile))
    }

    /// The answer to who has the tile already, which need not be drawn for it.
    async fn unchanged(
        self: &Arc<Self>,
        app: &App,
        manner: &Manner<'_>,
    ) -> Result<Option<Response>> {
        let drawing = Arc::clone(self);
        let digest = move || {
            let Self { city, set, tile, .. } = &*drawing;
            city.snapshot.tile_digest(set, *tile, &drawing.layers())
        };
        Ok(manner.unchanged(app.compute(digest).await??))
    }

    /// Draws the tile, or waits for who does already.
    async fn made(
        self: &Arc<Self>,
        app: &App,
        (key, encoding): (Key, Encoding),
        turn: Turn,
    ) -> Result<(Arc<Tile>, Source)> {
        let mut turn = Some(turn);
        // Drawings of one state of the city are the same; one of an older state must not pass for a newer one.
        let flight = key.hash ^ u128::from(self.city.snapshot.sequence) << 64;
        loop {
            if let Some(tile) = self.kept(&app.tiles, key, encoding)? {
                return Ok((tile, Source::Kept));
            }
            let (lead, follow) = app.tiles.flights.board(flight);
            if let Some(lead) = lead {
                self.lead(app, (key, encoding), lead, turn.take());
                return Ok((landed(follow).await?, Source::Drawn));
            }
            let tile = landed(follow).await?;
            // Who drew it may have wanted it in another encoding.
            if tile.asked == encoding {
                return Ok((tile, Source::Shared));
            }
        }
    }

    fn lead(
        self: &Arc<Self>,
        app: &App,
        (key, encoding): (Key, Encoding),
        lead: Lead<Drawn>,
        turn: Option<Turn>,
    ) {
        if encoding == Encoding::Identity && self.is_quick(&app.tiles) {
            lead.land(self.drawn(&app.tiles, key, encoding).map_err(Broken::new));
        } else {
            self.start(app, (key, encoding), lead, turn);
        }
    }

    /// Whether to hand it to another thread would take longer than to draw it.
    fn is_quick(&self, cache: &Cache) -> bool {
        let (snapshot, layers) = (&self.city.snapshot, self.layers());
        !cache.has_disk() && snapshot.is_tile_quick(&self.set, self.tile, &layers)
    }

    /// Goes on where whoever asked has left.
    fn start(
        self: &Arc<Self>,
        app: &App,
        (key, encoding): (Key, Encoding),
        lead: Lead<Drawn>,
        turn: Option<Turn>,
    ) {
        let (drawing, app) = (Arc::clone(self), app.clone());
        tokio::spawn(async move {
            let cache = Arc::clone(&app.tiles);
            let draw = move || {
                let _turn = turn;
                lead.land(drawing.drawn(&cache, key, encoding).map_err(Broken::new));
            };
            // Where it breaks off, those who wait are told.
            let _ = app.compute(draw).await;
        });
    }

    fn drawn(
        &self,
        cache: &Cache,
        key: Key,
        encoding: Encoding,
    ) -> Result<Arc<Tile>, quartier_twin::Error> {
        let (Self { city, set, tile, .. }, layers) = (self, self.layers());
        let whole = match cache.tile(key, Encoding::Identity) {
            Some(whole) if city.snapshot.shows_the_same(&whole.stamp, set, *tile, &layers)? => {
                whole
            }
            _ => {
                let stamp = Arc::new(city.snapshot.tile_stamp(set, *tile, &layers)?);
                let digest = city.snapshot.tile_digest(set, *tile, &layers)?;
                let draw = || {
                    counter!("quartier_tiles_drawn_total", "readings" => "no").increment(1);
                    city.snapshot.tile(set, *tile, &layers, None).map(Bytes::from)
                };
                let bytes = cache.written(digest, Encoding::Identity, draw)?;
                cache.keep(key, Encoding::Identity, (Encoding::Identity, bytes), (digest, stamp))
            }
        };
        if encoding == Encoding::Identity {
            return Ok(whole);
        }
        let sent = match encoded_as(encoding, &whole.bytes) {
            Encoding::Identity => (Encoding::Identity, whole.bytes.clone()),
            encoding => {
                let encode = || Ok(encoding.encode(&whole.bytes));
                (encoding, cache.written(whole.digest, encoding, encode)?)
            }
        };
        Ok(cache.keep(key, encoding, sent, (whole.digest, Arc::clone(&whole.stamp))))
    }

    fn manner<'a>(&self, headers: &'a HeaderMap) -> Result<(Manner<'a>, Encoding)> {
        let accepted = Accepted::of(headers);
        let encoding = accepted.best().ok_or_else(no_encoding)?;
        Ok((Manner::of(self.layers.is_public(), headers, accepted), encoding))
    }

    fn layers(&self) -> Vec<TileLayer<'_>> {
        self.layers.in_tile()
    }

    /// Of the place, and of what is chosen to be seen.
    fn key(&self) -> Key {
        let mut hash = Xxh3::new();
        let tile = self.tile;
        let place = format!("{} {} {} {}", self.set.id, tile.z(), tile.x(), tile.y());
        hash.update(place.as_bytes());
        for TileLayer { collection: it, selection } in self.layers() {
            hash.update(format!("/{}", it.collection.id).as_bytes());
            if selection != TileSelection::ALL {
                hash.update(format!("{selection:?}").as_bytes());
            }
        }
        let chosen_by = self.layers.are_chosen().then_some(self.client);
        Key { hash: hash.digest128(), chosen_by }
    }
}

type Drawn = Result<Arc<Tile>, Broken>;

async fn landed(follow: Follow<Drawn>) -> Result<Arc<Tile>> {
    match follow.landed().await {
        Some(Ok(tile)) => Ok(tile),
        Some(Err(error)) => Err(ApiError::internal(error)),
        None => Err(ApiError::internal("the drawing of a tile broke off")),
    }
}

/// The encoding, or none where the tile is no larger on the wire without it.
fn encoded_as(encoding: Encoding, bytes: &Bytes) -> Encoding {
    if bytes.len() < usize::from(GZIP_BYTES_MIN) { Encoding::Identity } else { encoding }
}

fn no_encoding() -> ApiError {
    ApiError::NotAcceptable("br, gzip, zstd or identity as its encoding".to_owned())
}
