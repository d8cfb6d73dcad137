use std::cell::RefCell;

use quartier_model::{Bbox, FeatureId};

use crate::{CollectionIndex, geometry::Shape, segment::Segment, space::Sums, table::Table};

impl CollectionIndex {
    /// A number that tells which objects have a box that touches the window, and in which versions: the same whatever
    /// order they came in, and another as soon as one of them is.
    ///
    /// Takes time by the length of the window's edge, not by what is in it.
    pub fn digest(&self, window: &Bbox) -> u128 {
        self.segments.iter().map(|it| it.digest(window)).fold(0, u128::wrapping_add)
    }

    /// Makes what digests are told from, which takes whoever asks for the first one some 30 nanoseconds for each object.
    pub fn prepare_digests(&self) {
        for segment in &*self.segments {
            segment.table.sums();
        }
    }
}

impl Segment {
    fn digest(&self, window: &Bbox) -> u128 {
        let table = &*self.table;
        let shape = RefCell::<Shape>::default();
        let exactly = |row: u32| {
            let mut shape = shape.borrow_mut();
            let bbox = shape.read(table.geometries.at(row as usize)).then(|| shape.bbox());
            let touches = bbox.flatten().is_some_and(|bbox| bbox.intersects(window));
            if touches { table.number(row) } else { 0 }
        };
        let flat = table.tree.frame().flat(window);
        let all = table.sums().within(
            &table.tree,
            |it| it.verdict_in(&flat),
            |row| table.number(row),
            exactly,
        );
        self.hidden_rows().map(exactly).fold(all, u128::wrapping_sub)
    }
}

impl Table {
    /// Made when they are first asked for.
    fn sums(&self) -> &Sums {
        self.sums.get_or_init(|| Sums::new(&self.tree, |row| self.number(row)))
    }

    fn number(&self, row: u32) -> u128 {
        number(self.fid(row), self.versions.at(row as usize))
    }
}

/// A number for a version of an object of which sums tell the parts apart.
fn number(FeatureId(fid): FeatureId, version: u64) -> u128 {
    let half = |seed: u64| u128::from(mixed(mixed(fid ^ seed).wrapping_add(version)));
    half(0x9e37_79b9_7f4a_7c15) << 64 | half(0xc2b2_ae3d_27d4_eb4f)
}

/// The last step of `SplitMix64`, by Steele, Lea and Flood (2014).
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
