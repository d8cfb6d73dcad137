use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::runtime::Handle;

use super::{metadata, row_from_south};
use crate::{About, Error, Place, Result, limits, name_of};

/// Tiles that are read at once: as many as there are threads that compute, on a small machine.
const READERS_MAX: u32 = 4;

/// More rows than the specification has names for, many times over.
const METADATA: &str = "select name, cast(value as text) from metadata where name is not null and value is not null limit 1000";

const ZOOMS: &str = "select min(zoom_level), max(zoom_level) from tiles";

const FIRST: &str = "select substr(tile_data, 1, 2) from tiles limit 1";

const TILE: &str = "
    select length(tile_data), case when length(tile_data) <= ? then tile_data end
    from   tiles
    where  zoom_level = ? and tile_column = ? and tile_row = ?";

/// The tile is left out where it is too large.
type LenAndTile = (Option<i64>, Option<Vec<u8>>);

/// A database of tiles, which is never written to.
pub(crate) struct MbArchive {
    path: PathBuf,
    pool: SqlitePool,
    runtime: Handle,
}

impl MbArchive {
    pub(crate) async fn open(path: &Path) -> Result<(Self, About)> {
        let failed = |source| Error::Database { path: path.to_owned(), source };
        let damaged = |what| Error::Damaged { path: path.to_owned(), what };
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let pool = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_lazy_with(options);
        let rows: Vec<(String, String)> =
            sqlx::query_as(METADATA).fetch_all(&pool).await.map_err(failed)?;
        let rows: BTreeMap<_, _> = rows.into_iter().collect();
        let (min, max): (Option<i64>, Option<i64>) =
            sqlx::query_as(ZOOMS).fetch_one(&pool).await.map_err(failed)?;
        let first: Option<(Vec<u8>,)> =
            sqlx::query_as(FIRST).fetch_optional(&pool).await.map_err(failed)?;
        let zoom = |number: Option<i64>| {
            u8::try_from(number.unwrap_or(0)).map_err(|_wide| "its zooms are out of range")
        };
        let zooms = (zoom(min).map_err(damaged)?, zoom(max).map_err(damaged)?);
        let first = first.map_or_else(Vec::new, |(bytes,)| bytes);
        let about = metadata::about(rows, name_of(path), zooms, &first).map_err(damaged)?;
        Ok((Self { path: path.to_owned(), pool, runtime: Handle::current() }, about))
    }

    /// The tile's bytes as they stand in the file. Blocks: not for an async task.
    pub(crate) fn tile(&self, place: Place) -> Result<Option<Bytes>> {
        let query = sqlx::query_as(TILE)
            .bind((limits::TILE_BYTES_MAX as u64).cast_signed())
            .bind(place.z())
            .bind(place.x())
            .bind(row_from_south(place));
        let row: sqlx::Result<Option<LenAndTile>> =
            self.runtime.block_on(query.fetch_optional(&self.pool));
        match row {
            Ok(Some((_, Some(tile)))) => Ok(Some(tile.into())),
            Ok(None | Some((None, None))) => Ok(None),
            Ok(Some((Some(_), None))) => {
                let what = "a tile is larger than any should be";
                Err(Error::Damaged { path: self.path.clone(), what })
            }
            Err(source) => Err(Error::Database { path: self.path.clone(), source }),
        }
    }
}
