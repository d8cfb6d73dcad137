//! The interfaces as clients see them: the whole router over the real twin and a GeoPackage of its own for each test.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod answer;
mod archives;
mod away;
mod choice;
mod city;
mod crs;
mod discovery;
mod errors;
mod everywhere;
mod fresh;
mod grids;
mod items;
mod limits;
mod live;
mod negotiation;
mod neighbours;
mod pages;
mod readings;
mod sensed;
mod sensorthings;
mod serving;
mod tiles;
mod transactions;
mod twin_sensors;
