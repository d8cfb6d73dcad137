use std::{
    fs::File,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// A file that gets its name when it is whole; dropped before, it leaves nothing.
pub(crate) struct PartFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl PartFile {
    /// Next to where the file is to stand, so that naming it is one step.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".quartier-").suffix(".part");
        readable_by_all(&mut builder);
        let file = builder
            .tempfile_in(folder)
            .map_err(|source| Error::Folder { folder: folder.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Where the file stands until it is whole.
    pub(crate) fn part(&self) -> &Path {
        self.file.path()
    }

    pub(crate) fn handle(&self) -> Result<File> {
        self.file.as_file().try_clone().map_err(|source| self.failed(source))
    }

    /// Names the file, once everything is on the disk. How many bytes it has.
    pub(crate) fn finish(self) -> Result<u64> {
        let file = self.file.as_file();
        file.sync_all().map_err(|source| self.failed(source))?;
        let bytes = file.metadata().map_err(|source| self.failed(source))?.len();
        let place = |error: tempfile::PersistError| Error::Place {
            path: self.path.clone(),
            source: error.error,
        };
        let _named: File = self.file.persist(&self.path).map_err(place)?;
        Ok(bytes)
    }

    pub(crate) fn failed(
        &self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        Error::write(&self.path, source)
    }
}

/// As files usually are, less the umask; temporary files are their owner's alone otherwise.
#[cfg(unix)]
fn readable_by_all(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn readable_by_all(_: &mut tempfile::Builder<'_, '_>) {}
