mod check;
mod demo;
mod export;
mod generate;
mod import;
mod progress;
mod serve;
mod town;

use std::{path::Path, sync::Arc};

use quartier_model::Crs;
use quartier_store::{Store, StoreUrl};

use crate::{
    cli::{Cli, Command},
    failure::Failure,
};

pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(arguments) => serve::run(&arguments).await,
        Command::Import(arguments) => import::run(&arguments).await,
        Command::Demo(arguments) => demo::run(&arguments).await,
        Command::Generate(arguments) => generate::run(&arguments).await,
        Command::Export(arguments) => export::run(&arguments).await,
        Command::Check(arguments) => check::run(&arguments).await,
    }
}

async fn open_store(url: &StoreUrl, crs: Option<Crs>) -> Result<Arc<dyn Store>, Failure> {
    let opened = quartier_store::open(url, crs).await;
    opened.map_err(|source| Failure::Store { url: url.to_string(), source })
}

fn geopackage(path: &Path) -> StoreUrl {
    StoreUrl::GeoPackage(path.to_owned())
}
