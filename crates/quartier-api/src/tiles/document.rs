use std::borrow::Cow;

use geo_types::Coord;
use quartier_crs::{Axes, Description, describe};
use quartier_model::{Crs, CrsError};
use quartier_tiles::{Level, LevelsError, PIXEL_M, TileMatrixSet};
use serde::{Deserialize, de::IgnoredAny};

/// Metres on the equator in a radian: the standard's way from degrees to a scale (OGC 17-083r4, 6.1.1.1).
const RADIAN_M: f64 = 6_378_137.0;

/// How far a scale may be from what the cell size says: registers take the Earth for different spheres.
const SCALE_TOLERANCE: f64 = 0.01;

/// The longest id: it stands in every tile's address.
const ID_CHARS_MAX: usize = 64;

/// Why a document is no tile matrix set that there can be tiles for.
#[derive(Debug, thiserror::Error)]
pub enum MatrixSetError {
    #[error("it is no OGC TileMatrixSet 2.0 in JSON")]
    Json(#[from] serde_json::Error),
    #[error(
        "the id `{0}` cannot stand in an address: use up to 64 letters, digits, `-`, `_` and `.`"
    )]
    Id(String),
    #[error("its `crs`")]
    Crs(#[from] CrsError),
    #[error("its `crs` cannot be used")]
    UnknownCrs(#[from] quartier_crs::Error),
    #[error("`orderedAxes` begins with `{found}`, but {crs} has {expected} first")]
    Axes { found: String, crs: Crs, expected: &'static str },
    #[error(
        "the tile matrix at place {place} has the id `{id}`: zooms are called `0`, `1`, `2` … in their order"
    )]
    Zoom { place: usize, id: String },
    #[error(
        "tile matrix {0} has rows of different widths (`variableMatrixWidths`); there are no tiles for such"
    )]
    VariableWidths(usize),
    #[error("tile matrix {zoom} says a scale of 1:{said}, but its cell size is that of 1:{meant}")]
    Scale { zoom: usize, said: f64, meant: f64 },
    #[error(transparent)]
    Levels(#[from] LevelsError),
}

/// [A tile matrix set in JSON](https://docs.ogc.org/is/17-083r4/17-083r4.html#toc49), numbers in the order of the
/// CRS's axes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    id: String,
    title: Option<String>,
    uri: Option<String>,
    crs: CrsName,
    ordered_axes: Option<Vec<String>>,
    well_known_scale_set: Option<String>,
    tile_matrices: Vec<Matrix>,
    #[serde(rename = "$schema")]
    _schema: Option<IgnoredAny>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "keywords")]
    _keywords: Option<IgnoredAny>,
    #[serde(rename = "boundingBox")]
    _bounding_box: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum CrsName {
    Text(String),
    Uri { uri: String },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Matrix {
    id: String,
    scale_denominator: f64,
    cell_size: f64,
    #[serde(default)]
    corner_of_origin: Corner,
    point_of_origin: [f64; 2],
    tile_width: u32,
    tile_height: u32,
    #[serde(rename = "matrixWidth")]
    columns: u32,
    #[serde(rename = "matrixHeight")]
    rows: u32,
    #[serde(default)]
    variable_matrix_widths: Vec<IgnoredAny>,
    #[serde(rename = "title")]
    _title: Option<IgnoredAny>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "keywords")]
    _keywords: Option<IgnoredAny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Corner {
    #[default]
    TopLeft,
    BottomLeft,
}

