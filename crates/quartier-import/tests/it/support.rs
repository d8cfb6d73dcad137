use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::Command,
};

use quartier_import::{Input, ReadOptions, Record, Result, Source, inputs, open};
use quartier_model::{CityObject, Structure};
use tempfile::TempDir;

/// Real data beside the repository; says so and gives nothing where it is absent.
pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    if !path.exists() {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: {} is not here", path.display());
        }
        return None;
    }
    Some(path)
}

/// What came of a whole input.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) objects: Vec<CityObject>,
    pub(crate) repaired: Vec<(String, String)>,
    pub(crate) rejected: Vec<(Option<String>, String)>,
}

impl Taken {
    pub(crate) fn object(&self, id: &str) -> &CityObject {
        let is_it = |object: &&CityObject| object.feature.id.as_str() == id;
        self.objects.iter().find(is_it).unwrap_or_else(|| panic!("no `{id}`"))
    }

    pub(crate) fn only(&self) -> &CityObject {
        assert_eq!(self.objects.len(), 1, "{:?}", self.rejected);
        &self.objects[0]
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Object { object, repaired } => {
                self.repaired.extend(repaired.map(|it| (object.feature.id.to_string(), it)));
                self.objects.push(object);
            }
            Record::Rejected { id, reason, .. } => self.rejected.push((id, reason)),
        }
    }
}

pub(crate) fn all_inputs(path: &Path) -> Result<Vec<Input>> {
    inputs(&[path.display().to_string()])
}

pub(crate) fn source(path: &Path, options: &ReadOptions) -> Result<Source> {
    open(&all_inputs(path)?[0], options)
}

/// Reads everything at a path; what came before an error is lost with it.
pub(crate) fn read(path: &Path, options: &ReadOptions) -> Result<Taken> {
    let mut taken = Taken::default();
    for input in all_inputs(path)? {
        open(&input, options)?.read(&mut |record| {
            taken.take(record);
            ControlFlow::Continue(())
        })?;
    }
    Ok(taken)
}

pub(crate) fn in_crs(crs: &str) -> ReadOptions {
    ReadOptions { crs: Some(crs.to_owned()), ..ReadOptions::default() }
}

/// A small file in a folder of its own.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}

/// Converts a file with GDAL's own program.
pub(crate) fn converted(from: &Path, to: &str, arguments: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(to);
    let done = Command::new("ogr2ogr").arg(&path).arg(from).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    (folder, path)
}

/// The rows of a question to GDAL's own program, as `name -> value` text.
pub(crate) fn asked(path: &Path, sql: &str) -> String {
    let arguments = ["-q", "-dialect", "sqlite", "-sql", sql];
    let done = Command::new("ogrinfo").arg(path).args(arguments).output().unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// The bodies and surfaces of an object with all its parts.
pub(crate) fn bodies_and_surfaces(structure: &Structure) -> (usize, usize) {
    let surfaces = structure.bodies.iter().map(|body| body.surfaces.len()).sum();
    let own = (structure.bodies.len(), surfaces);
    structure.parts.iter().fold(own, |(bodies, surfaces), part| {
        let part = Structure { bodies: part.bodies.clone(), parts: part.parts.clone() };
        let (more_bodies, more_surfaces) = bodies_and_surfaces(&part);
        (bodies + more_bodies, surfaces + more_surfaces)
    })
}
