//! The twin over real stores, from files to snapshots.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod blocks;
mod city;
mod crowds;
mod edges;
mod follow;
mod freshness;
mod import;
mod postgis;
mod saved;
mod search;
mod sensors;
