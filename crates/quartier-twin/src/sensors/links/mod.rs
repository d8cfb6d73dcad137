//! Things and objects together, in memory and in the store.
//!
//! **Invariant:** the table is what [`super::join`] makes of the newest entities and the newest city, whatever came in
//! which order; the store gets it from here, some moments later.

mod affected;
mod hooks;
mod linking;
mod query;
mod table;

pub(crate) use linking::Linking;
pub(crate) use query::degrees_at;
pub use query::{LinkFilter, Unlinked};
pub(crate) use table::LinkTable;
