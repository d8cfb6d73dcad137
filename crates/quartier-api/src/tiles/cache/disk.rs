use std::{
    collections::{HashSet, VecDeque},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::SystemTime,
};

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_64;

use super::Encoding;

/// Before the bytes stands their hash: a file that was torn by a crash is not taken for a tile.
const HASH_BYTES: usize = 8;

/// What a file takes beside its bytes: its name, and half a block of the disk.
const BYTES_BESIDE: u64 = 2 * 1024;

/// Tiles in a folder, by what they show: they are known again after a restart, as long as nothing has touched them.
/// Those that were written first make room.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    bytes_max: u64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    bytes: u64,
    oldest_first: VecDeque<(PathBuf, u64)>,
}

impl Disk {
    /// A folder that is ours alone. What is in it already is counted beside the first requests.
    pub(super) fn open(folder: PathBuf, bytes_max: u64) -> io::Result<Arc<Self>> {
        fs::create_dir_all(&folder)?;
        let disk = Arc::new(Self { folder, bytes_max, kept: Mutex::default() });
        let counting = Arc::clone(&disk);
        thread::Builder::new().name("tile-folder".to_owned()).spawn(move || counting.count())?;
        Ok(disk)
    }

    pub(super) fn tile(&self, digest: u128, encoding: Encoding) -> Option<Bytes> {
        let path = self.path(digest, encoding);
        let file = Bytes::from(fs::read(&path).ok()?);
        let is_whole = file
            .split_first_chunk::<HASH_BYTES>()
            .is_some_and(|(hash, bytes)| u64::from_le_bytes(*hash) == xxh3_64(bytes));
        if !is_whole {
            let _ = fs::remove_file(&path);
            return None;
        }
        Some(file.slice(HASH_BYTES..))
    }

    /// A tile that cannot be written is drawn again another time.
    pub(super) fn keep(&self, digest: u128, encoding: Encoding, bytes: &[u8]) {
        let path = self.path(digest, encoding);
        match write(&path, bytes) {
            Ok(()) => self.note([(path, weight(bytes.len() as u64))]),
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "a tile cannot be kept on disk");
            }
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    fn path(&self, digest: u128, encoding: Encoding) -> PathBuf {
        let name = format!("{digest:032x}-{}", encoding.name());
        self.folder.join(format!("{:02x}", digest >> 120)).join(name)
    }

    fn note(&self, files: impl IntoIterator<Item = (PathBuf, u64)>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for file in files {
            kept.bytes += file.1;
            kept.oldest_first.push_back(file);
        }
        let spent = kept.spent(self.bytes_max);
        drop(kept);
        for path in spent {
            let _ = fs::remove_file(path);
        }
    }

    /// What an earlier run has left, before what this one has written meanwhile.
    fn count(&self) {
        let mut found = Vec::new();
        for folder in entries(&self.folder) {
            found.extend(entries(&folder).filter_map(|path| told(&path)));
        }
        found.sort();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let ours: HashSet<PathBuf> =
            kept.oldest_first.iter().map(|(path, _)| path.clone()).collect();
        for (_, path, bytes) in found.into_iter().rev() {
            if !ours.contains(&path) {
                kept.bytes += bytes;
                kept.oldest_first.push_front((path, bytes));
            }
        }
        drop(kept);
        self.note([]);
    }
}

impl Kept {
    fn spent(&mut self, bytes_max: u64) -> Vec<PathBuf> {
        let mut spent = Vec::new();
        while self.bytes > bytes_max
            && let Some((path, bytes)) = self.oldest_first.pop_front()
        {
            self.bytes -= bytes;
            spent.push(path);
        }
        spent
    }
}

/// Whole or not at all, also where two write the same.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut file = Vec::with_capacity(HASH_BYTES + bytes.len());
    file.extend_from_slice(&xxh3_64(bytes).to_le_bytes());
    file.extend_from_slice(bytes);
    let draft = folder.join(format!("{}.draft", uuid::Uuid::new_v4().simple()));
    fs::write(&draft, file)?;
    fs::rename(&draft, path)
}

fn told(path: &Path) -> Option<(SystemTime, PathBuf, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, path.to_owned(), weight(metadata.len())))
}

fn weight(bytes: u64) -> u64 {
    bytes + BYTES_BESIDE
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(folder: &Path, bytes_max: u64) -> Disk {
        Disk { folder: folder.to_owned(), bytes_max, kept: Mutex::default() }
    }

    #[test]
    fn a_tile_is_there_after_a_restart_and_a_torn_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let tile = vec![7; 5_000];
        disk(folder.path(), 1 << 20).keep(1, Encoding::Gzip, &tile);
        let again = disk(folder.path(), 1 << 20);
        again.count();
        assert_eq!(again.tile(1, Encoding::Gzip).as_deref(), Some(&*tile));
        assert_eq!(again.tile(1, Encoding::Zstd), None);
        let path = again.path(1, Encoding::Gzip);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(again.tile(1, Encoding::Gzip), None);
        assert!(!path.exists());
    }

    #[test]
    fn the_folder_stays_within_its_bytes_and_loses_the_oldest_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = disk(folder.path(), 10 * weight(1_000));
        for digest in 0..25 {
            first.keep(digest << 120, Encoding::Identity, &[0; 1_000]);
        }
        let left = |disk: &Disk| -> Vec<u128> {
            let is_there = |digest: &u128| disk.tile(digest << 120, Encoding::Identity).is_some();
            (0..25).filter(is_there).collect()
        };
        assert_eq!(left(&first), (15..25).collect::<Vec<_>>());
        let smaller = disk(folder.path(), 4 * weight(1_008));
        smaller.count();
        assert_eq!(left(&smaller).len(), 4);
    }
}
