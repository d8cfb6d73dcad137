use quartier_tiles::Layer;

use super::scene::Scene;
use crate::Result;

/// Bytes of a tile before compression, unless the configuration says otherwise: what a telephone takes in and draws
/// without a pause.
pub const TILE_BYTES_MAX: usize = 500_000;

/// Bytes around a layer in a tile, at most.
const LAYER_HEAD_BYTES: usize = 8;

/// What a layer leaves out so that its tile stays small.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thrift {
    pub(super) bytes_max: usize,
    /// Only the properties that say what an object is and what it looks like.
    pub(super) is_plain: bool,
    /// How often the cells in which one point stands for all are doubled.
    pub(super) doublings: u8,
    /// The most important objects first, and as many as there is room for.
    pub(super) is_ranked: bool,
}

/// Objects that may be too large for what room is left before no smaller ones are looked for.
const REFUSALS_MAX: usize = 64;

impl Thrift {
    pub(super) fn none(bytes_max: usize) -> Self {
        Self { bytes_max, is_plain: false, doublings: 0, is_ranked: false }
    }

    /// How many objects may not fit before drawing goes on no longer.
    pub(super) fn refusals_max(self) -> usize {
        if self.is_ranked { REFUSALS_MAX } else { 1 }
    }

    /// From little to much, where points stand for others.
    fn crowded(bytes_max: usize) -> impl Iterator<Item = Self> {
        let plain = Self { is_plain: true, ..Self::none(bytes_max) };
        (0..=3).map(move |doublings| Self { doublings, ..plain })
    }

    /// The limit is kept whatever there is, and everything is there if it can be.
    fn ranked(bytes_max: usize) -> Self {
        Self { is_plain: true, is_ranked: true, ..Self::none(bytes_max) }
    }
}

/// Draws layers so that their tile keeps a limit: each as its rules want it if they fit together; else those that take
/// more than their share leave out something, in steps that depend on nothing but the city and the tile.
pub(super) fn draw(scenes: &[Scene<'_>], bytes_max: usize) -> Result<Vec<Layer>> {
    let whole = scenes.iter().map(|scene| draw_whole(scene, bytes_max));
    let mut layers: Vec<_> = whole.collect::<Result<_>>()?;
    let sizes: Vec<_> = layers.iter().map(|it| it.as_ref().map_or(usize::MAX, size)).collect();
    for (index, room) in too_large(&sizes, bytes_max) {
        let layer = draw_less(&scenes[index], room.saturating_sub(LAYER_HEAD_BYTES))?;
        note(&scenes[index], room, layer.refused());
        layers[index] = Some(layer);
    }
    Ok(layers.into_iter().flatten().collect())
}

/// With nothing left out; `None` where that is not worth trying.
fn draw_whole(scene: &Scene<'_>, bytes_max: usize) -> Result<Option<Layer>> {
    if scene.is_hopeless(bytes_max)? {
        return Ok(None);
    }
    scene.draw(Thrift::none(bytes_max)).map(Some)
}

fn draw_less(scene: &Scene<'_>, bytes_max: usize) -> Result<Layer> {
    for thrift in Thrift::crowded(bytes_max).filter(|_| scene.has_crowds) {
        let layer = scene.draw(thrift)?;
        if layer.refused() == 0 {
            return Ok(layer);
        }
    }
    scene.draw(Thrift::ranked(bytes_max))
}

fn note(scene: &Scene<'_>, bytes_max: usize, refused: usize) {
    let collection = scene.layer.name();
    metrics::counter!("quartier_tile_layers_cut_total", "collection" => collection.to_owned())
        .increment(1);
    tracing::debug!(collection, bytes_max, refused, "a layer of a tile was drawn with less in it");
}

/// How many bytes a layer takes in its tile; of one that was not finished it is not known how many.
fn size(layer: &Layer) -> usize {
    match (layer.refused(), layer.is_empty()) {
        (1.., _) => usize::MAX,
        (0, true) => 0,
        (0, false) => layer.bytes() + LAYER_HEAD_BYTES,
    }
}

/// The layers that are too large, and the room for each: the small ones keep what they have, and the others share
/// what is left.
fn too_large(sizes: &[usize], bytes_max: usize) -> Vec<(usize, usize)> {
    let total = sizes.iter().fold(0, |sum: usize, size| sum.saturating_add(*size));
    let mut order: Vec<_> = (0..sizes.len()).filter(|_| total > bytes_max).collect();
    order.sort_by_key(|index| sizes[*index]);
    let (mut left, mut others) = (bytes_max, order.as_slice());
    while let Some((smallest, rest)) = others.split_first()
        && sizes[*smallest] <= left / others.len()
    {
        left -= sizes[*smallest];
        others = rest;
    }
    others.iter().map(|index| (*index, left / others.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_that_fit_together_stay_as_they_are() {
        assert_eq!(too_large(&[400, 90], 500), []);
        assert_eq!(too_large(&[], 500), []);
    }

    #[test]
    fn small_layers_stay_and_large_ones_share_the_rest() {
        assert_eq!(too_large(&[usize::MAX, 100, 700], 500), [(2, 200), (0, 200)]);
        assert_eq!(too_large(&[usize::MAX], 500), [(0, 500)]);
        assert_eq!(too_large(&[450, 100], 500), [(0, 400)]);
    }
}
