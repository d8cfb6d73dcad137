//! Things and objects together, in memory and in the store.

mod hooks;
mod query;

pub use query::{LinkFilter, Unlinked};
