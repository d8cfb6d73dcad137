//! Everything that GDAL reads.

mod binding;
mod columns;
mod ids;
mod journal;
mod layers;
mod moment;
mod table;
mod wkb;

use gdal::{
    Dataset, DatasetOptions, GdalOpenFlags,
    vector::{Feature, LayerAccess as _, OwnedLayer},
};
use quartier_model::{PropertyKind, Structure};

use self::{columns::Column, ids::IdFrom, table::Table};
use crate::{
    Error, Expected, Input, Progress, ReadOptions, Result, Source, SourceCrs,
    geometry::Shape,
    intake::{Draft, Intake},
    source::Reading,
};

pub(crate) use journal::quietly;

/// Date-times with and without a zone are told apart by so many of a column's first values.
const SAMPLE_FEATURES: usize = 200;

/// An open layer, and how its features become objects.
#[derive(Debug)]
pub(crate) struct Layer {
    open: OwnedLayer,
    input: Input,
    columns: Vec<Column>,
    id_from: IdFrom,
    geometry: GeometryFrom,
    /// How many features there must be, where the format's header says so for certain.
    promised: Option<u64>,
    /// Whether the last feature can be reached, so that the file cannot break off before it.
    pub(crate) is_whole: bool,
}

#[derive(Debug)]
enum GeometryFrom {
    Gdal,
    /// A CSV file's columns.
    Table(Table),
}

pub(crate) fn open(input: &Input, options: &ReadOptions) -> Result<Source> {
    journal::keep();
    binding::want_straight_lines();
    let dataset = open_dataset(input)?;
    let driver = dataset.driver();
    let mut layer = layers::choose(input, dataset, options.layer.as_deref())?;
    let name = layer.name();
    let (mut columns, refused) = columns::columns(layer.defn());
    let mut warnings: Vec<String> = refused
        .iter()
        .map(|name| format!("the column `{name}` holds bytes: it is left out"))
        .collect();
    let is_table = driver.short_name() == "CSV";
    let table = is_table.then(|| Table::read(input, &mut layer, &mut columns)).transpose()?;
    let crs = match options.crs.as_deref() {
        Some(text) => SourceCrs::parse(text)?,
        None => layer_crs(&layer, &driver.short_name(), table.as_ref())
            .ok_or_else(|| Error::NoCrs { name: input.name.clone() })?,
    };
    find_zones(&mut layer, &mut columns);
    let id_from =
        ids::choose(input, &driver.short_name(), &name, options.id_field.as_deref(), &mut columns)?;
    warnings.extend(journal::warnings());
    let count = layer.try_feature_count();
    let is_sure = matches!(driver.short_name().as_str(), "FlatGeobuf" | "ESRI Shapefile" | "GPKG");
    let is_whole = is_whole(&layer, &driver.short_name(), count);
    let failures = journal::failures();
    warnings.extend(failures);
    Ok(Source {
        name,
        format: driver.long_name(),
        crs,
        schema: columns::schema(&columns),
        expected: count.map(Expected::Features),
        warnings,
        input: input.clone(),
        progress: Progress::default(),
        reading: Reading::Layer(Box::new(Layer {
            open: layer,
            input: input.clone(),
            columns,
            id_from,
            geometry: table.map_or(GeometryFrom::Gdal, GeometryFrom::Table),
            promised: count.filter(|_| is_sure),
            is_whole,
        })),
    })
}

fn is_whole(layer: &OwnedLayer, driver: &str, count: Option<u64>) -> bool {
    let reaches_last =
        |count: u64| count.checked_sub(1).is_none_or(|last| layer.feature(last).is_some());
    match driver {
        "PostgreSQL" => true,
        "FlatGeobuf" | "ESRI Shapefile" => count.is_some_and(reaches_last),
        _ => false,
    }
}

