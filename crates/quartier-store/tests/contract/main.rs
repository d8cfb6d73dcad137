//! What every store does, whatever database is behind it.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod concurrency;
mod content;
mod following;
mod history;
mod home;
mod opening;
mod sample;
mod sensors;
mod trouble;
mod writing;
