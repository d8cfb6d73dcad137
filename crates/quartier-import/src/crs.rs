use std::{collections::BTreeMap, sync::Mutex};

use gdal::spatial_ref::SpatialRef;
use quartier_model::Crs;

use crate::{Error, Result};

/// The CRS that a source's coordinates are in, as PROJ understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCrs {
    /// All that the file says: `EPSG:25832`, `EPSG:25832+7837`, `OGC:CRS84` or WKT.
    pub definition: String,
    /// The part for x and y: the same, but for a CRS with a height system of its own.
    pub horizontal: String,
}

/// The `AdV`'s names for the CRSs of the German surveys. The height part may follow after an asterisk.
const ADV_PLANE: &[(&str, u32)] = &[
    ("ETRS89_UTM31", 25831),
    ("ETRS89_UTM32", 25832),
    ("ETRS89_UTM33", 25833),
    ("ETRS89_Lat-Lon", 4258),
    ("DE_DHDN_3GK2", 31466),
    ("DE_DHDN_3GK3", 31467),
    ("DE_DHDN_3GK4", 31468),
    ("DE_DHDN_3GK5", 31469),
];
const ADV_HEIGHT: &[(&str, u32)] = &[
    ("DE_DHHN2016_NH", 7837),
    ("DE_DHHN92_NH", 5783),
    ("DE_DHHN85_NOH", 5784),
    ("DE_DHHN12_NOH", 7699),
];

impl SourceCrs {
    /// Reads a CRS in any spelling: EPSG code, URN, URI, `AdV` name, WKT, PROJ string.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Some(known) = remembered(text) {
            return Ok(known);
        }
        let crs = Self::looked_up(text)?;
        remember(text, &crs);
        Ok(crs)
    }

    fn looked_up(text: &str) -> Result<Self> {
        if matches!(text.parse(), Ok(Crs::Crs84)) {
            return Ok(Self::of("OGC:CRS84".to_owned()));
        }
        let definition = plain_definition(text).unwrap_or_else(|| text.to_owned());
        let reference = spatial_ref(&definition).ok_or_else(|| unknown(text, ""))?;
        if reference.is_local() || reference.is_geocentric() {
            return Err(unknown(text, "; it is not a CRS for maps"));
        }
        let horizontal = if reference.is_compound() {
            horizontal_part(&reference).ok_or_else(|| unknown(text, ""))?
        } else {
            definition.clone()
        };
        Ok(Self { definition, horizontal })
    }

    /// The CRS that GDAL found in a file.
    pub(crate) fn of_layer(reference: &SpatialRef) -> Option<Self> {
        let definition = named(reference).or_else(|| reference.to_wkt().ok())?;
        let horizontal = match definition.as_str() {
            // WGS 84 with and without ellipsoidal heights.
            "EPSG:4979" => Some("EPSG:4326".to_owned()),
            _ if reference.is_compound() => horizontal_part(reference),
            _ => None,
        };
        Some(Self { horizontal: horizontal.unwrap_or_else(|| definition.clone()), definition })
    }

    pub(crate) fn of(definition: String) -> Self {
        Self { horizontal: definition.clone(), definition }
    }
}

/// Looking a CRS up in PROJ's database takes milliseconds, and a city comes as thousands of tiles.
static KNOWN: Mutex<BTreeMap<String, SourceCrs>> = Mutex::new(BTreeMap::new());

/// No import has more.
const KNOWN_MAX: usize = 64;

fn remembered(text: &str) -> Option<SourceCrs> {
    KNOWN.lock().ok()?.get(text).cloned()
}

fn remember(text: &str, crs: &SourceCrs) {
    if let Ok(mut known) = KNOWN.lock()
        && known.len() < KNOWN_MAX
    {
        known.insert(text.to_owned(), crs.clone());
    }
}

fn unknown(text: &str, detail: &str) -> Error {
    Error::Crs { text: text.chars().take(200).collect(), detail: detail.to_owned() }
}

pub(crate) fn spatial_ref(definition: &str) -> Option<SpatialRef> {
    if definition == "OGC:CRS84" {
        return SpatialRef::from_epsg(4326).ok();
    }
    crate::ogr::quietly(|| SpatialRef::from_definition(definition)).ok()
}

