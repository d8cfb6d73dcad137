use quartier_model::{
    Channel, Datastream, Entity, EntityId, FeatureOfInterest, Geometry, HistoricalLocation,
    Location, ObservedProperty, Place, Properties, Sensor, Thing, Unit,
};
use serde_json::Value;
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow, types::Json};

use super::micros::Micros;
use crate::{
    Error, Result, StoredEntities,
    error::Cause,
    sensor::{NUMBERED, instant, kind_word},
    wkb::read_ewkb,
};

const NEXT: &str = "select next from quartier.number where kind = $1";

const SNAPSHOT: &str = "set transaction isolation level repeatable read, read only";

pub(super) async fn entities(pool: &PgPool) -> Result<StoredEntities> {
    let mut transaction = pool.begin().await?;
    let connection = &mut *transaction;
    sqlx::query(SNAPSHOT).execute(&mut *connection).await?;
    let mut stored = StoredEntities::default();
    for (statement, read) in KINDS {
        for row in sqlx::query(statement).fetch_all(&mut *connection).await? {
            stored.entities.push(entity(&row, read)?);
        }
    }
    stored.entities.sort_by_key(|entity| (entity.kind(), entity.id()));
    for kind in NUMBERED {
        stored.next.push((kind, next(connection, kind_word(kind)).await?));
    }
    Ok(stored)
}

async fn next(connection: &mut PgConnection, kind: &str) -> Result<EntityId> {
    let next: i64 = sqlx::query_scalar(NEXT).bind(kind).fetch_one(connection).await?;
    Ok(EntityId(next.cast_unsigned()))
}

type Read = fn(EntityId, &PgRow) -> Result<Entity, Cause>;

/// In each, the id comes first.
const KINDS: [(&str, Read); 7] = [
    (THINGS, thing),
    (LOCATIONS, location),
    (HISTORICAL_LOCATIONS, historical_location),
    (DATASTREAMS, datastream),
    (SENSORS, sensor),
    (OBSERVED_PROPERTIES, observed_property),
    (FEATURES_OF_INTEREST, feature_of_interest),
];

fn entity(row: &PgRow, read: Read) -> Result<Entity> {
    let id = number(row, 0)?;
    read(id, row).map_err(|error| Error::corrupt(format!("entity {id}"), error))
}

const THINGS: &str = "
    select id, name, description, properties,
           array(select location from quartier.thing_location where thing = thing.id order by position)
    from quartier.thing";

fn thing(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    Ok(Entity::Thing(Thing {
        id,
        name: row.try_get(1)?,
        description: row.try_get(2)?,
        properties: properties(row, 3)?,
        locations: numbers(row, 4)?,
    }))
}

const LOCATIONS: &str = "
    select id, name, description, encoding, properties, sent, st_asewkb(degrees, 'NDR'), st_asewkb(geometry, 'NDR'),
           feature
    from quartier.location";

fn location(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    let feature: Option<i64> = row.try_get(8)?;
    Ok(Entity::Location(Location {
        id,
        name: row.try_get(1)?,
        description: row.try_get(2)?,
        encoding: row.try_get(3)?,
        properties: properties(row, 4)?,
        place: place(row, 5)?,
        feature: feature.map(|feature| EntityId(feature.cast_unsigned())),
    }))
}

const HISTORICAL_LOCATIONS: &str = "
    select id, time, thing,
           array(
               select location from quartier.historical_location_location
               where historical_location = historical_location.id
               order by position)
    from quartier.historical_location";

fn historical_location(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    let Micros(time_us) = row.try_get(1)?;
    Ok(Entity::HistoricalLocation(HistoricalLocation {
        id,
        time: instant(time_us)?,
        thing: number(row, 2)?,
        locations: numbers(row, 3)?,
    }))
}

