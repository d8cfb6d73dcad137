use quartier_model::{
    Bbox, Channel, Datastream, Entity, EntityId, FeatureOfInterest, Geometry, HistoricalLocation,
    Location, ObservedProperty, Place, Sensor, Thing,
};
use sqlx::SqliteConnection;

use super::{layer, numbers};
use crate::{
    Result,
    json::to_json,
    sensor::{kind_word, micros},
    wkb::write_geopackage,
};

/// The id of WGS 84 in every GeoPackage.
const WGS84: i32 = 4326;

/// Writes entities whole, new or not.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    entities: &[Entity],
    srs_id: i32,
) -> Result<()> {
    for entity in entities {
        match entity {
            Entity::Thing(it) => thing(connection, it).await?,
            Entity::Location(it) => location(connection, it, srs_id).await?,
            Entity::HistoricalLocation(it) => historical_location(connection, it).await?,
            Entity::Datastream(it) => datastream(connection, it).await?,
            Entity::Sensor(it) => sensor(connection, it).await?,
            Entity::ObservedProperty(it) => observed_property(connection, it).await?,
            Entity::FeatureOfInterest(it) => feature(connection, it, srs_id).await?,
        }
        numbers::give(connection, kind_word(entity.kind()), entity.id()).await?;
    }
    layer::grow(connection, extent(entities)).await
}

fn extent(entities: &[Entity]) -> Option<Bbox> {
    let places = entities.iter().filter_map(|entity| match entity {
        Entity::Location(location) => location.place.working.as_ref(),
        _ => None,
    });
    places.map(Geometry::bbox).reduce(Bbox::union)
}

const THING: &str = "
    insert into quartier_thing (id, name, description, properties) values (?, ?, ?, ?)
    on conflict (id) do update set
        name = excluded.name, description = excluded.description, properties = excluded.properties";

const LEAVE: &str = "delete from quartier_thing_location where thing = ?";

const STAND: &str = "
    insert into quartier_thing_location (thing, position, location)
    select ?, key, value from json_each(?)";

async fn thing(connection: &mut SqliteConnection, thing: &Thing) -> Result<()> {
    sqlx::query(THING)
        .bind(number(thing.id))
        .bind(&thing.name)
        .bind(&thing.description)
        .bind(to_json(&thing.properties))
        .execute(&mut *connection)
        .await?;
    places(connection, (LEAVE, STAND), thing.id, &thing.locations).await
}

/// Replaces the list of places that belongs to an entity.
async fn places(
    connection: &mut SqliteConnection,
    (clear, fill): (&'static str, &'static str),
    of: EntityId,
    locations: &[EntityId],
) -> Result<()> {
    sqlx::query(clear).bind(number(of)).execute(&mut *connection).await?;
    sqlx::query(fill).bind(number(of)).bind(to_json(&locations)).execute(connection).await?;
    Ok(())
}

const LOCATION: &str = "
    insert into quartier_location (
        id, name, description, encoding, sent, degrees, geometry, properties, feature
    ) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set
        name = excluded.name, description = excluded.description, encoding = excluded.encoding,
        sent = excluded.sent, degrees = excluded.degrees, geometry = excluded.geometry,
        properties = excluded.properties, feature = excluded.feature";

async fn location(connection: &mut SqliteConnection, it: &Location, srs_id: i32) -> Result<()> {
    let (sent, degrees, working) = forms(&it.place, srs_id);
    sqlx::query(LOCATION)
        .bind(number(it.id))
        .bind(&it.name)
        .bind(&it.description)
        .bind(&it.encoding)
        .bind(sent)
        .bind(degrees)
        .bind(working)
        .bind(to_json(&it.properties))
        .bind(it.feature.map(number))
        .execute(connection)
        .await?;
    Ok(())
}

const FEATURE: &str = "
    insert into quartier_feature_of_interest (
        id, name, description, encoding, sent, degrees, geometry, properties
    ) values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set
        name = excluded.name, description = excluded.description, encoding = excluded.encoding,
        sent = excluded.sent, degrees = excluded.degrees, geometry = excluded.geometry,
        properties = excluded.properties";

async fn feature(
    connection: &mut SqliteConnection,
    it: &FeatureOfInterest,
    srs_id: i32,
) -> Result<()> {
    let (sent, degrees, working) = forms(&it.place, srs_id);
    sqlx::query(FEATURE)
        .bind(number(it.id))
        .bind(&it.name)
        .bind(&it.description)
        .bind(&it.encoding)
        .bind(sent)
        .bind(degrees)
        .bind(working)
        .bind(to_json(&it.properties))
        .execute(connection)
        .await?;
    Ok(())
}

