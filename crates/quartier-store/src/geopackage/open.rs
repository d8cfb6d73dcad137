use std::{path::Path, sync::RwLock, time::Duration};

use quartier_model::{CollectionId, Crs};
use sqlx::{
    Connection as _, SqliteConnection, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    GeoPackageStore,
    file::{Found, foreign, look},
    follow, room, sensor,
};
use crate::{
    DEFAULT_WORKING_CRS, Error, Inspection, Result,
    follower::Follower,
    migrate::{forward, newest, not_newer},
};

/// Two for each core of a large server: scans in parallel and requests beside them.
const READERS_MAX: u32 = 16;

/// A batch of another process takes a second or two; what takes longer holds the file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// This process's own batches are waited for: they end.
const ACQUIRE_TIMEOUT: Duration = Duration::from_mins(1);

/// Rows under way from SQLite's thread; the default of 50 wakes both sides too often.
const ROWS_UNDER_WAY: usize = 1024;

/// 64 MB, so that the inner pages of a large city's indexes stay in memory while it is imported.
const WRITER_CACHE_KB: &str = "-65536";

/// 64 MB: a few batches. Each checkpoint waits for the disk.
const CHECKPOINT_PAGES: &str = "16384";

/// The log file shrinks to this after a checkpoint.
const LOG_BYTES_MAX: &str = "67108864";

/// The id of WGS 84 in every GeoPackage.
const WGS84: i32 = 4326;

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("../../migrations/geopackage");
    migrator.dangerous_set_table_name("quartier_migration");
    migrator
}

impl GeoPackageStore {
    pub(crate) async fn open(path: &Path, asked: Option<Crs>) -> Result<Self> {
        let found = version(path).await?;
        not_newer(&migrator(), found)?;
        let writer = pool(writing(path), 1);
        let working_crs = make(&writer, found, asked).await.map_err(|error| at(path, error))?;
        let readers = pool(reading(path), READERS_MAX);
        let sensor_readers = pool(reading(path), READERS_MAX);
        let sequence = follow::sequence(&readers).await?;
        let options = reading(path);
        let follower = Follower::start(sequence, |newest| follow::follow(options, newest));
        let srs_id = srs_id(working_crs);
        let keys = RwLock::default();
        Ok(Self { writer, readers, sensor_readers, working_crs, srs_id, keys, follower })
    }
}

/// Looks without changing anything.
pub(crate) async fn inspect(path: &Path) -> Result<Option<Inspection>> {
    let Some(schema) = version(path).await? else { return Ok(None) };
    not_newer(&migrator(), Some(schema))?;
    let mut connection = SqliteConnection::connect_with(&reading(path)).await?;
    let Some(working_crs) = working_crs(&mut connection).await? else { return Ok(None) };
    let rows: Vec<(String, i64)> = sqlx::query_as(COUNTS).fetch_all(&mut connection).await?;
    connection.close().await?;
    let count = |(id, count): (String, i64)| {
        let id: CollectionId = id.clone().try_into().map_err(|error| Error::corrupt(id, error))?;
        Ok((id, count as u64))
    };
    let objects = rows.into_iter().map(count).collect::<Result<_>>()?;
    Ok(Some(Inspection { schema, working_crs, objects }))
}

const COUNTS: &str = "
    select id, (select count(*) from quartier_object where collection = key)
    from quartier_collection";

const TABLES: &str = "
    select count(*), coalesce(sum(name = 'quartier_migration'), 0) from sqlite_master";
const VERSION: &str = "select max(version) from quartier_migration";

/// The schema of the store in the file; `None` where there is nothing yet.
async fn version(path: &Path) -> Result<Option<i64>> {
    if look(path)? == Found::Nothing {
        return Ok(None);
    }
    let options = reading(path).read_only(true);
    let mut connection =
        SqliteConnection::connect_with(&options).await.map_err(|error| at(path, error.into()))?;
    let (tables, migrations): (i64, i64) = sqlx::query_as(TABLES)
        .fetch_one(&mut connection)
        .await
        .map_err(|it| at(path, it.into()))?;
    let version = match (tables, migrations) {
        (0, _) => None,
        (_, 0) => return Err(foreign(path, "another program made it")),
        _ => sqlx::query_scalar(VERSION).fetch_one(&mut connection).await?,
    };
    connection.close().await?;
    Ok(version)
}

