use quartier_model::{EntityId, EntityKind};
use sqlx::SqliteConnection;

use crate::{
    Result,
    sensor::{NUMBERED, kind_word},
};

const GIVE: &str = "update quartier_number set next = ?1 + 1 where kind = ?2 and next <= ?1";

/// Notes that a number was given.
pub(super) async fn give(
    connection: &mut SqliteConnection,
    kind: &'static str,
    id: EntityId,
) -> Result<()> {
    sqlx::query(GIVE).bind(id.0.cast_signed()).bind(kind).execute(connection).await?;
    Ok(())
}

const NEXT: &str = "select kind, next from quartier_number";

pub(super) async fn next(connection: &mut SqliteConnection) -> Result<Vec<(EntityKind, EntityId)>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(NEXT).fetch_all(connection).await?;
    let next = |kind: EntityKind| {
        let (_, next) = rows.iter().find(|(word, _)| word == kind_word(kind))?;
        Some((kind, EntityId(next.cast_unsigned())))
    };
    Ok(NUMBERED.into_iter().filter_map(next).collect())
}
