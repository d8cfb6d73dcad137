use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;
use serde_json::Value;

use crate::SetupError;

/// What stands for the server's own address in a style.
const BASE: &str = "{base}";

/// The style that maps take when nobody chooses.
const DEFAULT: &str = "quartier";

#[derive(RustEmbed)]
#[folder = "../../styles"]
struct BuiltIn;

/// MapLibre styles by id: those built in, with those of the administrator's folder over them.
#[derive(Debug)]
pub(crate) struct Styles(BTreeMap<String, Value>);

impl Styles {
    pub(crate) fn load(folder: Option<&Path>) -> Result<Self, SetupError> {
        let mut styles = BTreeMap::new();
        for name in BuiltIn::iter() {
            let path = Path::new(&*name);
            if let Some(file) = BuiltIn::get(&name).filter(|_| is_style(path)) {
                insert(&mut styles, path, &file.data)?;
            }
        }
        for path in folder.map_or(Ok(Vec::new()), files)? {
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            insert(&mut styles, &path, &bytes)?;
        }
        Ok(Self(styles))
    }

    /// Ids and titles.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, style)| (id.as_str(), style["name"].as_str().unwrap_or(id)))
    }

    pub(crate) fn default_id(&self) -> Option<&str> {
        let default = self.0.get_key_value(DEFAULT).or_else(|| self.0.first_key_value());
        default.map(|(id, _)| id.as_str())
    }

    /// The style with the server's address in it.
    pub(crate) fn resolved(&self, id: &str, base: &str) -> Option<Value> {
        self.0.get(id).map(|style| resolve(style, base))
    }
}

fn resolve(value: &Value, base: &str) -> Value {
    match value {
        Value::String(text) => text.replace(BASE, base).into(),
        Value::Array(members) => members.iter().map(|member| resolve(member, base)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), resolve(value, base))).collect()
        }
        plain => plain.clone(),
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, SetupError> {
    let listed = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
    });
    let mut files = listed.map_err(|error| unreadable(folder, error))?;
    files.retain(|path| is_style(path));
    files.sort();
    Ok(files)
}

fn is_style(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

fn insert(
    styles: &mut BTreeMap<String, Value>,
    path: &Path,
    bytes: &[u8],
) -> Result<(), SetupError> {
    let style: Value = serde_json::from_slice(bytes).map_err(|error| unreadable(path, error))?;
    if style["version"] != 8 {
        return Err(unreadable(path, "its `version` is not 8"));
    }
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    styles.insert(id.unwrap_or_default(), style);
    Ok(())
}

fn unreadable(
    path: &Path,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> SetupError {
    SetupError::Style { path: path.to_owned(), source: source.into() }
}