type Blob = Option<Vec<u8>>;

fn forms(place: &Place, srs_id: i32) -> (String, Blob, Blob) {
    let blob = |geometry: &Option<Geometry>, srs_id| {
        geometry.as_ref().map(|geometry| {
            let mut bytes = Vec::new();
            write_geopackage(geometry, srs_id, &mut bytes);
            bytes
        })
    };
    (to_json(&place.sent), blob(&place.degrees, WGS84), blob(&place.working, srs_id))
}

const HISTORICAL_LOCATION: &str = "
    insert into quartier_historical_location (id, time_us, thing) values (?, ?, ?)
    on conflict (id) do update set time_us = excluded.time_us, thing = excluded.thing";

const FORGET: &str = "delete from quartier_historical_place where historical_location = ?";

const REMEMBER: &str = "
    insert into quartier_historical_place (historical_location, position, location)
    select ?, key, value from json_each(?)";

async fn historical_location(
    connection: &mut SqliteConnection,
    it: &HistoricalLocation,
) -> Result<()> {
    sqlx::query(HISTORICAL_LOCATION)
        .bind(number(it.id))
        .bind(micros(it.time))
        .bind(number(it.thing))
        .execute(&mut *connection)
        .await?;
    places(connection, (FORGET, REMEMBER), it.id, &it.locations).await
}

const SENSOR: &str = "
    insert into quartier_sensor (id, name, description, encoding, metadata, properties)
    values (?, ?, ?, ?, ?, ?)
    on conflict (id) do update set
        name = excluded.name, description = excluded.description, encoding = excluded.encoding,
        metadata = excluded.metadata, properties = excluded.properties";

async fn sensor(connection: &mut SqliteConnection, it: &Sensor) -> Result<()> {
    sqlx::query(SENSOR)
        .bind(number(it.id))
        .bind(&it.name)
        .bind(&it.description)
        .bind(&it.encoding)
        .bind(to_json(&it.metadata))
        .bind(to_json(&it.properties))
        .execute(connection)
        .await?;
    Ok(())
}

const OBSERVED_PROPERTY: &str = "
    insert into quartier_observed_property (id, name, definition, description, properties)
    values (?, ?, ?, ?, ?)
    on conflict (id) do update set
        name = excluded.name, definition = excluded.definition, description = excluded.description,
        properties = excluded.properties";

async fn observed_property(connection: &mut SqliteConnection, it: &ObservedProperty) -> Result<()> {
    sqlx::query(OBSERVED_PROPERTY)
        .bind(number(it.id))
        .bind(&it.name)
        .bind(&it.definition)
        .bind(&it.description)
        .bind(to_json(&it.properties))
        .execute(connection)
        .await?;
    Ok(())
}

const DATASTREAM: &str = "
    insert into quartier_datastream (id, name, description, thing, sensor, is_multi, properties)
    values (?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set
        name = excluded.name, description = excluded.description, thing = excluded.thing,
        sensor = excluded.sensor, is_multi = excluded.is_multi, properties = excluded.properties";

const NO_CHANNELS: &str = "delete from quartier_channel where datastream = ?";

const CHANNEL: &str = "
    insert into quartier_channel (
        datastream, position, observed_property, observation_type,
        unit_name, unit_symbol, unit_definition
    ) values (?, ?, ?, ?, ?, ?, ?)";

async fn datastream(connection: &mut SqliteConnection, it: &Datastream) -> Result<()> {
    sqlx::query(DATASTREAM)
        .bind(number(it.id))
        .bind(&it.name)
        .bind(&it.description)
        .bind(number(it.thing))
        .bind(number(it.sensor))
        .bind(it.is_multi)
        .bind(to_json(&it.properties))
        .execute(&mut *connection)
        .await?;
    sqlx::query(NO_CHANNELS).bind(number(it.id)).execute(&mut *connection).await?;
    for (position, channel) in it.channels.iter().enumerate() {
        let Channel { observed_property, observation_type, unit } = channel;
        sqlx::query(CHANNEL)
            .bind(number(it.id))
            .bind(position.cast_signed() as i64)
            .bind(number(*observed_property))
            .bind(observation_type)
            .bind(&unit.name)
            .bind(&unit.symbol)
            .bind(&unit.definition)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) fn number(id: EntityId) -> i64 {
    id.0.cast_signed()
}
