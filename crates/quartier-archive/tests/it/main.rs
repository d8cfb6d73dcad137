#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod damage;
mod files;
mod round_trip;
mod walk;
