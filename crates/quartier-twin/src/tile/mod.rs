//! The city's vector tiles.

mod blocks;
mod budget;
mod columns;
mod crowd;
mod occupied;
mod properties;
mod reach;
mod ready;
mod region;
mod rule;
mod selection;
mod ways;

pub(crate) use blocks::{Blocks, KeptBlocks};
pub use budget::TILE_BYTES_MAX;
pub(crate) use ready::{ReadySet, ReadySets};
pub(crate) use region::expressed;
pub use rule::{PropertiesFrom, TileRule};
pub use selection::{TileLayer, TileSelection};

use std::{borrow::Cow, cell::OnceCell};

use geo_types::Coord;
use quartier_crs::Warp;
use quartier_index::ObjectRef;
use quartier_model::Bbox;
use quartier_tiles::{
    Detail, Drawn, Frame, Layer, ReadyFrame, Tags, TileCoord, TileMatrixSet, Value,
};

use self::{
    budget::{Drawing, Thrift},
    columns::Columns,
    crowd::Counts,
    properties::{Measured, Wanted, properties},
    region::STRAY_MAX_M,
};
use crate::{CollectionSnapshot, Result, Snapshot, sensors::Reader};

/// From this zoom on, tiles of Web Mercator show every vertex: a unit of theirs is 9 cm in Central Europe, and maps
/// enlarge them for deeper zooms.
pub const FULL_DETAIL_ZOOM: u8 = 16;

/// Every vertex, and a margin of 12 m: a street as wide as that, drawn to scale by a map that enlarges the tile, is
/// not cut at its edge.
const ENLARGED: Detail = Detail { buffer: 128, ..Detail::FULL };

/// Objects in a layer, and layers, that are drawn at once where the request is taken: a few dozen microseconds each.
const QUICK_MAX: usize = 256;
const QUICK_LAYERS_MAX: usize = 4;

impl Snapshot {
    /// The bytes of a vector tile with these layers, [`TILE_BYTES_MAX`] at most; none where nothing is to be seen. With
    /// a reader, what is measured at the objects stands among their properties.
    pub fn tile(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
        reader: Option<&Reader>,
    ) -> Result<Vec<u8>> {
        self.tile_within(TILE_BYTES_MAX, (set, tile), layers, reader)
    }

    /// The same, of so many bytes at most.
    pub fn tile_within(
        &self,
        bytes_max: usize,
        (set, tile): (&TileMatrixSet, TileCoord),
        layers: &[TileLayer<'_>],
        reader: Option<&Reader>,
    ) -> Result<Vec<u8>> {
        let draw = |layer: &TileLayer<'_>, thrift| layer.draw(set, tile, reader, thrift);
        Ok(quartier_tiles::encode(&budget::draw(layers, bytes_max, draw)?))
    }

    /// Whether the tile is drawn in less time than it takes to hand it to another thread.
    pub fn is_tile_quick(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
    ) -> bool {
        let has_few = |layer: &TileLayer<'_>| {
            let ready = layer.collection.ready.made(set);
            let region = ready.map(|ready| ready.region(tile, detail(set, tile).buffer));
            region.is_some_and(|region| {
                region.is_none_or(|region| layer.collection.index.has_few_in(&region, QUICK_MAX))
            })
        };
        layers.len() <= QUICK_LAYERS_MAX
            && layers.iter().all(|layer| layer.selection == TileSelection::ALL && has_few(layer))
    }

    /// Numbers, one for each layer, of which some change when what is measured at the tile's objects does.
    pub fn tile_stamps(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        layers: &[TileLayer<'_>],
        reader: &Reader,
    ) -> Result<Vec<u64>> {
        layers.iter().map(|layer| layer.collection.stamp(set, tile, reader)).collect()
    }
}

impl CollectionSnapshot {
    fn stamp(&self, set: &TileMatrixSet, tile: TileCoord, reader: &Reader) -> Result<u64> {
        let region = self.region(set, tile, detail(set, tile).buffer)?;
        let mut fids = Vec::new();
        if let Some(region) = region {
            self.index.visit_box(&region, |object| fids.push(object.fid()));
        }
        Ok(reader.stamp(&self.collection.id, fids))
    }
}

impl<'a> TileLayer<'a> {
    fn draw(
        &self,
        set: &TileMatrixSet,
        tile: TileCoord,
        reader: Option<&Reader>,
        thrift: Thrift,
    ) -> Result<Drawing> {
        let (it, detail) = (self.collection, detail(set, tile));
        let mut layer = Layer::within(self.name(), detail, thrift.bytes_max);
        let web_zoom = set.web_zoom(tile.z());
        if !it.tiles.shows(web_zoom) {
            return Ok(Drawing { layer, has_crowds: false });
        }
        let has_blocks = it.blocks.are_at(web_zoom);
        let reach = if has_blocks { blocks::REACH } else { detail.buffer };
        let Some(region) = it.region(set, tile, reach.max(crowd::CELL))? else {
            return Ok(Drawing { layer, has_crowds: false });
        };
        let (ready, names) = (it.ready(set), self.names(web_zoom, thrift));
        let mut sight = Sight {
            own: Own { set, frame: set.frame(tile), region, warp: OnceCell::new() },
            ready: ready.as_ref().map(|ready| (&**ready, ready.grid.frame(tile, detail))),
            wanted: Wanted { names: names.as_deref(), selection: self.selection },
            reader,
            counts: Counts::default(),
        };
        let mut objects = if has_blocks {
            self.draw_blocks(set, tile, &region, &mut layer)?
        } else {
            self.objects(&region)
        };
        if let Some(side) = crowd::cell_side(web_zoom, thrift.doublings) {
            sight.counts = self.thin(&mut objects, side, &sight);
        }
        if thrift.is_ranked {
            self.rank(&mut objects);
        }
        self.draw_objects(objects, &sight, thrift, &mut layer)?;
        Ok(Drawing { layer, has_crowds: !sight.counts.is_empty() })
    }

