use std::collections::HashSet;

use quartier_model::{CityObject, Collection, FeatureId, ObjectId};
use quartier_store::{Batch, Existing, Outcome, Store};
use tokio::sync::mpsc::Receiver;

use super::{Error, Import, Mode, Purpose, Rejection, Tally, read::Load};

/// Objects that one read of the store brings when it is asked what the files no longer have.
const SCAN_PAGE: u32 = 5_000;

/// Writes what the reader sends.
pub(super) struct Writer<'a> {
    store: &'a dyn Store,
    tally: &'a Tally,
    mode: Mode,
    purpose: Purpose,
    existing: Existing,
    collection: Collection,
    /// Whether the store has the collection as it is described here.
    is_described: bool,
    /// Whether the store had the collection before.
    is_new: bool,
    /// For [`Mode::Replace`]: what the files have.
    present: HashSet<ObjectId>,
}

impl<'a> Writer<'a> {
    pub(super) async fn new(
        import: &Import,
        store: &'a dyn Store,
        tally: &'a Tally,
    ) -> Result<Self, Error> {
        let known = store.collections().await?.into_iter().find(|it| it.id == import.collection);
        let is_new = known.is_none();
        let mut collection = known
            .unwrap_or_else(|| Collection::new(import.collection.clone(), store.working_crs()));
        let before = collection.clone();
        if let Some(title) = &import.title {
            collection.title.clone_from(title);
        }
        collection.readers = import.readers.unwrap_or(collection.readers);
        Ok(Self {
            store,
            tally,
            mode: import.mode,
            purpose: import.purpose,
            existing: import.existing(),
            is_described: !is_new && collection == before,
            is_new,
            collection,
            present: HashSet::new(),
        })
    }

    pub(super) async fn drain(&mut self, mut receiver: Receiver<Load>) -> Result<(), Error> {
        while let Some(load) = receiver.recv().await {
            self.describe(&load).await?;
            self.write(load.objects).await?;
        }
        Ok(())
    }

    /// What is left to do when everything was read without an error.
    pub(super) async fn finish(&mut self) -> Result<(), Error> {
        self.put_description().await?;
        if self.mode == Mode::Replace { self.close_absent().await } else { Ok(()) }
    }

    async fn describe(&mut self, load: &Load) -> Result<(), Error> {
        let before = self.collection.clone();
        self.collection.schema.merge(&load.schema);
        let source_crs = load.source_crs.to_string();
        let is_own = source_crs == self.collection.storage_crs.to_string();
        self.collection.source_crs = (!is_own).then_some(source_crs);
        self.is_described &= self.collection == before;
        self.put_description().await
    }

    async fn put_description(&mut self) -> Result<(), Error> {
        if !self.is_described && self.purpose == Purpose::Write {
            self.store.put_collection(&self.collection).await?;
        }
        self.is_described = true;
        Ok(())
    }

    async fn write(&mut self, objects: Vec<CityObject>) -> Result<(), Error> {
        if objects.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObjectId> = objects.iter().map(|object| object.feature.id.clone()).collect();
        let outcomes = match self.purpose {
            Purpose::DryRun if self.is_new => vec![Outcome::Created; objects.len()],
            Purpose::DryRun => self.store.compare(&self.collection.id, &objects).await?,
            Purpose::Write => self.put(objects).await?,
        };
        for (id, outcome) in ids.iter().zip(outcomes) {
            self.count(id, outcome);
        }
        if self.mode == Mode::Replace {
            self.present.extend(ids);
        }
        Ok(())
    }

    async fn put(&self, puts: Vec<CityObject>) -> Result<Vec<Outcome>, Error> {
        let batch = Batch { existing: self.existing, puts, deletes: Vec::new() };
        let receipt = self.store.write(&self.collection.id, batch).await?;
        Ok(receipt.puts.into_iter().map(|(_, outcome)| outcome).collect())
    }

    fn count(&self, id: &ObjectId, outcome: Outcome) {
        if self.mode == Mode::Append && outcome != Outcome::Created {
            return self.tally.rejected(Rejection {
                input: self.collection.id.to_string(),
                id: Some(id.to_string()),
                position: None,
                reason: "the collection has an object with this id already: use --mode upsert to change it".to_owned(),
            });
        }
        self.tally.outcome(outcome);
    }

    /// Closes what the collection has and the files do not.
    async fn close_absent(&self) -> Result<(), Error> {
        if self.is_new {
            return Ok(());
        }
        let mut after: Option<FeatureId> = None;
        loop {
            let page = self.store.scan(&self.collection.id, after, SCAN_PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.fid);
            let ids = page.into_iter().map(|stored| stored.feature.id);
            let absent: Vec<ObjectId> = ids.filter(|id| !self.present.contains(id)).collect();
            self.close(absent).await?;
        }
    }

    async fn close(&self, absent: Vec<ObjectId>) -> Result<(), Error> {
        let count = absent.len();
        if count > 0 && self.purpose == Purpose::Write {
            let batch = Batch { deletes: absent, ..Batch::default() };
            self.store.write(&self.collection.id, batch).await?;
        }
        self.tally.closed(count);
        Ok(())
    }
}
