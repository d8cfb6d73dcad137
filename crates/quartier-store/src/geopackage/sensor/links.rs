use std::collections::HashMap;

use quartier_model::{CollectionId, EntityId, FeatureId, Link, ObjectId, TimeRange};
use sqlx::{FromRow, SqliteConnection};
use time::OffsetDateTime;

use super::{bulk::Bulk, put::number};
use crate::{
    Error, Result,
    error::Cause,
    json::to_json,
    sensor::{instant, micros, of_word, word},
};

#[derive(Debug, Clone, FromRow)]
struct Current {
    key: i64,
    thing: i64,
    collection: String,
    fid: i64,
    object: String,
    role: String,
    method: String,
    confidence: f64,
    distance_m: f64,
    valid_from_us: Option<i64>,
    valid_to_us: Option<i64>,
}

/// Thing, object, and when it stood there.
type Key = (i64, i64, Option<i64>, Option<i64>);

const ALL: &str = "
    select key, thing, collection, fid, object, role, method, confidence, distance_m,
           valid_from_us, valid_to_us
    from quartier_thing_link
    where recorded_to_us is null
    order by thing, key";

pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Link>> {
    let current: Vec<Current> = sqlx::query_as(ALL).fetch_all(connection).await?;
    let link = |it: Current| {
        let thing = it.thing;
        it.link().map_err(|error| Error::corrupt(format!("a link of thing {thing}"), error))
    };
    current.into_iter().map(link).collect()
}

const OF_THINGS: &str = "
    select key, thing, collection, fid, object, role, method, confidence, distance_m,
           valid_from_us, valid_to_us
    from quartier_thing_link
    where thing in (select value from json_each(?)) and recorded_to_us is null";

const CLOSE: &str = "
    update quartier_thing_link set recorded_to_us = max(?, recorded_from_us)
    where key in (select value from json_each(?))";

const OPEN: Bulk = Bulk {
    start: "
        insert into quartier_thing_link (
            thing, collection, fid, object, role, method, confidence, distance_m,
            valid_from_us, valid_to_us, recorded_from_us
        ) ",
    end: "",
};

/// Makes these the things' links: what is the same stays, what is not is closed, what is new is opened.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    things: &[EntityId],
    links: &[Link],
    now_us: i64,
) -> Result<()> {
    let things: Vec<i64> = things.iter().copied().map(number).collect();
    let current: Vec<Current> =
        sqlx::query_as(OF_THINGS).bind(to_json(&things)).fetch_all(&mut *connection).await?;
    let mut new: HashMap<Key, Vec<Current>> = HashMap::new();
    for link in links.iter().map(Current::of) {
        new.entry(link.place()).or_default().push(link);
    }
    let mut closed = Vec::new();
    for link in &current {
        let alike = new.get_mut(&link.place());
        let same = alike.and_then(|alike| {
            let place = alike.iter().position(|it| it.is_same(link))?;
            Some(alike.swap_remove(place))
        });
        if same.is_none() {
            closed.push(link.key);
        }
    }
    let mut new: Vec<Current> = new.into_values().flatten().collect();
    new.sort_unstable_by_key(Current::place);
    sqlx::query(CLOSE).bind(now_us).bind(to_json(&closed)).execute(&mut *connection).await?;
    OPEN.execute(connection, &new, |values, it| {
        values
            .push_bind(it.thing)
            .push_bind(it.collection.clone())
            .push_bind(it.fid)
            .push_bind(it.object.clone())
            .push_bind(it.role.clone())
            .push_bind(it.method.clone())
            .push_bind(it.confidence)
            .push_bind(it.distance_m)
            .push_bind(it.valid_from_us)
            .push_bind(it.valid_to_us)
            .push_bind(now_us);
    })
    .await?;
    Ok(())
}

const CLOSE_THING: &str = "
    update quartier_thing_link set recorded_to_us = max(?, recorded_from_us)
    where thing = ? and recorded_to_us is null";

/// Closes the links of a thing that goes.
pub(super) async fn close(
    connection: &mut SqliteConnection,
    thing: i64,
    now_us: i64,
) -> Result<()> {
    sqlx::query(CLOSE_THING).bind(now_us).bind(thing).execute(connection).await?;
    Ok(())
}

impl Current {
    fn of(link: &Link) -> Self {
        Self {
            key: 0,
            thing: number(link.thing),
            collection: link.collection.to_string(),
            fid: link.fid.0.cast_signed(),
            object: link.object.to_string(),
            role: word(&link.role),
            method: word(&link.method),
            confidence: f64::from(link.confidence),
            distance_m: link.distance_m,
            valid_from_us: link.valid.start().map(micros),
            valid_to_us: link.valid.end().map(micros),
        }
    }

    fn place(&self) -> Key {
        (self.thing, self.fid, self.valid_from_us, self.valid_to_us)
    }

    fn is_same(&self, other: &Self) -> bool {
        let measured = |it: &Self| (it.confidence, it.distance_m);
        let [one, two] = [self, other].map(|it| [&it.collection, &it.object, &it.role, &it.method]);
        self.place() == other.place() && measured(self) == measured(other) && one == two
    }

    fn link(self) -> Result<Link, Cause> {
        let start = self.valid_from_us.map(instant).transpose()?;
        let end = self.valid_to_us.map(instant).transpose()?;
        Ok(Link {
            thing: EntityId(self.thing.cast_unsigned()),
            collection: CollectionId::try_from(self.collection)?,
            fid: FeatureId(self.fid.cast_unsigned()),
            object: ObjectId::try_from(self.object)?,
            role: of_word(self.role)?,
            method: of_word(self.method)?,
            confidence: self.confidence as f32,
            distance_m: self.distance_m,
            valid: TimeRange::new(start, end)?,
        })
    }
}

pub(super) fn now_us() -> i64 {
    micros(OffsetDateTime::now_utc())
}
