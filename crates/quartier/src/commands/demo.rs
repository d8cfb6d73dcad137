use std::fs;

use quartier_town::Town;

use super::{geopackage, open_store, serve, town};
use crate::{cli, config::Config, failure::Failure, say};

/// Makes the town where it is not there yet, and serves it. A town that is there is not written again.
pub(super) async fn run(arguments: &cli::Demo) -> Result<(), Failure> {
    let made = Town::new(arguments.buildings, arguments.seed)?;
    let dir = &arguments.dir;
    fs::create_dir_all(dir).map_err(|source| Failure::Unwritten { path: dir.clone(), source })?;
    let path = dir.join(format!("town-{}-{}.gpkg", arguments.buildings, arguments.seed));
    let url = geopackage(&path);
    let store = open_store(&url, Some(Town::CRS)).await?;
    let created = town::write(&made, &store).await?;
    // Not on standard output, whose first line is the server's address.
    say::note(&match created {
        0 => format!("the town is in {}", path.display()),
        created => format!("a town with {created} objects was made in {}", path.display()),
    });
    drop(store);
    serve::serve(&Config::default(), &url, &arguments.listen).await
}
