use std::{iter, mem};

use geo_types::{Coord, Geometry};

use crate::{
    Block, Detail, Drawn, EXTENT, ReadyFrame, ReadyShape, Value,
    commands::Kind,
    dictionary::{Keys, Mark, Values},
    pen::{Drawing, Pen},
    wire::{bytes_field, bytes_field_len, bytes_head, number_field, varint, varint_len},
};

const VERSION: u64 = 2;

/// The fields of a tile, a layer and a feature.
const TILE_LAYER: u32 = 3;
const LAYER_NAME: u32 = 1;
const LAYER_FEATURE: u32 = 2;
const LAYER_EXTENT: u32 = 5;
const LAYER_VERSION: u32 = 15;
const FEATURE_ID: u32 = 1;
const FEATURE_TAGS: u32 = 2;
const FEATURE_KIND: u32 = 3;
const FEATURE_GEOMETRY: u32 = 4;

/// Bytes of a layer beside its name, its features and its dictionaries, at most.
const HEAD_BYTES_MAX: usize = 32;

/// The features of one collection in one tile.
#[derive(Debug)]
pub struct Layer {
    name: Box<str>,
    pen: Pen,
    keys: Keys,
    values: Values,
    tags: Vec<u8>,
    features: Vec<u8>,
    len: usize,
    bytes_max: usize,
    refused: usize,
    /// Where the dictionaries stood before the object that is being added, while nothing needs what came after.
    mark: Option<(Mark, Mark)>,
}

impl Layer {
    pub fn new(name: &str, detail: Detail) -> Self {
        Self {
            name: name.into(),
            pen: Pen::new(detail),
            keys: Keys::default(),
            values: Values::default(),
            tags: Vec::new(),
            features: Vec::new(),
            len: 0,
            bytes_max: usize::MAX,
            refused: 0,
            mark: None,
        }
    }

    /// The same, of so many bytes at most in a tile: features that do not fit are refused, and leave no trace.
    pub fn within(name: &str, detail: Detail, bytes_max: usize) -> Self {
        Self { bytes_max, ..Self::new(name, detail) }
    }

    /// Adds a feature whose geometry is in tile units, right and down from the tile's top left corner; what lies
    /// outside the tile and its buffer is cut away, and a feature of which nothing is left is no feature.
    ///
    /// The members of a geometry collection become features of their own with the same id and properties: a tile
    /// has no collections. Properties are named in the same order each time, if that can be had: it is faster.
    pub fn push<'p>(
        &mut self,
        id: u64,
        geometry: &Geometry<f64>,
        properties: impl IntoIterator<Item = (&'p str, Value<'p>)>,
    ) {
        self.push_mapped(id, geometry, |coord| coord, properties);
    }

    /// As [`Layer::push`], for a geometry that `to_tile` brings into tile units, without a copy of it.
    pub fn push_mapped<'p>(
        &mut self,
        id: u64,
        geometry: &Geometry<f64>,
        to_tile: impl Fn(Coord<f64>) -> Coord<f64>,
        properties: impl IntoIterator<Item = (&'p str, Value<'p>)>,
    ) {
        let mut properties = Some(properties);
        for geometry in members(geometry) {
            let Some(kind) = self.pen.draw(geometry, &to_tile) else { continue };
            if let Some(properties) = properties.take() {
                self.tag(properties);
            }
            if !self.write_feature(Some(id), kind) {
                break;
            }
        }
    }

    /// Adds a feature whose geometry was kept ready, seen from a tile by the frame. Where it is not kept so, nothing
    /// is added: it goes by [`Layer::push_mapped`].
    pub fn push_ready(
        &mut self,
        id: u64,
        shape: ReadyShape<'_>,
        frame: &ReadyFrame,
        properties: impl FnOnce(&mut Tags<'_>),
    ) -> Drawn {
        match self.pen.draw_ready(shape, frame) {
            Drawing::Unready => return Drawn::Not,
            Drawing::Nothing => {}
            Drawing::Seen(kind) => {
                properties(&mut self.open_tags());
                self.write_feature(Some(id), kind);
            }
        }
        Drawn::Done
    }

    /// Adds a block. It is no object and has no id.
    pub fn push_block<'p>(
        &mut self,
        block: &Block,
        properties: impl IntoIterator<Item = (&'p str, Value<'p>)>,
    ) {
        self.pen.rings(&block.rings);
        self.tag(properties);
        self.write_feature(None, Kind::Polygon);
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many objects were refused, whole or in part.
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// How many bytes the features take, without their values and the names of these.
    pub fn feature_bytes(&self) -> usize {
        self.features.len()
    }

    /// How many bytes it takes in a tile, at most.
    pub fn bytes(&self) -> usize {
        let dictionaries = self.keys.bytes().len() + self.values.bytes().len();
        HEAD_BYTES_MAX + self.name.len() + self.features.len() + dictionaries
    }

    fn tag<'p>(&mut self, properties: impl IntoIterator<Item = (&'p str, Value<'p>)>) {
        self.open_tags().put_all(properties);
    }

    fn open_tags(&mut self) -> Tags<'_> {
        self.tags.clear();
        self.mark = Some((self.keys.mark(), self.values.mark()));
        Tags { bytes: &mut self.tags, keys: &mut self.keys, values: &mut self.values }
    }

    /// False where the feature is refused.
    fn write_feature(&mut self, id: Option<u64>, kind: Kind) -> bool {
        let (tags, geometry) = (&self.tags, self.pen.commands());
        let id_len = id.map_or(0, |id| 1 + varint_len(id));
        let len = id_len + bytes_field_len(tags.len()) + 2 + bytes_field_len(geometry.len());
        let start = self.features.len();
        let out = &mut self.features;
        bytes_head(out, LAYER_FEATURE, len);
        if let Some(id) = id {
            number_field(out, FEATURE_ID, id);
        }
        bytes_field(out, FEATURE_TAGS, tags);
        number_field(out, FEATURE_KIND, kind as u64);
        bytes_field(out, FEATURE_GEOMETRY, geometry);
        self.len += 1;
        if self.bytes() > self.bytes_max {
            self.refuse(start);
            return false;
        }
        self.mark = None;
        true
    }

    fn refuse(&mut self, start: usize) {
        self.features.truncate(start);
        self.len -= 1;
        self.refused += 1;
        if let Some((keys, values)) = self.mark {
            self.keys.forget(keys);
            self.values.forget(values);
        }
    }

    fn frame(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.name.len() + 16);
        number_field(&mut out, LAYER_VERSION, VERSION);
        bytes_field(&mut out, LAYER_NAME, self.name.as_bytes());
        number_field(&mut out, LAYER_EXTENT, u64::from(EXTENT));
        out
    }
}

