//! The file that holds a city: sections, a directory of them, and a footer. Every byte is covered by a checksum, and
//! all of them are checked before any is used.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{FileExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use quartier_slab::{Section, Sections};
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xxhash_rust::xxh3::xxh3_64;

use super::{Flaw, chunks::ChunkWriter, map::map};

/// Counts up whenever what is in the sections changes.
const FORMAT: u32 = 1;

/// Numbers are written in the machine's own order, and read only by machines of the same.
const BYTE_ORDER: u32 = 0x0102_0304;

const MAGIC: [u8; 8] = *b"quartier";

const FOOTER_BYTES: usize = 40;

/// Whole numbers of any width start at their own boundary.
const ALIGNMENT: u64 = 64;

/// A directory names some hundred sections for each collection, each in some 50 bytes.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;

/// What stands before the footer, as JSON.
#[derive(Serialize, Deserialize)]
struct Directory<T> {
    title: T,
    sections: Vec<Place>,
    /// Of each chunk of what stands before the directory.
    checksums: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
struct Place {
    name: String,
    at: u64,
    bytes: u64,
}

/// Writes a file that is there whole or not at all.
pub(super) fn write(path: &Path, title: &impl Serialize, sections: &Sections) -> io::Result<()> {
    let part = part_of(path);
    let file = claim(&part)?;
    // From here on the part is ours, and may be removed.
    let written = write_all(&file, title, sections).and_then(|()| {
        file.sync_all()?;
        fs::rename(&part, path)?;
        file.set_permissions(fs::Permissions::from_mode(0o400))?;
        sync_folder(path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

/// Maps a file; what it says is what was written.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<(T, Sections), Flaw> {
    let file = File::open(path)?;
    let (directory, end) = directory::<T>(&file)?;
    check(&file, end, &directory.checksums)?;
    let bytes = map(&file)?;
    let section = |place: Place| {
        let range = place.at as usize..place.at.checked_add(place.bytes)? as usize;
        (range.end as u64 <= end).then(|| Section { name: place.name, bytes: bytes.slice(range) })
    };
    let sections = directory.sections.into_iter().map(section).collect::<Option<Sections>>();
    Ok((directory.title, sections.ok_or(Flaw::Broken("a section lies outside of the file"))?))
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// The file to write to, which nobody else has.
fn claim(part: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true);
    let file = std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600).open(part)?;
    file.try_lock()?;
    // Whoever had the lock before may have given the file its own name meanwhile.
    let (locked, named) = (file.metadata()?, fs::metadata(part)?);
    if (locked.dev(), locked.ino()) != (named.dev(), named.ino()) {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    file.set_len(0)?;
    Ok(file)
}

fn write_all(file: &File, title: &impl Serialize, sections: &Sections) -> io::Result<()> {
    let mut chunks = ChunkWriter::new(file);
    let mut places = Vec::new();
    for section in sections.iter() {
        chunks.write(&vec![0; padding(chunks.written())])?;
        let (at, bytes) = (chunks.written(), section.bytes.len() as u64);
        places.push(Place { name: section.name.clone(), at, bytes });
        chunks.write(&section.bytes)?;
    }
    let (at, checksums) = chunks.finish()?;
    let directory = Directory { title, sections: places, checksums };
    let directory = serde_json::to_vec(&directory).map_err(io::Error::other)?;
    let mut file = file;
    file.write_all(&directory)?;
    file.write_all(&footer(at, &directory))
}

fn padding(written: u64) -> usize {
    (written.next_multiple_of(ALIGNMENT) - written) as usize
}

fn footer(at: u64, directory: &[u8]) -> Vec<u8> {
    let numbers = [at, directory.len() as u64, xxh3_64(directory)];
    let mut footer: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
    footer.extend(FORMAT.to_le_bytes());
    footer.extend(BYTE_ORDER.to_ne_bytes());
    footer.extend(MAGIC);
    footer
}

/// The directory, and where it starts.
fn directory<T: DeserializeOwned>(file: &File) -> Result<(Directory<T>, u64), Flaw> {
    let length = file.metadata()?.len();
    let start = length.checked_sub(FOOTER_BYTES as u64).ok_or(Flaw::Broken("it is too short"))?;
    let mut found = [0; FOOTER_BYTES];
    file.read_exact_at(&mut found, start)?;
    let [at, bytes, _] = numbers(&found);
    if at.checked_add(bytes) != Some(start) || bytes > DIRECTORY_BYTES_MAX {
        return Err(Flaw::Broken("its end is missing, or another version wrote it"));
    }
    let mut directory = vec![0; bytes as usize];
    file.read_exact_at(&mut directory, at)?;
    if footer(at, &directory) != found {
        return Err(Flaw::Broken("its end is damaged, or another version wrote it"));
    }
    let directory = serde_json::from_slice(&directory);
    Ok((directory.map_err(|_error| Flaw::Broken("another version wrote it"))?, at))
}

fn numbers(footer: &[u8; FOOTER_BYTES]) -> [u64; 3] {
    let mut numbers = footer
        .chunks_exact(8)
        .map(|bytes| bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)));
    [(); 3].map(|()| numbers.next().unwrap_or_default())
}

/// Reads past the map, so that what is only checked does not count as used.
fn check(file: &File, end: u64, checksums: &[u64]) -> Result<(), Flaw> {
    let chunks = end.div_ceil(ChunkWriter::BYTES as u64);
    if chunks != checksums.len() as u64 {
        return Err(Flaw::Broken("checksums are missing"));
    }
    (0..chunks).into_par_iter().try_for_each_init(
        || vec![0; end.min(ChunkWriter::BYTES as u64) as usize],
        |buffer, chunk| {
            let start = chunk * ChunkWriter::BYTES as u64;
            let bytes = &mut buffer[..(end - start).min(ChunkWriter::BYTES as u64) as usize];
            file.read_exact_at(bytes, start)?;
            let is_same = xxh3_64(bytes) == checksums[chunk as usize];
            is_same.then_some(()).ok_or(Flaw::Broken("a part of it is not what was written"))
        },
    )
}

/// A name is safe once its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use quartier_slab::Slab;

    use super::*;

    fn sections() -> Sections {
        let mut sections = Sections::default();
        sections.put_text("name", "buildings");
        sections.put("heights", &(0..1000_u32).collect::<Slab<u32>>());
        sections.put("nothing", &Slab::<u64>::default());
        sections.put_few("origin", &[7.5, 52.0]);
        sections
    }

    fn written() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.snapshot");
        write(&path, &"a city", &sections()).unwrap();
        (folder, path)
    }

