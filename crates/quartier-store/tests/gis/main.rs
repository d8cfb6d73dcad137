//! What GIS programs see of a store while that is open.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod geopackage;
#[path = "../contract/home.rs"]
#[expect(dead_code, reason = "the contract needs more of it")]
mod home;
mod ogr;
mod postgis;
#[path = "../contract/sample.rs"]
#[expect(dead_code, reason = "the contract needs more of it")]
mod sample;
#[path = "../contract/sensors/sample.rs"]
#[expect(dead_code, reason = "the contract needs more of it")]
mod sensors;
