use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{Mapped, READINGS_PER_MESSAGE, Rejection, Target, clock::reading_time, text::Text};

/// Decoded payloads are flat or have groups; deeper ones are not from a decoder.
const FIELD_DEPTH: usize = 8;

/// <https://www.thethingsindustries.com/docs/integrations/data-formats/>, uplink messages.
pub(super) fn the_things_stack(
    json: &Value,
    thing: Option<&Text>,
    arrived: OffsetDateTime,
) -> Result<Vec<Mapped>, Rejection> {
    let Some(uplink) = json.get("uplink_message") else { return Ok(Vec::new()) };
    let time = uplink.get("received_at").or_else(|| json.get("received_at"));
    let device = name(json, thing, "/end_device_ids/device_id")?;
    readings(uplink.get("decoded_payload"), &device, time, arrived)
}

/// <https://www.chirpstack.io/docs/chirpstack/integrations/events.html>, up events as JSON.
pub(super) fn chirpstack(
    json: &Value,
    thing: Option<&Text>,
    arrived: OffsetDateTime,
) -> Result<Vec<Mapped>, Rejection> {
    let Some(fields) = json.get("object") else {
        // Of all events only an uplink has a frame counter and device data.
        return if json.get("fCnt").is_some() {
            Err(Rejection::Missing("$.object".to_owned()))
        } else {
            Ok(Vec::new())
        };
    };
    let device = name(json, thing, "/deviceInfo/devEui")?;
    readings(Some(fields), &device, json.get("time"), arrived)
}

fn name(json: &Value, thing: Option<&Text>, usual: &str) -> Result<String, Rejection> {
    match thing {
        Some(text) => text.read(json, &Vec::new()),
        None => match json.pointer(usual) {
            Some(Value::String(name)) => Ok(name.clone()),
            _ => Err(Rejection::Missing(format!("${}", usual.replace('/', ".")))),
        },
    }
}

fn readings(
    fields: Option<&Value>,
    device: &str,
    time: Option<&Value>,
    arrived: OffsetDateTime,
) -> Result<Vec<Mapped>, Rejection> {
    let Some(Value::Object(fields)) = fields else {
        return Err(Rejection::Missing(
            "the decoded payload; give the device a payload formatter".to_owned(),
        ));
    };
    let time = time.map_or(Ok(arrived), |time| reading_time(time, None, arrived))?;
    let mut numbers = Vec::new();
    collect(fields, "", FIELD_DEPTH, &mut numbers);
    if numbers.len() > READINGS_PER_MESSAGE {
        return Err(Rejection::TooMany);
    }
    let mapped = numbers.into_iter().map(|(property, result)| Mapped {
        target: Target::ThingAndProperty { thing: device.to_owned(), property },
        time,
        result,
    });
    Ok(mapped.collect())
}

/// All numbers, those in groups as `group.field`.
fn collect(
    fields: &Map<String, Value>,
    group: &str,
    depth: usize,
    numbers: &mut Vec<(String, Value)>,
) {
    for (name, value) in fields {
        let name = if group.is_empty() { name.clone() } else { format!("{group}.{name}") };
        match value {
            Value::Number(_) => numbers.push((name, value.clone())),
            Value::Object(inner) if depth > 0 => collect(inner, &name, depth - 1, numbers),
            _ => {}
        }
    }
}
