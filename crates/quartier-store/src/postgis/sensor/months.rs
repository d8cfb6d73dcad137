use std::{
    collections::{BTreeSet, HashSet},
    sync::RwLock,
};

use quartier_model::EntityId;
use sqlx::PgPool;
use time::{Date, Month};

use super::micros::EARLIEST_US;
use crate::{
    Error, Result,
    sensor::{Row, instant},
};

/// Months of these years have a partition each; what is before or after shares one. The migration knows them too.
/// Fifty years are 600 partitions, which PostgreSQL still plans in milliseconds.
const YEARS: std::ops::Range<i32> = 2000..2050;

/// The months that are known to have their partitions, by their first days.
#[derive(Debug, Default)]
pub(super) struct Months(RwLock<HashSet<Date>>);

const MAKE: &str = "select quartier.make_month(month) from unnest($1) as month";

impl Months {
    /// Sees to it that every row has a partition to go to.
    pub(super) async fn make(&self, pool: &PgPool, rows: &[Row]) -> Result<()> {
        let missing = self.missing(rows)?;
        if missing.is_empty() {
            return Ok(());
        }
        sqlx::query(MAKE).bind(missing.iter().copied().collect::<Vec<_>>()).execute(pool).await?;
        self.0.write().expect("no writer panics").extend(missing);
        Ok(())
    }

    fn missing(&self, rows: &[Row]) -> Result<BTreeSet<Date>> {
        let known = self.0.read().expect("no writer panics");
        let months = rows.iter().map(month).collect::<Result<BTreeSet<_>>>()?;
        Ok(months.into_iter().flatten().filter(|month| !known.contains(month)).collect())
    }
}

/// The first day of the month in which an observation starts; `None` outside the years.
fn month(row: &Row) -> Result<Option<Date>> {
    let refuse = |reason: &str| Error::Unstorable {
        id: format!("an observation of datastream {}", EntityId(row.datastream.cast_unsigned())),
        reason: reason.to_owned(),
    };
    if row.start_us < EARLIEST_US {
        return Err(refuse("its time is before the year -4712"));
    }
    let start = instant(row.start_us).map_err(|_range| refuse("its time is out of range"))?;
    Ok(YEARS.contains(&start.year()).then(|| first_day(start.year(), start.month())))
}

fn first_day(year: i32, month: Month) -> Date {
    Date::from_calendar_date(year, month, 1).expect("every month has a first day")
}
