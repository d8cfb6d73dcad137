use geo_types::Coord;
use quartier_model::{Bbox, Feature, FeatureId, Geometry, GeometryKind, ObjectId, TimeRange};

use crate::{
    ValueRef, geometry,
    table::{self, Table},
};

/// An object in the index.
#[derive(Debug, Clone, Copy)]
pub struct ObjectRef<'a> {
    pub(crate) table: &'a Table,
    pub(crate) row: u32,
}

impl<'a> ObjectRef<'a> {
    pub fn fid(self) -> FeatureId {
        self.table.fid(self.row)
    }

    pub fn version(self) -> u32 {
        self.table.versions.at(self.at()) as u32
    }

    pub fn id(self) -> &'a str {
        self.table.ids.texts.at(self.at())
    }

    pub fn source_id(self) -> Option<&'a str> {
        let id = self.table.source_ids.as_ref().map(|ids| ids.texts.at(self.at()));
        id.filter(|id| !id.is_empty())
    }

    /// The box around the geometry, exactly, with its heights where it has them.
    pub fn bbox(self) -> Option<Bbox> {
        table::bbox(self.bytes())
    }

    pub fn kind(self) -> Option<GeometryKind> {
        self.table.kind(self.row)
    }

    /// The geometry with its heights; the same bits as those that were put in.
    pub fn geometry(self) -> Option<Geometry> {
        geometry::geometry(self.bytes())
    }

    /// The geometry seen from above.
    pub fn plane(self) -> Option<geo_types::Geometry<f64>> {
        self.mapped_plane(|coord| coord)
    }

    /// The geometry seen from above, each coordinate mapped as it is read.
    pub fn mapped_plane(
        self,
        map: impl Fn(Coord<f64>) -> Coord<f64>,
    ) -> Option<geo_types::Geometry<f64>> {
        geometry::plane_mapped(self.bytes(), map)
    }

    /// What is known of the object, in the order of the schema; without what is null.
    pub fn properties(self) -> impl Iterator<Item = (&'a str, ValueRef<'a>)> {
        let values =
            self.table.columns.iter().map(move |column| (&*column.name, column.value(self.at())));
        values.filter(|(_, value)| *value != ValueRef::Null)
    }

    /// Null where the object has no such property.
    pub fn property(self, name: &str) -> ValueRef<'a> {
        self.table.column(name).map_or(ValueRef::Null, |column| column.value(self.at()))
    }

    pub fn valid(self) -> TimeRange {
        self.table.valid(self.row)
    }

    /// The object as it was put in; properties that were null are left out.
    pub fn to_feature(self) -> Feature {
        Feature {
            id: id(self.id()),
            source_id: self.source_id().map(id),
            geometry: self.geometry(),
            properties: self
                .properties()
                .map(|(name, value)| (name.to_owned(), value.to_value()))
                .collect(),
            valid: self.valid(),
        }
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        self.table.geometries.at(self.at())
    }

    fn at(self) -> usize {
        self.row as usize
    }
}

fn id(text: &str) -> ObjectId {
    text.parse().expect("the index was filled with object ids")
}
