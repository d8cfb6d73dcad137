use pmtiles::{TileCoord, TileId};

use crate::{Error, Result};

/// The deepest zoom whose places have a number in a file.
pub(crate) const ZOOM_MAX: u8 = 31;

/// A tile of the web's maps: columns count from the west, rows from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    z: u8,
    x: u32,
    y: u32,
}

impl Place {
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self> {
        let below = |value: u32| u64::from(value) < 1_u64 << z;
        let is_there = z <= ZOOM_MAX && below(x) && below(y);
        if is_there { Ok(Self { z, x, y }) } else { Err(Error::NoSuchTile { z, x, y }) }
    }

    pub(crate) const WORLD: Self = Self { z: 0, x: 0, y: 0 };

    pub fn z(self) -> u8 {
        self.z
    }

    pub fn x(self) -> u32 {
        self.x
    }

    pub fn y(self) -> u32 {
        self.y
    }

    pub(crate) fn coord(self) -> TileCoord {
        TileCoord::new(self.z, self.x, self.y).expect("the place was checked")
    }

    /// Its number in a file: by zoom, and along Hilbert's curve within one.
    pub fn number(self) -> u64 {
        TileId::from(self.coord()).value()
    }

    /// The four tiles below it, in the order of their numbers.
    pub(crate) fn children(self) -> [Self; 4] {
        let below = |(x, y)| Self { z: self.z + 1, x: self.x * 2 + x, y: self.y * 2 + y };
        let mut children = [(0, 0), (1, 0), (0, 1), (1, 1)].map(below);
        children.sort_unstable_by_key(|child| child.number());
        children
    }
}
