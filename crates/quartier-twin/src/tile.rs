use geo_types::Coord;
use quartier_crs::{Transform, Warp};
use quartier_index::{ObjectRef, ValueRef};
use quartier_model::{Bbox, Crs};
use quartier_tiles::{Detail, Frame, Layer, TileCoord, TileMatrixSet, Value};

use crate::{
    CollectionSnapshot, Result, Snapshot,
    sensors::{ObjectReading, Reader},
};

/// From this zoom on, tiles of Web Mercator show every vertex: a unit of theirs is 9 cm in Central Europe, and maps
/// enlarge them for deeper zooms.
pub const FULL_DETAIL_ZOOM: u8 = 16;

/// Every vertex, and a margin of 12 m: a street as wide as that, drawn to scale by a map that enlarges the tile, is
/// not cut at its edge.
const ENLARGED: Detail = Detail { buffer: 128, ..Detail::FULL };

/// How far a vertex may lie from where PROJ puts it, in metres: a hundredth of a unit at [`FULL_DETAIL_ZOOM`].
const STRAY_MAX_M: f64 = 0.001;

impl Snapshot {
    /// The bytes of a vector tile with a layer for each collection; none where nothing is to be seen.
    pub fn tile(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        collections: &[&CollectionSnapshot],
    ) -> Result<Vec<u8>> {
        self.draw(set, tile, collections, None)
    }

    /// The same, with what is measured at the objects among their properties.
    pub fn tile_with_readings(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        collections: &[&CollectionSnapshot],
        reader: &Reader,
    ) -> Result<Vec<u8>> {
        self.draw(set, tile, collections, Some(reader))
    }

    /// Numbers, one for each collection, of which some change when what is measured at the tile's objects does.
    pub fn tile_stamps(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        collections: &[&CollectionSnapshot],
        reader: &Reader,
    ) -> Result<Vec<u64>> {
        let stamps = collections.iter().map(|it| it.stamp(self.working_crs(), set, tile, reader));
        stamps.collect()
    }

    fn draw(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        collections: &[&CollectionSnapshot],
        reader: Option<&Reader>,
    ) -> Result<Vec<u8>> {
        let layers = collections
            .iter()
            .map(|collection| collection.layer(self.working_crs(), set, tile, reader))
            .collect::<Result<Vec<Layer>>>()?;
        Ok(quartier_tiles::encode(&layers))
    }
}

impl CollectionSnapshot {
    fn stamp(
        &self,
        crs: Crs,
        set: &TileMatrixSet,
        tile: TileCoord,
        reader: &Reader,
    ) -> Result<u64> {
        let region = self.region(crs, set, tile, detail(tile).buffer)?;
        let mut fids = Vec::new();
        if let Some(region) = region {
            self.index.visit_box(&region, |object| fids.push(object.fid()));
        }
        Ok(reader.stamp(&self.collection.id, fids))
    }

    fn layer(
        &self,
        crs: Crs,
        set: &TileMatrixSet,
        tile: TileCoord,
        reader: Option<&Reader>,
    ) -> Result<Layer> {
        let detail = detail(tile);
        let mut layer = Layer::new(self.collection.id.as_str(), detail);
        let Some(region) = self.region(crs, set, tile, detail.buffer)? else { return Ok(layer) };
        let fitted;
        let whole = self.mercator_for(set.crs).and_then(|known| known.warp.as_ref());
        let warp = if let Some(whole) = whole {
            whole
        } else {
            fitted = Warp::fit(crs, set.crs, region, STRAY_MAX_M)?;
            &fitted
        };
        let frame = set.frame(tile);
        let measured = |object: ObjectRef<'_>| {
            reader.map_or_else(Vec::new, |reader| reader.of(&self.collection.id, object.fid()))
        };
        self.index.visit_box(&region, |object| {
            draw(&mut layer, object, &measured(object), warp, frame);
        });
        Ok(layer)
    }

    /// The part of the tile where the collection has objects, in the working CRS.
    fn region(
        &self,
        crs: Crs,
        set: &TileMatrixSet,
        tile: TileCoord,
        buffer: u16,
    ) -> Result<Option<Bbox>> {
        let Some(extent) = self.index.extent() else { return Ok(None) };
        // From the extent to the tile and not the other way: a tile of a low zoom reaches beyond what the working
        // CRS can express.
        let reach = match self.mercator_for(set.crs) {
            Some(known) => known.reach,
            None => Transform::between(crs, set.crs)?.bbox(&extent)?,
        };
        let Some(shown) = set.bbox_with_buffer(tile, buffer).intersection(&reach) else {
            return Ok(None);
        };
        Ok(Some(Transform::between(set.crs, crs)?.bbox(&shown)?))
    }

    fn mercator_for(&self, crs: Crs) -> Option<&Mercator> {
        self.mercator.as_ref().filter(|_| crs == Crs::WEB_MERCATOR)
    }
}

