use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// A file that gets its name when it is whole; dropped before, it leaves nothing.
pub(crate) struct Target {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    bytes: u64,
}

impl Target {
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
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), bytes: 0 })
    }

    /// Names the file, once everything is on the disk. How many bytes it has.
    pub(crate) fn finish(self) -> Result<u64> {
        let write = |source| Error::Write { path: self.path.clone(), source };
        let file = self.file.into_inner().map_err(|error| write(error.into_error()))?;
        file.as_file().sync_all().map_err(write)?;
        let place = |source: tempfile::PersistError| Error::Place {
            path: self.path.clone(),
            source: source.error,
        };
        let _named: File = file.persist(&self.path).map_err(place)?;
        Ok(self.bytes)
    }

    pub(crate) fn failed(&self, source: io::Error) -> Error {
        Error::Write { path: self.path.clone(), source }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
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
