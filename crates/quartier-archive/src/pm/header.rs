use quartier_model::Bbox;

use crate::{Center, Coding, TileFormat};

pub(super) const HEADER_BYTES: usize = 127;

const MAGIC: &[u8] = b"PMTiles";
const VERSION: u8 = 3;

/// Coordinates in the header are whole numbers of this part of a degree.
const PER_DEGREE: f64 = 1e7;

/// The first bytes of the file: PMTiles 3, chapter 3.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) root: Section,
    pub(super) metadata: Section,
    pub(super) leaves: Section,
    pub(super) tiles: Section,
    /// Of directories and metadata.
    pub(super) inner_coding: Coding,
    pub(super) coding: Coding,
    pub(super) format: TileFormat,
    pub(super) min_zoom: u8,
    pub(super) max_zoom: u8,
    pub(super) bounds: Bbox,
    pub(super) center: Center,
}

/// A part of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub(super) offset: u64,
    pub(super) len: u64,
}

/// Whether the file says that it is PMTiles, of whichever version.
pub(crate) fn is_pmtiles(first: &[u8]) -> bool {
    first.starts_with(b"PM")
}

impl Header {
    /// Says what is wrong with it.
    pub(super) fn read(bytes: &[u8; HEADER_BYTES], file_len: u64) -> Result<Self, &'static str> {
        if !bytes.starts_with(MAGIC) || bytes[7] != VERSION {
            return Err("it is PMTiles of another version than 3");
        }
        let section = |at: usize| Section { offset: long(bytes, at), len: long(bytes, at + 8) };
        let header = Self {
            root: section(8),
            metadata: section(24),
            leaves: section(40),
            tiles: section(56),
            inner_coding: coding(bytes[97])?,
            coding: coding(bytes[98])?,
            format: format(bytes[99])?,
            min_zoom: bytes[100],
            max_zoom: bytes[101],
            bounds: bounds(bytes)?,
            center: Center {
                longitude: degrees(bytes, 119),
                latitude: degrees(bytes, 123),
                zoom: bytes[118],
            },
        };
        let sections = [header.root, header.metadata, header.leaves, header.tiles];
        let reaches_out =
            |it: &Section| it.offset.checked_add(it.len).is_none_or(|end| end > file_len);
        if sections.iter().any(reaches_out) {
            return Err("its header names a part beyond its end");
        }
        if header.min_zoom > header.max_zoom || header.max_zoom > crate::place::ZOOM_MAX {
            return Err("its header names zooms that there are not");
        }
        Ok(header)
    }
}

impl Section {
    /// Where a part of the section stands in the file; `None` where it reaches out of it.
    pub(super) fn part(&self, offset: u64, len: u64) -> Option<u64> {
        let end = offset.checked_add(len)?;
        (end <= self.len).then(|| self.offset + offset)
    }
}

fn long(bytes: &[u8; HEADER_BYTES], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

fn degrees(bytes: &[u8; HEADER_BYTES], at: usize) -> f64 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    f64::from(i32::from_le_bytes(number)) / PER_DEGREE
}

fn bounds(bytes: &[u8; HEADER_BYTES]) -> Result<Bbox, &'static str> {
    let [west, south, east, north] = [102, 106, 110, 114].map(|at| degrees(bytes, at));
    Bbox::new(west, south, east, north).map_err(|_upended| "the bounds in its header are upended")
}

fn coding(number: u8) -> Result<Coding, &'static str> {
    match number {
        1 => Ok(Coding::Identity),
        2 => Ok(Coding::Gzip),
        3 => Ok(Coding::Brotli),
        4 => Ok(Coding::Zstd),
        _ => Err("it does not say how it is compressed"),
    }
}

fn format(number: u8) -> Result<TileFormat, &'static str> {
    match number {
        1 => Ok(TileFormat::Mvt),
        2 => Ok(TileFormat::Png),
        3 => Ok(TileFormat::Jpeg),
        4 => Ok(TileFormat::Webp),
        5 => Ok(TileFormat::Avif),
        6 => Ok(TileFormat::Mlt),
        _ => Err("it does not say what its tiles are"),
    }
}
