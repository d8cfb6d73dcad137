use std::{io, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderName, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::stream;
use quartier_model::{Crs, FeatureId};
use quartier_twin::{CollectionSnapshot, sensors::Reader};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{View, write::write_json, write_feature};
use crate::{
    App,
    error::{ApiError, Result},
    format::Format,
    limits::CHUNK_BYTES,
    links::Link,
    params::crs::OfferedCrs,
};

/// The features of one answer, which are written piece by piece while they are read.
#[derive(Debug)]
pub(crate) struct FeatureCollection {
    pub(crate) collections: Vec<Arc<CollectionSnapshot>>,
    pub(crate) crs: OfferedCrs,
    pub(crate) listed: Vec<Listed>,
    pub(crate) matched: usize,
    pub(crate) links: Vec<Link>,
    /// Of what is to stand among the properties.
    pub(crate) reader: Option<Reader>,
}

/// One feature that is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed {
    /// Which of the answer's collections it is in; `None` where the reader knows.
    pub(crate) place: Option<usize>,
    pub(crate) fid: FeatureId,
    pub(crate) distance_m: Option<f64>,
}

/// A feature collection of which some features are not written yet.
pub(crate) struct Writing {
    collections: Vec<Arc<CollectionSnapshot>>,
    reader: Option<Reader>,
    view: View,
    written: Vec<u8>,
    rest: std::vec::IntoIter<Listed>,
    is_first: bool,
}

const TAIL: &[u8] = b"]}";

impl FeatureCollection {
    /// Writes the first piece; takes processor time.
    pub(crate) fn start(self, working: Crs) -> Result<Writing> {
        let writing = Writing {
            view: View::new(working, self.crs)?,
            written: self.head()?,
            rest: self.listed.into_iter(),
            is_first: true,
            collections: self.collections,
            reader: self.reader,
        };
        Ok(writing.advance())
    }

    fn head(&self) -> Result<Vec<u8>> {
        let now = OffsetDateTime::now_utc().replace_nanosecond(0).map_err(ApiError::internal)?;
        let document = json!({
            "type": "FeatureCollection",
            "numberMatched": self.matched,
            "numberReturned": self.listed.len(),
            "timeStamp": now.format(&Rfc3339).map_err(ApiError::internal)?,
            "links": self.links,
            "features": Value::Null,
        });
        let mut head = document.to_string().into_bytes();
        head.truncate(head.len() - "null}".len());
        head.push(b'[');
        Ok(head)
    }
}

impl Writing {
    pub(crate) fn answer(self, app: &App) -> Response {
        let headers = [
            (header::CONTENT_TYPE, Format::GeoJson.media_type().to_owned()),
            (HeaderName::from_static("content-crs"), self.view.crs.header()),
        ];
        (headers, self.into_body(app.clone())).into_response()
    }

    /// Writes the next piece.
    fn advance(mut self) -> Self {
        while self.written.len() < CHUNK_BYTES {
            let Some(listed) = self.rest.next() else { return self };
            self.write(listed);
        }
        self
    }

    fn write(&mut self, listed: Listed) {
        let it = &self.collections[listed.place.unwrap_or(0)];
        let Some(object) = it.index.by_fid(listed.fid) else { return };
        if !self.is_first {
            self.written.push(b',');
        }
        self.is_first = false;
        let readings = self.reader.as_ref();
        let readings =
            readings.map_or_else(Vec::new, |reader| reader.of(&it.collection.id, listed.fid));
        write_feature(&mut self.written, object, &readings, &self.view, |out| {
            if listed.place.is_some() {
                out.extend_from_slice(br#","collection":"#);
                write_json(out, it.collection.id.as_str());
            }
            if let Some(distance_m) = listed.distance_m {
                out.extend_from_slice(br#","distance_m":"#);
                write_json(out, &distance_m);
            }
        });
    }

    fn into_body(mut self, app: App) -> Body {
        if self.rest.len() == 0 {
            self.written.extend_from_slice(TAIL);
            return Body::from(self.written);
        }
        Body::from_stream(stream::try_unfold(Some(self), move |it| piece(app.clone(), it)))
    }
}

/// Hands out what is written, and writes the next piece when that has been taken: a slow reader holds no thread.
async fn piece(app: App, writing: Option<Writing>) -> io::Result<Option<(Bytes, Option<Writing>)>> {
    let Some(mut writing) = writing else { return Ok(None) };
    if writing.written.is_empty() {
        writing = app.compute(|| writing.advance()).await.map_err(io::Error::other)?;
    }
    let mut written = std::mem::take(&mut writing.written);
    if writing.rest.len() > 0 {
        return Ok(Some((written.into(), Some(writing))));
    }
    written.extend_from_slice(TAIL);
    Ok(Some((written.into(), None)))
}
