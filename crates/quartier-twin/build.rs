//! What tiles look like follows from these sources: a tag of a tile tells them, so that no client keeps what an older
//! program drew.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

const CRATES: [&str; 6] = ["crs", "index", "model", "slab", "tiles", "twin"];

fn main() {
    let folders = CRATES.map(|name| PathBuf::from(format!("../quartier-{name}/src")));
    let mut files = vec![PathBuf::from("../../Cargo.lock")];
    for folder in &folders {
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(folder, &mut files);
    }
    println!("cargo::rerun-if-changed=../../Cargo.lock");
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(&file).unwrap_or_default().hash(&mut hasher);
    }
    println!("cargo::rustc-env=QUARTIER_DRAWING={:016x}", hasher.finish());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
