use std::sync::Arc;

use quartier_model::{Bbox, Feature, FeatureId, GeometryKind, Schema, TimeRange};
use quartier_slab::{Misfit, Sectioned, Sections};
use rayon::prelude::{ParallelIterator as _, ParallelSlice as _};

use crate::{
    Builder, Metric, ObjectRef, SegmentRef,
    geometry::kind_at,
    segment::{Segment, Summary},
    table::Table,
};

/// A collection is built anew once more objects than this have changed…
const CHANGED_MAX: usize = 2_000;

/// …and more than this share of them, one in ten: segments answer as quickly as the base, but what they hide takes
/// memory, and merging the longest of them holds up a change.
const CHANGED_SHARE: usize = 10;

/// A segment takes in the one before it unless that is so many times as long: each object is copied a few times
/// before the collection is built anew, and there are never more than a handful of segments.
const SEGMENT_GROWTH: usize = 8;

/// Objects that one thread builds at a time.
const REBUILD_CHUNK: usize = 65_536;

/// One collection at one instant: its objects, found by id, space, time and property.
///
/// It is never changed and cheap to clone. [`CollectionIndex::apply`] makes the next one, which shares what has not
/// changed.
#[derive(Debug, Clone)]
pub struct CollectionIndex {
    /// All objects as of the last build, then segments of what has changed since, ever shorter.
    pub(crate) segments: Arc<[Segment]>,
    pub(crate) metric: Metric,
    columns: Arc<[Box<str>]>,
}

/// An object on its way into an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub fid: FeatureId,
    pub version: u32,
    pub feature: Feature,
}

impl CollectionIndex {
    pub(crate) fn new(table: Table, metric: Metric) -> Self {
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        Self { segments: [Segment::new(table)].into(), metric, columns }
    }

    /// The same objects; properties that come later stand in the order of this schema.
    #[must_use]
    pub fn with_schema(&self, schema: &Schema) -> Self {
        let columns = schema.properties.iter().map(|property| property.name.as_str().into());
        Self { columns: columns.collect(), ..self.clone() }
    }

    /// The collection after a change: objects that are new or differ, and objects that are no longer there.
    ///
    /// An id in both lists is changed, not removed; unknown ids are passed over. Takes time by the number of objects
    /// that have changed since the collection was last built.
    #[must_use]
    pub fn apply(&self, changed: Vec<Entry>, removed: &[FeatureId]) -> Self {
        let gone: Vec<_> =
            changed.iter().map(|entry| entry.fid).chain(removed.iter().copied()).collect();
        let mut segments: Vec<_> =
            self.segments.iter().map(|segment| segment.without(&gone)).collect();
        if !changed.is_empty() {
            segments.push(self.segment_of(changed));
        }
        let base = segments.remove(0);
        segments.retain(|segment| segment.len() > 0);
        let mut kept = vec![base];
        for segment in segments {
            self.stack(&mut kept, segment);
        }
        Self { segments: kept.into(), ..self.clone() }
    }

    /// Whether so much has changed that [`CollectionIndex::rebuilt`] is worth its time.
    pub fn needs_rebuild(&self) -> bool {
        let [base, later @ ..] = &*self.segments else { return false };
        let changed = base.hidden_count() + later.iter().map(Segment::len).sum::<usize>();
        changed > CHANGED_MAX.max(base.table.len() / CHANGED_SHARE)
    }

    /// The same objects, packed anew. Takes a microsecond or two for each.
    #[must_use]
    pub fn rebuilt(&self) -> Self {
        let objects = in_order(&self.segments);
        let chunks: Vec<_> =
            objects.par_chunks(REBUILD_CHUNK).map(|chunk| self.gather(chunk)).collect();
        let mut all = self.gather(&[]);
        for chunk in chunks {
            all.append(chunk);
        }
        all.finish()
    }

    pub fn metric(&self) -> Metric {
        self.metric
    }

