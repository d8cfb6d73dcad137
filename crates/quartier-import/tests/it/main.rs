//! What the readers promise, on real files where there are any and on small ones that the tests write.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod bad_input;
mod city_models;
mod formats;
mod geometry;
mod support;
