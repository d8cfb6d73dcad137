use std::collections::HashMap;

use quartier_model::{EntityId, Observation};
use sqlx::{FromRow, SqliteConnection};

use super::read::rows_of;
use crate::{
    Result, Summary,
    json::to_json,
    sensor::{Extents, NO_TIME_US, Row},
};

#[derive(Debug, FromRow)]
pub(super) struct Kept {
    pub(super) datastream: i64,
    pub(super) count: i64,
    pub(super) phenomenon_start_us: i64,
    pub(super) phenomenon_end_us: i64,
    pub(super) result_time_start_us: Option<i64>,
    pub(super) result_time_end_us: Option<i64>,
    pub(super) latest: i64,
}

const ALL: &str = "
    select datastream, count, phenomenon_start_us, phenomenon_end_us,
           result_time_start_us, result_time_end_us, latest
    from quartier_summary
    order by datastream";

const SOME: &str = "
    select datastream, count, phenomenon_start_us, phenomenon_end_us,
           result_time_start_us, result_time_end_us, latest
    from quartier_summary
    where datastream in (select value from json_each(?))
    order by datastream";

const ALL_OBSERVED: &str = "
    select datastream, feature, count from quartier_observed order by datastream, feature";

const SOME_OBSERVED: &str = "
    select datastream, feature, count
    from quartier_observed
    where datastream in (select value from json_each(?))
    order by datastream, feature";

const ALL_LATEST: &str = "
    select observation.datastream, observation.id, feature, observation.phenomenon_start_us,
           observation.phenomenon_end_us, result_time_us, copy, result, result_json, detail
    from quartier_summary as summary
    cross join quartier_observation as observation
    where observation.id = summary.latest";

/// Every summary.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Summary>> {
    let kept: Vec<Kept> = sqlx::query_as(ALL).fetch_all(&mut *connection).await?;
    let observed = sqlx::query_as(ALL_OBSERVED).fetch_all(&mut *connection).await?;
    let latest = rows_of(&sqlx::query(ALL_LATEST).fetch_all(connection).await?)?;
    Parts { kept, observed, latest }.summaries()
}

/// The summaries of some datastreams, whose numbers are in order; `known` has rows that need not be read.
pub(super) async fn some(
    connection: &mut SqliteConnection,
    datastreams: &[i64],
    known: &[Row],
) -> Result<Vec<Summary>> {
    if datastreams.is_empty() {
        return Ok(Vec::new());
    }
    let list = to_json(&datastreams);
    let kept: Vec<Kept> = sqlx::query_as(SOME).bind(&list).fetch_all(&mut *connection).await?;
    let observed = sqlx::query_as(SOME_OBSERVED).bind(&list).fetch_all(&mut *connection).await?;
    let latest = latest(connection, &kept, known).await?;
    let mut summaries = Parts { kept, observed, latest }.summaries()?;
    let empty = datastreams
        .iter()
        .filter(|it| {
            summaries.binary_search_by_key(&it.cast_unsigned(), |of| of.datastream.0).is_err()
        })
        .map(|datastream| Extents::none(*datastream).summary(Vec::new(), None))
        .collect::<Result<Vec<_>>>()?;
    summaries.extend(empty);
    summaries.sort_unstable_by_key(|summary| summary.datastream);
    Ok(summaries)
}

async fn latest(
    connection: &mut SqliteConnection,
    kept: &[Kept],
    known: &[Row],
) -> Result<Vec<Row>> {
    let known: HashMap<i64, &Row> = known.iter().map(|row| (row.id, row)).collect();
    let mut unknown = Vec::new();
    let mut rows = Vec::with_capacity(kept.len());
    for it in kept {
        match known.get(&it.latest) {
            Some(row) => rows.push(Row::clone(row)),
            None => unknown.push(it.latest),
        }
    }
    if !unknown.is_empty() {
        rows.extend(super::read::by_ids(connection, &unknown).await?);
    }
    Ok(rows)
}

struct Parts {
    kept: Vec<Kept>,
    /// Datastream, feature, count.
    observed: Vec<(i64, i64, i64)>,
    latest: Vec<Row>,
}

impl Parts {
    fn summaries(self) -> Result<Vec<Summary>> {
        let mut features: HashMap<i64, Vec<(EntityId, u64)>> = HashMap::new();
        for (datastream, feature, count) in self.observed {
            let feature = (EntityId(feature.cast_unsigned()), count.cast_unsigned());
            features.entry(datastream).or_default().push(feature);
        }
        let observation = |row: &Row| Ok((row.id, row.observation()?));
        let mut latest: HashMap<i64, Observation> =
            self.latest.iter().map(observation).collect::<Result<_>>()?;
        let summary = |kept: Kept| {
            let features = features.remove(&kept.datastream).unwrap_or_default();
            kept.extents().summary(features, latest.remove(&kept.latest))
        };
        self.kept.into_iter().map(summary).collect()
    }
}

impl Kept {
    fn extents(&self) -> Extents {
        Extents {
            datastream: self.datastream,
            count: self.count,
            start_us: self.phenomenon_start_us,
            end_us: self.phenomenon_end_us,
            result_start_us: self.result_time_start_us.unwrap_or(NO_TIME_US),
            result_end_us: self.result_time_end_us.unwrap_or(NO_TIME_US),
        }
    }
}
