use geo_types::Coord;
use quartier_index::{ObjectRef, Page};
use quartier_model::{CollectionId, FeatureId, Filter};

use crate::{CollectionSnapshot, Snapshot};

/// An object that a search found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    pub collection: &'a CollectionSnapshot,
    pub object: ObjectRef<'a>,
}

/// One page of what a search found, by collection and feature id.
#[derive(Debug)]
pub struct Hits<'a> {
    pub hits: Vec<Hit<'a>>,
    /// How many there are on all pages.
    pub matched: usize,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<SearchCursor>,
}

/// The last object of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchCursor {
    pub collection: CollectionId,
    pub after: FeatureId,
}

/// An object near a point.
#[derive(Debug, Clone, Copy)]
pub struct Nearby<'a> {
    pub hit: Hit<'a>,
    /// From the point to the nearest place of the object's geometry; 0 inside it.
    pub distance_m: f64,
}

impl Snapshot {
    /// Objects that fulfil the filter, collection by collection in the order given; exact against their geometry.
    ///
    /// A cursor of a collection that is not among those given starts at the first.
    pub fn search<'a>(
        &self,
        collections: &[&'a CollectionSnapshot],
        filter: &Filter,
        cursor: Option<&SearchCursor>,
        limit: usize,
    ) -> Hits<'a> {
        let mut found = Hits { hits: Vec::new(), matched: 0, next: None };
        let start = cursor.and_then(|cursor| {
            let first = collections.iter().position(|it| it.collection.id == cursor.collection)?;
            Some((first, cursor.after))
        });
        for (place, &collection) in collections.iter().enumerate() {
            let room = limit - found.hits.len();
            if start.is_some_and(|(first, _)| place < first) {
                found.matched += collection.index.count(filter);
            } else if room == 0 {
                found.count(collection.index.count(filter));
            } else {
                let after = start.filter(|(first, _)| *first == place).map(|(_, after)| after);
                found.take(collection, collection.index.page(filter, after, room));
            }
        }
        found
    }

    /// The objects nearest to a point in the working CRS, nearest first, a tie going to the lowest feature id.
    pub fn nearest<'a>(
        &self,
        collections: &[&'a CollectionSnapshot],
        point: Coord<f64>,
        count: usize,
        max_distance_m: Option<f64>,
    ) -> Vec<Nearby<'a>> {
        let near = |&collection: &&'a CollectionSnapshot| {
            let near = collection.index.nearest(point, count, max_distance_m);
            near.into_iter().map(move |near| Nearby {
                hit: Hit { collection, object: near.object },
                distance_m: near.distance_m,
            })
        };
        let mut all: Vec<Nearby<'a>> = collections.iter().flat_map(near).collect();
        let order = |near: &Nearby<'_>| (near.distance_m, near.hit.object.fid());
        all.sort_by(|one, other| {
            let ((one, one_fid), (other, other_fid)) = (order(one), order(other));
            one.total_cmp(&other).then(one_fid.cmp(&other_fid))
        });
        all.truncate(count);
        all
    }
}

impl<'a> Hits<'a> {
    fn take(&mut self, collection: &'a CollectionSnapshot, page: Page<'a>) {
        self.matched += page.matched;
        self.hits.extend(page.objects.into_iter().map(|object| Hit { collection, object }));
        if page.next.is_some() {
            self.break_off();
        }
    }

    /// Counts what stands on later pages only.
    fn count(&mut self, matched: usize) {
        self.matched += matched;
        if matched > 0 {
            self.break_off();
        }
    }

    /// The next page starts after the last object of this one.
    fn break_off(&mut self) {
        self.next = self.hits.last().map(|last| SearchCursor {
            collection: last.collection.collection.id.clone(),
            after: last.object.fid(),
        });
    }
}
