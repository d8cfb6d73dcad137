use std::path::Path;

use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::runtime::{Builder, Runtime};

use super::{metadata::rows, row_from_south};
use crate::{About, Coding, Error, Place, Result, part_file::PartFile};

/// 1.3 of the specification; the number is registered for it, so that `file` knows what it is.
const TABLES: [&str; 4] = [
    "pragma application_id = 0x4d504258",
    "create table metadata (name text, value text)",
    "create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)",
    "begin",
];

const ADD_METADATA: &str = "insert into metadata (name, value) values (?, ?)";

const ADD_TILE: &str =
    "insert into tiles (zoom_level, tile_column, tile_row, tile_data) values (?, ?, ?, ?)";

/// Made at the end, which is faster.
const INDEX: [&str; 2] =
    ["create unique index tile_index on tiles (zoom_level, tile_column, tile_row)", "commit"];

/// Tiles go to the disk as they come.
pub(crate) struct MbWriter {
    file: PartFile,
    /// The database library knows only async; this waits for it.
    runtime: Runtime,
    connection: SqliteConnection,
}

impl MbWriter {
    pub(crate) fn create(path: &Path, about: &About) -> Result<Self> {
        if !matches!(about.coding, Coding::Identity | Coding::Gzip) {
            let what = "would be MBTiles with tiles that are not compressed by gzip";
            return Err(Error::Unsupported { path: path.to_owned(), what });
        }
        let file = PartFile::new(path)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|source| file.failed(source))?;
        let connection = runtime.block_on(begin(file.part(), about));
        let connection = connection.map_err(|source| file.failed(source))?;
        Ok(Self { file, runtime, connection })
    }

    pub(crate) fn add(&mut self, place: Place, tile: &[u8]) -> Result<()> {
        let query = sqlx::query(ADD_TILE)
            .bind(place.z())
            .bind(place.x())
            .bind(row_from_south(place))
            .bind(tile);
        let added = self.runtime.block_on(query.execute(&mut self.connection));
        added.map(|_rows| ()).map_err(|source| self.file.failed(source))
    }

    pub(crate) fn finish(self) -> Result<u64> {
        let ended = self.runtime.block_on(end(self.connection));
        ended.map_err(|source| self.file.failed(source))?;
        self.file.finish()
    }
}

async fn begin(path: &Path, about: &About) -> sqlx::Result<SqliteConnection> {
    // What breaks off is thrown away: neither a journal nor waiting for the disk is of use.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .page_size(4096);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    for statement in TABLES {
        sqlx::query(statement).execute(&mut connection).await?;
    }
    for (name, value) in rows(about) {
        sqlx::query(ADD_METADATA).bind(name).bind(value).execute(&mut connection).await?;
    }
    Ok(connection)
}

async fn end(mut connection: SqliteConnection) -> sqlx::Result<()> {
    for statement in INDEX {
        sqlx::query(statement).execute(&mut connection).await?;
    }
    connection.close().await
}
