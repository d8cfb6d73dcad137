use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use quartier_archive::Written;
use quartier_model::{CollectionId, Readers};
use quartier_twin::{CollectionSnapshot, Snapshot};

use super::{about::about, press::Press, region::Region};
use crate::{
    cli,
    commands::{open_store, serve::stopped},
    config::Config,
    failure::Failure,
    say,
};

/// Writes the city's tiles to one file.
pub(super) async fn run(arguments: &cli::ExportTiles) -> Result<(), Failure> {
    if arguments.min_zoom > arguments.max_zoom {
        return Err(Failure::Zooms(arguments.min_zoom, arguments.max_zoom));
    }
    let config = Config::read(arguments.common.config.as_deref())?;
    let store = open_store(&config.store(&arguments.common)?, config.working_crs).await?;
    let snapshot = Snapshot::load(&store, &config.overlays()?).await?;
    drop(store);
    let title = config.title.unwrap_or_else(|| "Quartier".to_owned());
    let is_stopped = Arc::new(AtomicBool::new(false));
    let watch = tokio::spawn(stop(Arc::clone(&is_stopped)));
    let order = arguments.clone();
    let write = move || write(&snapshot, &title, &order, &is_stopped);
    let Written { tiles, bytes } = tokio::task::spawn_blocking(write).await??;
    watch.abort();
    let path = arguments.target.path().0.display();
    say::line(&format!("{tiles} tiles ({:.1} MB) were written to {path}", bytes as f64 / 1e6));
    Ok(())
}

async fn stop(is_stopped: Arc<AtomicBool>) {
    stopped().await;
    is_stopped.store(true, Ordering::Relaxed);
}

fn write(
    snapshot: &Snapshot,
    title: &str,
    arguments: &cli::ExportTiles,
    is_stopped: &AtomicBool,
) -> Result<Written, Failure> {
    let zooms = arguments.min_zoom..=arguments.max_zoom;
    let collections = collections(snapshot, arguments.collections.as_deref())?;
    let region = Region::new(collections, zooms.clone(), arguments.bbox)?;
    let (path, container) = arguments.target.path();
    let about = about(title, &region);
    Press { snapshot, region: &region, is_stopped }.run(path, container, &about)
}

/// Those that are named, or all that everyone may read.
fn collections<'a>(
    snapshot: &'a Snapshot,
    named: Option<&[CollectionId]>,
) -> Result<Vec<&'a CollectionSnapshot>, Failure> {
    if let Some(named) = named {
        let find = |id: &CollectionId| {
            let found = snapshot.collection(id.as_str()).map(|it| &**it);
            found.ok_or_else(|| Failure::NoCollection(id.clone()))
        };
        return named.iter().map(find).collect();
    }
    let is_public = |it: &&CollectionSnapshot| it.collection.readers == Readers::Public;
    let (public, closed): (Vec<_>, Vec<_>) =
        snapshot.collections().map(|it| &**it).partition(is_public);
    for it in closed {
        let id = &it.collection.id;
        say::note(&format!(
            "`{id}` is left out, since not everyone may read it: --collections takes it in"
        ));
    }
    Ok(public)
}