    fn draw_objects(
        &self,
        objects: Vec<Found<'_>>,
        sight: &Sight<'_>,
        thrift: Thrift,
        layer: &mut Layer,
    ) -> Result<()> {
        let segments = || self.collection.index.segments();
        let columns = || segments().map(|it| Columns::new(it, sight.wanted)).collect();
        let (mut known, mut refused): (Vec<Columns<'_>>, _) = (columns(), layer.refused());
        for found in objects {
            if refused >= thrift.refusals_max() {
                break;
            }
            self.draw_object(found, sight, &mut known[found.0], layer)?;
            if layer.refused() > refused {
                // The layer has forgotten numbers that the columns know.
                (known, refused) = (columns(), layer.refused());
            }
        }
        Ok(())
    }

    fn name(&self) -> &str {
        self.collection.collection.id.as_str()
    }

    /// The properties that a zoom has by the rule; `None` for all.
    fn names(&self, web_zoom: u8, thrift: Thrift) -> Option<Cow<'_, [String]>> {
        let rule = &self.collection.tiles;
        let names = rule.properties_at(web_zoom);
        if !thrift.is_plain {
            return names.map(Cow::Borrowed);
        }
        let plain = rule.rank.iter().chain(&rule.look);
        let plain = plain.filter(|name| names.is_none_or(|names| names.contains(name)));
        Some(plain.cloned().collect())
    }

    fn draw_object(
        &self,
        (part, row, object): Found<'_>,
        sight: &Sight<'_>,
        columns: &mut Columns<'_>,
        layer: &mut Layer,
    ) -> Result<()> {
        let (it, id) = (self.collection, object.fid().0);
        let measured = sight.reader.map_or_else(Vec::new, |reader| {
            Measured::all(&reader.of(&it.collection.id, object.fid()))
        });
        let count = sight.counts.get(&id).map(|count| ("count", Value::Integer(*count)));
        let is_free = |name: &str| count.is_none() || name != "count";
        let own = || properties(object, &measured, sight.wanted).filter(|it| is_free(it.0));
        let all = || own().chain(count);
        let put = |tags: &mut Tags<'_>| match (sight.reader, count) {
            (None, None) => columns.put(row, tags),
            _ => tags.put_all(all()),
        };
        let drawn = sight.ready.as_ref().map_or(Drawn::Not, |(ready, frame)| {
            layer.push_ready(id, ready.parts[part].shapes.at(row), frame, put)
        });
        if drawn == Drawn::Not
            && let Some(plane) = object.plane()
        {
            layer.push_mapped(id, &plane, sight.own.to_tile(it)?, all());
        }
        Ok(())
    }

    /// The objects in a region that are chosen, in the order of their feature ids: a tile's bytes do not tell what has
    /// changed when. Each with its segment and its row.
    fn objects(&self, region: &Bbox) -> Vec<Found<'a>> {
        let index = &self.collection.index;
        let mut found = Vec::new();
        for (part, segment) in index.segments().enumerate() {
            let rows = segment.rows_matching(region, &self.selection.filter, index.metric());
            found.extend(rows.into_iter().map(|row| (part, row, segment.object(row))));
        }
        if index.segments().len() > 1 {
            found.sort_by_key(|(.., object)| object.fid());
        }
        found
    }
}

/// How a tile sees a collection.
struct Sight<'a> {
    own: Own<'a>,
    ready: Option<(&'a ReadySet, ReadyFrame)>,
    wanted: Wanted<'a>,
    reader: Option<&'a Reader>,
    counts: Counts,
}

/// An object with its segment and its row.
type Found<'a> = (usize, u32, ObjectRef<'a>);

/// From an object's own coordinates into the tile, for what is not kept ready.
struct Own<'a> {
    set: &'a TileMatrixSet,
    frame: Frame,
    region: Bbox,
    warp: OnceCell<Warp>,
}

impl Own<'_> {
    fn to_tile(&self, it: &CollectionSnapshot) -> Result<impl Fn(Coord<f64>) -> Coord<f64>> {
        if self.warp.get().is_none() {
            let crs = it.collection.storage_crs;
            // Another thread's value would be as good, but there is none.
            let _ = self.warp.set(Warp::fit(crs, self.set.crs, self.region, STRAY_MAX_M)?);
        }
        let warp = self.warp.get();
        Ok(move |coord| warp.map_or(coord, |warp| self.frame.apply(warp.apply(coord))))
    }
}

fn detail(set: &TileMatrixSet, tile: TileCoord) -> Detail {
    if set.web_zoom(tile.z()) >= FULL_DETAIL_ZOOM { ENLARGED } else { Detail::default() }
}
