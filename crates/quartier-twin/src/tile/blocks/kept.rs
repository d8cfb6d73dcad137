//! What has been summed up, as arrays of a saved city.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use quartier_model::{Bbox, FeatureId};
use quartier_slab::{Misfit, Sectioned, Sections, Slab};

use super::{
    chunk::Chunk,
    pyramid::{Chunks, Key},
    runs::Runs,
};

/// The chunks of the web's maps' pyramid, and what they follow from: they hold for nothing else.
#[derive(Debug, Default)]
pub(crate) struct KeptBlocks {
    /// Empty where there is no pyramid.
    pub(super) identity: String,
    /// Of the ways by which the objects were projected.
    pub(super) extent: [f64; 4],
    pub(super) chunks: Chunks,
}

pub(super) fn corners(extent: &Bbox) -> [f64; 4] {
    [extent.min_x, extent.min_y, extent.max_x, extent.max_y]
}

/// Numbers of a chunk beside its key: how many looks, squares and singles it has.
const HEAD: usize = 6;

/// Stands for the number of looks where nothing has been summed up.
const UNMADE: u32 = u32::MAX;

impl Sectioned for KeptBlocks {
    fn put_into(&self, sections: &mut Sections) {
        let (mut heads, mut looks, mut runs) = (Vec::new(), Vec::new(), Vec::new());
        let (mut counts, mut singles) = (Vec::new(), Vec::new());
        for (&(zoom, x, y), chunk) in &self.chunks {
            let key = [zoom.into(), x, y];
            let Some(chunk) = chunk.get() else {
                heads.extend(key.into_iter().chain([UNMADE, 0, 0]));
                continue;
            };
            let sizes = [chunk.looks.len(), chunk.counts.len(), chunk.singles.len()];
            heads.extend(key.into_iter().chain(sizes.map(|size| size as u32)));
            for (look, cells) in &chunk.looks {
                looks.extend([u32::from(*look), cells.bytes().len() as u32]);
                runs.extend_from_slice(cells.bytes());
            }
            counts.extend(
                chunk.counts.iter().flat_map(|(square, count)| [u32::from(*square), *count]),
            );
            singles.extend(chunk.singles.iter().map(|fid| fid.0));
        }
        sections.put_text("blocks", &self.identity);
        sections.put_few("block extent", &self.extent);
        sections.put("block chunks", &Slab::from(heads));
        sections.put("block looks", &Slab::from(looks));
        sections.put("block runs", &Slab::from(runs));
        sections.put("block counts", &Slab::from(counts));
        sections.put("block singles", &Slab::from(singles));
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let (identity, extent) =
            (sections.take_text("blocks")?, sections.take_few("block extent")?);
        let heads = sections.take::<u32>("block chunks")?;
        let mut rest = Rest {
            looks: &sections.take("block looks")?,
            runs: sections.take::<u8>("block runs")?.to_bytes(),
            counts: &sections.take("block counts")?,
            singles: &sections.take("block singles")?,
        };
        let chunks = heads.chunks_exact(HEAD).map(|head| rest.chunk(head)).collect::<Option<_>>();
        let chunks =
            chunks.ok_or_else(|| Misfit::content("block chunks", &"they are cut short"))?;
        Ok(Self { identity, extent, chunks })
    }
}

/// What has not been taken yet.
struct Rest<'a> {
    looks: &'a [u32],
    runs: Bytes,
    counts: &'a [u32],
    singles: &'a [u64],
}

impl Rest<'_> {
    fn chunk(&mut self, head: &[u32]) -> Option<(Key, Arc<OnceLock<Chunk>>)> {
        let &[zoom, x, y, looks, counts, singles] = head else { return None };
        let key = (u8::try_from(zoom).ok()?, x, y);
        if looks == UNMADE {
            return Some((key, Arc::default()));
        }
        let looks = pairs(self.looks.split_off(..2 * looks as usize)?);
        let counts = pairs(self.counts.split_off(..2 * counts as usize)?);
        let singles = self.singles.split_off(..singles as usize)?;
        let chunk = Chunk {
            looks: looks
                .map(|(look, bytes)| Some((look, self.runs(bytes)?)))
                .collect::<Option<_>>()?,
            counts: counts.collect(),
            singles: singles.iter().copied().map(FeatureId).collect(),
        };
        Some((key, Arc::new(chunk.into())))
    }

    fn runs(&mut self, bytes: u32) -> Option<Runs> {
        let bytes = bytes as usize;
        (bytes <= self.runs.len()).then(|| Runs::of_bytes(self.runs.split_to(bytes)))
    }
}

fn pairs(numbers: &[u32]) -> impl Iterator<Item = (u16, u32)> {
    numbers.chunks_exact(2).map(|pair| (pair[0] as u16, pair[1]))
}

#[cfg(test)]
mod tests {
    use quartier_slab::Section;

    use super::*;

    fn chunk(runs: &[(u16, u8)], singles: &[u64]) -> Arc<OnceLock<Chunk>> {
        let of_look = |(look, cell): &(u16, u8)| {
            let cells = vec![*cell; quartier_tiles::CELLS * quartier_tiles::CELLS];
            (*look, Runs::of(&cells))
        };
        let chunk = Chunk {
            looks: runs.iter().map(of_look).collect(),
            counts: vec![(7, 70_000), (9, 1)],
            singles: singles.iter().copied().map(FeatureId).collect(),
        };
        Arc::new(chunk.into())
    }

    fn text(kept: &KeptBlocks) -> String {
        let mut chunks: Vec<_> = kept.chunks.iter().collect();
        chunks.sort_by_key(|(key, _)| **key);
        format!("{} {:?} {chunks:?}", kept.identity, kept.extent)
    }

    fn shorter(section: &Section, name: &str) -> Section {
        let end = section.bytes.len() - if section.name == name { 8 } else { 0 };
        Section { bytes: section.bytes.slice(..end), ..section.clone() }
    }

    #[test]
    fn what_is_put_is_taken_and_what_is_cut_short_is_not() {
        let chunks = [
            ((9, 268, 170), chunk(&[(0, 255), (48, 3)], &[5, u64::MAX])),
            ((9, 269, 170), chunk(&[], &[])),
            ((8, 134, 85), Arc::default()),
        ];
        let kept = KeptBlocks {
            identity: "a rule".into(),
            extent: [7.5, 51.9, 7.7, 52.0],
            chunks: chunks.into_iter().collect(),
        };
        let mut sections = Sections::default();
        kept.put_into(&mut sections);
        assert_eq!(text(&KeptBlocks::take_from(&mut sections.clone()).unwrap()), text(&kept));

        for name in ["block looks", "block runs", "block counts", "block singles"] {
            let mut cut = sections.iter().map(|section| shorter(section, name)).collect();
            let taken = KeptBlocks::take_from(&mut cut);
            assert!(matches!(taken, Err(Misfit::Content { .. })), "{name}");
        }
    }
}
