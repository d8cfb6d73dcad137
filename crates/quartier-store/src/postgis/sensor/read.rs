use std::{collections::BTreeSet, ops::RangeInclusive};

use quartier_model::{EntityId, Observation, Rollup, Step};
use sqlx::{Row as _, postgres::PgRow};
use time::OffsetDateTime;

use super::{
    blocks,
    find::{self, Sql, numbers},
    kept::{hours, summaries},
    micros::Micros,
    near::near,
    reader, rows,
};
use crate::{
    Bounds, Error, ObservationFilter, ObservationQuery, Result, Summary,
    error::Cause,
    postgis::PostgisStore,
    sensor::{Shares, first_rows, instant, is_by_number, micros, step_s},
};

impl PostgisStore {
    pub(super) async fn read_summaries(&self) -> Result<Vec<Summary>> {
        let mut connection = self.pool.acquire().await?;
        summaries(&mut connection).await
    }

    pub(super) async fn find(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        if blocks::only_skips(query) {
            return match blocks::closer(&self.sensors.reader, query).await? {
                Some(closer) => self.page(&closer).await,
                None => Ok(Vec::new()),
            };
        }
        self.page(query).await
    }

    async fn page(&self, query: &ObservationQuery) -> Result<Vec<Observation>> {
        let Some(filter) = self.with_datastreams(&query.filter).await? else {
            return Ok(Vec::new());
        };
        let query = ObservationQuery { filter, ..query.clone() };
        if let Some(numbers) = self.first_rows(&query).await? {
            let page = self.rows(find::page_within(&query, &numbers)?).await?;
            if page.len() == query.limit as usize {
                return Ok(page);
            }
        }
        for near in near(&self.sensors.reader, &query).await? {
            let page = self.rows(find::page(&near)?).await?;
            if page.len() == query.limit as usize {
                return Ok(page);
            }
        }
        self.rows(find::page(&query)?).await
    }

    async fn rows(&self, sql: Sql) -> Result<Vec<Observation>> {
        self.read(sql).await?.iter().map(|row| rows::read(row)?.observation()).collect()
    }

    /// The numbers among which a page of several datastreams probably is.
    async fn first_rows(&self, query: &ObservationQuery) -> Result<Option<RangeInclusive<i64>>> {
        let several = query.filter.datastreams.as_deref().filter(|them| them.len() > 1);
        let Some(several) = several.filter(|_| is_by_number(query)) else { return Ok(None) };
        let (theirs, all): (i64, i64) =
            sqlx::query_as(COUNTS).bind(numbers(several)).fetch_one(&self.sensors.reader).await?;
        let numbers = blocks::reach(&self.sensors.reader).await?;
        Ok(first_rows(query, Shares { theirs, all, numbers }))
    }

    pub(super) async fn count(&self, filter: &ObservationFilter) -> Result<u64> {
        let Some(found) = self.with_datastreams(filter).await? else { return Ok(0) };
        let sql =
            if has_kept_count(filter) { find::kept_count(filter) } else { find::count(&found) };
        let rows = self.read(sql).await?;
        let count: i64 = rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
        Ok(count.cast_unsigned())
    }

    /// A condition on features is also one on datastreams, which have an index; `None` where nothing fulfils it.
    async fn with_datastreams(
        &self,
        filter: &ObservationFilter,
    ) -> Result<Option<ObservationFilter>> {
        let mut filter = filter.clone();
        if let Some(features) = &filter.features {
            let of_features: Vec<i64> = sqlx::query_scalar(OF_FEATURES)
                .bind(numbers(features))
                .fetch_all(&self.sensors.reader)
                .await?;
            let of_features = of_features.into_iter().map(|id| EntityId(id.cast_unsigned()));
            filter.datastreams = Some(match filter.datastreams {
                None => of_features.collect(),
                Some(asked) => both(asked, &of_features.collect()),
            });
        }
        let lists = [&filter.ids, &filter.datastreams, &filter.features];
        let is_nothing = lists.into_iter().flatten().any(Vec::is_empty);
        Ok((!is_nothing).then_some(filter))
    }

    pub(super) async fn read_rollups(
        &self,
        datastreams: &[EntityId],
        step: Step,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Rollup>> {
        let mut sql = Sql::new(ROLLUPS);
        sql.push(" where hours = ").push_bind(hours(step_s(step)));
        sql.push(" and datastream = any(").push_bind(numbers(datastreams));
        sql.push(") and start >= ").push_bind(Micros(micros(from)));
        sql.push(" and start < ").push_bind(Micros(micros(to)));
        sql.push(" order by datastream, start");
        let rollup = |row: &PgRow| rollup(row).map_err(|error| Error::corrupt("a sum", error));
        self.read(sql).await?.iter().map(rollup).collect()
    }

    async fn read(&self, sql: Sql) -> Result<Vec<PgRow>> {
        reader::read(&self.sensors.reader, &self.pool, sql).await
    }
}

const COUNTS: &str = "
    select coalesce(sum(count) filter (where datastream = any($1)), 0)::bigint, coalesce(sum(count), 0)::bigint
    from quartier.summary";

const OF_FEATURES: &str = "
    select distinct datastream from quartier.observed where feature = any($1)";

fn both(one: Vec<EntityId>, two: &BTreeSet<EntityId>) -> Vec<EntityId> {
    one.into_iter().filter(|id| two.contains(id)).collect()
}

fn has_kept_count(filter: &ObservationFilter) -> bool {
    let ObservationFilter { phenomenon_start, phenomenon_end, result_time, .. } = filter;
    filter.ids.is_none()
        && [phenomenon_start, phenomenon_end, result_time]
            .into_iter()
            .all(|times| *times == Bounds::default())
        && filter.result == Bounds::default()
}

const ROLLUPS: &str = "
    select datastream, start, count, sum, min, max, sines, cosines, last_time, last
    from quartier.rollup";

fn rollup(row: &PgRow) -> Result<Rollup, Cause> {
    let (datastream, count): (i64, i64) = (row.try_get(0)?, row.try_get(2)?);
    let (Micros(start_us), Micros(last_us)) = (row.try_get(1)?, row.try_get(8)?);
    Ok(Rollup {
        datastream: EntityId(datastream.cast_unsigned()),
        start: instant(start_us)?,
        count: count.cast_unsigned(),
        sum: row.try_get(3)?,
        min: row.try_get(4)?,
        max: row.try_get(5)?,
        sines: row.try_get(6)?,
        cosines: row.try_get(7)?,
        last_time: instant(last_us)?,
        last: row.try_get(9)?,
    })
}
