mod about;
mod press;
mod region;
mod tiles;

use crate::{cli, failure::Failure};

pub(super) async fn run(arguments: &cli::Export) -> Result<(), Failure> {
    match &arguments.what {
        cli::ExportWhat::Tiles(arguments) => tiles::run(arguments).await,
    }
}
