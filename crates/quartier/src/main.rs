//! `quartier`: a city's digital twin. Start reading at [`cli`]; each command is a file in `commands`.

mod cli;
mod commands;
mod config;
mod failure;
mod feeds;
mod logging;
mod memory;
mod say;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::Cli;

fn main() -> ExitCode {
    memory::set_up();
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    let cli = Cli::parse();
    logging::start();
    match commands::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::error(&failure.with_causes());
            failure.exit_code()
        }
    }
}
