use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use quartier_model::EntityKind;

use super::{
    EXPAND_DEPTH_MAX, EXPANDS_MAX, OptionError, Options, ResultFormat, expand::Expander,
    order::parse_keys, select::parse_select, split::split,
};
use crate::expression::{parse_condition, shown};

/// Longer than any filter may be; a client's URL is far shorter, a batch's may be as long as its body.
const QUERY_LENGTH_MAX: usize = 256 * 1024;

const KNOWN: &str = "$filter, $expand, $select, $orderby, $top, $skip, $count and $resultFormat";

impl Options {
    /// Reads a query string, without its question mark, for entities of a kind. A parameter that starts with no
    /// dollar sign is none of SensorThings and left alone; but `resultFormat` goes without.
    pub fn parse(query: &str, kind: EntityKind) -> Result<Self, OptionError> {
        if query.len() > QUERY_LENGTH_MAX {
            let reason = format!("it is longer than {QUERY_LENGTH_MAX} bytes");
            return Err(OptionError::new("query", reason));
        }
        let mut options = Self::default();
        let mut expander = Expander::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            let name = name.trim();
            if name.starts_with('$') || is_format(name) {
                options.set(name, &value, kind, &mut expander)?;
            }
        }
        Ok(options)
    }

    /// Reads the options of an expanded link, which semicolons part: `$filter=…;$top=1`.
    pub(super) fn parse_nested(
        text: &str,
        kind: EntityKind,
        expander: &mut Expander,
    ) -> Result<Self, OptionError> {
        let mut options = Self::default();
        let parts = split(text, b';').map_err(|reason| OptionError::new("$expand", reason))?;
        for part in parts.into_iter().filter(|part| !part.trim().is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            options.set(name.trim(), value, kind, expander)?;
        }
        Ok(options)
    }

    fn set(
        &mut self,
        name: &str,
        value: &str,
        kind: EntityKind,
        expander: &mut Expander,
    ) -> Result<(), OptionError> {
        let value = value.trim();
        let fail = |reason: String| Err(OptionError::new(name, reason));
        match name {
            "$filter" => once(&mut self.filter, name, parse_condition(value, kind)),
            "$orderby" if self.order.is_empty() => {
                self.order = parse_keys(value, kind)?;
                Ok(())
            }
            "$select" => parse_select(value, kind, &mut self.select),
            "$expand" => expander.read(value, kind, &mut self.expand),
            "$top" => once(&mut self.top, name, number(value)),
            "$skip" => once(&mut self.skip, name, number(value)),
            "$count" => once(&mut self.count, name, truth(value)),
            "$orderby" => fail("it stands there twice".to_owned()),
            "$skiptoken" if !expander.is_nested() => {
                once(&mut self.skip_token, name, Ok::<_, String>(value.to_owned()))
            }
            _ if !expander.is_nested() && is_format(name) => {
                once(&mut self.format, name, format(value))
            }
            _ => fail(format!("it is not known; known are {KNOWN}")),
        }
    }
}

impl Expander {
    /// Whether the options that are read belong to an expanded link.
    fn is_nested(&self) -> bool {
        self.depth > 0
    }

    /// Counts one more link at this depth.
    pub(super) fn count(&mut self) -> Result<(), OptionError> {
        self.links += 1;
        let reason = if self.depth > EXPAND_DEPTH_MAX {
            format!("more than {EXPAND_DEPTH_MAX} links stand in one another")
        } else if self.links > EXPANDS_MAX {
            format!("more than {EXPANDS_MAX} links are expanded")
        } else {
            return Ok(());
        };
        Err(OptionError::new("$expand", reason))
    }
}

fn once<T>(
    place: &mut Option<T>,
    name: &str,
    value: Result<T, impl ToString>,
) -> Result<(), OptionError> {
    if place.is_some() {
        return Err(OptionError::new(name, "it stands there twice"));
    }
    *place = Some(value.map_err(|reason| OptionError::new(name, reason.to_string()))?);
    Ok(())
}

fn number(text: &str) -> Result<u64, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| text.parse().unwrap_or(u64::MAX));
    number.ok_or_else(|| format!("`{}` is no whole number from 0", shown(text)))
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("`{}` is neither true nor false", shown(text))),
    }
}

/// Clients write `$resultFormat` and `resultFormat`, in any case.
fn is_format(name: &str) -> bool {
    name.strip_prefix('$').unwrap_or(name).eq_ignore_ascii_case("resultFormat")
}

fn format(text: &str) -> Result<ResultFormat, String> {
    let formats = [ResultFormat::DataArray, ResultFormat::GeoJson, ResultFormat::Csv];
    let format = formats.into_iter().find(|format| format.name().eq_ignore_ascii_case(text));
    format.ok_or_else(|| format!("`{}` is none of dataArray, GeoJSON and CSV", shown(text)))
}

/// The text of a query string: a plus is a space, whether or not the client knew.
fn decoded(text: &str) -> Result<Cow<'_, str>, OptionError> {
    let spaced = text.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(decoded) => Ok(Cow::Owned(decoded.into_owned())),
        Err(_not_utf8) => Err(OptionError::new(shown(text), "it is not UTF-8")),
    }
}
