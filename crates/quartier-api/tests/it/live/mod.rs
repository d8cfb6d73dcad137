//! The live stream as its clients see it.

mod changes;
mod client;
mod fences;
mod resume;
mod wishes;

pub(crate) use client::Client;
