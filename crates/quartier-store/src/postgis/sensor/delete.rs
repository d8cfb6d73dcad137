use std::collections::BTreeSet;

use quartier_model::{EntityId, EntityKind};
use sqlx::{PgConnection, postgres::PgArguments, query::Query};

use super::{
    blocks,
    find::numbers,
    links, rows,
    subtract::{subtract, subtract_rollups},
};
use crate::{Result, sensor::Row};

/// What a deletion did to observations.
#[derive(Debug, Default)]
pub(super) struct Gone {
    pub(super) count: u64,
    /// The datastreams that are still there and have lost some.
    pub(super) touched: BTreeSet<i64>,
}

const OBSERVATIONS: &str = "
    delete from quartier.observation where id = any($1)
    returning id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json,
              detail";

/// Deletes observations by their numbers.
pub(super) async fn delete_observations(
    connection: &mut PgConnection,
    ids: &[EntityId],
) -> Result<Gone> {
    let gone = deleted(connection, sqlx::query(OBSERVATIONS).bind(numbers(ids))).await?;
    forget(connection, &gone).await
}

/// The observations of features, found through the datastreams that have them.
const OF_FEATURES: &str = "
    delete from quartier.observation
    where datastream = any(array(select datastream from quartier.observed where feature = any($1)))
      and feature = any($1)
    returning id, datastream, feature, phenomenon_start, phenomenon_end, result_time, copy, result, result_json,
              detail";

async fn delete_of_features(connection: &mut PgConnection, features: &[EntityId]) -> Result<Gone> {
    let gone = deleted(connection, sqlx::query(OF_FEATURES).bind(numbers(features))).await?;
    forget(connection, &gone).await
}

type Delete = Query<'static, sqlx::Postgres, PgArguments>;

async fn deleted(connection: &mut PgConnection, delete: Delete) -> Result<Vec<Row>> {
    delete.fetch_all(connection).await?.iter().map(rows::read).collect()
}

async fn forget(connection: &mut PgConnection, gone: &[Row]) -> Result<Gone> {
    if !gone.is_empty() {
        subtract(connection, gone).await?;
        subtract_rollups(connection, gone).await?;
    }
    let touched = gone.iter().map(|row| row.datastream).collect();
    Ok(Gone { count: gone.len() as u64, touched })
}

const OF_DATASTREAMS: &str = "delete from quartier.observation where datastream = any($1)";

const KEPT_OF_DATASTREAMS: [&str; 4] = [
    "delete from quartier.observed where datastream = any($1)",
    "delete from quartier.rollup where datastream = any($1)",
    "delete from quartier.latest where datastream = any($1)",
    "delete from quartier.summary where datastream = any($1)",
];

/// Says how many observations went along.
async fn delete_of_datastreams(
    connection: &mut PgConnection,
    datastreams: &[EntityId],
) -> Result<u64> {
    let ids = numbers(datastreams);
    blocks::subtract_datastreams(connection, &ids).await?;
    let count = sqlx::query(OF_DATASTREAMS).bind(&ids).execute(&mut *connection).await?;
    for statement in KEPT_OF_DATASTREAMS {
        sqlx::query(statement).bind(&ids).execute(&mut *connection).await?;
    }
    Ok(count.rows_affected())
}

/// Deletes entities with what depends on them. To be called by who has lined up with other writers of observations.
pub(super) async fn delete_entities(
    connection: &mut PgConnection,
    deletes: &[(EntityKind, EntityId)],
) -> Result<Gone> {
    let mut gone = Gone::default();
    for (kinds, statement) in KINDS {
        let of_kind = deletes.iter().filter(|(kind, _)| kinds.contains(kind));
        let ids = of_kind.map(|&(_, id)| id).collect::<Vec<_>>();
        if ids.is_empty() {
            continue;
        }
        match kinds[0] {
            EntityKind::Datastream => {
                gone.count += delete_of_datastreams(connection, &ids).await?;
            }
            EntityKind::FeatureOfInterest => {
                let of_features = delete_of_features(connection, &ids).await?;
                gone.count += of_features.count;
                gone.touched.extend(of_features.touched);
            }
            EntityKind::Thing => links::close(connection, &ids).await?,
            _ => {}
        }
        sqlx::query(statement).bind(numbers(&ids)).execute(&mut *connection).await?;
    }
    Ok(gone)
}

/// Datastreams come first: what they take along needs no sums.
const KINDS: [(&[EntityKind], &str); 7] = [
    (
        &[EntityKind::Datastream, EntityKind::MultiDatastream],
        "delete from quartier.datastream where id = any($1)",
    ),
    (
        &[EntityKind::FeatureOfInterest],
        "delete from quartier.feature_of_interest where id = any($1)",
    ),
    (&[EntityKind::Thing], "delete from quartier.thing where id = any($1)"),
    (
        &[EntityKind::HistoricalLocation],
        "delete from quartier.historical_location where id = any($1)",
    ),
    (&[EntityKind::Location], "delete from quartier.location where id = any($1)"),
    (&[EntityKind::Sensor], "delete from quartier.sensor where id = any($1)"),
    (&[EntityKind::ObservedProperty], "delete from quartier.observed_property where id = any($1)"),
];

const EXPIRE: &str = "
    with old as (
        select id, phenomenon_start
        from quartier.observation
        where datastream = $1 and phenomenon_start < $2 and phenomenon_end < $2
          and id <> (select id from quartier.latest where datastream = $1)
        order by phenomenon_start, id
        limit $3
    )
    delete from quartier.observation
    using old
    where observation.datastream = $1
      and observation.phenomenon_start = old.phenomenon_start and observation.id = old.id
    returning observation.id, observation.datastream, observation.feature, observation.phenomenon_start,
              observation.phenomenon_end, observation.result_time, observation.copy, observation.result,
              observation.result_json, observation.detail";

/// Deletes the oldest of a datastream's observations; what they were summed up in stays.
pub(super) async fn expire(
    connection: &mut PgConnection,
    datastream: EntityId,
    before: super::micros::Micros,
    limit: u32,
) -> Result<Gone> {
    let expire =
        sqlx::query(EXPIRE).bind(datastream.0.cast_signed()).bind(before).bind(i64::from(limit));
    let gone = deleted(connection, expire).await?;
    subtract(connection, &gone).await?;
    let touched = gone.iter().map(|row| row.datastream).collect();
    Ok(Gone { count: gone.len() as u64, touched })
}