    pub fn len(&self) -> usize {
        self.segments.iter().map(Segment::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The flat box around all objects; `None` where none has a geometry.
    pub fn extent(&self) -> Option<Bbox> {
        self.summary().extent
    }

    /// The range around all objects' times, of those that have one; `None` where none has.
    pub fn time_extent(&self) -> Option<TimeRange> {
        self.summary().times
    }

    /// Its parts: all objects as of the last build, then what has changed since.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = SegmentRef<'_>> {
        self.segments.iter().map(SegmentRef)
    }

    /// Which kinds of geometry there are.
    pub fn kinds(&self) -> Vec<GeometryKind> {
        let counts = self.summary().kinds;
        (0..counts.len()).filter(|kind| counts[*kind] > 0).map(|kind| kind_at(kind as u8)).collect()
    }

    /// Whether any geometry has heights.
    pub fn has_heights(&self) -> bool {
        self.summary().with_heights > 0
    }

    /// What the objects take in memory.
    pub fn memory_bytes(&self) -> usize {
        self.segments.iter().map(Segment::memory_bytes).sum()
    }

    pub fn by_fid(&self, fid: FeatureId) -> Option<ObjectRef<'_>> {
        self.segments.iter().rev().find_map(|segment| segment.by_fid(fid))
    }

    pub fn by_id<'a>(&'a self, id: &'a str) -> Option<ObjectRef<'a>> {
        self.segments.iter().rev().find_map(|segment| segment.by_id(id))
    }

    /// Objects that had this id in their source, in the order of their feature ids.
    pub fn by_source_id<'a>(&'a self, id: &'a str) -> Vec<ObjectRef<'a>> {
        let found = self.segments.iter().flat_map(|segment| segment.by_source_id(id));
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by_key(|object| object.fid());
        found
    }

    fn summary(&self) -> Summary {
        let summaries = self.segments.iter().map(|segment| &segment.summary);
        summaries.fold(Summary::default(), Summary::merged)
    }

    fn segment_of(&self, entries: Vec<Entry>) -> Segment {
        let mut builder = self.gather(&[]);
        for entry in entries {
            builder.push(entry.fid, entry.version, &entry.feature);
        }
        Segment::new(builder.table())
    }

    /// Adds a segment, after taking in those before it that are not much longer; never the base.
    fn stack(&self, segments: &mut Vec<Segment>, mut segment: Segment) {
        while segments.len() > 1
            && let Some(last) = segments.pop_if(|last| last.len() < segment.len() * SEGMENT_GROWTH)
        {
            let both = [last, segment];
            segment = Segment::new(self.gather(&in_order(&both)).table());
        }
        segments.push(segment);
    }

    fn gather(&self, objects: &[ObjectRef<'_>]) -> Builder {
        let mut builder =
            Builder::with_columns(self.columns.iter().map(|name| &**name), self.metric);
        for object in objects {
            builder.push_object(*object);
        }
        builder
    }
}

impl Sectioned for CollectionIndex {
    fn put_into(&self, sections: &mut Sections) {
        let is_geodesic = self.metric == Metric::Geodesic;
        let counts =
            [u64::from(is_geodesic), self.columns.len() as u64, self.segments.len() as u64];
        sections.put_few("index", &counts);
        self.columns.iter().for_each(|name| sections.put_text("name", name));
        self.segments.iter().for_each(|segment| segment.put_into(sections));
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let [is_geodesic, columns, segments] = sections.take_few::<u64, 3>("index")?;
        let metric = if is_geodesic == 1 { Metric::Geodesic } else { Metric::Planar };
        let name = |_| sections.take_text("name").map(String::into_boxed_str);
        let columns = (0..columns).map(name).collect::<Result<_, _>>()?;
        let segments = (0..segments).map(|_| Segment::take_from(sections));
        let segments: Vec<_> = segments.collect::<Result<_, _>>()?;
        if segments.is_empty() {
            return Err(Misfit::content("index", &"there is always one segment"));
        }
        Ok(Self { segments: segments.into(), metric, columns })
    }
}

/// All current objects in the order of their feature ids.
fn in_order(segments: &[Segment]) -> Vec<ObjectRef<'_>> {
    let each =
        segments.iter().flat_map(|segment| segment.rows_from(0).map(|row| segment.object(row)));
    let mut objects: Vec<_> = each.collect();
    objects.sort_by_key(|object| object.fid());
    objects
}
