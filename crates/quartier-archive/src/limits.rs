//! What is believed of a file, whatever it says.

/// A directory with everything that writers put into one, 65,536 entries of 20 bytes, ten times over.
pub(crate) const DIRECTORY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Statistics of many layers' attributes take a megabyte.
pub(crate) const METADATA_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Basemaps keep below one megabyte; a picture of 1,024 pixels without loss takes three.
pub(crate) const TILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A file for the whole Earth has three directories above a tile.
pub(crate) const DIRECTORY_DEPTH_MAX: usize = 4;

/// Memory of directories for one file: those of a country, down to its last zoom.
pub(crate) const LEAF_CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// A directory of 4,096 entries takes 100 kB; with the sum it says for how many there are places.
pub(crate) const LEAVES_TYPICAL: usize = 320;
