//! The values of each kind of entity, read from a body; links come from [`super::work`].

use quartier_model::{
    Channel, EntityId, FeatureOfInterest, Location, ObservedProperty, Place, Sensor, Thing, Unit,
};
use quartier_twin::sensors::Sensors;
use serde_json::Value;

use super::{before::Before, members::Members};
use crate::{Error, Result};

pub(super) fn thing(id: EntityId, body: &mut Members, old: &Before<Thing>) -> Result<Thing> {
    Ok(Thing {
        id,
        name: body.text("name", old.value(|it| &it.name))?,
        description: body.text("description", old.value(|it| &it.description))?,
        properties: body.properties(old.value(|it| &it.properties))?,
        locations: old.link(|it| it.locations.clone()).unwrap_or_default(),
    })
}

pub(super) fn location(
    sensors: &Sensors,
    id: EntityId,
    body: &mut Members,
    old: &Before<Location>,
) -> Result<Location> {
    let encoding = body.text("encodingType", old.value(|it| &it.encoding))?;
    let place = place(sensors, "location", &encoding, body, old.value(|it| &it.place))?;
    // A feature made of a place is that place: another place has another.
    let same = old.links.filter(|it| it.place.sent == place.sent);
    Ok(Location {
        id,
        name: body.text("name", old.value(|it| &it.name))?,
        description: body.text("description", old.value(|it| &it.description))?,
        properties: body.properties(old.value(|it| &it.properties))?,
        feature: same.and_then(|it| it.feature),
        encoding,
        place,
    })
}

pub(super) fn feature(
    sensors: &Sensors,
    id: EntityId,
    body: &mut Members,
    old: &Before<FeatureOfInterest>,
) -> Result<FeatureOfInterest> {
    let encoding = body.text("encodingType", old.value(|it| &it.encoding))?;
    Ok(FeatureOfInterest {
        id,
        name: body.text("name", old.value(|it| &it.name))?,
        description: body.text("description", old.value(|it| &it.description))?,
        properties: body.properties(old.value(|it| &it.properties))?,
        place: place(sensors, "feature", &encoding, body, old.value(|it| &it.place))?,
        encoding,
    })
}

pub(super) fn sensor(id: EntityId, body: &mut Members, old: &Before<Sensor>) -> Result<Sensor> {
    Ok(Sensor {
        id,
        name: body.text("name", old.value(|it| &it.name))?,
        description: body.text("description", old.value(|it| &it.description))?,
        encoding: body.text("encodingType", old.value(|it| &it.encoding))?,
        metadata: body.json("metadata", old.value(|it| &it.metadata))?,
        properties: body.properties(old.value(|it| &it.properties))?,
    })
}

pub(super) fn observed_property(
    id: EntityId,
    body: &mut Members,
    old: &Before<ObservedProperty>,
) -> Result<ObservedProperty> {
    Ok(ObservedProperty {
        id,
        name: body.text("name", old.value(|it| &it.name))?,
        definition: body.text("definition", old.value(|it| &it.definition))?,
        description: body.text("description", old.value(|it| &it.description))?,
        properties: body.properties(old.value(|it| &it.properties))?,
    })
}

/// Takes out what the twin itself says of a datastream's observations: clients send back what they read.
pub(super) fn drop_derived(body: &mut Members) {
    for derived in ["observedArea", "phenomenonTime", "resultTime"] {
        body.take(derived);
    }
}

/// The one channel of a datastream.
pub(super) fn channel(
    body: &mut Members,
    observed_property: EntityId,
    old: Option<&Channel>,
) -> Result<Channel> {
    let observation_type = body.text("observationType", old.map(|it| &it.observation_type))?;
    let unit = match (body.take("unitOfMeasurement"), old) {
        (Some(said), _) => unit(&body.name("unitOfMeasurement"), said)?,
        (None, Some(old)) => old.unit.clone(),
        (None, None) => return Err(body.missing("unitOfMeasurement")),
    };
    Ok(Channel { observed_property, observation_type, unit })
}

/// The channels of a multi-datastream: as many types and units as observed properties, in the same order.
pub(super) fn channels(
    body: &mut Members,
    observed_properties: &[EntityId],
    old: Option<&[Channel]>,
) -> Result<Vec<Channel>> {
    let _is_always_the_same = body.take("observationType");
    let types = types(body, old)?;
    let units = units(body, old)?;
    let wanted = observed_properties.len();
    for (name, found) in
        [("multiObservationDataTypes", types.len()), ("unitOfMeasurements", units.len())]
    {
        if found != wanted {
            let name = body.name(name);
            return Err(Error::bad(format!(
                "`{name}` has {found} entries, and `ObservedProperties` has {wanted}: give as many of each, in the same order"
            )));
        }
    }
    let parts = observed_properties.iter().zip(types).zip(units);
    Ok(parts
        .map(|((&observed_property, observation_type), unit)| Channel {
            observed_property,
            observation_type,
            unit,
        })
        .collect())
}

fn types(body: &mut Members, old: Option<&[Channel]>) -> Result<Vec<String>> {
    const NAME: &str = "multiObservationDataTypes";
    match (body.list(NAME)?, old) {
        (None, Some(old)) => Ok(old.iter().map(|it| it.observation_type.clone()).collect()),
        (None, None) => Err(body.missing(NAME)),
        (Some(list), _) => list
            .into_iter()
            .map(|entry| match entry {
                Value::String(text) => Ok(text),
                _ => Err(Error::bad(format!("`{}` is to be a list of texts", body.name(NAME)))),
            })
            .collect(),
    }
}

fn units(body: &mut Members, old: Option<&[Channel]>) -> Result<Vec<Unit>> {
    const NAME: &str = "unitOfMeasurements";
    match (body.list(NAME)?, old) {
        (None, Some(old)) => Ok(old.iter().map(|it| it.unit.clone()).collect()),
        (None, None) => Err(body.missing(NAME)),
        (Some(list), _) => {
            let name = body.name(NAME);
            list.into_iter().map(|entry| unit(&name, entry)).collect()
        }
    }
}

fn unit(name: &str, said: Value) -> Result<Unit> {
    if !said.is_object() {
        return Err(Error::bad(format!(
            "`{name}` is to be an object with `name`, `symbol` and `definition`"
        )));
    }
    serde_json::from_value(said).map_err(|_not_texts| {
        Error::bad(format!("`{name}`: `name`, `symbol` and `definition` are texts or null"))
    })
}

fn place(
    sensors: &Sensors,
    member: &str,
    encoding: &str,
    body: &mut Members,
    old: Option<&Place>,
) -> Result<Place> {
    if let (false, Some(old)) = (body.has(member), old) {
        return Ok(old.clone());
    }
    let sent = body.json(member, None)?;
    if !is_geojson(encoding) {
        return Ok(Place { sent, degrees: None, working: None });
    }
    sensors.place(sent).map_err(|error| Error::bad(format!("`{}`: {error}", body.name(member))))
}

fn is_geojson(encoding: &str) -> bool {
    matches!(encoding.trim(), "application/geo+json" | "application/vnd.geo+json")
}
