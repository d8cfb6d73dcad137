use std::{sync::RwLock, time::Duration};

use quartier_model::{CollectionId, Crs};
use sqlx::{
    PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    PostgisStore, STATEMENT_TIMEOUT, follow,
    sensor::{READERS_MAX, READING_TIMEOUT, Sensors},
    within,
};
use crate::{
    DEFAULT_WORKING_CRS, Error, Inspection, Result,
    follower::Follower,
    migrate::{forward, newest, not_newer},
};

/// Scans in parallel and requests beside them; PostgreSQL takes 100 by default.
const CONNECTIONS_MAX: u32 = 16;

/// So long may it take until an unreachable database is called so.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// Any number that no other program in the database uses: "quartier" in ASCII.
const MIGRATION_LOCK: i64 = 0x7175_6172_7469_6572;

/// The SRID of WGS 84, which PostGIS takes as longitude before latitude.
const WGS84: i32 = 4326;

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("../../migrations/postgis");
    migrator.create_schema("quartier");
    migrator.dangerous_set_table_name("quartier.migration");
    // The lock is taken here, for the whole transaction.
    migrator.set_locking(false);
    migrator
}

impl PostgisStore {
    pub(crate) async fn open(options: &PgConnectOptions, asked: Option<Crs>) -> Result<Self> {
        let pool = pool(options, CONNECTIONS_MAX);
        let working_crs = within(STATEMENT_TIMEOUT, make(&pool, asked)).await?;
        let sequence = follow::sequence(&pool).await?;
        let (listening, reading) = (pool_of_one(options), pool.clone());
        let follower =
            Follower::start(sequence, |newest| follow::follow(listening, reading, newest));
        let (keys, sensors) = (RwLock::default(), sensors(options));
        Ok(Self { pool, working_crs, srid: srid(working_crs), keys, follower, sensors })
    }
}

/// Looks without changing anything.
pub(crate) async fn inspect(options: &PgConnectOptions) -> Result<Option<Inspection>> {
    let pool = pool_of_one(options);
    let mut connection = pool.acquire().await?;
    let Some(schema) = version(&mut connection).await? else { return Ok(None) };
    not_newer(&migrator(), Some(schema))?;
    let Some(working_crs) = working_crs(&mut connection).await? else { return Ok(None) };
    let rows: Vec<(String, i64)> = sqlx::query_as(COUNTS).fetch_all(&mut *connection).await?;
    let count = |(id, count): (String, i64)| {
        let id: CollectionId = id.clone().try_into().map_err(|error| Error::corrupt(id, error))?;
        Ok((id, count as u64))
    };
    let objects = rows.into_iter().map(count).collect::<Result<_>>()?;
    Ok(Some(Inspection { schema, working_crs, objects }))
}

const COUNTS: &str = "
    select collection.id, (select count(*) from quartier.object where collection = collection.key)
    from quartier.collection";

async fn make(pool: &PgPool, asked: Option<Crs>) -> Result<Crs> {
    let mut transaction = pool.begin().await?;
    sqlx::query("select pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await?;
    let migrator = migrator();
    let found = version(&mut transaction).await?;
    if found != Some(newest(&migrator)) {
        forward(&migrator, found, &mut *transaction).await.map_err(without_postgis)?;
    }
    let working_crs = match working_crs(&mut transaction).await? {
        Some(working_crs) => working_crs,
        None => set_working_crs(&mut transaction, asked.unwrap_or(DEFAULT_WORKING_CRS)).await?,
    };
    match asked {
        Some(asked) if asked != working_crs => {
            Err(Error::CrsMismatch { store: working_crs, asked })
        }
        _ => {
            transaction.commit().await?;
            Ok(working_crs)
        }
    }
}

const HAS_MIGRATIONS: &str = "select to_regclass('quartier.migration') is not null";
const VERSION: &str = "select max(version) from quartier.migration";

async fn version(connection: &mut PgConnection) -> Result<Option<i64>> {
    let has_migrations: bool =
        sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    if !has_migrations {
        return Ok(None);
    }
    Ok(sqlx::query_scalar(VERSION).fetch_one(connection).await?)
}

async fn working_crs(connection: &mut PgConnection) -> Result<Option<Crs>> {
    let text: Option<String> = sqlx::query_scalar("select working_crs from quartier.twin")
        .fetch_optional(connection)
        .await?;
    let parse = |text: String| text.parse().map_err(|error| Error::corrupt("the twin", error));
    text.map(parse).transpose()
}

async fn set_working_crs(connection: &mut PgConnection, crs: Crs) -> Result<Crs> {
    sqlx::query("select quartier.make($1, $2)")
        .bind(crs.to_string())
        .bind(srid(crs))
        .execute(connection)
        .await?;
    Ok(crs)
}

fn srid(crs: Crs) -> i32 {
    match crs {
        Crs::Crs84 => WGS84,
        Crs::Epsg(code) => code.cast_signed(),
    }
}

/// `create extension postgis` fails so where the server does not have it.
fn without_postgis(error: Error) -> Error {
    let Error::Migration(cause) = error else { return error };
    match cause.downcast::<sqlx::Error>() {
        Ok(error) if error.to_string().contains("postgis") => Error::NoPostgis(*error),
        Ok(error) => Error::Migration(error),
        Err(cause) => Error::Migration(cause),
    }
}

fn pool_of_one(options: &PgConnectOptions) -> PgPool {
    pool(options, 1)
}

fn pool(options: &PgConnectOptions, connections: u32) -> PgPool {
    pool_with(options, connections, STATEMENT_TIMEOUT, [])
}

/// Statements of writers find everything by its key, whatever the server thinks of a table that has just grown;
/// statements of readers depend on what is asked for.
fn sensors(options: &PgConnectOptions) -> Sensors {
    let by_key = [
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
    ];
    let as_asked = [("plan_cache_mode", "force_custom_plan")];
    Sensors::new(
        pool_with(options, 1, STATEMENT_TIMEOUT, by_key),
        pool_with(options, READERS_MAX, READING_TIMEOUT, as_asked),
    )
}

fn pool_with<const N: usize>(
    options: &PgConnectOptions,
    connections: u32,
    statement_timeout: Duration,
    settings: [(&str, &str); N],
) -> PgPool {
    let statement_timeout = statement_timeout.as_millis().to_string();
    let options = options.clone().application_name("quartier").options([
        ("statement_timeout", statement_timeout.as_str()),
        ("client_min_messages", "warning"),
        // Compiling a statement over many months takes longer than running it.
        ("jit", "off"),
    ]);
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options.options(settings))
}
