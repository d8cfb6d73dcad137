use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use geo_types::Coord;
use quartier_model::Bbox;
use quartier_twin::sensors::{LatestQuery, LatestRow, Sensors};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    App,
    ask::Ask,
    auth::SensorReader,
    city::City,
    error::{ApiError, Result},
    format::Format,
    geojson::write_json,
    params::{
        bbox::{is_in, take_degrees},
        datetime::read_instant,
    },
    query::Query,
    readings::{Wholes, take_names, write_head, write_object},
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
    let format = ask.settle(&[Format::Json])?;
    let at = question.query.as_of.unwrap_or_else(OffsetDateTime::now_utc);
    let mut readings = app.twin.sensors().latest(&question.query).await?;
    readings.retain(|reading| question.is_around(reading.degrees));
    if readings.len() > READINGS_MAX {
        return Err(ApiError::BadRequest(format!(
            "these are more than {READINGS_MAX} readings: ask for some by `collection`, `property` or `bbox`"
        )));
    }
    let answer = Answer { readings, at, is_now: question.query.as_of.is_none(), city };
    let bytes = app.clone().compute(move || answer.json(app.twin.sensors())).await?;
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
    fn json(&self, sensors: &Sensors) -> Vec<u8> {
        let mut wholes = self.is_now.then(|| Wholes::new(sensors));
        let mut out = Vec::with_capacity(64 + self.readings.len() * 320);
        out.extend_from_slice(br#"{"time":"#);
        write_json(&mut out, &self.at.format(&Rfc3339).ok());
        out.extend_from_slice(br#","numberReturned":"#);
        write_json(&mut out, &self.readings.len());
        out.extend_from_slice(br#","readings":["#);
        for (place, reading) in self.readings.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            self.write(&mut out, reading, wholes.as_mut());
        }
        out.extend_from_slice(b"]}");
        out
    }

    fn write(&self, out: &mut Vec<u8>, reading: &LatestRow, wholes: Option<&mut Wholes>) {
        write_head(out, reading);
        out.extend_from_slice(br#","age_s":"#);
        write_json(out, &reading.age.as_seconds_f64());
        out.extend_from_slice(br#","object":"#);
        if self.shows_object(reading) {
            write_object(out, reading, wholes.and_then(|wholes| wholes.of(reading)));
        } else {
            out.extend_from_slice(b"null");
        }
        out.push(b'}');
    }

    fn shows_object(&self, reading: &LatestRow) -> bool {
        reading.link.as_deref().is_some_and(|link| self.city.shows(&link.collection))
    }
}
