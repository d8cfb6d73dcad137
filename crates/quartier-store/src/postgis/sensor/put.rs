use quartier_model::{
    Datastream, Entity, EntityId, FeatureOfInterest, Geometry, HistoricalLocation, Location,
    ObservedProperty, Sensor, Thing,
};
use sqlx::PgConnection;

use super::{column, find::numbers, micros::Micros};
use crate::{
    Result,
    json::to_json,
    sensor::{kind_word, micros},
    wkb::write_ewkb,
};

/// The SRID of WGS 84.
const DEGREES: i32 = 4326;

/// Creates an entity, or replaces the one of its kind and id; `srid` is the working CRS's.
pub(super) async fn put(connection: &mut PgConnection, entity: &Entity, srid: i32) -> Result<()> {
    match entity {
        Entity::Thing(it) => put_thing(connection, it).await,
        Entity::Location(it) => put_location(connection, it, srid).await,
        Entity::HistoricalLocation(it) => put_historical(connection, it).await,
        Entity::Datastream(it) => put_datastream(connection, it).await,
        Entity::Sensor(it) => put_sensor(connection, it).await,
        Entity::ObservedProperty(it) => put_property(connection, it).await,
        Entity::FeatureOfInterest(it) => put_feature(connection, it, srid).await,
    }
}

const NUMBERED: &str = "
    update quartier.number set next = greatest(next, given.id + 1)
    from (select kind, max(id) as id from unnest($1, $2) as given (kind, id) group by kind) as given
    where number.kind = given.kind and number.next <= given.id";

/// Sees to it that the entities' numbers are not given again.
pub(super) async fn take_numbers(connection: &mut PgConnection, entities: &[Entity]) -> Result<()> {
    let kinds = column(entities, |entity| kind_word(entity.kind()));
    let ids = column(entities, Entity::id);
    sqlx::query(NUMBERED).bind(kinds).bind(numbers(&ids)).execute(connection).await?;
    Ok(())
}

const THING: &str = "
    insert into quartier.thing (id, name, description, properties) values ($1, $2, $3, $4::text::jsonb)
    on conflict (id) do update
    set name = excluded.name, description = excluded.description, properties = excluded.properties";

const NO_THING_LOCATIONS: &str = "delete from quartier.thing_location where thing = $1";

const THING_LOCATIONS: &str = "
    insert into quartier.thing_location (thing, location, position)
    select $1, location, position from unnest($2::bigint[]) with ordinality as given (location, position)";

async fn put_thing(connection: &mut PgConnection, thing: &Thing) -> Result<()> {
    let id = thing.id.0.cast_signed();
    sqlx::query(THING)
        .bind(id)
        .bind(&thing.name)
        .bind(&thing.description)
        .bind(to_json(&thing.properties))
        .execute(&mut *connection)
        .await?;
    put_list(connection, NO_THING_LOCATIONS, THING_LOCATIONS, thing.id, &thing.locations).await
}

const LOCATION: &str = "
    insert into quartier.location (
        id, name, description, encoding, sent, degrees, geometry, properties, feature
    ) values ($1, $2, $3, $4, $5::text::json, st_geomfromewkb($6), st_geomfromewkb($7), $8::text::jsonb, $9)
    on conflict (id) do update
    set name = excluded.name, description = excluded.description, encoding = excluded.encoding,
        sent = excluded.sent, degrees = excluded.degrees, geometry = excluded.geometry,
        properties = excluded.properties, feature = excluded.feature";

async fn put_location(connection: &mut PgConnection, location: &Location, srid: i32) -> Result<()> {
    sqlx::query(LOCATION)
        .bind(location.id.0.cast_signed())
        .bind(&location.name)
        .bind(&location.description)
        .bind(&location.encoding)
        .bind(to_json(&location.place.sent))
        .bind(ewkb(location.place.degrees.as_ref(), DEGREES))
        .bind(ewkb(location.place.working.as_ref(), srid))
        .bind(to_json(&location.properties))
        .bind(location.feature.map(|feature| feature.0.cast_signed()))
        .execute(connection)
        .await?;
    Ok(())
}

const FEATURE: &str = "
    insert into quartier.feature_of_interest (
        id, name, description, encoding, sent, degrees, geometry, properties
    ) values ($1, $2, $3, $4, $5::text::json, st_geomfromewkb($6), st_geomfromewkb($7), $8::text::jsonb)
    on conflict (id) do update
    set name = excluded.name, description = excluded.description, encoding = excluded.encoding,
        sent = excluded.sent, degrees = excluded.degrees, geometry = excluded.geometry,
        properties = excluded.properties";

async fn put_feature(
    connection: &mut PgConnection,
    feature: &FeatureOfInterest,
    srid: i32,
) -> Result<()> {
    sqlx::query(FEATURE)
        .bind(feature.id.0.cast_signed())
        .bind(&feature.name)
        .bind(&feature.description)
        .bind(&feature.encoding)
        .bind(to_json(&feature.place.sent))
        .bind(ewkb(feature.place.degrees.as_ref(), DEGREES))
        .bind(ewkb(feature.place.working.as_ref(), srid))
        .bind(to_json(&feature.properties))
        .execute(connection)
        .await?;
    Ok(())
}

