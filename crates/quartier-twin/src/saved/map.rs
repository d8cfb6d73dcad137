//! A file as memory.
#![expect(
    unsafe_code,
    reason = "a mapped file changes when somebody writes to it: see below why nobody does"
)]

use std::{fs::File, io};

use bytes::Bytes;
use memmap2::Mmap;

/// A saved city's file, in memory as it is touched.
pub(super) fn map(file: &File) -> io::Result<Bytes> {
    // SAFETY: the bytes must stay as they are while the map lives. A saved city is written under another name, by one
    // writer that holds its lock, and gets its own name when it is whole; from then on this program only reads it or
    // puts another file in its place, which leaves the mapped one as it is until it is let go. It can be read by its
    // owner only and written by nobody, so that changing or cutting it short takes intent, as it does with the
    // program's other files. All of it has been read once, so that a broken disk has shown itself.
    let map = unsafe { Mmap::map(file) }?;
    Ok(Bytes::from_owner(map))
}
