use std::{borrow::Cow, cell::OnceCell, sync::Arc};

use geo_types::Coord;
use quartier_crs::Warp;
use quartier_index::ObjectRef;
use quartier_model::Bbox;
use quartier_tiles::{
    Block, Detail, Drawn, Frame, Layer, ReadyFrame, Tags, TileCoord, TileMatrixSet, Value,
};

use super::{
    ReadySet, TileLayer, blocks,
    budget::Thrift,
    columns::Columns,
    crowd::{self, Counts},
    detail,
    properties::{Measured, Wanted, properties},
    region::STRAY_MAX_M,
};
use crate::{CollectionSnapshot, Result, sensors::Reader};

/// Objects by which it is told how much all of them take.
const SAMPLE: usize = 256;

/// From so many times as many objects on that is worth the while.
const SAMPLED_FROM: usize = 8;

/// What a layer shows of a tile: found once, and drawn as often as it takes to keep the tile's limit.
pub(super) struct Scene<'a> {
    pub(super) layer: &'a TileLayer<'a>,
    web_zoom: u8,
    detail: Detail,
    own: Own<'a>,
    ready: Option<(Arc<ReadySet>, ReadyFrame)>,
    reader: Option<&'a Reader>,
    blocks: Vec<Block>,
    objects: Vec<Found<'a>>,
    /// Whether points in it may stand for others.
    pub(super) has_crowds: bool,
}

/// An object with its segment and its row.
pub(super) type Found<'a> = (usize, u32, ObjectRef<'a>);

impl<'a> Scene<'a> {
    /// `None` where the layer shows nothing at the tile's zoom, or has nothing near.
    pub(super) fn of(
        layer: &'a TileLayer<'a>,
        set: &'a TileMatrixSet,
        tile: TileCoord,
        reader: Option<&'a Reader>,
    ) -> Result<Option<Self>> {
        let (it, detail) = (layer.collection, detail(set, tile));
        let web_zoom = set.web_zoom(tile.z());
        if !it.tiles.shows(web_zoom) {
            return Ok(None);
        }
        let has_blocks = it.blocks.are_at(web_zoom);
        let reach = if has_blocks { blocks::REACH } else { detail.buffer };
        let Some(region) = it.region(set, tile, reach.max(crowd::CELL))? else { return Ok(None) };
        let (blocks, objects) = if has_blocks {
            layer.blocks(set, tile, &region)?
        } else {
            (Vec::new(), layer.objects(&region))
        };
        let ready = it.ready(set).map(|ready| {
            let frame = ready.grid.frame(tile, detail);
            (ready, frame)
        });
        let has_crowds = ready.is_some()
            && crowd::cell_side(web_zoom, 0).is_some()
            && objects.iter().any(crowd::is_point);
        let own = Own { set, frame: set.frame(tile), region, warp: OnceCell::new() };
        Ok(Some(Self { layer, web_zoom, detail, own, ready, reader, blocks, objects, has_crowds }))
    }

    pub(super) fn draw(&self, thrift: Thrift) -> Result<Layer> {
        let (objects, counts) = self.crowd(thrift.doublings);
        if thrift.is_ranked {
            self.draw_objects(&self.layer.ranked(&objects), &counts, thrift)
        } else {
            self.draw_objects(&objects, &counts, thrift)
        }
    }

    /// Whether it takes more than so many bytes if nothing is left out, as far as some of its objects tell.
    pub(super) fn is_hopeless(&self, bytes_max: usize) -> Result<bool> {
        let step = self.objects.len() / SAMPLE;
        if step < SAMPLED_FROM || self.has_crowds {
            return Ok(false);
        }
        let some: Vec<_> = self.objects.iter().step_by(step).copied().collect();
        let layer = self.draw_objects(&some, &Counts::default(), Thrift::none(usize::MAX))?;
        // The values count for nothing: other objects may have the same ones.
        Ok(layer.feature_bytes() * step > bytes_max)
    }

    fn crowd(&self, doublings: u8) -> (Cow<'_, [Found<'a>]>, Counts) {
        let side = crowd::cell_side(self.web_zoom, doublings).filter(|_| self.has_crowds);
        match side.zip(self.ready.as_ref()) {
            Some((side, (ready, frame))) => {
                let (objects, counts) = self.layer.thin(&self.objects, side, (ready, frame));
                (Cow::Owned(objects), counts)
            }
            None => (Cow::Borrowed(&self.objects), Counts::default()),
        }
    }

    fn draw_objects(
        &self,
        objects: &[Found<'_>],
        counts: &Counts,
        thrift: Thrift,
    ) -> Result<Layer> {
        let collection = self.layer.collection;
        let mut layer = Layer::within(self.layer.name(), self.detail, thrift.bytes_max);
        self.blocks.iter().for_each(|block| self.layer.push_block(&mut layer, block));
        let names = self.layer.names(self.web_zoom, thrift);
        let wanted = Wanted { names: names.as_deref(), selection: self.layer.selection };
        let columns = || collection.index.segments().map(|it| Columns::new(it, wanted)).collect();
        let (mut known, mut refused): (Vec<Columns<'_>>, _) = (columns(), layer.refused());
        for found in objects {
            if refused >= thrift.refusals_max() {
                break;
            }
            let count = counts.get(&found.2.fid().0).copied();
            self.draw_object(*found, count, (wanted, &mut known[found.0]), &mut layer)?;
            if layer.refused() > refused {
                // The layer has forgotten numbers that the columns know.
                (known, refused) = (columns(), layer.refused());
            }
        }
        Ok(layer)
    }

    fn draw_object(
        &self,
        (part, row, object): Found<'_>,
        count: Option<i64>,
        (wanted, columns): (Wanted<'_>, &mut Columns<'_>),
        layer: &mut Layer,
    ) -> Result<()> {
        let (it, id) = (self.layer.collection, object.fid().0);
        let measured = self.reader.map_or_else(Vec::new, |reader| {
            Measured::all(&reader.of(&it.collection.id, object.fid()))
        });
        let count = count.map(|count| ("count", Value::Integer(count)));
        let is_free = |name: &str| count.is_none() || name != "count";
        let own = || properties(object, &measured, wanted).filter(|it| is_free(it.0));
        let all = || own().chain(count);
        let put = |tags: &mut Tags<'_>| match (self.reader, count) {
            (None, None) => columns.put(row, tags),
            _ => tags.put_all(all()),
        };
        let drawn = self.ready.as_ref().map_or(Drawn::Not, |(ready, frame)| {
            layer.push_ready(id, ready.parts[part].shapes.at(row), frame, put)
        });
        if drawn == Drawn::Not
            && let Some(plane) = object.plane()
        {
            layer.push_mapped(id, &plane, self.own.to_tile(it)?, all());
        }
        Ok(())
    }
}

impl<'a> TileLayer<'a> {
    pub(super) fn name(&self) -> &str {
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

    /// The objects in a region that are chosen, in the order of their feature ids: a tile's bytes do not tell what has
    /// changed when. Each with its segment and its row.
    pub(super) fn objects(&self, region: &Bbox) -> Vec<Found<'a>> {
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
