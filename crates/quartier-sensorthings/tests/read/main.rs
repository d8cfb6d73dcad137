//! Reading over a real store.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod entities;
mod expanding;
mod filtering;
mod formats;
mod paging;
mod town;
