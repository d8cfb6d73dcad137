//! What other programs find in a tile.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod blocks;
mod geometry;
mod hostile;
mod limit;
mod oracles;
mod properties;
mod ready;
mod roundtrip;
mod shapes;
mod subdivision;
mod thin;
mod topology;
