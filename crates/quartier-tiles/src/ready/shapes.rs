use quartier_slab::{Misfit, Sectioned, Sections, Slab};

/// Rows whose ends count from one base, so that they take four bytes each.
pub(super) const ROWS_PER_BASE: usize = 1 << 16;

/// The ready geometries of a table's rows.
#[derive(Debug, Clone)]
pub struct Shapes {
    pub(super) bytes: Slab<u8>,
    /// Where each row's bytes end, from its base on.
    pub(super) ends: Slab<u32>,
    pub(super) bases: Slab<u64>,
}

/// One row's ready geometry.
#[derive(Debug, Clone, Copy)]
pub struct ReadyShape<'a>(pub(crate) &'a [u8]);

impl Shapes {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn at(&self, row: u32) -> ReadyShape<'_> {
        let row = row as usize;
        let base = self.bases[row / ROWS_PER_BASE];
        let is_first = row.is_multiple_of(ROWS_PER_BASE);
        let start = if is_first { 0 } else { self.ends[row - 1] };
        let place = |end: u32| (base + u64::from(end)) as usize;
        ReadyShape(self.bytes.get(place(start)..place(self.ends[row])).unwrap_or_default())
    }

    pub fn memory_bytes(&self) -> usize {
        self.bytes.len() + size_of_val(&*self.ends) + size_of_val(&*self.bases)
    }
}

impl Sectioned for Shapes {
    fn put_into(&self, sections: &mut Sections) {
        sections.put("shape bytes", &self.bytes);
        sections.put("shape ends", &self.ends);
        sections.put("shape bases", &self.bases);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let shapes = Self {
            bytes: sections.take("shape bytes")?,
            ends: sections.take("shape ends")?,
            bases: sections.take("shape bases")?,
        };
        if shapes.bases.len() != shapes.ends.len().div_ceil(ROWS_PER_BASE) {
            return Err(Misfit::content("shape bases", &"their number does not fit the rows"));
        }
        Ok(shapes)
    }
}
