use quartier_twin::sensors::{LatestRow, Sensors};
use time::format_description::well_known::Rfc3339;

use super::Answer;
use crate::{
    geojson::write_json,
    readings::{Wholes, write_head, write_object},
};

/// About what a reading takes.
const READING_BYTES: usize = 320;

pub(super) fn write(answer: &Answer, sensors: &Sensors) -> Vec<u8> {
    let mut wholes = answer.is_now.then(|| Wholes::new(sensors));
    let mut out = Vec::with_capacity((answer.readings.len() + 1) * READING_BYTES);
    out.extend_from_slice(br#"{"time":"#);
    write_json(&mut out, &answer.at.format(&Rfc3339).ok());
    out.extend_from_slice(br#","numberReturned":"#);
    write_json(&mut out, &answer.readings.len());
    out.extend_from_slice(br#","readings":["#);
    for (place, reading) in answer.readings.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_reading(&mut out, answer, reading, wholes.as_mut());
    }
    out.extend_from_slice(b"]}");
    out
}

fn write_reading(
    out: &mut Vec<u8>,
    answer: &Answer,
    reading: &LatestRow,
    wholes: Option<&mut Wholes>,
) {
    write_head(out, reading);
    out.extend_from_slice(br#","age_s":"#);
    write_json(out, &reading.age.as_seconds_f64());
    out.extend_from_slice(br#","object":"#);
    if answer.object(reading).is_some() {
        write_object(out, reading, wholes.and_then(|wholes| wholes.of(reading)));
    } else {
        out.extend_from_slice(b"null");
    }
    out.push(b'}');
}
