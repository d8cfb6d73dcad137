use std::fmt::{Display, Formatter, Result};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{Direction, Expand, Options, Order, ResultFormat, Selected};

/// What RFC 3986 lets no query string have, and what would part or change its parameters.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Options {
    /// A query string that reads as the same options, percent-encoded, without a question mark. The order of the
    /// parameters is always the same; `$top`, `$skip` and `$skiptoken` stand last.
    pub fn query(&self) -> String {
        let parts: Vec<String> = self
            .parts()
            .into_iter()
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(&value, RESERVED)))
            .collect();
        parts.join("&")
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = Vec::new();
        let mut part = |name, value: Option<String>| {
            parts.extend(value.map(|value| (name, value)));
        };
        part("$filter", self.filter.as_ref().map(ToString::to_string));
        part("$expand", joined(&self.expand));
        part("$select", joined(&self.select));
        part("$orderby", joined(&self.order));
        part("$count", self.count.as_ref().map(ToString::to_string));
        part("$resultFormat", self.format.map(|format| format.name().to_owned()));
        part("$top", self.top.as_ref().map(ToString::to_string));
        part("$skip", self.skip.as_ref().map(ToString::to_string));
        part("$skiptoken", self.skip_token.clone());
        parts
    }
}

fn joined(items: &[impl Display]) -> Option<String> {
    let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

impl Display for Expand {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}", self.link)?;
        let parts = self.options.parts();
        if parts.is_empty() {
            return Ok(());
        }
        let parts: Vec<String> =
            parts.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        write!(formatter, "({})", parts.join(";"))
    }
}

impl Display for Selected {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Link(link) => write!(formatter, "{link}"),
            Self::Property { property, keys } => {
                write!(formatter, "{property}")?;
                keys.iter().try_for_each(|key| write!(formatter, "{key}"))
            }
        }
    }
}

impl Display for Order {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self.direction {
            Direction::Ascending => write!(formatter, "{}", self.by),
            Direction::Descending => write!(formatter, "{} desc", self.by),
        }
    }
}

impl ResultFormat {
    pub const fn name(self) -> &'static str {
        match self {
            Self::DataArray => "dataArray",
            Self::GeoJson => "GeoJSON",
            Self::Csv => "CSV",
        }
    }
}
