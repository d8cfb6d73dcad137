use geo_types::Coord;
use quartier_crs::{Transform, Warp};
use quartier_index::{ObjectRef, ValueRef};
use quartier_model::{Bbox, Crs};
use quartier_tiles::{Detail, Frame, Layer, TileCoord, TileMatrixSet, Value};

use crate::{CollectionSnapshot, Result, Snapshot};

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
        let layers = collections
            .iter()
            .map(|collection| collection.layer(self.working_crs(), set, tile))
            .collect::<Result<Vec<Layer>>>()?;
        Ok(quartier_tiles::encode(&layers))
    }
}

impl CollectionSnapshot {
    fn layer(&self, crs: Crs, set: &TileMatrixSet, tile: TileCoord) -> Result<Layer> {
        let detail = if tile.z() >= FULL_DETAIL_ZOOM { ENLARGED } else { Detail::default() };
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
        self.index.visit_box(&region, |object| draw(&mut layer, object, warp, frame));
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

fn draw(layer: &mut Layer, object: ObjectRef<'_>, warp: &Warp, frame: Frame) {
    let Some(plane) = object.plane() else { return };
    let to_tile = |coord: Coord<f64>| frame.apply(warp.apply(coord));
    let id = std::iter::once(("id", Value::Text(object.id())));
    // The object's own id goes by that name; a property of the same name would stand twice.
    let properties = object.properties().filter(|(name, _)| *name != "id");
    let properties = properties.map(|(name, value)| (name, tile_value(value)));
    layer.push_mapped(object.fid().0, &plane, to_tile, id.chain(properties));
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
