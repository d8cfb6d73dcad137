use std::sync::OnceLock;

use quartier_model::{Bbox, FeatureId, GeometryKind, TimeRange};
use quartier_slab::{Misfit, Sectioned, Sections};

use crate::{
    column::Column,
    geometry::{Geometries, Head},
    id_slots::IdSlots,
    packed::Packed,
    space::{Sums, Tree},
    strings::Strings,
    validity::Validity,
};

/// Objects in columns, in the order of their feature ids. Never changed once it is made.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) first_fid: u64,
    /// From the first one on.
    pub(crate) fids: Packed,
    pub(crate) versions: Packed,
    pub(crate) ids: Texts,
    /// Empty where an object has none.
    pub(crate) source_ids: Option<Texts>,
    pub(crate) geometries: Geometries,
    pub(crate) columns: Box<[Column]>,
    pub(crate) validity: Option<Validity>,
    pub(crate) tree: Tree,
    pub(crate) sums: OnceLock<Sums>,
}

/// Texts that rows are found by.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) texts: Strings,
    slots: IdSlots,
}

impl Texts {
    pub(crate) fn new(texts: Strings) -> Self {
        Self { slots: IdSlots::new(&texts), texts }
    }

    pub(crate) fn rows<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u32> + 'a {
        self.slots.rows(&self.texts, text)
    }

    fn memory_bytes(&self) -> usize {
        self.texts.memory_bytes() + self.slots.memory_bytes()
    }
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.fids.len()
    }

    pub(crate) fn fid(&self, row: u32) -> FeatureId {
        FeatureId(self.first_fid + self.fids.at(row as usize))
    }

    pub(crate) fn row(&self, fid: FeatureId) -> Option<u32> {
        let row = self.first_row_from(fid.0);
        (row < self.len() && self.fid(row as u32) == fid).then_some(row as u32)
    }

    /// The first row whose feature id is not below the given one.
    pub(crate) fn first_row_from(&self, fid: u64) -> usize {
        let Some(offset) = fid.checked_sub(self.first_fid) else { return 0 };
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.fids.at(middle) < offset { low = middle + 1 } else { high = middle }
        }
        low
    }

    pub(crate) fn head(&self, row: u32) -> Option<Head> {
        self.geometries.at(row as usize).first().map(|byte| Head::of(*byte))
    }

    pub(crate) fn kind(&self, row: u32) -> Option<GeometryKind> {
        self.head(row).map(|head| head.kind)
    }

    pub(crate) fn valid(&self, row: u32) -> TimeRange {
        self.validity.as_ref().map_or(TimeRange::ALWAYS, |validity| validity.at(row as usize))
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| &*column.name == name)
    }

    /// Whether everything that there is one of for each object is there as often.
    fn is_even(&self) -> bool {
        let lengths = [
            self.versions.len(),
            self.ids.texts.len(),
            self.geometries.len(),
            self.source_ids.as_ref().map_or(self.len(), |ids| ids.texts.len()),
            self.validity.as_ref().map_or(self.len(), Validity::len),
        ];
        let columns = self.columns.iter().map(Column::len);
        lengths.into_iter().chain(columns).all(|length| length == self.len())
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.fids.memory_bytes()
            + self.versions.memory_bytes()
            + self.ids.memory_bytes()
            + self.source_ids.as_ref().map_or(0, Texts::memory_bytes)
            + self.geometries.memory_bytes()
            + self.columns.iter().map(Column::memory_bytes).sum::<usize>()
            + self.validity.as_ref().map_or(0, Validity::memory_bytes)
            + self.tree.memory_bytes()
            + self.sums.get().map_or(0, Sums::memory_bytes)
    }
}

impl Sectioned for Table {
    fn put_into(&self, sections: &mut Sections) {
        let extras = [u64::from(self.source_ids.is_some()), u64::from(self.validity.is_some())];
        sections
            .put_few("table", &[self.first_fid, extras[0], extras[1], self.columns.len() as u64]);
        self.fids.put_into(sections);
        self.versions.put_into(sections);
        self.ids.put_into(sections);
        self.source_ids.iter().for_each(|ids| ids.put_into(sections));
        self.geometries.put_into(sections);
        self.columns.iter().for_each(|column| column.put_into(sections));
        self.validity.iter().for_each(|validity| validity.put_into(sections));
        self.tree.put_into(sections);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let [first_fid, has_sources, has_validity, columns] = sections.take_few("table")?;
        let table = Self {
            first_fid,
            fids: Packed::take_from(sections)?,
            versions: Packed::take_from(sections)?,
            ids: Texts::take_from(sections)?,
            source_ids: (has_sources == 1).then(|| Texts::take_from(sections)).transpose()?,
            geometries: Geometries::take_from(sections)?,
            columns: (0..columns).map(|_| Column::take_from(sections)).collect::<Result<_, _>>()?,
            validity: (has_validity == 1).then(|| Validity::take_from(sections)).transpose()?,
            tree: Tree::take_from(sections)?,
            sums: OnceLock::new(),
        };
        if table.is_even() {
            return Ok(table);
        }
        Err(Misfit::content("table", &"its columns are of different lengths"))
    }
}

impl Sectioned for Texts {
    fn put_into(&self, sections: &mut Sections) {
        self.texts.put_into(sections);
        self.slots.put_into(sections);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let texts = Strings::take_from(sections)?;
        Ok(Self { texts, slots: IdSlots::take_from(sections)? })
    }
}

/// The box of a geometry's bytes, with its heights.
pub(crate) fn bbox(bytes: &[u8]) -> Option<Bbox> {
    let mut shape = crate::geometry::Shape::default();
    shape.read(bytes).then(|| shape.bbox()).flatten()
}
