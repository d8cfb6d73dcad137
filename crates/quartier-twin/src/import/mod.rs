//! Files into a store: read, bring into the working CRS, write in batches, report.
//!
//! Reading and placing block and have a thread of their own; writing is async; a short queue is between them, so that
//! the database works while the next batch is prepared. See [`Import::run`].

mod place;
mod read;
mod report;
mod write;

use std::sync::Arc;

use quartier_import::{Input, ReadOptions};
use quartier_model::{CollectionId, Readers};
use quartier_store::{Existing, Store};

pub use report::{Rejection, Repair, Report, Tally};

/// What to import, and how.
#[derive(Debug, Clone)]
pub struct Import {
    pub inputs: Vec<Input>,
    pub read: ReadOptions,
    pub collection: CollectionId,
    /// For a new collection.
    pub title: Option<String>,
    /// `None` leaves it as it is; a new collection is then read with the token only.
    pub readers: Option<Readers>,
    pub mode: Mode,
    pub purpose: Purpose,
}

/// What becomes of objects that are in the collection already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// New ones are added, changed ones get a new version.
    #[default]
    Upsert,
    /// As upsert, and what the files do not have is closed.
    Replace,
    /// New ones are added; an id that is there already is rejected.
    Append,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    #[default]
    Write,
    /// Everything but writing: what would be created, changed and rejected.
    DryRun,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("nothing was imported: {0}")]
    Read(#[from] quartier_import::Error),
    /// Whole batches may have been written before; importing again goes on where it broke off.
    #[error(
        "the file changed or broke off while it was being imported, after {written} objects: import it again"
    )]
    BrokeOff {
        written: u64,
        #[source]
        source: quartier_import::Error,
    },
    #[error("`{input}` is in a CRS that cannot be brought into the working CRS")]
    Crs {
        input: String,
        #[source]
        source: quartier_crs::Error,
    },
    #[error(transparent)]
    Store(#[from] quartier_store::Error),
    #[error("the reading thread broke off: this is a mistake in this program")]
    Broken(#[from] tokio::task::JoinError),
}

impl Import {
    /// Imports, and says what became of every object.
    ///
    /// Bad input changes nothing: what could break off late is read to its end before the first object is written.
    /// Should the database fail midway, whole batches are in it; importing again goes on from there.
    pub async fn run(self, store: &Arc<dyn Store>, tally: &Tally) -> Result<Report, Error> {
        let started = std::time::Instant::now();
        let mut writer = write::Writer::new(&self, store.as_ref(), tally).await?;
        let (sender, receiver) = tokio::sync::mpsc::channel(read::QUEUE_BATCHES);
        let reader = read::Reader::new(&self, store.working_crs(), tally.clone(), sender);
        let reading = tokio::task::spawn_blocking(move || reader.run());
        let written = writer.drain(receiver).await;
        let read = reading.await?;
        // What stopped the writer is why the reader stopped, not the other way round.
        written?;
        read?;
        writer.finish().await?;
        Ok(tally.report(started.elapsed()))
    }

    fn existing(&self) -> Existing {
        match self.mode {
            Mode::Upsert | Mode::Replace => Existing::Change,
            Mode::Append => Existing::Keep,
        }
    }
}
