use sqlx::error::DatabaseError;

use crate::Error;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) => match refusal.code().as_deref() {
                Some(state) if state.len() == SQLSTATE_CHARACTERS => postgresql(state)(error),
                _ => sqlite(refusal.as_ref())(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Statement(error),
        }
    }
}

/// SQLite's codes are shorter.
const SQLSTATE_CHARACTERS: usize = 5;

/// By <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn postgresql(state: &str) -> fn(sqlx::Error) -> Error {
    match state {
        "28P01" | "28000" => Error::Credentials,
        "3D000" => Error::NoDatabase,
        "42501" => Error::Rights,
        "53100" => Error::Full,
        "25006" => Error::ReadOnly,
        "55P03" | "40P01" | "40001" => Error::Locked,
        // 55000: the database takes no connections for now.
        "57014" | "55000" => Error::Unavailable,
        unavailable
            if ["08", "53", "57", "58"].iter().any(|class| unavailable.starts_with(class)) =>
        {
            Error::Unavailable
        }
        _ => Error::Statement,
    }
}

/// By <https://www.sqlite.org/rescode.html>; the lowest byte is the primary code.
fn sqlite(refusal: &dyn DatabaseError) -> fn(sqlx::Error) -> Error {
    let code = refusal.code().and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => Error::Locked,
        Some(8) => Error::ReadOnly,
        Some(10 | 14) => Error::Unavailable,
        Some(13) => Error::Full,
        Some(11 | 26) => |error| Error::corrupt("the file", error),
        _ => Error::Statement,
    }
}
