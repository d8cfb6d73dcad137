use std::collections::BTreeSet;

use sqlx::SqliteConnection;

use super::put::number;
use crate::{ObservationQuery, Result, json::to_json};

/// Where a query looks for its rows. SQLite's planner cannot know, since it knows nothing of limits.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Nothing,
    /// The whole table, in the order of one of its indexes.
    Everything,
    One(i64),
    /// The whole table, but only these datastreams, which are in order.
    Some(Vec<i64>),
    /// The first rows of each of these.
    Each(Vec<i64>),
}

/// Rows that are sorted at once, which takes a tenth of a second.
const GATHERED_MAX: u64 = 100_000;

const OF_FEATURES: &str = "
    select distinct datastream from quartier_observed
    where feature in (select value from json_each(?))";

const WITH_ANY: &str = "select datastream from quartier_summary";

impl Scope {
    pub(super) async fn of(
        connection: &mut SqliteConnection,
        query: &ObservationQuery,
    ) -> Result<Self> {
        if query.limit == 0 {
            return Ok(Self::Nothing);
        }
        let Some(datastreams) = datastreams(connection, query).await? else {
            return Ok(Self::Everything);
        };
        let rows = query.skip.saturating_add(u64::from(query.limit));
        let gathered = rows.saturating_mul(datastreams.len() as u64);
        Ok(match datastreams.as_slice() {
            [] => Self::Nothing,
            _ if query.for_each_datastream => Self::Each(datastreams),
            [one] => Self::One(*one),
            _ if gathered <= GATHERED_MAX && query.filter.ids.is_none() => Self::Each(datastreams),
            _ => Self::Some(datastreams),
        })
    }
}

/// The datastreams that can have what is asked for, in order; `None` where any can.
async fn datastreams(
    connection: &mut SqliteConnection,
    query: &ObservationQuery,
) -> Result<Option<Vec<i64>>> {
    let filter = &query.filter;
    let asked = filter.datastreams.as_ref();
    let asked: Option<BTreeSet<i64>> = asked.map(|ids| ids.iter().copied().map(number).collect());
    let observed: Option<BTreeSet<i64>> = match &filter.features {
        None => None,
        Some(features) => {
            let features: Vec<i64> = features.iter().copied().map(number).collect();
            let observed = sqlx::query_scalar(OF_FEATURES).bind(to_json(&features));
            Some(observed.fetch_all(&mut *connection).await?.into_iter().collect())
        }
    };
    Ok(match (asked, observed) {
        (Some(asked), Some(observed)) => Some(asked.intersection(&observed).copied().collect()),
        (Some(some), None) | (None, Some(some)) => Some(some.into_iter().collect()),
        (None, None) if query.for_each_datastream => {
            let mut all: Vec<i64> = sqlx::query_scalar(WITH_ANY).fetch_all(connection).await?;
            all.sort_unstable();
            Some(all)
        }
        (None, None) => None,
    })
}
