use std::cell::RefCell;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

use crate::{SourceCrs, crs};

/// What the beginning of a CityGML file says of the whole.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) version: String,
    pub(super) name: Option<String>,
    pub(super) srs_name: Option<String>,
    pub(super) dimension: Option<usize>,
    /// Where it is not UTF-8.
    pub(super) encoding: Option<String>,
    /// The first coordinate, as it is written.
    first: Option<(f64, f64)>,
}

impl Header {
    /// Reads it from the first bytes, which may end anywhere.
    pub(super) fn read(start: &str) -> Self {
        let versions = start.split("opengis.net/citygml/").skip(1);
        let is_number = |text: &&str| text.starts_with(|it: char| it.is_ascii_digit());
        let mut versions = versions.filter_map(|rest| rest.split(['"', '\'', '/']).next());
        let before_objects = start.split("ityObjectMember").next().unwrap_or_default();
        Self {
            version: versions.find(is_number).unwrap_or("1.0").to_owned(),
            name: between(before_objects, "name>", &['<'])
                .filter(|it| !it.is_empty())
                .map(str::to_owned),
            srs_name: attribute(start, "srsName").map(str::to_owned),
            dimension: attribute(before_objects, "srsDimension").and_then(|it| it.parse().ok()),
            encoding: encoding(start),
            first: ["lowerCorner", "posList", "pos"].iter().find_map(|name| numbers(start, name)),
        }
    }

    /// Whether the numbers are north before east.
    ///
    /// The register's axis order is the standard's answer, but many files with a CRS whose register entry is north
    /// first are written east first. So the first coordinate decides, where it lies in the CRS's area of use one way
    /// only; else geographic coordinates follow the register, and plane ones are taken as they are.
    pub(super) fn is_turned(&self, crs: &SourceCrs) -> bool {
        let Some(axes) = Register::axes(&crs.horizontal) else { return false };
        let fits = self
            .first
            .zip(axes.area)
            .map(|((x, y), area)| (area.contains(x, y), area.contains(y, x)));
        axes.is_north_first
            && match fits {
                Some((true, false)) => false,
                Some((false, true)) => true,
                _ => axes.is_geographic,
            }
    }
}

/// What the register says of a CRS's axes.
#[derive(Debug, Clone, Copy)]
struct Register {
    is_north_first: bool,
    is_geographic: bool,
    area: Option<Area>,
}

thread_local! {
    /// The last CRS that was asked for: the tiles of a city share one.
    static LAST: RefCell<Option<(String, Register)>> = const { RefCell::new(None) };
}

impl Register {
    fn axes(definition: &str) -> Option<Self> {
        let last = LAST.with_borrow(Clone::clone).filter(|(known, _)| known == definition);
        if let Some((_, axes)) = last {
            return Some(axes);
        }
        let reference = crs::spatial_ref(definition)?;
        let is_north_first = definition != "OGC:CRS84" && is_north_first(&reference);
        let axes = Self {
            is_north_first,
            is_geographic: reference.is_geographic(),
            area: is_north_first.then(|| area(reference)).flatten(),
        };
        LAST.set(Some((definition.to_owned(), axes)));
        Some(axes)
    }
}

fn is_north_first(reference: &SpatialRef) -> bool {
    let target = if reference.is_geographic() { "GEOGCS" } else { "PROJCS" };
    matches!(reference.axis_orientation(target, 0), Ok(gdal_sys::OGRAxisOrientation::OAO_North))
}

#[derive(Debug, Clone, Copy)]
struct Area {
    min: (f64, f64),
    max: (f64, f64),
}

impl Area {
    fn contains(&self, x: f64, y: f64) -> bool {
        self.min.0 <= x && x <= self.max.0 && self.min.1 <= y && y <= self.max.1
    }
}

/// Where the CRS is meant to be used, in its own coordinates, east first.
fn area(mut reference: SpatialRef) -> Option<Area> {
    let of_use = reference.area_of_use()?;
    let mut degrees = SpatialRef::from_epsg(4326).ok()?;
    degrees.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    reference.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let transform = CoordTransform::new(&degrees, &reference).ok()?;
    let bounds = [
        of_use.west_lon_degree,
        of_use.south_lat_degree,
        of_use.east_lon_degree,
        of_use.north_lat_degree,
    ];
    let [min_x, min_y, max_x, max_y] = transform.transform_bounds(&bounds, 21).ok()?;
    Some(Area { min: (min_x, min_y), max: (max_x, max_y) })
}

fn encoding(start: &str) -> Option<String> {
    let declaration = start.split("?>").next().filter(|text| text.contains("<?xml"))?;
    let label = attribute(declaration, "encoding")?;
    (!label.eq_ignore_ascii_case("utf-8") && !label.eq_ignore_ascii_case("utf8"))
        .then(|| label.to_owned())
}

fn between<'a>(text: &'a str, before: &str, after: &[char]) -> Option<&'a str> {
    text.split(before).nth(1)?.split(after).next().map(str::trim)
}

fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(name).skip(1).find_map(|rest| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        rest.get(1..)?.split(quote).next().filter(|it| !it.is_empty())
    })
}

fn numbers(text: &str, element: &str) -> Option<(f64, f64)> {
    let content = text.split(element).nth(1)?.split('>').nth(1)?;
    let mut numbers = content.split('<').next()?.split_ascii_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