/// Reads a tile matrix set; refuses what there can be no tiles for.
pub(super) fn read_matrix_set(text: &str) -> Result<TileMatrixSet, MatrixSetError> {
    let document: Document = serde_json::from_str(text)?;
    if !is_id(&document.id) {
        return Err(MatrixSetError::Id(document.id.chars().take(ID_CHARS_MAX).collect()));
    }
    let (CrsName::Text(name) | CrsName::Uri { uri: name }) = &document.crs;
    let crs: Crs = name.parse()?;
    let description = describe(crs)?;
    let axes = document.ordered_axes.as_deref().unwrap_or_default();
    check_axes(axes, crs, &description)?;
    let matrices = document.tile_matrices.iter().enumerate();
    let levels = matrices.map(|(zoom, matrix)| matrix.level(zoom, &description));
    let levels = levels.collect::<Result<Vec<Level>, _>>()?;
    let set = TileMatrixSet {
        title: document.title.unwrap_or_else(|| document.id.clone()).into(),
        id: document.id.into(),
        uri: document.uri.map(Into::into),
        scale_set: document.well_known_scale_set.map(Into::into),
        crs,
        axes: names_of_axes(axes, &description),
        is_north_first: description.axes == Axes::NorthFirst,
        ..TileMatrixSet::web_mercator_quad()
    };
    Ok(set.with_levels(&levels)?)
}

fn names_of_axes(axes: &[String], it: &Description) -> [Cow<'static, str>; 2] {
    if let [first, second] = axes {
        return [first.clone().into(), second.clone().into()];
    }
    let [east, north] = if it.is_geographic { ["Lon", "Lat"] } else { ["E", "N"] };
    match it.axes {
        Axes::EastFirst => [east.into(), north.into()],
        Axes::NorthFirst => [north.into(), east.into()],
    }
}

fn is_id(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(is_plain) && !id.starts_with('.')
}

/// The register decides; names that say the opposite mean another grid than the one that would be read.
fn check_axes(axes: &[String], crs: Crs, it: &Description) -> Result<(), MatrixSetError> {
    let Some(found) = axes.first() else { return Ok(()) };
    let letter = found.chars().next().map(|letter| letter.to_ascii_lowercase());
    let (is_north, expected) = match (it.axes, it.is_geographic) {
        (Axes::NorthFirst, true) => (true, "the latitude"),
        (Axes::NorthFirst, false) => (true, "the northing"),
        (Axes::EastFirst, true) => (false, "the longitude"),
        (Axes::EastFirst, false) => (false, "the easting"),
    };
    let is_opposite = match (letter, it.is_geographic) {
        (Some('l'), true) => found.to_ascii_lowercase().starts_with("lat") != is_north,
        (Some('n'), false) => !is_north,
        (Some('e'), false) => is_north,
        _ => false,
    };
    if is_opposite {
        let found = found.chars().take(ID_CHARS_MAX).collect();
        return Err(MatrixSetError::Axes { found, crs, expected });
    }
    Ok(())
}

impl Matrix {
    fn level(&self, zoom: usize, it: &Description) -> Result<Level, MatrixSetError> {
        if self.id != zoom.to_string() {
            let id = self.id.chars().take(ID_CHARS_MAX).collect();
            return Err(MatrixSetError::Zoom { place: zoom, id });
        }
        if !self.variable_matrix_widths.is_empty() {
            return Err(MatrixSetError::VariableWidths(zoom));
        }
        let metres = if it.is_geographic { it.unit * RADIAN_M } else { it.unit };
        let (said, meant) = (self.scale_denominator, self.cell_size * metres / PIXEL_M);
        if (said / meant - 1.0).abs() > SCALE_TOLERANCE {
            return Err(MatrixSetError::Scale { zoom, said, meant });
        }
        Ok(Level {
            scale_denominator: said,
            cell_size: self.cell_size,
            top_left: self.top_left(it.axes),
            tile: (self.tile_width, self.tile_height),
            width: self.columns,
            height: self.rows,
        })
    }

