//! Geometry in few bytes, exactly.
//!
//! A geometry is a head byte, counts, and coordinates. Where every coordinate is a decimal number of few places, as
//! measured ones are, it is kept as the difference of integers from the coordinate before it; else as it is. Each
//! coordinate is checked to come back as the same bits.

mod layout;
mod plane;
mod read;
mod shape;
mod write;

pub(crate) use layout::{Head, kind_at};
pub(crate) use plane::{geometry, plane_mapped};
pub(crate) use shape::{Path, PathKind, Shape, segments};

use quartier_model::Geometry;
use quartier_slab::{Misfit, Sectioned, Sections, Slab};

use crate::packed::Packed;

/// The geometries of all objects.
#[derive(Debug)]
pub(crate) struct Geometries {
    bytes: Slab<u8>,
    ends: Packed,
}

#[derive(Debug, Default)]
pub(crate) struct GeometriesDraft {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Geometries {
    /// The geometry's bytes; none where the object has no geometry.
    pub(crate) fn at(&self, row: usize) -> &[u8] {
        &self.bytes[self.ends.piece(row)]
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.bytes.memory_bytes() + self.ends.memory_bytes()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Sectioned for Geometries {
    fn put_into(&self, sections: &mut Sections) {
        sections.put("geometries", &self.bytes);
        self.ends.put_into(sections);
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        Ok(Self { bytes: sections.take("geometries")?, ends: Packed::take_from(sections)? })
    }
}

impl GeometriesDraft {
    pub(crate) fn push(&mut self, geometry: Option<&Geometry>) {
        if let Some(geometry) = geometry {
            write::write(geometry, &mut self.bytes);
        }
        self.ends.push(self.bytes.len());
    }

    /// Takes a geometry as another index holds it.
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let shift = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }

    pub(crate) fn finish(self) -> Geometries {
        let ends = Packed::pack(self.ends.iter().map(|end| *end as u64));
        Geometries { bytes: self.bytes.into(), ends }
    }
}
