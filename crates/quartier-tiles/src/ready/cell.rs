use geo_types::Coord;

use super::{
    ReadyFrame, ReadyShape,
    wire::{Bytes, Head, PathHead, ShapeKind},
};

impl ReadyFrame {
    /// The cell of the tile's zoom that a single point lies in; `None` of other shapes. Cells are 2^`side` tile units
    /// wide and count from the grid's origin, so that those of one zoom lie whole in those of the zoom above.
    pub fn cell(&self, shape: ReadyShape<'_>, side: u8) -> Option<Coord<i64>> {
        let mut bytes = Bytes(shape.0);
        if Head::of(bytes.byte()).kind != ShapeKind::Points {
            return None;
        }
        let head = PathHead::of(bytes.byte());
        let is_single = head.is_last && !head.has_levels && bytes.varint() == 1;
        let shift = (self.shift + i32::from(side)).max(0);
        let mut cell = || i64::from(bytes.difference()) >> shift;
        is_single.then(|| Coord { x: cell(), y: cell() })
    }
}
