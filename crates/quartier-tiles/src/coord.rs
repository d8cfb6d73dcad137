use std::fmt;

/// The deepest zoom: a tile of it is 2.4 metres wide at the equator.
pub const ZOOM_MAX: u8 = 24;

/// Which tile of a tile matrix set: columns count from the left, rows from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileCoordError {
    #[error("the tile's {part} `{text}` is not a whole number from 0 on")]
    Number { part: &'static str, text: String },
    #[error("the tile's zoom {zoom} is out of range: it goes from 0 to {max}")]
    Zoom { zoom: u64, max: u8 },
    #[error("the tile's {part} {value} is out of range: at zoom {zoom} it goes from 0 to {max}")]
    Range { part: &'static str, value: u64, zoom: u8, max: u32 },
}

impl TileCoord {
    /// A tile of a set whose level `z` is 2^z tiles wide and high, such as `WebMercatorQuad`. Other sets have
    /// [`crate::TileMatrixSet::tile`].
    pub fn new(z: u64, x: u64, y: u64) -> Result<Self, TileCoordError> {
        Self::within(z, x, y, ZOOM_MAX, |zoom| (1 << zoom, 1 << zoom))
    }

    /// A tile of a set that is `size(zoom)` tiles wide and high.
    pub(crate) fn within(
        z: u64,
        x: u64,
        y: u64,
        max: u8,
        size: impl Fn(u8) -> (u32, u32),
    ) -> Result<Self, TileCoordError> {
        let zoom = u8::try_from(z).ok().filter(|zoom| *zoom <= max);
        let zoom = zoom.ok_or(TileCoordError::Zoom { zoom: z, max })?;
        let (columns, rows) = size(zoom);
        Ok(Self {
            z: zoom,
            x: below(columns, x, "column (x)", zoom)?,
            y: below(rows, y, "row (y)", zoom)?,
        })
    }

    /// A tile whose place is known to be inside its set.
    pub(crate) const fn inside(z: u8, x: u32, y: u32) -> Self {
        Self { z, x, y }
    }

    /// Reads the parts of a path, such as `14/8531/5441`, for a set as [`TileCoord::new`] takes it.
    pub fn parse(z: &str, x: &str, y: &str) -> Result<Self, TileCoordError> {
        let (z, x, y) = numbers(z, x, y)?;
        Self::new(z, x, y)
    }

    pub fn z(self) -> u8 {
        self.z
    }

    pub fn x(self) -> u32 {
        self.x
    }

    pub fn y(self) -> u32 {
        self.y
    }
}

/// The parts of a tile's path as numbers, not yet checked against a set.
pub(crate) fn numbers(z: &str, x: &str, y: &str) -> Result<(u64, u64, u64), TileCoordError> {
    Ok((number(z, "zoom")?, number(x, "column (x)")?, number(y, "row (y)")?))
}

fn number(text: &str, part: &'static str) -> Result<u64, TileCoordError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = digits.then(|| text.parse().ok()).flatten();
    parsed.ok_or_else(|| TileCoordError::Number { part, text: text.chars().take(20).collect() })
}

fn below(count: u32, value: u64, part: &'static str, zoom: u8) -> Result<u32, TileCoordError> {
    let max = count.saturating_sub(1);
    let inside = u32::try_from(value).ok().filter(|value| *value <= max);
    inside.ok_or(TileCoordError::Range { part, value, zoom, max })
}

impl fmt::Display for TileCoord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(z: &str, x: &str, y: &str) -> String {
        TileCoord::parse(z, x, y).unwrap_err().to_string()
    }

    #[test]
    fn a_tile_is_read_from_its_path() {
        let tile = TileCoord::parse("14", "8531", "5441").unwrap();
        assert_eq!((tile.z(), tile.x(), tile.y()), (14, 8531, 5441));
        assert_eq!(tile.to_string(), "14/8531/5441");
    }

    #[test]
    fn a_tile_out_of_range_is_refused_with_the_range() {
        assert_eq!(
            refusal("3", "8", "0"),
            "the tile's column (x) 8 is out of range: at zoom 3 it goes from 0 to 7"
        );
        assert_eq!(
            refusal("3", "0", "1099511627776"),
            "the tile's row (y) 1099511627776 is out of range: at zoom 3 it goes from 0 to 7"
        );
        assert_eq!(
            refusal("25", "0", "0"),
            "the tile's zoom 25 is out of range: it goes from 0 to 24"
        );
        assert_eq!(
            refusal("1099511627776", "0", "0"),
            "the tile's zoom 1099511627776 is out of range: it goes from 0 to 24"
        );
    }

    #[test]
    fn a_tile_that_is_no_number_is_refused_by_part() {
        for text in ["-1", "1.5", "abc", "", "+1", " 1", "1e3", "99999999999999999999999", "NaN"] {
            let shown: String = text.chars().take(20).collect();
            let expected = format!("the tile's row (y) `{shown}` is not a whole number from 0 on");
            assert_eq!(refusal("3", "0", text), expected);
        }
    }
}
