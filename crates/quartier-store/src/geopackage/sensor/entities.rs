use std::collections::HashMap;

use quartier_model::{
    Channel, Datastream, Entity, EntityId, FeatureOfInterest, Geometry, HistoricalLocation,
    Location, ObservedProperty, Place, Sensor, Thing, Unit,
};
use serde::de::DeserializeOwned;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

use crate::{Error, Result, error::Cause, json::from_json, sensor::instant, wkb::read_geopackage};

/// Every entity but observations, by kind and id.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Entity>> {
    let mut entities = things(connection).await?;
    entities.extend(locations(connection).await?);
    entities.extend(historical_locations(connection).await?);
    entities.extend(datastreams(connection).await?);
    entities.extend(read(connection, SENSORS, sensor).await?);
    entities.extend(read(connection, OBSERVED_PROPERTIES, observed_property).await?);
    entities.extend(read(connection, FEATURES, feature).await?);
    Ok(entities)
}

async fn read(
    connection: &mut SqliteConnection,
    statement: &'static str,
    entity: impl Fn(&SqliteRow) -> Result<Entity, Cause>,
) -> Result<Vec<Entity>> {
    let rows = sqlx::query(statement).fetch_all(connection).await?;
    let named = |row: &SqliteRow| {
        let id: i64 = row.try_get("id")?;
        let table = statement.split_once("from quartier_").map_or("", |(_, rest)| rest);
        let table = table.split_whitespace().next().unwrap_or_default();
        entity(row).map_err(|error| Error::corrupt(format!("{table} {id}"), error))
    };
    rows.iter().map(named).collect()
}

/// What belongs to an entity, by its number, in order.
type Lists<T> = HashMap<i64, Vec<T>>;

async fn lists(
    connection: &mut SqliteConnection,
    statement: &'static str,
) -> Result<Lists<EntityId>> {
    let pairs: Vec<(i64, i64)> = sqlx::query_as(statement).fetch_all(connection).await?;
    let mut lists = Lists::new();
    for (of, id) in pairs {
        lists.entry(of).or_default().push(EntityId(id.cast_unsigned()));
    }
    Ok(lists)
}

const STANDS: &str = "select thing, location from quartier_thing_location order by thing, position";

const THINGS: &str = "
    select id, name, description, properties from quartier_thing order by id";

async fn things(connection: &mut SqliteConnection) -> Result<Vec<Entity>> {
    let stands = lists(connection, STANDS).await?;
    let thing = |row: &SqliteRow| {
        Ok(Entity::Thing(Thing {
            id: id(row)?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            properties: json(row, "properties")?,
            locations: of(&stands, row)?,
        }))
    };
    read(connection, THINGS, thing).await
}

const LOCATIONS: &str = "
    select id, name, description, encoding, sent, degrees, geometry, properties, feature
    from quartier_location
    order by id";

async fn locations(connection: &mut SqliteConnection) -> Result<Vec<Entity>> {
    let location = |row: &SqliteRow| {
        let feature: Option<i64> = row.try_get("feature")?;
        Ok(Entity::Location(Location {
            id: id(row)?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            encoding: row.try_get("encoding")?,
            place: place(row)?,
            properties: json(row, "properties")?,
            feature: feature.map(|feature| EntityId(feature.cast_unsigned())),
        }))
    };
    read(connection, LOCATIONS, location).await
}

const PLACES: &str = "
    select historical_location, location
    from quartier_historical_place
    order by historical_location, position";

const HISTORICAL_LOCATIONS: &str = "
    select id, time_us, thing from quartier_historical_location order by id";

async fn historical_locations(connection: &mut SqliteConnection) -> Result<Vec<Entity>> {
    let places = lists(connection, PLACES).await?;
    let historical_location = |row: &SqliteRow| {
        Ok(Entity::HistoricalLocation(HistoricalLocation {
            id: id(row)?,
            time: instant(row.try_get("time_us")?)?,
            thing: reference(row, "thing")?,
            locations: of(&places, row)?,
        }))
    };
    read(connection, HISTORICAL_LOCATIONS, historical_location).await
}

