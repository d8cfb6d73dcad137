use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::postgres::PgConnectOptions;

/// Where a store is: `geopackage:PATH`, or `postgres://user:password@host/database`.
///
/// Neither `Display` nor `Debug` shows a password.
#[derive(Clone)]
pub enum StoreUrl {
    GeoPackage(PathBuf),
    Postgis(Box<PgConnectOptions>),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreUrlError {
    #[error("the store's URL names no path: write `geopackage:PATH`")]
    NoPath,
    #[error(
        "the store's URL is not that of a PostgreSQL database: write `postgres://user:password@host:5432/database`"
    )]
    Postgres,
    #[error("the store's URL must start with `geopackage:` or `postgres://`")]
    Scheme,
}

impl FromStr for StoreUrl {
    type Err = StoreUrlError;

    fn from_str(text: &str) -> Result<Self, StoreUrlError> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("geopackage:") {
            return match path {
                "" => Err(StoreUrlError::NoPath),
                path => Ok(Self::GeoPackage(path.into())),
            };
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(StoreUrlError::Scheme);
        }
        // The parser's own message is left out: it may quote the URL, password and all.
        let options = text.parse().ok().ok_or(StoreUrlError::Postgres)?;
        Ok(Self::Postgis(Box::new(options)))
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GeoPackage(path) => write!(formatter, "geopackage:{}", path.display()),
            Self::Postgis(options) => {
                let (user, host) = (options.get_username(), options.get_host());
                write!(formatter, "postgres://{user}@{host}:{}", options.get_port())?;
                options.get_database().map_or(Ok(()), |name| write!(formatter, "/{name}"))
            }
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let url: StoreUrl = "postgres://city:s3cret@db.example:5433/twin".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://city@db.example:5433/twin");
        assert!(!format!("{url:?}").contains("s3cret"));
        let error = "postgres://city:s3cret@db:port/twin".parse::<StoreUrl>().unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }

    #[test]
    fn a_url_of_another_kind_is_refused_with_the_way_to_write_one() {
        let error = "mysql://x".parse::<StoreUrl>().unwrap_err();
        assert!(error.to_string().contains("`geopackage:`"));
        assert_eq!("geopackage:".parse::<StoreUrl>().unwrap_err(), StoreUrlError::NoPath);
    }
}
