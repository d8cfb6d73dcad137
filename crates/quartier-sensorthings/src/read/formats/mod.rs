//! Other forms of an answer than SensorThings' own JSON.

mod csv;
mod data_array;
mod geo_json;

use quartier_model::EntityKind;

use super::{Frame, Level, Reader};
use crate::{
    Answer, CSV, Error, GEO_JSON, JSON, Result,
    options::{Options, ResultFormat},
    path::Cardinality,
};

/// Refuses what a format cannot show.
pub(super) fn check(kind: EntityKind, options: &Options) -> Result<()> {
    match options.format {
        Some(ResultFormat::DataArray) if kind != EntityKind::Observation => {
            Err(Error::bad("`resultFormat`: dataArray is for Observations alone"))
        }
        Some(ResultFormat::DataArray) if !options.expand.is_empty() => {
            Err(Error::bad("`$expand`: a dataArray has no place for it; leave one of them out"))
        }
        Some(ResultFormat::Csv) => check_rows(options),
        _ => Ok(()),
    }
}

pub(super) fn check_one(options: &Options) -> Result<()> {
    match options.format {
        Some(ResultFormat::DataArray) => {
            Err(Error::bad("`resultFormat`: dataArray is for sets of Observations alone"))
        }
        Some(ResultFormat::Csv) => check_rows(options),
        _ => Ok(()),
    }
}

/// A row of a table has room for one of many.
fn check_rows(options: &Options) -> Result<()> {
    for expand in &options.expand {
        if expand.link.cardinality == Cardinality::Many && expand.options.top != Some(1) {
            let link = expand.link;
            return Err(Error::bad(format!(
                "`$expand`: in CSV, {link} needs `$top=1`, or ask for {link} and expand the other way"
            )));
        }
        check_rows(&expand.options)?;
    }
    Ok(())
}

impl<'a> Reader<'a> {
    pub(super) fn formatted(
        &self,
        format: ResultFormat,
        frame: &Frame<'_, 'a>,
        level: &Level<'a>,
    ) -> Answer {
        match format {
            ResultFormat::DataArray => Answer::ok(JSON, self.data_array(frame, level)),
            ResultFormat::GeoJson => Answer::ok(GEO_JSON, self.geo_json(frame, level)),
            ResultFormat::Csv => Answer::ok(CSV, self.csv(level)),
        }
    }
}
