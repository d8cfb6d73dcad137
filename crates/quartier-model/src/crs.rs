use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A coordinate reference system by its name in a register.
///
/// Whatever the register says about axis order, coordinates in the program are x (east, longitude) before y
/// (north, latitude).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Crs {
    /// WGS 84 longitude, latitude in degrees (`OGC:CRS84`), with ellipsoidal height where there is one.
    Crs84,
    /// A code of the EPSG register.
    Epsg(u32),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no CRS: write `EPSG:25832`, `OGC:CRS84`, or the CRS's URI under http://www.opengis.net/def/crs/"
)]
pub struct CrsError(String);

const URI: &str = "http://www.opengis.net/def/crs/";

impl Crs {
    pub const WEB_MERCATOR: Self = Self::Epsg(3857);

    /// The CRS's URI, as OGC API standards write it.
    pub fn uri(self) -> String {
        match self {
            Self::Crs84 => format!("{URI}OGC/1.3/CRS84"),
            Self::Epsg(code) => format!("{URI}EPSG/0/{code}"),
        }
    }
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(text: &str) -> Result<Self, CrsError> {
        parse(text.trim()).ok_or_else(|| CrsError(text.chars().take(120).collect()))
    }
}

fn parse(text: &str) -> Option<Crs> {
    if let Some(path) = strip_uri(text) {
        return match path.split('/').collect::<Vec<_>>().as_slice() {
            ["OGC", _, "CRS84" | "CRS84h"] => Some(Crs::Crs84),
            ["EPSG", _, code] => epsg(code),
            _ => None,
        };
    }
    match text.split(':').collect::<Vec<_>>().as_slice() {
        ["OGC", "CRS84" | "CRS84h"]
        | ["urn", "ogc", "def", "crs", "OGC", _, "CRS84" | "CRS84h"] => Some(Crs::Crs84),
        ["EPSG" | "epsg", code] | ["urn", "ogc", "def", "crs", "EPSG", _, code] => epsg(code),
        _ => None,
    }
}

fn strip_uri(text: &str) -> Option<&str> {
    text.strip_prefix(URI).or_else(|| text.strip_prefix("https://www.opengis.net/def/crs/"))
}

fn epsg(code: &str) -> Option<Crs> {
    code.parse().ok().map(Crs::Epsg)
}

impl fmt::Display for Crs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crs84 => formatter.write_str("OGC:CRS84"),
            Self::Epsg(code) => write!(formatter, "EPSG:{code}"),
        }
    }
}

impl TryFrom<String> for Crs {
    type Error = CrsError;

    fn try_from(text: String) -> Result<Self, CrsError> {
        text.parse()
    }
}

impl From<Crs> for String {
    fn from(crs: Crs) -> Self {
        crs.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crs_is_known_by_each_of_its_spellings() {
        for text in [
            "EPSG:25832",
            "http://www.opengis.net/def/crs/EPSG/0/25832",
            "https://www.opengis.net/def/crs/EPSG/0/25832",
            "urn:ogc:def:crs:EPSG::25832",
        ] {
            assert_eq!(text.parse(), Ok(Crs::Epsg(25832)), "{text}");
        }
        for text in ["OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", &Crs::Crs84.uri()] {
            assert_eq!(text.parse(), Ok(Crs::Crs84), "{text}");
        }
    }

    #[test]
    fn a_crs_that_is_none_is_refused_with_the_way_to_write_one() {
        let error = "utm32".parse::<Crs>().unwrap_err();
        assert!(error.to_string().contains("write `EPSG:25832`"), "{error}");
    }
}
