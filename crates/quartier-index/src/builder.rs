use std::sync::OnceLock;

use quartier_model::{Bbox, Feature, FeatureId, Geometry, Schema, TimeRange};

use crate::{
    CollectionIndex, Metric, ObjectRef,
    column::ColumnDraft,
    geometry::GeometriesDraft,
    packed::Packed,
    space::Tree,
    strings::StringsDraft,
    table::{Table, Texts},
    validity::ValidityDraft,
    value::Given,
};

/// Gathers objects for an index.
///
/// Segments of a collection can be built at the same time, each by a builder of its own, and be appended in the order
/// of their feature ids. An index takes up to 2³² objects.
#[derive(Debug)]
pub struct Builder {
    metric: Metric,
    fids: Vec<u64>,
    versions: Vec<u32>,
    ids: StringsDraft,
    /// Empty where an object has none.
    source_ids: StringsDraft,
    geometries: GeometriesDraft,
    boxes: Vec<(u32, Bbox)>,
    columns: Vec<ColumnDraft>,
    validity: ValidityDraft,
    is_sorted: bool,
}

impl Builder {
    pub fn new(schema: &Schema, metric: Metric) -> Self {
        let names = schema.properties.iter().map(|property| property.name.as_str());
        Self::with_columns(names, metric)
    }

    pub(crate) fn with_columns<'a>(names: impl Iterator<Item = &'a str>, metric: Metric) -> Self {
        Self {
            metric,
            fids: Vec::new(),
            versions: Vec::new(),
            ids: StringsDraft::default(),
            source_ids: StringsDraft::default(),
            geometries: GeometriesDraft::default(),
            boxes: Vec::new(),
            columns: names.map(ColumnDraft::new).collect(),
            validity: ValidityDraft::default(),
            is_sorted: true,
        }
    }

    pub fn len(&self) -> usize {
        self.fids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.fids.is_empty()
    }

    /// Adds an object. It is quickest if feature ids ascend; of an id that comes twice the later object counts.
    ///
    /// A property that is not in the schema is kept, after those that are.
    pub fn push(&mut self, fid: FeatureId, version: u32, feature: &Feature) {
        let row = self.len();
        self.push_keys(fid, version, feature.valid);
        self.ids.push(feature.id.as_str());
        self.source_ids.push(feature.source_id.as_ref().map_or("", |id| id.as_str()));
        self.geometries.push(feature.geometry.as_ref());
        self.boxes
            .extend(feature.geometry.as_ref().map(Geometry::bbox).map(|bbox| (row as u32, bbox)));
        for (at, (name, value)) in feature.properties.iter().enumerate() {
            let column = self.column(name, at);
            self.columns[column].set(row, Given::from(value).as_ref());
        }
    }

    /// Adds an object of another index.
    pub(crate) fn push_object(&mut self, object: ObjectRef<'_>) {
        let row = self.len();
        self.push_keys(object.fid(), object.version(), object.valid());
        self.ids.push(object.id());
        self.source_ids.push(object.source_id().unwrap_or_default());
        self.geometries.push_bytes(object.bytes());
        self.boxes.extend(object.bbox().map(|bbox| (row as u32, bbox)));
        for (at, (name, value)) in object.properties().enumerate() {
            let column = self.column(name, at);
            self.columns[column].set(row, value);
        }
    }

    /// Adds all objects of another builder below those of this one.
    pub fn append(&mut self, other: Self) {
        let rows = self.len();
        let follows =
            self.fids.last().zip(other.fids.first()).is_none_or(|(last, next)| last < next);
        self.is_sorted &= other.is_sorted && follows;
        self.fids.extend(other.fids);
        self.versions.extend(other.versions);
        self.ids.append(&other.ids);
        self.source_ids.append(&other.source_ids);
        self.geometries.append(&other.geometries);
        self.boxes.extend(other.boxes.into_iter().map(|(row, bbox)| (row + rows as u32, bbox)));
        self.validity.append(&other.validity);
        for (at, column) in other.columns.into_iter().enumerate() {
            let own = self.column(&column.name, at);
            self.columns[own].append(rows, column);
        }
    }

    pub fn finish(self) -> CollectionIndex {
        let metric = self.metric;
        CollectionIndex::new(self.table(), metric)
    }

    pub(crate) fn table(self) -> Table {
        let names: Vec<_> = self.columns.iter().map(|column| column.name.clone()).collect();
        let (is_sorted, metric) = (self.is_sorted, self.metric);
        let table = self.pack();
        if is_sorted {
            return table;
        }
        let mut rows: Vec<_> = (0..table.len() as u32).collect();
        rows.sort_by_key(|row| table.fid(*row));
        let mut sorted = Self::with_columns(names.iter().map(|name| &**name), metric);
        for same in rows.chunk_by(|one, next| table.fid(*one) == table.fid(*next)) {
            let last = same.last().copied().unwrap_or_default();
            sorted.push_object(ObjectRef { table: &table, row: last });
        }
        sorted.pack()
    }

    fn pack(self) -> Table {
        let rows = self.fids.len();
        let Self { fids, versions, ids, source_ids, geometries, boxes, columns, validity, .. } =
            self;
        let first_fid = fids.iter().copied().min().unwrap_or_default();
        let has_sources = source_ids.has_text();
        let (tree, (ids, columns)) = rayon::join(
            || Tree::new(&boxes),
            || {
                rayon::join(
                    || Texts::new(ids.finish()),
                    || columns.into_iter().map(|column| column.finish(rows)).collect(),
                )
            },
        );
        Table {
            first_fid,
            fids: Packed::pack(fids.iter().map(|fid| fid - first_fid)),
            versions: Packed::pack(versions.iter().map(|version| (*version).into())),
            ids,
            source_ids: has_sources.then(|| Texts::new(source_ids.finish())),
            geometries: geometries.finish(),
            columns,
            validity: validity.finish(),
            tree,
            sums: OnceLock::new(),
        }
    }

    fn push_keys(&mut self, fid: FeatureId, version: u32, valid: TimeRange) {
        self.is_sorted &= self.fids.last().is_none_or(|last| *last < fid.0);
        self.fids.push(fid.0);
        self.versions.push(version);
        self.validity.push(valid);
    }

    /// The column of a name, which is new where the name is; it is probably near the place that one looks at first.
    fn column(&mut self, name: &str, likely: usize) -> usize {
        let is_it = |column: &ColumnDraft| &*column.name == name;
        if self.columns.get(likely).is_some_and(is_it) {
            return likely;
        }
        self.columns.iter().position(is_it).unwrap_or_else(|| {
            self.columns.push(ColumnDraft::new(name));
            self.columns.len() - 1
        })
    }
}
