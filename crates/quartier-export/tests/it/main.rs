#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod city;
mod files;
mod flatgeobuf;
mod sequence;