const DATASTREAMS: &str = "
    select id, name, description, thing, sensor, is_multi, properties,
           channels.property, channels.type, channels.unit_name, channels.unit_symbol, channels.unit_definition
    from quartier.datastream
    cross join lateral (
        select coalesce(array_agg(observed_property order by position), '{}') as property,
               coalesce(array_agg(observation_type  order by position), '{}') as type,
               coalesce(array_agg(unit_name         order by position), '{}') as unit_name,
               coalesce(array_agg(unit_symbol       order by position), '{}') as unit_symbol,
               coalesce(array_agg(unit_definition   order by position), '{}') as unit_definition
        from quartier.channel
        where channel.datastream = datastream.id
    ) as channels";

fn datastream(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    Ok(Entity::Datastream(Datastream {
        id,
        name: row.try_get(1)?,
        description: row.try_get(2)?,
        thing: number(row, 3)?,
        sensor: number(row, 4)?,
        is_multi: row.try_get(5)?,
        properties: properties(row, 6)?,
        channels: channels(row)?,
    }))
}

fn channels(row: &PgRow) -> Result<Vec<Channel>, Cause> {
    let types: Vec<String> = row.try_get(8)?;
    let unit = |column: usize| row.try_get::<Vec<Option<String>>, _>(column);
    let units = unit(9)?.into_iter().zip(unit(10)?).zip(unit(11)?);
    let channel = |((observed_property, observation_type), ((name, symbol), definition))| {
        let unit = Unit { name, symbol, definition };
        Channel { observed_property, observation_type, unit }
    };
    Ok(numbers(row, 7)?.into_iter().zip(types).zip(units).map(channel).collect())
}

const SENSORS: &str = "
    select id, name, description, encoding, metadata, properties from quartier.sensor";

fn sensor(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    let Json(metadata): Json<Value> = row.try_get(4)?;
    Ok(Entity::Sensor(Sensor {
        id,
        name: row.try_get(1)?,
        description: row.try_get(2)?,
        encoding: row.try_get(3)?,
        metadata,
        properties: properties(row, 5)?,
    }))
}

const OBSERVED_PROPERTIES: &str = "
    select id, name, definition, description, properties from quartier.observed_property";

fn observed_property(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    Ok(Entity::ObservedProperty(ObservedProperty {
        id,
        name: row.try_get(1)?,
        definition: row.try_get(2)?,
        description: row.try_get(3)?,
        properties: properties(row, 4)?,
    }))
}

const FEATURES_OF_INTEREST: &str = "
    select id, name, description, encoding, properties, sent, st_asewkb(degrees, 'NDR'), st_asewkb(geometry, 'NDR')
    from quartier.feature_of_interest";

fn feature_of_interest(id: EntityId, row: &PgRow) -> Result<Entity, Cause> {
    Ok(Entity::FeatureOfInterest(FeatureOfInterest {
        id,
        name: row.try_get(1)?,
        description: row.try_get(2)?,
        encoding: row.try_get(3)?,
        properties: properties(row, 4)?,
        place: place(row, 5)?,
    }))
}

fn place(row: &PgRow, column: usize) -> Result<Place, Cause> {
    let Json(sent): Json<Value> = row.try_get(column)?;
    let geometry = |column: usize| -> Result<Option<Geometry>, Cause> {
        let bytes: Option<&[u8]> = row.try_get(column)?;
        Ok(bytes.map(read_ewkb).transpose()?)
    };
    Ok(Place { sent, degrees: geometry(column + 1)?, working: geometry(column + 2)? })
}

fn properties(row: &PgRow, column: usize) -> Result<Properties, sqlx::Error> {
    row.try_get(column).map(|Json(properties)| properties)
}

fn number(row: &PgRow, column: usize) -> Result<EntityId, sqlx::Error> {
    row.try_get(column).map(|id: i64| EntityId(id.cast_unsigned()))
}

fn numbers(row: &PgRow, column: usize) -> Result<Vec<EntityId>, sqlx::Error> {
    let ids: Vec<i64> = row.try_get(column)?;
    Ok(ids.into_iter().map(|id| EntityId(id.cast_unsigned())).collect())
}