const HISTORICAL: &str = "
    insert into quartier.historical_location (id, time, thing) values ($1, $2, $3)
    on conflict (id) do update set time = excluded.time, thing = excluded.thing";

const NO_PLACES: &str = "
    delete from quartier.historical_location_location where historical_location = $1";

const PLACES: &str = "
    insert into quartier.historical_location_location (historical_location, location, position)
    select $1, location, position from unnest($2::bigint[]) with ordinality as given (location, position)";

async fn put_historical(connection: &mut PgConnection, stay: &HistoricalLocation) -> Result<()> {
    sqlx::query(HISTORICAL)
        .bind(stay.id.0.cast_signed())
        .bind(Micros(micros(stay.time)))
        .bind(stay.thing.0.cast_signed())
        .execute(&mut *connection)
        .await?;
    put_list(connection, NO_PLACES, PLACES, stay.id, &stay.locations).await
}

const SENSOR: &str = "
    insert into quartier.sensor (id, name, description, encoding, metadata, properties)
    values ($1, $2, $3, $4, $5::text::json, $6::text::jsonb)
    on conflict (id) do update
    set name = excluded.name, description = excluded.description, encoding = excluded.encoding,
        metadata = excluded.metadata, properties = excluded.properties";

async fn put_sensor(connection: &mut PgConnection, sensor: &Sensor) -> Result<()> {
    sqlx::query(SENSOR)
        .bind(sensor.id.0.cast_signed())
        .bind(&sensor.name)
        .bind(&sensor.description)
        .bind(&sensor.encoding)
        .bind(to_json(&sensor.metadata))
        .bind(to_json(&sensor.properties))
        .execute(connection)
        .await?;
    Ok(())
}

const PROPERTY: &str = "
    insert into quartier.observed_property (id, name, definition, description, properties)
    values ($1, $2, $3, $4, $5::text::jsonb)
    on conflict (id) do update
    set name = excluded.name, definition = excluded.definition, description = excluded.description,
        properties = excluded.properties";

async fn put_property(connection: &mut PgConnection, property: &ObservedProperty) -> Result<()> {
    sqlx::query(PROPERTY)
        .bind(property.id.0.cast_signed())
        .bind(&property.name)
        .bind(&property.definition)
        .bind(&property.description)
        .bind(to_json(&property.properties))
        .execute(connection)
        .await?;
    Ok(())
}

const DATASTREAM: &str = "
    insert into quartier.datastream (id, name, description, thing, sensor, is_multi, properties)
    values ($1, $2, $3, $4, $5, $6, $7::text::jsonb)
    on conflict (id) do update
    set name = excluded.name, description = excluded.description, thing = excluded.thing,
        sensor = excluded.sensor, is_multi = excluded.is_multi, properties = excluded.properties";

const NO_CHANNELS: &str = "delete from quartier.channel where datastream = $1";

const CHANNELS: &str = "
    insert into quartier.channel (
        datastream, observed_property, observation_type, unit_name, unit_symbol, unit_definition, position
    )
    select $1, given.*
    from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality as given";

async fn put_datastream(connection: &mut PgConnection, datastream: &Datastream) -> Result<()> {
    let id = datastream.id.0.cast_signed();
    let channels = &datastream.channels;
    sqlx::query(DATASTREAM)
        .bind(id)
        .bind(&datastream.name)
        .bind(&datastream.description)
        .bind(datastream.thing.0.cast_signed())
        .bind(datastream.sensor.0.cast_signed())
        .bind(datastream.is_multi)
        .bind(to_json(&datastream.properties))
        .execute(&mut *connection)
        .await?;
    sqlx::query(NO_CHANNELS).bind(id).execute(&mut *connection).await?;
    sqlx::query(CHANNELS)
        .bind(id)
        .bind(column(channels, |it| it.observed_property.0.cast_signed()))
        .bind(column(channels, |it| it.observation_type.as_str()))
        .bind(column(channels, |it| it.unit.name.as_deref()))
        .bind(column(channels, |it| it.unit.symbol.as_deref()))
        .bind(column(channels, |it| it.unit.definition.as_deref()))
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_list(
    connection: &mut PgConnection,
    clear: &'static str,
    fill: &'static str,
    parent: EntityId,
    children: &[EntityId],
) -> Result<()> {
    let parent = parent.0.cast_signed();
    sqlx::query(clear).bind(parent).execute(&mut *connection).await?;
    sqlx::query(fill).bind(parent).bind(numbers(children)).execute(connection).await?;
    Ok(())
}

fn ewkb(geometry: Option<&Geometry>, srid: i32) -> Option<Vec<u8>> {
    geometry.map(|geometry| {
        let mut bytes = Vec::new();
        write_ewkb(geometry, srid, &mut bytes);
        bytes
    })
}
