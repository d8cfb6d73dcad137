use std::path::{Path, PathBuf};

use quartier_export::Summary;
use quartier_model::{CityObject, Collection, CollectionId};
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
    let objects = match name.rsplit('.').collect::<Vec<_>>().as_slice() {
        ["gpkg", _, ..] => {
            let store = open_store(&geopackage(&out), Some(Town::CRS)).await?;
            town::write(&made, &store).await?
        }
        ["fgb", _, ..] => buildings(made, out, quartier_export::flatgeobuf).await?,
        ["jsonl", "city", _, ..] => buildings(made, out, quartier_export::city_json_seq).await?,
        _ => return Err(Failure::Ending(out)),
    };
    say::line(&format!("{objects} objects were written to {}", arguments.out.display()));
    Ok(())
}

/// Writes a file of one collection by one of the export's functions.
async fn buildings<E>(town: Town, out: PathBuf, export: E) -> Result<usize, Failure>
where
    E: FnOnce(&Path, &Collection, Counted) -> quartier_export::Result<Summary> + Send + 'static,
{
    let write = move || {
        let id: CollectionId = BUILDINGS.parse().expect("a town's collection has a valid id");
        let collections = town.collections();
        let is_buildings = |collection: &&Collection| collection.id == id;
        let collection = collections.iter().find(is_buildings).expect("a town has buildings");
        let progress = Progress::counting(BUILDINGS);
        let objects: Counted = Box::new(town.objects(&id).inspect(move |_| progress.add(1)));
        export(&out, collection, objects)
    };
    Ok(tokio::task::spawn_blocking(write).await??.objects as usize)
}

type Counted = Box<dyn Iterator<Item = CityObject>>;