/// The properties of one feature, as they are written.
#[derive(Debug)]
pub struct Tags<'a> {
    bytes: &'a mut Vec<u8>,
    keys: &'a mut Keys,
    values: &'a mut Values,
}

/// The number of a property's name in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCode(u32);

/// The number of a value in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueCode(u32);

impl Tags<'_> {
    /// Nothing where the value is null.
    pub fn put(&mut self, name: &str, value: Value<'_>) {
        if let Some(value) = self.value(value) {
            let key = self.key(name);
            self.put_codes(key, value);
        }
    }

    pub fn put_all<'p>(&mut self, properties: impl IntoIterator<Item = (&'p str, Value<'p>)>) {
        for (name, value) in properties {
            self.put(name, value);
        }
    }

    /// The same as [`Tags::put`] for who knows the numbers.
    #[inline]
    pub fn put_codes(&mut self, key: KeyCode, value: ValueCode) {
        varint(self.bytes, u64::from(key.0));
        varint(self.bytes, u64::from(value.0));
    }

    pub fn key(&mut self, name: &str) -> KeyCode {
        KeyCode(self.keys.code(name))
    }

    /// `None` of null.
    pub fn value(&mut self, value: Value<'_>) -> Option<ValueCode> {
        self.values.code(value).map(ValueCode)
    }

    /// The number of a text that is hardly in the layer yet: one that is gets another.
    pub fn single_text(&mut self, text: &str) -> ValueCode {
        ValueCode(self.values.single_text(text))
    }
}

/// The geometry itself, or of a collection its members, however deep: without recursion, which could run out of stack.
fn members(geometry: &Geometry<f64>) -> impl Iterator<Item = &Geometry<f64>> {
    let mut next = Some(geometry);
    let mut pending = Vec::new();
    iter::from_fn(move || {
        while let Some(Geometry::GeometryCollection(members)) = next {
            pending.extend(members.0.iter().rev());
            next = pending.pop();
        }
        mem::replace(&mut next, pending.pop())
    })
}

/// The tile: Mapbox Vector Tile 2.1. Layers without features are left out; a tile without layers has no bytes.
pub fn encode(layers: &[Layer]) -> Vec<u8> {
    let shown: Vec<_> = layers
        .iter()
        .filter(|layer| !layer.is_empty())
        .map(|layer| {
            let frame = layer.frame();
            let parts =
                [layer.features.len(), layer.keys.bytes().len(), layer.values.bytes().len()];
            let len = frame.len() + parts.iter().sum::<usize>();
            (layer, frame, len)
        })
        .collect();
    let mut out = Vec::with_capacity(shown.iter().map(|(.., len)| bytes_field_len(*len)).sum());
    for (layer, frame, len) in shown {
        bytes_head(&mut out, TILE_LAYER, len);
        out.extend_from_slice(&frame);
        out.extend_from_slice(&layer.features);
        out.extend_from_slice(layer.keys.bytes());
        out.extend_from_slice(layer.values.bytes());
    }
    out
}
