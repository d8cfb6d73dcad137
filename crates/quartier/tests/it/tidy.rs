//! Rules of the house that no linter knows. Every message says what to do instead.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// From the ground up: a crate uses only crates of the lines above its own.
const LAYERS: &[&[&str]] = &[
    &["quartier-model", "quartier-slab"],
    &[
        "quartier-archive",
        "quartier-crs",
        "quartier-export",
        "quartier-import",
        "quartier-index",
        "quartier-ingest",
        "quartier-store",
        "quartier-tiles",
        "quartier-town",
        "quartier-viewer",
    ],
    &["quartier-twin"],
    &["quartier-sensorthings"],
    &["quartier-api"],
    &["quartier"],
];

/// A library that only these of our crates know, so that it can be replaced there.
const OWNERS: &[(&str, &[&str])] = &[
    ("axum", &["quartier-api"]),
    ("gdal", &["quartier-import"]),
    ("memmap2", &["quartier-twin"]),
    ("mqtt-protocol-core", &["quartier-ingest"]),
    ("pmtiles", &["quartier-archive"]),
    ("proj", &["quartier-crs"]),
    ("proj-sys", &["quartier-crs"]),
    // MBTiles are databases, and there is one SQLite in the program.
    ("sqlx", &["quartier-archive", "quartier-store"]),
];

/// Crates that compute and do nothing else.
const PURE: &[&str] = &["quartier-model", "quartier-slab", "quartier-index", "quartier-tiles"];

const LINES_MAX: usize = 400;

const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

#[test]
fn every_crate_has_its_layer() {
    let listed: BTreeSet<String> = LAYERS.concat().into_iter().map(str::to_owned).collect();
    let present: BTreeSet<String> = entries(&crates()).iter().map(|path| name(path)).collect();
    assert_eq!(present, listed, "add the crate to LAYERS and to ARCHITECTURE.md");
}

#[test]
fn crates_depend_downwards_only() {
    for (height, layer) in LAYERS.iter().enumerate() {
        let not_below = LAYERS[height..].concat();
        for name in *layer {
            let used =
                dependencies(name).into_iter().find(|used| not_below.contains(&used.as_str()));
            assert_eq!(
                used, None,
                "{name} uses a crate beside or above it: move the shared part down"
            );
        }
    }
}

#[test]
fn a_library_with_an_owner_is_used_there_only() {
    for (library, owners) in OWNERS {
        for name in LAYERS.concat().iter().filter(|name| !owners.contains(name)) {
            let used = dependencies(name).contains(*library);
            assert!(!used, "{name} uses {library}: move that code to {owners:?}");
        }
    }
}

#[test]
fn status_codes_are_chosen_by_the_api_only() {
    for path in sources().iter().filter(|path| !path.starts_with(crates().join("quartier-api"))) {
        let chosen = read(path).contains("StatusCode");
        assert!(!chosen, "{}: return an error that quartier-api gives its status", path.display());
    }
}

#[test]
fn sql_is_bound_and_never_pasted() {
    for path in rust_files(&crates().join("quartier-store/src")) {
        let pasted = read(&path).contains(".push(format!");
        assert!(!pasted, "{}: bind the value", path.display());
    }
}

#[test]
fn the_pure_crates_do_no_io_and_have_no_async() {
    for name in PURE {
        let source = crates().join(name).join("src");
        for path in rust_files(&source) {
            let text = read(&path);
            for word in ["std::fs", "std::net", "std::env", "async fn", ".await", "tokio::"] {
                assert!(
                    !text.contains(word),
                    "{}: `{word}` belongs to the twin or the store",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn files_are_short() {
    for path in rust_files(&crates()) {
        let text = read(&path);
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines = code.lines().count();
        assert!(lines <= LINES_MAX, "{}: {lines} lines; split it by concept", path.display());
    }
}

#[test]
fn versions_stand_in_the_root_manifest_only() {
    for name in LAYERS.concat() {
        let manifest = manifest(name);
        for (library, wanted) in
            TABLES.iter().filter_map(|table| manifest.get(*table)).flat_map(rows)
        {
            let inherited = wanted.get("workspace").and_then(Value::as_bool);
            assert_eq!(
                inherited,
                Some(true),
                "{name}: write `{library}.workspace = true` and put its version into the root Cargo.toml"
            );
        }
    }
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    for name in LAYERS.concat() {
        let lints = manifest(name).get("lints").and_then(|lints| lints.get("workspace")).cloned();
        assert_eq!(lints, Some(Value::Boolean(true)), "{name}: add `[lints] workspace = true`");
    }
}

#[test]
fn every_test_runs() {
    let mark = concat!("#[", "ignore");
    for path in rust_files(&crates()) {
        let ignored = read(&path).contains(mark);
        assert!(!ignored, "{}: mend the test or remove it", path.display());
    }
}

fn dependencies(crate_name: &str) -> BTreeSet<String> {
    let manifest = manifest(crate_name);
    manifest.get("dependencies").map(rows).into_iter().flatten().map(|(name, _)| name).collect()
}

fn rows(table: &Value) -> Vec<(String, Value)> {
    table.as_table().unwrap().clone().into_iter().collect()
}

fn manifest(crate_name: &str) -> Table {
    read(&crates().join(crate_name).join("Cargo.toml")).parse().unwrap()
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What is built into the program; tests may look at it from outside with any library.
fn sources() -> Vec<PathBuf> {
    entries(&crates()).iter().flat_map(|path| rust_files(&path.join("src"))).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) =
        entries(folder).into_iter().partition(|path| path.is_dir());
    let ours = folders.iter().filter(|folder| name(folder) != "node_modules");
    let below = ours.flat_map(|folder| rust_files(folder));
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|it| it == "rs"));
    files.chain(below).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
