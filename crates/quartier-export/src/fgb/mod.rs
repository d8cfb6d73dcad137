mod columns;
mod shape;

use std::path::Path;

use ::flatgeobuf::{FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use quartier_model::{CityObject, Collection, Crs, Geometry, GeometryKind};

use crate::{
    Summary,
    error::{Error, Result},
    target::Target,
};
use columns::Columns;
use shape::Shape;

/// How many objects show what the file is made of: their kinds of geometry, and whether they have heights.
const OBJECTS_LOOKED_AT: usize = 1_000;

/// Writes a collection as FlatGeobuf: id and properties as typed columns, heights, the CRS by its code, and a spatial
/// index. 3D geometry has no place in the format.
///
/// The index wants all boxes at once: 150 bytes of memory for each object. Objects are kept on disk until then, in the
/// system's folder for temporary files.
pub fn flatgeobuf(
    path: &Path,
    collection: &Collection,
    objects: impl IntoIterator<Item = CityObject>,
) -> Result<Summary> {
    let mut target = Target::new(path)?;
    let mut objects = objects.into_iter();
    let first: Vec<CityObject> = objects.by_ref().take(OBJECTS_LOOKED_AT).collect();
    let layout = Layout::of(&first);
    let mut writer = layout.writer(collection)?;
    let columns = Columns::declare(&collection.schema, &mut writer);
    let mut summary = Summary::default();
    for object in first.into_iter().chain(objects) {
        let Some(geometry) = &object.feature.geometry else {
            summary.left_out += 1;
            continue;
        };
        layout.check(&object, geometry)?;
        let values = columns.values(&object.feature)?;
        let shape = Shape { geometry, has_heights: layout.has_heights };
        writer
            .add_feature_geom(shape, |feature| values.write(feature))
            .map_err(|error| spool(error.into()))?;
        summary.objects += 1;
    }
    writer.write(&mut target).map_err(|error| match error {
        ::flatgeobuf::Error::IO(source) => target.failed(source),
        other => spool(other.into()),
    })?;
    summary.bytes = target.finish()?;
    Ok(summary)
}

fn spool(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Spool { folder: std::env::temp_dir(), source }
}

/// What the file says of all its geometries.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// `None` where the file takes any.
    kind: Option<GeometryKind>,
    has_heights: bool,
    is_empty: bool,
}

impl Layout {
    fn of(objects: &[CityObject]) -> Self {
        let mut geometries = objects.iter().filter_map(|object| object.feature.geometry.as_ref());
        let has_heights = geometries.clone().any(|geometry| geometry.heights().is_some());
        let first = geometries.next().map(Geometry::kind);
        let kind = geometries.fold(first, |kind, geometry| common(kind?, geometry.kind()));
        Self { kind, has_heights, is_empty: first.is_none() }
    }

    fn writer(self, collection: &Collection) -> Result<FgbWriter<'static>> {
        let options = FgbWriterOptions {
            // GDAL does not open an index of nothing.
            write_index: !self.is_empty,
            detect_type: false,
            promote_to_multi: matches!(
                self.kind,
                Some(GeometryKind::MultiPolygon | GeometryKind::MultiLineString)
            ),
            has_z: self.has_heights,
            crs: crs(collection.storage_crs),
            title: Some(&collection.title),
            description: collection.description.as_deref(),
            ..FgbWriterOptions::default()
        };
        let kind = self.kind.map_or(GeometryType::Unknown, geometry_type);
        FgbWriter::create_with_options(collection.id.as_str(), kind, options)
            .map_err(|error| spool(error.into()))
    }

    fn check(self, object: &CityObject, geometry: &Geometry) -> Result<()> {
        let Some(begun) = self.kind else { return Ok(()) };
        let found = geometry.kind();
        if common(begun, found) == Some(begun) {
            return Ok(());
        }
        Err(Error::mixed(&object.feature.id, found, begun))
    }
}

/// The kind that takes both: FlatGeobuf makes one polygon or line a file of several by itself.
fn common(one: GeometryKind, other: GeometryKind) -> Option<GeometryKind> {
    use GeometryKind::{LineString, MultiLineString, MultiPolygon, Polygon};
    match (one, other) {
        (one, other) if one == other => Some(one),
        (Polygon, MultiPolygon) | (MultiPolygon, Polygon) => Some(MultiPolygon),
        (LineString, MultiLineString) | (MultiLineString, LineString) => Some(MultiLineString),
        _ => None,
    }
}

fn geometry_type(kind: GeometryKind) -> GeometryType {
    match kind {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::MultiPoint => GeometryType::MultiPoint,
        GeometryKind::LineString => GeometryType::LineString,
        GeometryKind::MultiLineString => GeometryType::MultiLineString,
        GeometryKind::Polygon => GeometryType::Polygon,
        GeometryKind::MultiPolygon => GeometryType::MultiPolygon,
        GeometryKind::GeometryCollection => GeometryType::GeometryCollection,
    }
}

fn crs(crs: Crs) -> FgbCrs<'static> {
    match crs {
        Crs::Epsg(code) => {
            FgbCrs { org: Some("EPSG"), code: code.cast_signed(), ..FgbCrs::default() }
        }
        Crs::Crs84 => FgbCrs { org: Some("OGC"), code_string: Some("CRS84"), ..FgbCrs::default() },
    }
}
