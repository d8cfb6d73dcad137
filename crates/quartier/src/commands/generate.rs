use std::path::Path;

use quartier_model::{Collection, CollectionId};
use quartier_town::Town;

use super::{geopackage, open_store, progress::Progress, town};
use crate::{cli, failure::Failure, say};

/// What a file of one collection holds.
const BUILDINGS: &str = "buildings";

pub(super) async fn run(arguments: &cli::Generate) -> Result<(), Failure> {
    let made = Town::new(arguments.buildings, arguments.seed)?;
    let out = arguments.out.clone();
    if out.exists() {
        return Err(Failure::Exists(out));
    }
    let name = out.to_string_lossy().to_lowercase();
    let objects = if name.ends_with(".gpkg") {
        let store = open_store(&geopackage(&out), Some(Town::CRS)).await?;
        town::write(&made, &store).await?
    } else if name.ends_with(".fgb") || name.ends_with(".city.jsonl") {
        tokio::task::spawn_blocking(move || write_buildings(&made, &out)).await??
    } else {
        return Err(Failure::Ending(out));
    };
    say::line(&format!("{objects} objects were written to {}", arguments.out.display()));
    Ok(())
}

fn write_buildings(town: &Town, out: &Path) -> Result<usize, Failure> {
    let id: CollectionId = BUILDINGS.parse().expect("a town's collection has a valid id");
    let collections = town.collections();
    let is_buildings = |collection: &&Collection| collection.id == id;
    let collection = collections.iter().find(is_buildings).expect("a town has buildings");
    let progress = Progress::counting(BUILDINGS);
    let objects = town.objects(&id).inspect(|_| progress.add(1));
    let written = if out.extension().is_some_and(|ending| ending == "fgb") {
        quartier_export::flatgeobuf(out, collection, objects)?
    } else {
        quartier_export::city_json_seq(out, collection, objects)?
    };
    Ok(written.objects as usize)
}