    #[test]
    fn what_was_written_is_read() {
        let (_folder, path) = written();
        write(&path, &"another", &sections()).unwrap();
        let (title, read) = read::<String>(&path).unwrap();
        assert_eq!((title.as_str(), read), ("another", sections()));
    }

    #[test]
    fn a_file_of_which_any_byte_differs_is_not_used() {
        let (folder, path) = written();
        let whole = fs::read(&path).unwrap();
        let other = folder.path().join("other");
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(&other, bytes).unwrap();
            assert!(read::<String>(&other).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_file_that_was_cut_short_or_made_longer_is_not_used() {
        let (folder, path) = written();
        let whole = fs::read(&path).unwrap();
        let other = folder.path().join("other");
        for length in (0..whole.len()).step_by(7) {
            fs::write(&other, &whole[..length]).unwrap();
            assert!(read::<String>(&other).is_err(), "{length} bytes");
        }
        fs::write(&other, [whole.as_slice(), &[0]].concat()).unwrap();
        assert!(read::<String>(&other).is_err());
    }

    #[test]
    fn one_writes_at_a_time_and_what_another_left_is_overwritten() {
        let (_folder, path) = written();
        let claimed = claim(&part_of(&path)).unwrap();
        assert!(write(&path, &"second", &sections()).is_err());
        (&claimed).write_all(&vec![7; 99_999]).unwrap();
        drop(claimed);
        write(&path, &"third", &sections()).unwrap();
        assert_eq!(read::<String>(&path).unwrap().0, "third");
        assert!(!part_of(&path).exists());
    }
}
