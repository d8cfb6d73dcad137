use quartier_api::{App, Archives};
use quartier_model::Readers;
use quartier_twin::{Snapshot, Twin};

use super::open_store;
use crate::{
    cli,
    config::Config,
    failure::{Failure, Findings},
    say,
};

/// Looks at everything that `serve` needs, changes nothing, and says what is to be mended.
pub(super) async fn run(arguments: &cli::Common) -> Result<(), Failure> {
    let config = Config::read(arguments.config.as_deref())?;
    let url = config.store(arguments)?;
    say::line("configuration: in order");
    let inspected = quartier_store::inspect(&url).await;
    if inspected.map_err(|source| Failure::Store { url: url.to_string(), source })?.is_none() {
        say::line(&format!("store: {url} is not there yet; `quartier import` or `serve` makes it"));
        return Ok(());
    }
    let store = open_store(&url, config.working_crs).await?;
    let snapshot = Snapshot::load(&store, &config.overlays()?).await?;
    say::line(&format!("store: {url}, working CRS {}", snapshot.working_crs()));
    let settings = super::serve::settings(&config, &cli::Addresses::default())?;
    App::new(Twin::open(store, config.overlays()?, config.sensors.clone())?, settings)?;
    say::line("styles: in order");
    Archives::open(&config.tiles.archives).await?;
    say::line("archives: in order");
    match findings(&config, &snapshot) {
        0 => Ok(()),
        count => Err(Failure::Findings(Findings(count))),
    }
}

fn findings(config: &Config, snapshot: &Snapshot) -> usize {
    let mut findings = Vec::new();
    for loaded in snapshot.collections() {
        let collection = &loaded.collection;
        say::line(&format!("collection {}: {} objects", collection.id, loaded.index.len()));
        if collection.readers == Readers::Token && config.token().is_none() {
            findings.push(format!(
                "nobody can read `{}`: set readers = \"public\" under [collections.{}], or a token",
                collection.id, collection.id
            ));
        }
    }
    let is_missing =
        |id: &&quartier_model::CollectionId| snapshot.collection(id.as_str()).is_none();
    findings.extend(config.collections.keys().filter(is_missing).map(|id| {
        format!("the configuration describes `{id}`, which the store does not have: import it, or correct the name")
    }));
    for finding in &findings {
        say::line(&format!("problem: {finding}"));
    }
    findings.len()
}
