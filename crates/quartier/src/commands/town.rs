use std::sync::Arc;

use quartier_model::{CityObject, Collection};
use quartier_store::{Batch, Outcome, Store};
use quartier_town::Town;

use super::progress::Progress;
use crate::failure::Failure;

/// Objects that are written together.
const BATCH_OBJECTS: usize = 10_000;

/// Writes every collection of a town; what is in the store already stays as it is. Says how many objects are new.
pub(super) async fn write(town: &Town, store: &Arc<dyn Store>) -> Result<usize, Failure> {
    let known = store.collections().await?;
    let mut created = 0;
    for collection in town.collections() {
        if !known.contains(&collection) {
            store.put_collection(&collection).await?;
        }
        created += write_collection(town, store, &collection).await?;
    }
    Ok(created)
}

async fn write_collection(
    town: &Town,
    store: &Arc<dyn Store>,
    collection: &Collection,
) -> Result<usize, Failure> {
    let progress = Progress::counting(collection.id.as_str());
    let mut objects = town.objects(&collection.id);
    let mut created = 0;
    loop {
        let puts: Vec<CityObject> = objects.by_ref().take(BATCH_OBJECTS).collect();
        if puts.is_empty() {
            return Ok(created);
        }
        progress.add(puts.len() as u64);
        let batch = Batch { puts, ..Batch::default() };
        let receipt = store.write(&collection.id, batch).await?;
        created += receipt.puts.iter().filter(|(_, it)| *it == Outcome::Created).count();
    }
}
