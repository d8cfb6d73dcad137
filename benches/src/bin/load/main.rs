//! Sensors and clients for a running server: what `benches/peers` measures with. Prints a line of JSON.
#![allow(clippy::print_stdout, reason = "its results are its output")]

mod arrays;
mod ask;
mod http;
mod mqtt;
mod posts;
mod readings;
mod seed;
mod steady;
mod streams;
mod tally;
mod tiles;

use clap::Parser;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Makes load for a server, and measures it.
#[derive(Debug, Parser)]
enum Load {
    /// Creates Things with their Datastreams over SensorThings.
    Seed(seed::Seed),
    /// Sends `CreateObservations` with many rows each.
    Arrays(arrays::Arrays),
    /// Sends single observations by POST.
    Posts(posts::Posts),
    /// Publishes single observations at least once (quality of service 1).
    Mqtt(mqtt::Publishers),
    /// Opens live streams, sends readings, and times each from its sending to its arrival.
    Streams(streams::Streams),
    /// Sends readings at an even rate.
    Steady(steady::Steady),
    /// Asks for tiles, each once and in order, or again and again.
    Tiles(tiles::Tiles),
    /// Asks for one URL again and again.
    Ask(ask::Ask),
}

#[tokio::main]
async fn main() -> Result<()> {
    let outcome = match Load::parse() {
        Load::Seed(load) => load.run().await?,
        Load::Arrays(load) => load.run().await?,
        Load::Posts(load) => load.run().await?,
        Load::Mqtt(load) => load.run().await?,
        Load::Streams(load) => load.run().await?,
        Load::Steady(load) => load.run().await?,
        Load::Tiles(load) => load.run().await?,
        Load::Ask(load) => load.run().await?,
    };
    println!("{outcome}");
    Ok(())
}
