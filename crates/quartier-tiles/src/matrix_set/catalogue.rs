use std::sync::Arc;

use super::TileMatrixSet;

/// The most sets: each is listed for each collection, and objects are kept ready for the grids that are asked for.
const SETS_MAX: usize = 32;

/// The tile matrix sets that there are tiles for; the first is that of the web's maps.
#[derive(Debug, Clone)]
pub struct TileMatrixSets(Vec<Arc<TileMatrixSet>>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileMatrixSetsError {
    #[error("there is a tile matrix set `{0}` already; give this one another `id`")]
    Taken(String),
    #[error("there are more than 32 tile matrix sets")]
    Count,
}

impl TileMatrixSets {
    pub fn iter(&self) -> impl Iterator<Item = &Arc<TileMatrixSet>> {
        self.0.iter()
    }

    pub fn by_id(&self, id: &str) -> Option<&Arc<TileMatrixSet>> {
        self.0.iter().find(|set| set.id == id)
    }

    /// With another set behind those that there are.
    pub fn with(mut self, set: TileMatrixSet) -> Result<Self, TileMatrixSetsError> {
        if self.by_id(&set.id).is_some() {
            return Err(TileMatrixSetsError::Taken(set.id.into_owned()));
        }
        if self.0.len() == SETS_MAX {
            return Err(TileMatrixSetsError::Count);
        }
        self.0.push(Arc::new(set));
        Ok(self)
    }
}

impl Default for TileMatrixSets {
    /// Those that need no configuration.
    fn default() -> Self {
        let sets = [
            TileMatrixSet::web_mercator_quad(),
            TileMatrixSet::world_crs84_quad(),
            TileMatrixSet::germany_utm32(256),
            TileMatrixSet::germany_utm32(512),
        ];
        Self(sets.into_iter().map(Arc::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_known_by_its_id_and_no_two_have_the_same() {
        let sets = TileMatrixSets::default();
        assert_eq!(sets.by_id("WorldCRS84Quad").unwrap().tile_size, 256);
        assert!(sets.by_id("worldcrs84quad").is_none());
        let again = sets.with(TileMatrixSet::world_crs84_quad()).unwrap_err();
        assert_eq!(again, TileMatrixSetsError::Taken("WorldCRS84Quad".to_owned()));
    }
}
