use std::collections::BTreeSet;

use quartier_model::{EntityId, EntityKind};
use sqlx::SqliteConnection;

use super::{blocks, links, put::number, read, recount};
use crate::{Result, json::to_json, sensor::Row};

/// Rows that are read, deleted and counted together: some 10 MB.
const ROWS_PER_STEP: u32 = 20_000;

/// What deleting did.
#[derive(Debug, Default)]
pub(super) struct Deleted {
    pub(super) observations: u64,
    /// Datastreams whose summaries changed.
    pub(super) touched: BTreeSet<i64>,
}

impl Deleted {
    /// Deletes observations by their numbers.
    pub(super) async fn observations(
        &mut self,
        connection: &mut SqliteConnection,
        ids: &[EntityId],
    ) -> Result<()> {
        for ids in ids.chunks(ROWS_PER_STEP as usize) {
            let ids: Vec<i64> = ids.iter().copied().map(number).collect();
            let rows = read::by_ids(connection, &ids).await?;
            self.rows(connection, &rows).await?;
        }
        Ok(())
    }

    /// Deletes entities with all that they take along.
    pub(super) async fn entities(
        &mut self,
        connection: &mut SqliteConnection,
        entities: &[(EntityKind, EntityId)],
        now_us: i64,
    ) -> Result<()> {
        for (kind, id) in entities {
            let id = number(*id);
            match kind {
                EntityKind::Thing => links::close(connection, id, now_us).await?,
                EntityKind::Datastream | EntityKind::MultiDatastream => {
                    self.datastream(connection, id).await?;
                }
                EntityKind::FeatureOfInterest => self.feature(connection, id).await?,
                _ => {}
            }
            for statement in statements(*kind) {
                sqlx::query(*statement).bind(id).execute(&mut *connection).await?;
            }
        }
        Ok(())
    }

    async fn datastream(&mut self, connection: &mut SqliteConnection, id: i64) -> Result<()> {
        blocks::subtract_datastream(connection, id).await?;
        let deleted = sqlx::query("delete from quartier_observation where datastream = ?").bind(id);
        self.observations += deleted.execute(&mut *connection).await?.rows_affected();
        self.touched.remove(&id);
        Ok(())
    }

    async fn feature(&mut self, connection: &mut SqliteConnection, id: i64) -> Result<()> {
        loop {
            let rows = sqlx::query(OF_FEATURE).bind(id).bind(ROWS_PER_STEP);
            let rows = read::rows_of(&rows.fetch_all(&mut *connection).await?)?;
            if rows.is_empty() {
                return Ok(());
            }
            self.rows(connection, &rows).await?;
        }
    }

    /// Deletes these rows, which are there.
    pub(super) async fn rows(
        &mut self,
        connection: &mut SqliteConnection,
        rows: &[Row],
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        delete(connection, rows).await?;
        recount::after(connection, rows).await?;
        self.observations += rows.len() as u64;
        self.touched.extend(rows.iter().map(|row| row.datastream));
        Ok(())
    }
}

const DELETE: &str = "
    delete from quartier_observation where id in (select value from json_each(?))";

/// Deletes rows, but for what is kept of their datastreams.
pub(super) async fn delete(connection: &mut SqliteConnection, rows: &[Row]) -> Result<()> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    sqlx::query(DELETE).bind(to_json(&ids)).execute(&mut *connection).await?;
    blocks::subtract(connection, rows).await
}

const OF_FEATURE: &str = "
    select observation.datastream, observation.id, observation.feature,
           observation.phenomenon_start_us, observation.phenomenon_end_us,
           observation.result_time_us, observation.copy,
           observation.result, observation.result_json, observation.detail
    from quartier_observed as observed
    cross join quartier_observation as observation
    where observed.feature = ?1
      and observation.datastream = observed.datastream
      and observation.feature = ?1
    limit ?2";

/// What else is of an entity, and the entity.
fn statements(kind: EntityKind) -> &'static [&'static str] {
    match kind {
        EntityKind::Thing => &[
            "delete from quartier_thing_location where thing = ?",
            "delete from quartier_thing where id = ?",
        ],
        EntityKind::Location => &["delete from quartier_location where id = ?"],
        EntityKind::HistoricalLocation => &[
            "delete from quartier_historical_place where historical_location = ?",
            "delete from quartier_historical_location where id = ?",
        ],
        EntityKind::Datastream | EntityKind::MultiDatastream => &[
            "delete from quartier_rollup where datastream = ?",
            "delete from quartier_observed where datastream = ?",
            "delete from quartier_summary where datastream = ?",
            "delete from quartier_channel where datastream = ?",
            "delete from quartier_datastream where id = ?",
        ],
        EntityKind::Sensor => &["delete from quartier_sensor where id = ?"],
        EntityKind::ObservedProperty => &["delete from quartier_observed_property where id = ?"],
        EntityKind::FeatureOfInterest => &["delete from quartier_feature_of_interest where id = ?"],
        EntityKind::Observation => &[],
    }
}
