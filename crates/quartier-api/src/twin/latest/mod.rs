mod arrow;
mod json;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use geo_types::Coord;
use quartier_model::{Bbox, Link};
use quartier_twin::sensors::{LatestQuery, LatestRow};
use time::OffsetDateTime;

use crate::{
    App,
    ask::Ask,
    auth::SensorReader,
    city::City,
    error::{ApiError, Result},
    format::Format,
    params::{
        bbox::{is_in, take_degrees},
        datetime::read_instant,
    },
    query::Query,
    readings::take_names,
};

/// Readings in one answer: some 60 MB of JSON.
const READINGS_MAX: usize = 200_000;

struct Question {
    query: LatestQuery,
    /// All of them, where they are several; one is in the query.
    boxes: Option<Vec<Bbox>>,
}

/// Readings, of which some belong to objects that whoever asks may not see.
struct Answer {
    readings: Vec<LatestRow>,
    at: OffsetDateTime,
    is_now: bool,
    city: City,
}

/// The latest reading of every datastream, or of those that are asked for, now or at a time.
pub(crate) async fn latest(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    let question = Question::take(&mut ask.query, &app, &city)?;
    let format = ask.settle(&[Format::Json, Format::Arrow])?;
    let at = question.query.as_of.unwrap_or_else(OffsetDateTime::now_utc);
    let mut readings = app.twin.sensors().latest(&question.query).await?;
    readings.retain(|reading| question.is_around(reading.degrees));
    if readings.len() > READINGS_MAX {
        return Err(ApiError::BadRequest(format!(
            "these are more than {READINGS_MAX} readings: ask for some by `collection`, `property` or `bbox`"
        )));
    }
    let answer = Answer { readings, at, is_now: question.query.as_of.is_none(), city };
    let twin = Arc::clone(&app.twin);
    let write = move || match format {
        Format::Arrow => arrow::write(&answer),
        _ => Ok(json::write(&answer, twin.sensors())),
    };
    let bytes = app.compute(write).await??;
    let content_type = HeaderValue::from_static(format.media_type());
    Ok(([(header::CONTENT_TYPE, content_type)], bytes).into_response())
}

impl Question {
    fn take(query: &mut Query, app: &App, city: &City) -> Result<Self> {
        let boxes = take_degrees(query, app)?;
        let collection = query
            .read("collection", |id| city.collection(id).map(|it| it.collection.id.clone()))?;
        let query = LatestQuery {
            collection,
            properties: take_names(query, "property", app.twin.sensors())?.unwrap_or_default(),
            bbox: boxes.as_deref().and_then(|boxes| match boxes {
                [only] => Some(*only),
                _ => None,
            }),
            as_of: query.read("asOf", read_instant)?,
        };
        Ok(Self { query, boxes })
    }

    fn is_around(&self, at: Option<Coord<f64>>) -> bool {
        self.boxes.as_ref().is_none_or(|boxes| at.is_some_and(|at| is_in(boxes, at)))
    }
}

impl Answer {
    /// What a reading is a reading of, where whoever asks may see it.
    fn object(&self, reading: &LatestRow) -> Option<Arc<Link>> {
        let link = reading.link.as_ref();
        link.filter(|link| self.city.shows(&link.collection)).cloned()
    }
}
