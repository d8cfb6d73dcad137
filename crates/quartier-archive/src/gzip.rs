use std::io::{Read as _, Write as _};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

/// A tile as [`crate::Coding::Gzip`] wants it: packed once, and read often.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.expect("memory takes what is written")
}

/// What gzip packed; `None` where it is damaged, or more than so many bytes.
pub(crate) fn inflate(bytes: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut unpacked = Vec::with_capacity((bytes.len() * 4).min(max));
    let mut decoder = MultiGzDecoder::new(bytes).take(max as u64 + 1);
    decoder.read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= max).then_some(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_of_nothing_is_not_unpacked_beyond_the_limit() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
        let packed = encoder.finish().unwrap();
        assert!(packed.len() < 2_000);
        assert_eq!(inflate(&packed, 1 << 20).map(|bytes| bytes.len()), Some(1 << 20));
        assert_eq!(inflate(&packed, (1 << 20) - 1), None);
        assert_eq!(inflate(&packed[..packed.len() / 2], 1 << 20), None);
    }
}
