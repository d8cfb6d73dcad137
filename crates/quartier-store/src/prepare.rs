use std::collections::HashSet;

use quartier_model::{Bbox, CityObject, ObjectId, Part, Structure};
use time::OffsetDateTime;

use crate::{
    Batch, Error, Existing, Result,
    fingerprint::{Content, ContentError, Fingerprint},
    json::to_json,
    shapes::Shapes,
    wkb::write_ewkb,
};

/// Parts within parts; CityGML allows any depth and cities use one. Bounded so that JSON readers take it.
const PART_DEPTH_MAX: usize = 16;

/// A batch in the form in which both databases take it.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) existing: Existing,
    pub(crate) puts: Vec<Put>,
    pub(crate) deletes: Vec<ObjectId>,
    pub(crate) shapes: Shapes,
    pub(crate) extent: Option<Bbox>,
}

#[derive(Debug)]
pub(crate) struct Put {
    pub(crate) object: CityObject,
    pub(crate) properties: String,
    pub(crate) structure: Option<String>,
    pub(crate) valid_us: (Option<i64>, Option<i64>),
    pub(crate) bbox: Option<Bbox>,
    pub(crate) fingerprint: Fingerprint,
}

/// Checks and encodes what can be before the database is asked; off the async workers, since it takes its time.
pub(crate) async fn prepare(batch: Batch) -> Result<Prepared> {
    let prepared = tokio::task::spawn_blocking(move || prepare_now(batch));
    prepared.await.expect("preparing a batch does not panic")
}

fn prepare_now(batch: Batch) -> Result<Prepared> {
    ids_stand_once(&batch)?;
    let mut content = Content::default();
    let put = |object: CityObject| {
        content.clear();
        put(object, &mut content)
    };
    let puts = batch.puts.into_iter().map(put).collect::<Result<Vec<_>>>()?;
    let geometries = || puts.iter().filter_map(|put| put.object.feature.geometry.as_ref());
    let shapes = geometries().map(Shapes::of).fold(Shapes::default(), Shapes::union);
    let extent = puts.iter().filter_map(|put| put.bbox).reduce(Bbox::union);
    Ok(Prepared { existing: batch.existing, deletes: batch.deletes, puts, shapes, extent })
}

fn ids_stand_once(batch: &Batch) -> Result<()> {
    let put_ids = batch.puts.iter().map(|put| &put.feature.id);
    let mut seen = HashSet::with_capacity(batch.puts.len() + batch.deletes.len());
    match put_ids.chain(&batch.deletes).find(|id| !seen.insert(*id)) {
        None => Ok(()),
        Some(twice) => Err(unstorable(twice, &"it stands twice in one batch")),
    }
}

fn put(object: CityObject, content: &mut Content) -> Result<Put> {
    let CityObject { feature, structure } = &object;
    parts_are_storable(structure, PART_DEPTH_MAX)
        .and_then(|()| content.properties(&feature.properties))
        .map_err(|error| unstorable(&feature.id, &error))?;
    let (start, end) = (feature.valid.start(), feature.valid.end());
    let valid_us = (start.map(microseconds), end.map(microseconds));
    let structure = (!structure.is_empty()).then(|| to_json(structure));
    content.number(valid_us.0);
    content.number(valid_us.1);
    content.optional(feature.source_id.as_ref().map(|id| id.as_str().as_bytes()));
    content.optional(structure.as_deref().map(str::as_bytes));
    if let Some(geometry) = &feature.geometry {
        content.append(|bytes| write_ewkb(geometry, 0, bytes));
    }
    Ok(Put {
        properties: to_json(&feature.properties),
        structure,
        valid_us,
        bbox: feature.geometry.as_ref().map(quartier_model::Geometry::bbox),
        fingerprint: content.fingerprint(),
        object,
    })
}

fn parts_are_storable(structure: &Structure, depth: usize) -> Result<(), ContentError> {
    structure.parts.iter().try_for_each(|part| part_is_storable(part, depth))
}

fn part_is_storable(part: &Part, depth: usize) -> Result<(), ContentError> {
    let depth = depth.checked_sub(1).ok_or(ContentError::Deep)?;
    Content::default().properties(&part.properties)?;
    part.parts.iter().try_for_each(|part| part_is_storable(part, depth))
}

fn unstorable(id: &ObjectId, reason: &dyn ToString) -> Error {
    Error::Unstorable { id: id.to_string(), reason: reason.to_string() }
}

/// Since 1970; what both databases tell apart.
fn microseconds(instant: OffsetDateTime) -> i64 {
    (instant.unix_timestamp_nanos().div_euclid(1000)) as i64
}