fn open_dataset(input: &Input) -> Result<Dataset> {
    journal::failures();
    journal::warnings();
    let path = input.dataset();
    let is_gml = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("gml"));
    // GDAL would write its guess of the schema beside the user's file.
    let open_options: &[&str] = if is_gml { &["WRITE_GFS=NO"] } else { &[] };
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        open_options: Some(open_options),
        ..DatasetOptions::default()
    };
    Dataset::open_ex(&path, options).map_err(|error| {
        let failures = journal::failures();
        // GDAL's own error is often empty, and its last message less telling than its first.
        let first = failures.into_iter().next().unwrap_or_else(|| error.to_string());
        let detail = format!(", or is damaged: {first}");
        Error::Format { name: input.name.clone(), detail }
    })
}

fn layer_crs(layer: &OwnedLayer, driver: &str, table: Option<&Table>) -> Option<SourceCrs> {
    if let Some(table) = table {
        return table.is_geographic().then(|| SourceCrs::of("OGC:CRS84".to_owned()));
    }
    let crs = SourceCrs::of_layer(&layer.spatial_ref()?)?;
    // RFC 7946 means longitude, latitude; GDAL says it with the nearest EPSG code.
    let is_wgs84 = matches!(crs.definition.as_str(), "EPSG:4326" | "EPSG:4979");
    let is_default = driver.starts_with("GeoJSON") && is_wgs84;
    Some(if is_default { SourceCrs::of("OGC:CRS84".to_owned()) } else { crs })
}

/// Declares date-time columns text where a value has no zone.
fn find_zones(layer: &mut OwnedLayer, columns: &mut [Column]) {
    if !columns.iter().any(|column| column.kind == PropertyKind::DateTime) {
        return;
    }
    for feature in layer.features().take(SAMPLE_FEATURES) {
        for column in columns.iter_mut().filter(|column| column.kind == PropertyKind::DateTime) {
            let text = feature.field_as_string(column.at).ok().flatten();
            let text = text.filter(|_| binding::has_value(&feature, column.at));
            if text.is_some_and(|text| !moment::has_zone(&text)) {
                column.has_no_zone();
            }
        }
    }
}

pub(crate) fn read(layer: Layer, progress: &Progress, intake: &mut Intake<'_>) -> Result<()> {
    let Layer { open: mut layer, input, columns, id_from, geometry, promised, .. } = layer;
    journal::failures();
    let mut position = 0;
    for feature in layer.features() {
        position += 1;
        progress.set(position);
        let id = id_from.id(&feature, position);
        let draft = id.clone().and_then(|id| draft(id, &feature, &columns, &geometry));
        // What GDAL complained about while it read this feature is missing from it.
        let draft = journal::failures().into_iter().next().map_or(draft, Err);
        let flow = match draft {
            Ok(draft) => intake.put(draft),
            Err(reason) => intake.reject(id.ok(), reason),
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    let failures = journal::failures();
    let shortfall = promised.filter(|promised| position < *promised);
    let reason = failures
        .into_iter()
        .next()
        .or_else(|| Some(format!("its header promises {} features: it is not whole", shortfall?)));
    match reason {
        None => Ok(()),
        Some(reason) => {
            Err(Error::Broken { name: input.name, place: format!("feature {position}"), reason })
        }
    }
}

fn draft(
    id: String,
    feature: &Feature<'_>,
    columns: &[Column],
    geometry: &GeometryFrom,
) -> Result<Draft, String> {
    let (shape, properties) = match geometry {
        GeometryFrom::Gdal => (shape(feature)?, columns::properties(columns, feature)?),
        GeometryFrom::Table(table) => (table.shape(feature)?, table::properties(columns, feature)),
    };
    Ok(Draft {
        id,
        source_id: None,
        shape,
        properties,
        structure: Structure::default(),
        notes: Vec::new(),
    })
}

fn shape(feature: &Feature<'_>) -> Result<Option<Shape>, String> {
    // `geometry()` wraps a null pointer as if it were a geometry; this does not.
    match feature.geometry_by_index(0) {
        Ok(geometry) => shape_of(geometry),
        Err(_) => Ok(None),
    }
}

/// An empty geometry is none.
fn shape_of(geometry: &gdal::vector::Geometry) -> Result<Option<Shape>, String> {
    if geometry.is_empty() {
        return Ok(None);
    }
    let bytes = geometry.iso_wkb().map_err(|error| format!("the geometry: {error}"))?;
    wkb::read(&bytes).map(Some)
}
