//! The city as a file beside its store, so that a server starts by mapping it instead of reading the whole store.
//!
//! The file is a copy and never the truth: it is used if the store has the change up to which it was written, told by
//! that change's mark, and if every byte is as it was written. Changes since then are taken from the store's log.
//! Otherwise the city is loaded from the store, and the file is written anew.

mod chunks;
mod city;
mod file;
mod keeper;
mod map;

use std::{io, path::PathBuf};

use quartier_slab::Misfit;

pub(crate) use city::open;
pub(crate) use keeper::{Keeper, keep};

/// Where the city is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedCity {
    pub path: PathBuf,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
enum Flaw {
    #[error("there is none")]
    Absent,
    #[error("it cannot be read")]
    Unread(#[source] io::Error),
    #[error("{0}")]
    Broken(&'static str),
    #[error("its store is another, or was brought back from an older copy")]
    Foreign,
    #[error("another version wrote it")]
    Misfit(#[from] Misfit),
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Absent,
            _ => Self::Unread(error),
        }
    }
}
