use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Seek as _},
    path::{Component, Path, PathBuf},
};

use tempfile::TempDir;

use crate::{Error, Result};

/// Unpacked files larger than this together are a bomb or want unpacking by hand (512 GiB).
const UNPACKED_BYTES_MAX: u64 = 512 << 30;

/// The largest window that `xz -9` asks for is 64 MiB.
const XZ_MEMORY_KIB_MAX: u32 = 256 << 10;

enum Packing {
    Zip,
    Tar,
    Single,
}

/// Whether the name is that of an archive that [`unpack`] opens.
pub(crate) fn is_archive(path: &Path) -> bool {
    packing(&file_name(path)).is_some() && path.is_file()
}

fn packing(name: &str) -> Option<Packing> {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".zip", ".kmz"]) {
        Some(Packing::Zip)
    } else if ends(&[".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz"]) {
        Some(Packing::Tar)
    } else if ends(&[".gz", ".xz"]) {
        Some(Packing::Single)
    } else {
        None
    }
}

/// Unpacks an archive into a temporary folder.
///
/// GDAL could read some archives in place, but not `.xz`, and a GeoPackage or a `.tar.gz` only at a crawl.
pub(crate) fn unpack(path: &Path) -> Result<TempDir> {
    let name = path.display().to_string();
    let folder = tempfile::tempdir().map_err(Error::io(&name))?;
    let unpacked = match packing(&file_name(path)) {
        Some(Packing::Zip) => unzip(path, folder.path()),
        Some(Packing::Tar) => untar(path, folder.path()),
        Some(Packing::Single) | None => decompress(path, folder.path()),
    };
    let broken = |source: io::Error| Error::Broken {
        name,
        place: "its beginning as an archive".to_owned(),
        reason: source.to_string(),
    };
    unpacked.map_err(broken)?;
    Ok(folder)
}

fn unzip(path: &Path, folder: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let mut member = archive.by_index(index)?;
        let Some(inside) = member.enclosed_name().filter(|_| member.is_file()) else { continue };
        write(&mut member, &folder.join(inside), &mut left)?;
    }
    Ok(())
}

fn untar(path: &Path, folder: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(plain(path)?);
    let mut left = UNPACKED_BYTES_MAX;
    for member in archive.entries()? {
        let mut member = member?;
        let inside = member.path()?.into_owned();
        if member.header().entry_type().is_file() && is_inside(&inside) {
            write(&mut member, &folder.join(inside), &mut left)?;
        }
    }
    Ok(())
}

fn decompress(path: &Path, folder: &Path) -> io::Result<()> {
    let inside = PathBuf::from(file_name(path)).with_extension("");
    write(&mut plain(path)?, &folder.join(inside), &mut UNPACKED_BYTES_MAX.clone())
}

/// The file's bytes, decompressed by what its first bytes say.
fn plain(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let mut start = [0; 6];
    let count = file.read(&mut start)?;
    file.rewind()?;
    let file = BufReader::with_capacity(1 << 20, file);
    Ok(match start.get(..count).unwrap_or_default() {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        [0xfd, b'7', b'z', b'X', b'Z', 0] => {
            Box::new(lzma_rust2::XzReader::new_mem_limit(file, true, XZ_MEMORY_KIB_MAX))
        }
        _ => Box::new(file),
    })
}

fn write(member: &mut dyn Read, path: &Path, left: &mut u64) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let written = io::copy(&mut member.take(*left + 1), &mut File::create(path)?)?;
    *left = left.checked_sub(written).ok_or_else(|| {
        io::Error::other(format!("it unpacks to more than {UNPACKED_BYTES_MAX} bytes"))
    })?;
    Ok(())
}

fn is_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
