use std::{
    fs, io,
    path::{Path, PathBuf},
};

use quartier_tiles::{TileMatrixSet, TileMatrixSets, TileMatrixSetsError};

use super::document::{MatrixSetError, read_matrix_set};

/// Why a file gives no tile matrix set.
#[derive(Debug, thiserror::Error)]
pub enum MatrixSetFileError {
    #[error("the tile matrix set `{}` cannot be read", path.display())]
    Unread { path: PathBuf, source: io::Error },
    #[error("the tile matrix set `{}` is not right", path.display())]
    Document { path: PathBuf, source: MatrixSetError },
    #[error("the tile matrix set `{}` has no place", path.display())]
    Place { path: PathBuf, source: TileMatrixSetsError },
}

/// The built-in tile matrix sets and those of files, each an OGC `TileMatrixSet` 2.0 in JSON.
pub fn load_matrix_sets(files: &[PathBuf]) -> Result<TileMatrixSets, MatrixSetFileError> {
    files.iter().try_fold(TileMatrixSets::default(), |sets, path| {
        let placed = sets.with(load(path)?);
        placed.map_err(|source| MatrixSetFileError::Place { path: path.clone(), source })
    })
}

fn load(path: &Path) -> Result<TileMatrixSet, MatrixSetFileError> {
    let path = path.to_owned();
    match fs::read_to_string(&path) {
        Err(source) => Err(MatrixSetFileError::Unread { path, source }),
        Ok(text) => {
            read_matrix_set(&text).map_err(|source| MatrixSetFileError::Document { path, source })
        }
    }
}
