//! Reading over a real store.

mod entities;
mod expanding;
mod filtering;
mod formats;
mod paging;
mod town;
