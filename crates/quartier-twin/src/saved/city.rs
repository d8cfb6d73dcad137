use std::{collections::BTreeMap, io, path::Path, sync::Arc, time::Instant};

use quartier_index::CollectionIndex;
use quartier_model::{CollectionId, Crs};
use quartier_slab::{Sectioned as _, Sections};
use quartier_store::Sequence;
use serde::{Deserialize, Serialize};

use super::{Flaw, file};
use crate::{
    Result, Snapshot, Twin,
    freshness::DRAWING,
    load::{self, Contents},
    tile::{KeptBlocks, ReadySets},
};

/// What a saved city is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Title {
    program: String,
    working_crs: Crs,
    sequence: Sequence,
    /// Of the change with that number.
    mark: String,
    collections: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Part {
    id: CollectionId,
    sequence: Sequence,
}

/// Another version may keep the city differently, though nobody counted up the file's format.
fn program() -> String {
    format!("{} {DRAWING}", env!("CARGO_PKG_VERSION"))
}

/// The city as it was saved, if it is the store's; changes since then are not in it yet.
pub(crate) async fn open(twin: &Twin, path: &Path) -> Result<Option<Snapshot>> {
    let (started, at) = (Instant::now(), path.to_owned());
    let read = tokio::task::spawn_blocking(move || read(&at)).await?;
    let used = match read {
        Ok((title, parts)) => fitted(twin, title, parts).await?,
        Err(flaw) => Err(flaw),
    };
    match used {
        Ok(snapshot) => {
            let seconds = started.elapsed().as_secs_f32();
            tracing::info!(seconds, path = %path.display(), "the saved city is mapped");
            Ok(Some(snapshot))
        }
        Err(Flaw::Absent) => Ok(None),
        Err(flaw) => {
            let (flaw, path): (&dyn std::error::Error, _) = (&flaw, path.display());
            tracing::warn!(flaw, %path, "the saved city is not used; the store is read instead");
            Ok(None)
        }
    }
}

type Parts = BTreeMap<CollectionId, Contents>;

fn read(path: &Path) -> Result<(Title, Parts), Flaw> {
    let (title, mut sections) = file::read::<Title>(path)?;
    if title.program != program() {
        return Err(Flaw::Broken("another version wrote it"));
    }
    let part = |part: &Part| {
        let index = CollectionIndex::take_from(&mut sections)?;
        let ready = ReadySets::take_from(&mut sections, &index, title.working_crs)?;
        let blocks = KeptBlocks::take_from(&mut sections)?;
        Ok((part.id.clone(), Contents { index, sequence: part.sequence, ready, blocks }))
    };
    let parts = title.collections.iter().map(part).collect::<Result<_, Flaw>>()?;
    Ok((title, parts))
}

/// The snapshot of a file that was written of this store.
async fn fitted(twin: &Twin, title: Title, mut parts: Parts) -> Result<Result<Snapshot, Flaw>> {
    let mark = twin.counted(twin.store.mark(title.sequence).await)?;
    if mark.as_ref() != Some(&title.mark) || title.working_crs != twin.ground.crs {
        return Ok(Err(Flaw::Foreign));
    }
    let described = twin.counted(twin.store.collections().await)?;
    let identity = twin.counted(twin.store.identity().await)?;
    let mut collections = BTreeMap::new();
    // A collection that is not in the file was made later; its making is in the log.
    for collection in described {
        let Some(contents) = parts.remove(&collection.id) else { continue };
        let (overlays, identity) = (twin.overlays.clone(), identity.clone());
        let shown = move || load::shown(collection, contents, &overlays, &identity);
        let shown = tokio::task::spawn_blocking(shown).await??;
        collections.insert(shown.collection.id.clone(), Arc::new(shown));
    }
    let ground = Arc::clone(&twin.ground);
    Ok(Ok(Snapshot { sequence: title.sequence, taken: Instant::now(), ground, collections }))
}

/// Saves the city of a change, which has this mark.
pub(super) fn save(snapshot: &Snapshot, mark: String, path: &Path) -> io::Result<()> {
    let mut sections = Sections::default();
    let mut collections = Vec::new();
    for (id, it) in &snapshot.collections {
        it.index.put_into(&mut sections);
        it.ready.put_into(&mut sections);
        it.blocks.keep().put_into(&mut sections);
        collections.push(Part { id: id.clone(), sequence: it.sequence });
    }
    let title = Title {
        program: program(),
        working_crs: snapshot.ground.crs,
        sequence: snapshot.sequence,
        mark,
        collections,
    };
    file::write(path, &title, &sections)
}