const CHANNELS: &str = "
    select datastream, observed_property, observation_type, unit_name, unit_symbol, unit_definition
    from quartier_channel
    order by datastream, position";

const DATASTREAMS: &str = "
    select id, name, description, thing, sensor, is_multi, properties
    from quartier_datastream
    order by id";

async fn datastreams(connection: &mut SqliteConnection) -> Result<Vec<Entity>> {
    let mut channels: Lists<Channel> = Lists::new();
    for row in sqlx::query(CHANNELS).fetch_all(&mut *connection).await? {
        channels.entry(row.try_get("datastream")?).or_default().push(channel(&row)?);
    }
    let datastream = |row: &SqliteRow| {
        Ok(Entity::Datastream(Datastream {
            id: id(row)?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            thing: reference(row, "thing")?,
            sensor: reference(row, "sensor")?,
            is_multi: row.try_get("is_multi")?,
            channels: of(&channels, row)?,
            properties: json(row, "properties")?,
        }))
    };
    read(connection, DATASTREAMS, datastream).await
}

fn channel(row: &SqliteRow) -> Result<Channel, sqlx::Error> {
    Ok(Channel {
        observed_property: reference(row, "observed_property")?,
        observation_type: row.try_get("observation_type")?,
        unit: Unit {
            name: row.try_get("unit_name")?,
            symbol: row.try_get("unit_symbol")?,
            definition: row.try_get("unit_definition")?,
        },
    })
}

const SENSORS: &str = "
    select id, name, description, encoding, metadata, properties from quartier_sensor order by id";

fn sensor(row: &SqliteRow) -> Result<Entity, Cause> {
    Ok(Entity::Sensor(Sensor {
        id: id(row)?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        encoding: row.try_get("encoding")?,
        metadata: json(row, "metadata")?,
        properties: json(row, "properties")?,
    }))
}

const OBSERVED_PROPERTIES: &str = "
    select id, name, definition, description, properties
    from quartier_observed_property
    order by id";

fn observed_property(row: &SqliteRow) -> Result<Entity, Cause> {
    Ok(Entity::ObservedProperty(ObservedProperty {
        id: id(row)?,
        name: row.try_get("name")?,
        definition: row.try_get("definition")?,
        description: row.try_get("description")?,
        properties: json(row, "properties")?,
    }))
}

const FEATURES: &str = "
    select id, name, description, encoding, sent, degrees, geometry, properties
    from quartier_feature_of_interest
    order by id";

fn feature(row: &SqliteRow) -> Result<Entity, Cause> {
    Ok(Entity::FeatureOfInterest(FeatureOfInterest {
        id: id(row)?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        encoding: row.try_get("encoding")?,
        place: place(row)?,
        properties: json(row, "properties")?,
    }))
}

fn place(row: &SqliteRow) -> Result<Place, Cause> {
    let geometry = |column| -> Result<Option<Geometry>, Cause> {
        let bytes: Option<&[u8]> = row.try_get(column)?;
        Ok(bytes.map(read_geopackage).transpose()?)
    };
    Ok(Place {
        sent: json(row, "sent")?,
        degrees: geometry("degrees")?,
        working: geometry("geometry")?,
    })
}

fn id(row: &SqliteRow) -> Result<EntityId, sqlx::Error> {
    reference(row, "id")
}

fn reference(row: &SqliteRow, column: &str) -> Result<EntityId, sqlx::Error> {
    Ok(EntityId(row.try_get::<i64, _>(column)?.cast_unsigned()))
}

fn of<T: Clone>(lists: &Lists<T>, row: &SqliteRow) -> Result<Vec<T>, sqlx::Error> {
    let id: i64 = row.try_get("id")?;
    Ok(lists.get(&id).cloned().unwrap_or_default())
}

fn json<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, Cause> {
    let text: &str = row.try_get(column)?;
    Ok(from_json(text.as_bytes())?)
}