/// What every tile of Web Mercator needs of a collection, made once for them all.
#[derive(Debug)]
pub(crate) struct Mercator {
    /// The box around the collection's objects in EPSG:3857.
    reach: Bbox,
    /// The way of the whole collection, where one is near enough to PROJ: else each tile has its own.
    warp: Option<Warp>,
}

impl Mercator {
    /// `None` where the extent cannot be brought into Web Mercator.
    pub(crate) fn of(crs: Crs, extent: Bbox) -> Option<Self> {
        let reach = Transform::between(crs, Crs::WEB_MERCATOR).ok()?.bbox(&extent).ok()?;
        let whole = Warp::fit(crs, Crs::WEB_MERCATOR, extent, STRAY_MAX_M).ok()?;
        Some(Self { reach, warp: (!whole.is_exact()).then_some(whole) })
    }
}

fn detail(tile: TileCoord) -> Detail {
    if tile.z() >= FULL_DETAIL_ZOOM { ENLARGED } else { Detail::default() }
}

fn draw(
    layer: &mut Layer,
    object: ObjectRef<'_>,
    readings: &[ObjectReading],
    warp: &Warp,
    frame: Frame,
) {
    let Some(plane) = object.plane() else { return };
    let to_tile = |coord: Coord<f64>| frame.apply(warp.apply(coord));
    let id = std::iter::once(("id", Value::Text(object.id())));
    let measured: Vec<_> =
        readings.iter().flat_map(ObjectReading::properties).map(Measured::from).collect();
    // The object's own id goes by that name; a property of the same name would stand twice.
    let is_free = |name: &str| name != "id" && measured.iter().all(|it| it.name != name);
    let properties = object.properties().filter(|(name, _)| is_free(name));
    let properties = properties.map(|(name, value)| (name, tile_value(value)));
    let measured = measured.iter().map(|it| (it.name.as_str(), it.value()));
    layer.push_mapped(object.fid().0, &plane, to_tile, id.chain(properties).chain(measured));
}

/// A reading's property, with what a tile cannot hold as text.
struct Measured {
    name: String,
    value: serde_json::Value,
    text: String,
}

impl From<(String, serde_json::Value)> for Measured {
    fn from((name, value): (String, serde_json::Value)) -> Self {
        let text =
            if value.is_object() || value.is_array() { value.to_string() } else { String::new() };
        Self { name, value, text }
    }
}

impl Measured {
    fn value(&self) -> Value<'_> {
        use serde_json::Value as Json;
        match &self.value {
            Json::Null => Value::Null,
            Json::Bool(boolean) => Value::Boolean(*boolean),
            Json::String(text) => Value::Text(text),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Value::Integer(integer),
                None => number.as_f64().map_or(Value::Null, Value::Number),
            },
            Json::Array(_) | Json::Object(_) => Value::Text(&self.text),
        }
    }
}

fn tile_value(value: ValueRef<'_>) -> Value<'_> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Boolean(boolean) => Value::Boolean(boolean),
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Number(number) => Value::Number(number),
        ValueRef::Text(text) | ValueRef::Json(text) => Value::Text(text),
    }
}