    /// X before y.
    fn top_left(&self, axes: Axes) -> Coord<f64> {
        let [first, second] = self.point_of_origin;
        let (x, y) = if axes == Axes::NorthFirst { (second, first) } else { (first, second) };
        let height = f64::from(self.tile_height) * f64::from(self.rows) * self.cell_size;
        match self.corner_of_origin {
            Corner::TopLeft => Coord { x, y },
            Corner::BottomLeft => Coord { x, y: y + height },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Two levels over the Netherlands as their register has them, but in ETRS89 with latitude first.
    fn document() -> Value {
        let matrix = |id: &str, cell: f64, width: u32| {
            json!({
                "id": id, "scaleDenominator": cell * 111_319.490_793 / 0.000_28, "cellSize": cell,
                "pointOfOrigin": [54.0, 3.0], "tileWidth": 256, "tileHeight": 256,
                "matrixWidth": width, "matrixHeight": width,
            })
        };
        json!({
            "id": "Lowlands", "crs": "http://www.opengis.net/def/crs/EPSG/0/4258",
            "orderedAxes": ["Lat", "Lon"],
            "tileMatrices": [matrix("0", 0.02, 1), matrix("1", 0.01, 2)],
        })
    }

    fn refusal(change: impl Fn(&mut Value)) -> String {
        let mut document = document();
        change(&mut document);
        let error = read_matrix_set(&document.to_string()).unwrap_err();
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", cause.unwrap_or_default())
    }

    #[test]
    fn a_document_is_read_in_the_order_of_its_crss_axes() {
        let set = read_matrix_set(&document().to_string()).unwrap();
        assert_eq!(set.origin, Coord { x: 3.0, y: 54.0 });
        assert_eq!((&*set.id, &*set.title, set.zoom_max()), ("Lowlands", "Lowlands", 1));
        let corner = set.bbox(set.tile(1, 1, 1).unwrap());
        assert!((corner.min_x - 5.56).abs() < 1e-9 && (corner.max_y - 51.44).abs() < 1e-9);
    }

    #[test]
    fn a_grid_that_grows_from_below_is_turned() {
        let mut document = document();
        for matrix in document["tileMatrices"].as_array_mut().unwrap() {
            matrix["cornerOfOrigin"] = json!("bottomLeft");
            matrix["pointOfOrigin"] = json!([48.88, 3.0]);
        }
        let origin = read_matrix_set(&document.to_string()).unwrap().origin;
        assert!((origin.y - 54.0).abs() < 1e-9, "{origin:?}");
    }

    #[test]
    fn what_there_can_be_no_tiles_for_is_refused_with_what_is_wrong() {
        let second = |name: &'static str, value: Value| {
            refusal(move |it| it["tileMatrices"][1][name] = value.clone())
        };
        for (said, reason) in [
            (second("tileHeight", json!(512)), "level 1: its tiles are 256 by 512 pixels"),
            (second("id", json!("01")), "the tile matrix at place 1 has the id `01`"),
            (second("scaleDenominator", json!(1e6)), "tile matrix 1 says a scale of 1:1000000"),
            (second("variableMatrixWidths", json!([{}])), "tile matrix 1 has rows of different"),
            (second("pointOfOrigin", json!([53.0, 3.0])), "level 1: its top left corner"),
            (
                second("matrixWidth", json!(-1)),
                "it is no OGC TileMatrixSet 2.0 in JSON: invalid value",
            ),
            (refusal(|it| it["id"] = json!("a/b")), "the id `a/b` cannot stand in an address"),
            (refusal(|it| it["crs"] = json!("utm32")), "its `crs`: `utm32` is no CRS"),
            (refusal(|it| it["crs"] = json!("EPSG:1")), "its `crs` cannot be used"),
            (
                refusal(|it| it["orderedAxes"] = json!(["Lon", "Lat"])),
                "`orderedAxes` begins with `Lon`",
            ),
            (refusal(|it| it["tileMatrices"] = json!([])), "it has 0 levels"),
            (
                refusal(|it| it["supportedCRS"] = json!("")),
                "it is no OGC TileMatrixSet 2.0 in JSON: unknown field `supportedCRS`",
            ),
        ] {
            assert!(said.starts_with(reason), "{said}");
        }
    }
}
