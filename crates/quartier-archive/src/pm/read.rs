use std::{
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use quick_cache::{Weighter, sync::Cache};
use serde_json::{Map, Value};

use super::{
    directory::{Directory, Entry, Found},
    header::{HEADER_BYTES, Header},
};
use crate::{About, Coding, Error, Place, Result, gzip::inflate, limits};

/// A file of tiles that stays on the disk: of its directories, those that are asked for often are in memory.
pub(crate) struct PmArchive {
    path: PathBuf,
    file: File,
    header: Header,
    root: Directory,
    leaves: Cache<u64, Arc<Directory>, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<u64, Arc<Directory>> for Weight {
    fn weight(&self, _offset: &u64, directory: &Arc<Directory>) -> u64 {
        directory.memory_bytes().max(1)
    }
}

impl PmArchive {
    pub(crate) fn open(path: &Path, file: File) -> Result<(Self, About)> {
        let damaged = |what| Error::Damaged { path: path.to_owned(), what };
        let len = file.metadata().map_err(|source| unread(path, source))?.len();
        let mut first = [0; HEADER_BYTES];
        file.read_exact_at(&mut first, 0).map_err(|source| unread(path, source))?;
        let header = Header::read(&first, len).map_err(damaged)?;
        let mut archive = Self {
            path: path.to_owned(),
            file,
            header,
            root: Directory::read(&[0]).expect("a directory may be empty"),
            leaves: Cache::with_weighter(limits::LEAVES_TYPICAL, limits::LEAF_CACHE_BYTES, Weight),
        };
        archive.root = archive.directory(header.root.offset, header.root.len)?;
        let about = archive.about()?;
        Ok((archive, about))
    }

    /// The tile's bytes as they stand in the file.
    pub(crate) fn tile(&self, place: Place) -> Result<Option<Bytes>> {
        let Some(entry) = self.find(place.number())? else { return Ok(None) };
        let at = self.header.tiles.part(entry.offset, entry.len.into());
        let at = at.ok_or_else(|| self.damaged("a tile lies outside of its part"))?;
        self.bytes(at, entry.len.into(), limits::TILE_BYTES_MAX).map(|bytes| Some(bytes.into()))
    }

    fn find(&self, number: u64) -> Result<Option<Entry>> {
        let mut found = self.root.find(number);
        for _ in 0..limits::DIRECTORY_DEPTH_MAX {
            match found {
                Found::Tile(entry) => return Ok(Some(entry)),
                Found::Nothing => return Ok(None),
                Found::Directory(entry) => found = self.leaf(entry)?.find(number),
            }
        }
        Err(self.damaged("its directories lie too deep in one another"))
    }

    fn leaf(&self, entry: Entry) -> Result<Arc<Directory>> {
        let at = self.header.leaves.part(entry.offset, entry.len.into());
        let at = at.ok_or_else(|| self.damaged("a directory lies outside of its part"))?;
        self.leaves.get_or_insert_with(&at, || self.directory(at, entry.len.into()).map(Arc::new))
    }

    fn directory(&self, offset: u64, len: u64) -> Result<Directory> {
        let bytes = self.inner(offset, len, limits::DIRECTORY_BYTES_MAX)?;
        Directory::read(&bytes).ok_or_else(|| self.damaged("a directory cannot be read"))
    }

    fn about(&self) -> Result<About> {
        let header = &self.header;
        let mut details = self.metadata()?;
        // Which of a map's files it is, is decided by whoever serves it.
        details.remove("type");
        let mut text = |name| match details.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        Ok(About {
            name: text("name").unwrap_or_else(|| crate::name_of(&self.path)),
            description: text("description"),
            attribution: text("attribution"),
            format: header.format,
            coding: header.coding,
            min_zoom: header.min_zoom,
            max_zoom: header.max_zoom,
            bounds: header.bounds,
            center: header.center,
            details,
        })
    }

    fn metadata(&self) -> Result<Map<String, Value>> {
        let part = self.header.metadata;
        if part.len == 0 {
            return Ok(Map::new());
        }
        let bytes = self.inner(part.offset, part.len, limits::METADATA_BYTES_MAX)?;
        let read = serde_json::from_slice(&bytes);
        read.map_err(|_syntax| self.damaged("its metadata are no JSON object"))
    }

    /// Directories and metadata, as they are when nothing is compressed.
    fn inner(&self, offset: u64, len: u64, max: usize) -> Result<Vec<u8>> {
        let bytes = self.bytes(offset, len, max)?;
        match self.header.inner_coding {
            Coding::Identity => Ok(bytes),
            Coding::Gzip => inflate(&bytes, max)
                .ok_or_else(|| self.damaged("a directory or its metadata do not unpack")),
            Coding::Brotli | Coding::Zstd => Err(Error::Unsupported {
                path: self.path.clone(),
                what: "has directories that are not compressed by gzip",
            }),
        }
    }

    fn bytes(&self, offset: u64, len: u64, max: usize) -> Result<Vec<u8>> {
        let len = usize::try_from(len).ok().filter(|len| *len <= max);
        let len =
            len.ok_or_else(|| self.damaged("a tile or directory is larger than any should be"))?;
        let mut bytes = vec![0; len];
        self.file.read_exact_at(&mut bytes, offset).map_err(|source| unread(&self.path, source))?;
        Ok(bytes)
    }

    fn damaged(&self, what: &'static str) -> Error {
        Error::Damaged { path: self.path.clone(), what }
    }
}

fn unread(path: &Path, source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::UnexpectedEof {
        return Error::Damaged { path: path.to_owned(), what: "it ends too early" };
    }
    Error::Read { path: path.to_owned(), source }
}
