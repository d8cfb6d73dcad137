use quartier_index::{CollectionIndex, ObjectRef, Page};
use quartier_model::{Bbox, FeatureId, Filter, PropertyEquals, TimeRange};
use quartier_twin::{
    CollectionSnapshot,
    sensors::{PropertyNames, Reader, Sensors},
};

use crate::{
    App,
    auth::Visitor,
    error::{ApiError, Result},
    params::{
        bbox::read_bbox, crs::OfferedCrs, cursor::Cursor, datetime::read_datetime,
        limit::take_limit, property::take_properties,
    },
    query::Query,
    readings::{self, take_readings},
};

/// The query of `items`: [Part 1, 7.15](https://docs.ogc.org/is/17-069r4/17-069r4.html#_items_).
#[derive(Debug)]
pub(super) struct ItemsQuery {
    /// `None` without a `bbox`.
    boxes: Option<Vec<Bbox>>,
    bbox_crs: OfferedCrs,
    time: Option<TimeRange>,
    properties: Vec<PropertyEquals>,
    id: Option<String>,
    source_id: Option<String>,
    pub(super) crs: OfferedCrs,
    pub(super) limit: usize,
    pub(super) readings: Option<PropertyNames>,
    after: Option<FeatureId>,
}

/// Objects that stand on one page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) fids: Vec<FeatureId>,
    pub(super) matched: usize,
    pub(super) next: Option<Cursor>,
}

impl ItemsQuery {
    pub(super) fn take(
        query: &mut Query,
        app: &App,
        visitor: Visitor,
        it: &CollectionSnapshot,
    ) -> Result<Self> {
        let crss = &app.crss;
        let bbox_crs = crss.take(query, "bbox-crs")?;
        Ok(Self {
            boxes: query.read("bbox", |text| read_bbox(text, bbox_crs))?,
            bbox_crs,
            time: query.read("datetime", read_datetime)?.flatten(),
            crs: crss.take(query, "crs")?,
            limit: take_limit(query)?,
            readings: take_readings(query, app, visitor)?,
            after: query.value::<Cursor>("after")?.map(|cursor| cursor.0),
            id: query.text("id"),
            source_id: query.text("source_id"),
            properties: take_properties(query, &it.collection.schema)?,
        })
    }

    /// Of what is to stand among the properties.
    pub(super) fn reader(&self, sensors: &Sensors) -> Result<Option<Reader>> {
        self.readings.as_ref().map(|names| readings::reader(names, sensors)).transpose()
    }

    /// One page of the objects that are meant; takes processor time.
    pub(super) fn page(&self, it: &CollectionSnapshot, limit: usize) -> Result<Found> {
        let Some(filter) = self.filter(it)? else { return Ok(Found::default()) };
        match self.named(&it.index) {
            Some(fids) => Ok(self.among(fids, &it.index, &filter, limit)),
            None => Ok(it.index.page(&filter, self.after, limit).into()),
        }
    }

    /// The conditions in the twin's words; `None` where no object can fulfil them.
    fn filter(&self, it: &CollectionSnapshot) -> Result<Option<Filter>> {
        let mut space = Vec::new();
        for bbox in self.boxes.iter().flatten() {
            let area = it.in_box(bbox, self.bbox_crs.crs);
            space.extend(area.map_err(|error| ApiError::parameter("bbox", error))?);
        }
        if self.boxes.is_some() && space.is_empty() {
            return Ok(None);
        }
        Ok(Some(Filter { space, time: self.time, properties: self.properties.clone() }))
    }

    /// The few objects that the query names, in the order of their making; `None` where it names none.
    fn named(&self, index: &CollectionIndex) -> Option<Vec<FeatureId>> {
        let by_id = self
            .id
            .as_ref()
            .map(|id| index.by_id(id).map(|object| vec![object.fid()]).unwrap_or_default());
        let by_source_id = self.source_id.as_ref().map(|id| {
            let mut fids: Vec<_> = index.by_source_id(id).into_iter().map(ObjectRef::fid).collect();
            fids.sort_unstable();
            fids
        });
        match (by_id, by_source_id) {
            (Some(ids), Some(others)) => {
                Some(ids.into_iter().filter(|fid| others.contains(fid)).collect())
            }
            (ids, others) => ids.or(others),
        }
    }

    fn among(
        &self,
        mut fids: Vec<FeatureId>,
        index: &CollectionIndex,
        filter: &Filter,
        limit: usize,
    ) -> Found {
        fids.retain(|fid| matches(index, filter, *fid));
        let matched = fids.len();
        fids.retain(|fid| self.after.is_none_or(|after| *fid > after));
        let is_more = fids.len() > limit;
        fids.truncate(limit);
        let next = fids.last().filter(|_| is_more).map(|fid| Cursor(*fid));
        Found { fids, matched, next }
    }
}

fn matches(index: &CollectionIndex, filter: &Filter, fid: FeatureId) -> bool {
    let before = fid.0.checked_sub(1).map(FeatureId);
    index.page(filter, before, 1).objects.first().is_some_and(|first| first.fid() == fid)
}

impl From<Page<'_>> for Found {
    fn from(page: Page<'_>) -> Self {
        Self {
            fids: page.objects.iter().map(|object| object.fid()).collect(),
            matched: page.matched,
            next: page.next.map(Cursor),
        }
    }
}
