use crate::error::{ApiError, Result, shown};

/// A representation that a resource can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    GeoJson,
    Html,
    OpenApi,
    Schema,
    TileJson,
    Mvt,
    Style,
    Arrow,
    EventStream,
}

impl Format {
    /// What `Content-Type` says.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            other => other.link_type(),
        }
    }

    /// What a link's `type` says.
    pub(crate) const fn link_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::Html => "text/html",
            Self::OpenApi => "application/vnd.oai.openapi+json;version=3.0",
            Self::Schema => "application/schema+json",
            Self::TileJson => "application/vnd.mapbox.tile+json",
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::Style => "application/vnd.mapbox.style+json",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::EventStream => "text/event-stream",
        }
    }

    /// The value of the parameter `f`.
    pub(crate) fn name(self) -> &'static str {
        self.names()[0]
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Json | Self::OpenApi | Self::Schema => &["json"],
            Self::GeoJson => &["json", "geojson"],
            Self::Html => &["html"],
            Self::TileJson => &["tilejson"],
            Self::Mvt => &["mvt", "pbf"],
            Self::Style => &["json", "mapbox"],
            Self::Arrow => &["arrow"],
            Self::EventStream => &["events"],
        }
    }

    /// Media types, without parameters, that ask for this format.
    fn accepted_as(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::GeoJson => {
                &["application/geo+json", "application/json", "application/vnd.geo+json"]
            }
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::OpenApi => &["application/vnd.oai.openapi+json", "application/json"],
            Self::Schema => &["application/schema+json", "application/json"],
            Self::TileJson => &["application/vnd.mapbox.tile+json"],
            Self::Mvt => &[
                "application/vnd.mapbox-vector-tile",
                "application/x-protobuf",
                "application/octet-stream",
            ],
            Self::Style => &["application/vnd.mapbox.style+json", "application/json"],
            Self::Arrow => &["application/vnd.apache.arrow.stream"],
            Self::EventStream => &["text/event-stream"],
        }
    }

    /// The format that the parameter `f` names.
    pub(crate) fn by_name(name: &str, offered: &[Self]) -> Result<Self> {
        let named = offered.iter().find(|format| format.names().contains(&name));
        named.copied().ok_or_else(|| {
            let names: Vec<_> = offered.iter().flat_map(|format| format.names()).copied().collect();
            let reason =
                format!("`{}` is not offered here; it can be {}", shown(name), names.join(", "));
            ApiError::parameter("f", reason)
        })
    }

    /// The format that an `Accept` header likes best; the first that is offered where it likes several the same.
    pub(crate) fn accepted(accept: &str, offered: &[Self]) -> Result<Self> {
        let mut best: Option<(f32, Self)> = None;
        for format in offered {
            let quality = quality(accept, *format);
            if quality > best.map_or(0.0, |(quality, _)| quality) {
                best = Some((quality, *format));
            }
        }
        best.map(|(_, format)| format).ok_or_else(|| {
            let types: Vec<_> = offered.iter().map(|format| format.link_type()).collect();
            ApiError::NotAcceptable(types.join(", "))
        })
    }
}

/// The most specific range of the header that names the format decides (RFC 9110, 12.5.1).
fn quality(accept: &str, format: Format) -> f32 {
    let ranges = accept.split(',').filter_map(|range| {
        let (range, quality) = media_range(range);
        specificity(&range, format).map(|specificity| (specificity, quality))
    });
    let best = ranges.max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    best.map_or(0.0, |(_, quality)| quality)
}

fn specificity(range: &str, format: Format) -> Option<u8> {
    let names = format.accepted_as();
    match range.strip_suffix("/*") {
        None if names.contains(&range) => Some(2),
        Some("*") => Some(0),
        Some(kind) if names.iter().any(|name| name.split('/').next() == Some(kind)) => Some(1),
        _ => None,
    }
}

fn media_range(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality =
        parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality = quality.map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
    (name, if quality.is_finite() { quality.clamp(0.0, 1.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: &[Format] = &[Format::GeoJson, Format::Html];

    #[test]
    fn the_header_of_a_browser_gets_a_page() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        assert_eq!(Format::accepted(browser, ITEMS).unwrap(), Format::Html);
    }

    #[test]
    fn whoever_takes_anything_gets_json() {
        for accept in ["*/*", "application/*", "application/json", "text/html;q=0.5, */*;q=0.6"] {
            assert_eq!(Format::accepted(accept, ITEMS).unwrap(), Format::GeoJson, "{accept}");
        }
    }

    #[test]
    fn a_format_with_the_quality_zero_is_not_sent() {
        assert!(Format::accepted("application/geo+json;q=0, application/json;q=0", ITEMS).is_err());
        let page = Format::accepted("application/*;q=0, text/html;q=0.1", ITEMS);
        assert_eq!(page.unwrap(), Format::Html);
    }

    #[test]
    fn a_format_that_is_not_offered_is_refused_with_those_that_are() {
        let error = Format::by_name("kml", ITEMS).unwrap_err().to_string();
        assert!(error.contains("it can be json, geojson, html"), "{error}");
        assert!(Format::accepted("application/pdf", ITEMS).is_err());
    }
}
