use std::collections::HashMap;

use quartier_model::{EntityId, FeatureId, Link, TimeRange};
use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow};

use super::{column, find::numbers, micros::Micros};
use crate::{
    Error, Result,
    error::Cause,
    sensor::{instant, micros, of_word, word},
};

const CURRENT: &str = "
    select key, thing, collection, fid, object, role, method, confidence, distance_m, valid_from, valid_to
    from quartier.thing_link
    where recorded_to is null and ($1::bigint[] is null or thing = any($1))
    order by thing, key";

/// The links that are current, with their keys; of these things where some are named.
async fn current(
    connection: &mut PgConnection,
    things: Option<&[EntityId]>,
) -> Result<Vec<(i64, Link)>> {
    let rows = sqlx::query(CURRENT).bind(things.map(numbers)).fetch_all(connection).await?;
    let link = |row: &PgRow| {
        let key: i64 = row.try_get(0)?;
        let link = link(row).map_err(|error| Error::corrupt(format!("link {key}"), error))?;
        Ok((key, link))
    };
    rows.iter().map(link).collect()
}

pub(super) async fn links(pool: &PgPool) -> Result<Vec<Link>> {
    let mut connection = pool.acquire().await?;
    let current = current(&mut connection, None).await?;
    Ok(current.into_iter().map(|(_, link)| link).collect())
}

fn link(row: &PgRow) -> Result<Link, Cause> {
    let (thing, fid): (i64, i64) = (row.try_get(1)?, row.try_get(3)?);
    let (collection, object): (String, String) = (row.try_get(2)?, row.try_get(4)?);
    let time = |column: usize| -> Result<_, Cause> {
        let us: Option<Micros> = row.try_get(column)?;
        us.map(|Micros(us)| instant(us)).transpose()
    };
    Ok(Link {
        thing: EntityId(thing.cast_unsigned()),
        collection: collection.parse()?,
        fid: FeatureId(fid.cast_unsigned()),
        object: object.parse()?,
        role: of_word(row.try_get(5)?)?,
        method: of_word(row.try_get(6)?)?,
        confidence: row.try_get(7)?,
        distance_m: row.try_get(8)?,
        valid: TimeRange::new(time(9)?, time(10)?)?,
    })
}

/// A thing's links are changed by one writer at a time.
const LOCK: &str = "select pg_advisory_xact_lock(hashtext('quartier.thing_link'))";

const CLOSE: &str = "
    update quartier.thing_link set recorded_to = clock_timestamp() where key = any($1)";

pub(super) async fn put(pool: &PgPool, things: &[EntityId], links: &[Link]) -> Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    let mut known = Known::new(current(&mut transaction, Some(things)).await?);
    let whole = links.iter().map(in_whole_micros).collect::<Result<Vec<_>>>()?;
    let new = whole.iter().filter(|link| !known.take(link)).collect::<Vec<_>>();
    let closed = known.keys();
    if new.is_empty() && closed.is_empty() {
        return Ok(());
    }
    sqlx::query(CLOSE).bind(closed).execute(&mut *transaction).await?;
    insert(&mut transaction, &new).await?;
    Ok(transaction.commit().await?)
}

/// As the database keeps it, so that it is compared with what was kept.
fn in_whole_micros(link: &Link) -> Result<Link> {
    let whole = |at: Option<time::OffsetDateTime>| at.map(|at| instant(micros(at))).transpose();
    let valid = || -> Result<TimeRange, Cause> {
        Ok(TimeRange::new(whole(link.valid.start())?, whole(link.valid.end())?)?)
    };
    let valid = valid().map_err(|error| Error::Unstorable {
        id: format!("a link of thing {}", link.thing),
        reason: error.to_string(),
    })?;
    Ok(Link { valid, ..link.clone() })
}

/// The current links that no new one has matched.
struct Known(HashMap<EntityId, Vec<(i64, Link)>>);

impl Known {
    fn new(current: Vec<(i64, Link)>) -> Self {
        let mut by_thing: HashMap<_, Vec<_>> = HashMap::new();
        for (key, link) in current {
            by_thing.entry(link.thing).or_default().push((key, link));
        }
        Self(by_thing)
    }

    /// Says whether the same link was there.
    fn take(&mut self, link: &Link) -> bool {
        let Some(of_thing) = self.0.get_mut(&link.thing) else { return false };
        let place = of_thing.iter().position(|(_, known)| known == link);
        place.map(|place| of_thing.swap_remove(place)).is_some()
    }

    fn keys(&self) -> Vec<i64> {
        self.0.values().flatten().map(|&(key, _)| key).collect()
    }
}

const INSERT: &str = "
    insert into quartier.thing_link (
        thing, collection, fid, object, role, method, confidence, distance_m, valid_from, valid_to, recorded_from
    )
    select given.*, clock_timestamp()
    from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::real[],
                $8::double precision[], $9::timestamptz[], $10::timestamptz[]) as given";

async fn insert(connection: &mut PgConnection, links: &[&Link]) -> Result<()> {
    let time = |at: time::OffsetDateTime| Micros(micros(at));
    sqlx::query(INSERT)
        .bind(column(links, |link| link.thing.0.cast_signed()))
        .bind(column(links, |link| link.collection.as_str()))
        .bind(column(links, |link| link.fid.0.cast_signed()))
        .bind(column(links, |link| link.object.as_str()))
        .bind(column(links, |link| word(&link.role)))
        .bind(column(links, |link| word(&link.method)))
        .bind(column(links, |link| link.confidence))
        .bind(column(links, |link| link.distance_m))
        .bind(column(links, |link| link.valid.start().map(time)))
        .bind(column(links, |link| link.valid.end().map(time)))
        .execute(connection)
        .await?;
    Ok(())
}

const CLOSE_ALL: &str = "
    update quartier.thing_link set recorded_to = clock_timestamp()
    where thing = any($1) and recorded_to is null";

/// Closes every link of the things.
pub(super) async fn close(connection: &mut PgConnection, things: &[EntityId]) -> Result<()> {
    sqlx::query(CLOSE_ALL).bind(numbers(things)).execute(connection).await?;
    Ok(())
}