/// `EPSG:n` or `EPSG:n+m` for the many ways in which GML and CityJSON write these.
fn plain_definition(text: &str) -> Option<String> {
    if let Ok(Crs::Epsg(code)) = text.parse() {
        return Some(format!("EPSG:{code}"));
    }
    let codes = if let Some(names) = text.strip_prefix("urn:adv:crs:") {
        adv_codes(names)?
    } else {
        epsg_codes(text)?
    };
    let codes: Vec<String> = codes.iter().map(u32::to_string).collect();
    Some(format!("EPSG:{}", codes.join("+")))
}

fn adv_codes(names: &str) -> Option<Vec<u32>> {
    let mut names = names.split('*');
    let plane = find(ADV_PLANE, names.next()?)?;
    let height = names.find_map(|name| find(ADV_HEIGHT, name));
    Some(std::iter::once(plane).chain(height).collect())
}

fn find(table: &[(&str, u32)], name: &str) -> Option<u32> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, code)| *code)
}

/// The codes in `urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837`, `urn:ogc:def:crs:EPSG:6.12:3068`,
/// `http://www.opengis.net/gml/srs/epsg.xml#25832` and `EPSG:25832+7837`.
fn epsg_codes(text: &str) -> Option<Vec<u32>> {
    let lower = text.to_lowercase();
    if let Some((_, code)) = lower.split_once("epsg.xml#") {
        return Some(vec![code.parse().ok()?]);
    }
    if !lower.contains("epsg") || lower.contains('[') {
        return None;
    }
    let parts: Vec<&str> = lower
        .split([',', '+'])
        .filter(|part| part.contains(|it: char| it.is_ascii_digit()))
        .collect();
    parts.iter().map(|part| part.rsplit([':', '/']).next()?.parse().ok()).collect()
}

/// The register's name of a CRS.
fn named(reference: &SpatialRef) -> Option<String> {
    let name = reference.authority().ok()?;
    (name.starts_with("EPSG:") || name == "OGC:CRS84").then_some(name)
}

fn horizontal_part(compound: &SpatialRef) -> Option<String> {
    let wkt = compound.to_wkt().ok()?;
    let from = wkt.find("PROJCS[").or_else(|| wkt.find("GEOGCS["))?;
    let part = balanced(wkt.get(from..)?)?;
    let reference = SpatialRef::from_wkt(part).ok()?;
    named(&reference).or_else(|| Some(part.to_owned()))
}

/// The text up to the bracket that closes its first one.
fn balanced(text: &str) -> Option<&str> {
    let mut depth = 0;
    let mut is_quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '[' if !is_quoted => depth += 1,
            ']' if !is_quoted && depth == 1 => return text.get(..=at),
            ']' if !is_quoted => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_german_city_models_are_known() {
        for (text, definition) in [
            ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016", "EPSG:25832+7837"),
            ("urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH", "EPSG:25833+7837"),
            ("urn:adv:crs:ETRS89_UTM32", "EPSG:25832"),
            ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837", "EPSG:25832+7837"),
            ("urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783", "EPSG:3068+5783"),
            ("urn:ogc:def:crs:EPSG:6.12:25833", "EPSG:25833"),
            ("http://www.opengis.net/gml/srs/epsg.xml#25832", "EPSG:25832"),
            ("EPSG:25832", "EPSG:25832"),
        ] {
            assert_eq!(SourceCrs::parse(text).unwrap().definition, definition, "{text}");
        }
    }

    #[test]
    fn a_compound_crs_has_a_horizontal_part() {
        let dutch = SourceCrs::parse("https://www.opengis.net/def/crs/EPSG/0/7415").unwrap();
        assert_eq!(dutch.definition, "EPSG:7415");
        assert_eq!(dutch.horizontal, "EPSG:28992");
    }

    #[test]
    fn an_unknown_epsg_code_is_refused_with_the_way_to_write_one() {
        let error = SourceCrs::parse("EPSG:999999").unwrap_err();
        assert!(error.to_string().contains("`EPSG:999999` is no CRS"), "{error}");
    }
}
