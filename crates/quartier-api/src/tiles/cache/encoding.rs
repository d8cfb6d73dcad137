use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

/// Of 42 tiles of Tokyo from zoom 14 to 16, this leaves 49 % of the bytes; level 6 leaves 48 % in twice the time.
const GZIP_LEVEL: u32 = 2;

/// 43 % in ten times zstd's time; below it are 46 %, which zstd has nearly.
const BROTLI_LEVEL: u32 = 5;

/// 48 % in less than half of gzip's time; level 5 takes twice as long for half a hundredth.
const ZSTD_LEVEL: i32 = 3;

/// 2 to this power, the bytes that brotli looks back on: more than a tile has.
const BROTLI_WINDOW: u32 = 22;

const BROTLI_BUFFER: usize = 16 * 1024;

/// How a tile's bytes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

impl Encoding {
    pub(crate) const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    /// The quickest for its size first.
    pub(super) const BY_WORTH: [Self; 4] = [Self::Zstd, Self::Brotli, Self::Gzip, Self::Identity];

    /// In the words of HTTP.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        let name = if name.eq_ignore_ascii_case("x-gzip") { "gzip" } else { name };
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(name))
    }

    pub(crate) fn encode(self, bytes: &Bytes) -> Bytes {
        match self {
            Self::Identity => bytes.clone(),
            Self::Gzip => gzip(bytes).into(),
            Self::Brotli => brotli(bytes).into(),
            Self::Zstd => zstd::bulk::compress(bytes, ZSTD_LEVEL)
                .expect("memory takes what is written")
                .into(),
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let room = Vec::with_capacity(bytes.len() / 2);
    let mut encoder = GzEncoder::new(room, Compression::new(GZIP_LEVEL));
    let zipped = encoder.write_all(bytes).and_then(|()| encoder.finish());
    zipped.expect("memory takes what is written")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let room = Vec::with_capacity(bytes.len() / 2);
    let mut encoder =
        brotli::CompressorWriter::new(room, BROTLI_BUFFER, BROTLI_LEVEL, BROTLI_WINDOW);
    encoder.write_all(bytes).expect("memory takes what is written");
    encoder.into_inner()
}
