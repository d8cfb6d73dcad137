use quartier_crs::{Axes, describe};
use quartier_model::Crs;

use crate::{error::Result, query::Query};

/// The CRSs that every collection can be had in, beside the one that it is stored in.
const OFFERED: [Crs; 7] = [
    Crs::Crs84,
    Crs::Epsg(4326),
    Crs::WEB_MERCATOR,
    Crs::Epsg(25832),
    Crs::Epsg(25833),
    Crs::Epsg(4258),
    Crs::Epsg(3035),
];

/// A CRS that a client may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OfferedCrs {
    pub(crate) crs: Crs,
    /// Latitude or northing comes first in what clients write and read.
    pub(crate) is_north_first: bool,
    pub(crate) is_geographic: bool,
}

/// The CRSs of the interfaces, and the working CRS that everything is stored in.
#[derive(Debug, Clone)]
pub(crate) struct Crss {
    pub(crate) working: Crs,
    pub(crate) default: OfferedCrs,
    offered: Vec<OfferedCrs>,
}

impl Crss {
    /// Asks PROJ about each; takes some milliseconds.
    pub(crate) fn new(working: Crs) -> Result<Self, quartier_crs::Error> {
        let mut all = OFFERED.to_vec();
        if !all.contains(&working) {
            all.push(working);
        }
        let offered = all.into_iter().map(OfferedCrs::new).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { working, default: OfferedCrs::new(Crs::Crs84)?, offered })
    }

    pub(crate) fn uris(&self) -> Vec<String> {
        self.offered.iter().map(|offered| offered.crs.uri()).collect()
    }

    /// Takes a parameter that names a CRS, by URI or short name; CRS84 where it is not there.
    pub(crate) fn take(&self, query: &mut Query, name: &str) -> Result<OfferedCrs> {
        Ok(query.read(name, |text| self.read(text))?.unwrap_or(self.default))
    }

    pub(crate) fn read(&self, text: &str) -> Result<OfferedCrs, String> {
        let crs: Crs = text.parse().map_err(|error: quartier_model::CrsError| error.to_string())?;
        let offered = self.offered.iter().find(|offered| offered.crs == crs);
        offered
            .copied()
            .ok_or_else(|| format!("`{crs}` is not offered; there are {}", self.uris().join(", ")))
    }
}

impl OfferedCrs {
    fn new(crs: Crs) -> Result<Self, quartier_crs::Error> {
        let description = describe(crs)?;
        Ok(Self {
            crs,
            is_north_first: description.axes == Axes::NorthFirst,
            is_geographic: description.is_geographic,
        })
    }

    /// The value of the header `Content-Crs` (OGC API - Features Part 2, 6.2.1.2).
    pub(crate) fn header(self) -> String {
        format!("<{}>", self.crs.uri())
    }
}