async fn make(writer: &SqlitePool, found: Option<i64>, asked: Option<Crs>) -> Result<Crs> {
    let mut connection = writer.acquire().await?;
    let known = match found {
        Some(found) if found == newest(&migrator()) => working_crs(&mut connection).await?,
        _ => None,
    };
    let working_crs = match known {
        Some(working_crs) => working_crs,
        None => migrate(&mut connection, asked).await?,
    };
    match asked {
        Some(asked) if asked != working_crs => {
            Err(Error::CrsMismatch { store: working_crs, asked })
        }
        _ => Ok(working_crs),
    }
}

/// In one step, so that a process that dies on the way leaves what was there before.
async fn migrate(connection: &mut SqliteConnection, asked: Option<Crs>) -> Result<Crs> {
    let mut transaction = connection.begin_with("begin immediate").await?;
    let moved = room::make(&mut transaction).await?;
    forward(&migrator(), None, &mut *transaction).await?;
    let working_crs = match working_crs(&mut transaction).await? {
        Some(working_crs) => working_crs,
        None => set_working_crs(&mut transaction, asked.unwrap_or(DEFAULT_WORKING_CRS)).await?,
    };
    room::settle(&mut transaction, &moved, srs_id(working_crs)).await?;
    sensor::register(&mut transaction, srs_id(working_crs)).await?;
    transaction.commit().await?;
    // GDAL reads the GeoPackage's mark from the file itself, past SQLite and its log.
    empty_log(connection).await?;
    Ok(working_crs)
}

/// Moves what is in SQLite's log into the file. Somebody who reads just then may keep a part of it from moving.
pub(super) async fn empty_log(connection: &mut SqliteConnection) -> Result<()> {
    sqlx::query("pragma wal_checkpoint(truncate)").execute(connection).await?;
    Ok(())
}

async fn working_crs(connection: &mut SqliteConnection) -> Result<Option<Crs>> {
    let text: Option<String> = sqlx::query_scalar("select working_crs from quartier_twin")
        .fetch_optional(connection)
        .await?;
    let parse = |text: String| text.parse().map_err(|error| Error::corrupt("the twin", error));
    text.map(parse).transpose()
}

/// GIS programs look an EPSG code up in their own register; the definition is for those without one.
const ADD_CRS: &str = "
    insert or ignore into gpkg_spatial_ref_sys (
        srs_name, srs_id, organization, organization_coordsys_id, definition
    ) values (?1, ?2, 'EPSG', ?2, 'undefined')";

async fn set_working_crs(connection: &mut SqliteConnection, crs: Crs) -> Result<Crs> {
    let (name, srs_id) = (crs.to_string(), srs_id(crs));
    sqlx::query(ADD_CRS).bind(&name).bind(srs_id).execute(&mut *connection).await?;
    sqlx::query("insert into quartier_twin (working_crs, srs_id) values (?, ?)")
        .bind(&name)
        .bind(srs_id)
        .execute(connection)
        .await?;
    Ok(crs)
}

fn srs_id(crs: Crs) -> i32 {
    match crs {
        Crs::Crs84 => WGS84,
        Crs::Epsg(code) => code.cast_signed(),
    }
}

/// What an error means while a file is opened.
fn at(path: &Path, error: Error) -> Error {
    match error {
        Error::Unavailable(source) if source.as_database_error().is_some() => {
            Error::Path { path: path.to_owned(), source: source.into() }
        }
        other => other,
    }
}

fn pool(options: SqliteConnectOptions, connections: u32) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_lazy_with(options)
}

fn writing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(LOCK_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", WRITER_CACHE_KB)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("journal_size_limit", LOG_BYTES_MAX)
}

fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(LOCK_TIMEOUT)
        .row_buffer_size(ROWS_UNDER_WAY)
        .pragma("query_only", "on")
}
