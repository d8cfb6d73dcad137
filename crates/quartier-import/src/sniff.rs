use std::{fs::File, io::Read as _, path::Path};

use crate::{Error, Result};

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    CityJson,
    CityJsonSeq,
    CityGml,
    /// GDAL's business.
    Other,
}

/// Reaches past the namespaces, the envelope and the first objects of a city model.
const START_BYTES: u64 = 1 << 18;

/// Says what the file holds; refuses one that is missing or empty.
pub(crate) fn content(name: &str, path: &Path) -> Result<Content> {
    if path.is_dir() {
        return Ok(Content::Other);
    }
    let start = start(name, path)?;
    if start.is_empty() {
        return Err(Error::Empty(name.to_owned()));
    }
    let text = String::from_utf8_lossy(&start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    Ok(match text.chars().next() {
        Some('<') => xml(text),
        Some('{') => json(text),
        _ => Content::Other,
    })
}

/// The first bytes of a file.
pub(crate) fn start(name: &str, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::io(name))?;
    file.take(START_BYTES).read_to_end(&mut bytes).map_err(Error::io(name))?;
    Ok(bytes)
}

fn xml(text: &str) -> Content {
    let is_city = text.contains("http://www.opengis.net/citygml/")
        || text.contains("http://www.citygml.org/citygml/");
    let has_root = text.contains("CityModel");
    if is_city && has_root { Content::CityGml } else { Content::Other }
}

fn json(text: &str) -> Content {
    let dense: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let first_line = text.lines().next().unwrap_or_default();
    let is_city = dense.contains("\"type\":\"CityJSON\"") || dense.starts_with("{\"CityObjects\":");
    let is_feature = dense.starts_with("{\"type\":\"CityJSONFeature\"");
    if is_feature || (is_city && is_followed_by_feature(text, first_line)) {
        Content::CityJsonSeq
    } else if is_city {
        Content::CityJson
    } else {
        Content::Other
    }
}

fn is_followed_by_feature(text: &str, first_line: &str) -> bool {
    let next = text.get(first_line.len()..).unwrap_or_default().trim_start();
    first_line.trim_end().ends_with('}') && next.starts_with('{')
}
