use quartier_model::{
    Datastream, Entity, FeatureOfInterest, Fence, Geofence, Location, NewObservation, Properties,
    ResultValue, Unit,
};
use serde_json::Value;

use super::{SensorBatch, kind::kind_word};
use crate::{Error, Result};

/// JSON readers stop at 128 levels; what is written must be readable.
const DEPTH_MAX: usize = 100;

const DEEP: &str = "it nests deeper than 100 levels";
const NUL: &str = "it holds a NUL character, which PostgreSQL cannot keep; remove it";
const NOT_FINITE: &str = "its result is not finite";

/// Whether both databases can keep everything in the batch.
pub(crate) fn storable(batch: &SensorBatch) -> Result<()> {
    batch.puts.iter().try_for_each(entity)?;
    batch.observations.iter().try_for_each(observation)
}

fn entity(entity: &Entity) -> Result<()> {
    let refuse = |reason: &str| Error::Unstorable {
        id: format!("{} {}", kind_word(entity.kind()), entity.id()),
        reason: reason.to_owned(),
    };
    if i64::try_from(entity.id().0).is_err() {
        return Err(refuse("its number is too great"));
    }
    content(entity).map_err(refuse)
}

fn content(entity: &Entity) -> Result<(), &'static str> {
    match entity {
        Entity::Thing(it) => texts([&it.name, &it.description], &it.properties),
        Entity::Location(Location { name, description, encoding, place, properties, .. })
        | Entity::FeatureOfInterest(FeatureOfInterest {
            name,
            description,
            encoding,
            place,
            properties,
            ..
        }) => {
            texts([name, description, encoding], properties)?;
            value(&place.sent, DEPTH_MAX)
        }
        Entity::HistoricalLocation(_) => Ok(()),
        Entity::Datastream(it) => datastream(it),
        Entity::Sensor(it) => {
            texts([&it.name, &it.description, &it.encoding], &it.properties)?;
            value(&it.metadata, DEPTH_MAX)
        }
        Entity::ObservedProperty(it) => {
            texts([&it.name, &it.description, &it.definition], &it.properties)
        }
    }
}

fn datastream(datastream: &Datastream) -> Result<(), &'static str> {
    texts([&datastream.name, &datastream.description], &datastream.properties)?;
    for channel in &datastream.channels {
        let Unit { name, symbol, definition } = &channel.unit;
        let unit = [name, symbol, definition].into_iter().flatten();
        unit.chain([&channel.observation_type]).try_for_each(|it| text(it))?;
    }
    Ok(())
}

/// Checked before it is written, since the numbers of most need no look.
pub(crate) fn observation(observation: &NewObservation) -> Result<()> {
    let refuse = |reason: &str| Error::Unstorable {
        id: format!("an observation of datastream {}", observation.datastream),
        reason: reason.to_owned(),
    };
    match &observation.result {
        ResultValue::Number(number) if !number.is_finite() => return Err(refuse(NOT_FINITE)),
        ResultValue::Number(_) => {}
        ResultValue::Other(other) => value(other, DEPTH_MAX).map_err(refuse)?,
    }
    let quality = observation.quality.as_ref().map_or(Ok(()), |it| value(it, DEPTH_MAX));
    quality.map_err(refuse)?;
    observation.parameters.as_ref().map_or(Ok(()), |it| object(it, DEPTH_MAX)).map_err(refuse)
}

/// Whether both databases can keep the geofence.
pub(crate) fn geofence(geofence: &Geofence) -> Result<()> {
    let refuse = |reason: &str| Error::Unstorable {
        id: format!("geofence {}", geofence.id),
        reason: reason.to_owned(),
    };
    let area = match &geofence.area {
        Fence::Polygon(polygon) => value(polygon, DEPTH_MAX),
        Fence::Objects { .. } => Ok(()),
    };
    area.map_err(refuse)?;
    let property = geofence.subject.property.as_ref();
    property.into_iter().chain([&geofence.name]).try_for_each(|it| text(it)).map_err(refuse)
}

fn texts<const N: usize>(texts: [&String; N], properties: &Properties) -> Result<(), &'static str> {
    texts.into_iter().try_for_each(|it| text(it))?;
    object(properties, DEPTH_MAX)
}

fn text(text: &str) -> Result<(), &'static str> {
    if text.contains('\0') { Err(NUL) } else { Ok(()) }
}

fn value(it: &Value, depth: usize) -> Result<(), &'static str> {
    match it {
        Value::String(it) => text(it),
        Value::Array(values) => {
            let depth = depth.checked_sub(1).ok_or(DEEP)?;
            values.iter().try_for_each(|it| value(it, depth))
        }
        Value::Object(members) => object(members, depth),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn object(members: &Properties, depth: usize) -> Result<(), &'static str> {
    let depth = depth.checked_sub(1).ok_or(DEEP)?;
    members.iter().try_for_each(|(name, it)| text(name).and_then(|()| value(it, depth)))
}
