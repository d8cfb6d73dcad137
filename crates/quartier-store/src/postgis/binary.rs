//! The binary form of `copy`: <https://www.postgresql.org/docs/15/sql-copy.html>.

use sqlx::PgConnection;

/// Signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: i16 = -1;
const NULL: i32 = -1;

/// Sent at once; large enough that round trips to the socket do not count.
const CHUNK_BYTES: usize = 1 << 20;

/// PostgreSQL counts from 2000.
const UNIX_TO_POSTGRESQL_US: i64 = 946_684_800_000_000;

/// Copies rows by a `copy … from stdin (format binary)`; `write` appends a row with its number of columns.
pub(super) async fn copy_rows<R>(
    connection: &mut PgConnection,
    statement: &str,
    rows: &[R],
    write: impl Fn(&R, &mut Vec<u8>),
) -> Result<(), sqlx::Error> {
    let mut sink = connection.copy_in_raw(statement).await?;
    let mut bytes = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 4);
    bytes.extend(HEADER);
    for row in rows {
        write(row, &mut bytes);
        if bytes.len() >= CHUNK_BYTES {
            sink.send(bytes.as_slice()).await?;
            bytes.clear();
        }
    }
    bytes.extend(TRAILER.to_be_bytes());
    sink.send(bytes.as_slice()).await?;
    sink.finish().await.map(|_rows| ())
}

pub(super) fn timestamp(unix_us: i64) -> [u8; 8] {
    from_unix(unix_us).to_be_bytes()
}

/// The least of both, `-infinity` in PostgreSQL, stays what it is.
pub(super) fn from_unix(unix_us: i64) -> i64 {
    if unix_us == i64::MIN { i64::MIN } else { unix_us.saturating_sub(UNIX_TO_POSTGRESQL_US) }
}

pub(super) fn to_unix(postgresql_us: i64) -> i64 {
    if postgresql_us == i64::MIN {
        i64::MIN
    } else {
        postgresql_us.saturating_add(UNIX_TO_POSTGRESQL_US)
    }
}

pub(super) fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_be_bytes());
    out.extend(bytes);
}

pub(super) fn optional(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => field(out, bytes),
        None => out.extend(NULL.to_be_bytes()),
    }
}

/// A field whose length is known once it is written.
pub(super) fn sized(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend([0; 4]);
    write(out);
    let length = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}
