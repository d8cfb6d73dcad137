use std::collections::HashMap;

use quartier_model::{Properties, Property, PropertyKind, Schema};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{Error, Result};

/// All of a CityJSON file but its objects.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    #[serde(rename = "type")]
    pub(super) form: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    transform: Option<Transform>,
    #[serde(default)]
    pub(super) metadata: Option<Metadata>,
    #[serde(default)]
    vertices: Vec<[f64; 3]>,
    #[serde(default, rename = "geometry-templates")]
    pub(super) templates: Option<Templates>,
}

#[derive(Debug, Deserialize)]
struct Transform {
    scale: [f64; 3],
    translate: [f64; 3],
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default, rename = "referenceSystem")]
    pub(super) reference_system: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Templates {
    pub(super) templates: Vec<Shape>,
    #[serde(rename = "vertices-templates")]
    pub(super) vertices: Vec<[f64; 3]>,
}

/// One line of a CityJSONSeq file.
#[derive(Debug, Deserialize)]
pub(super) struct Feature {
    #[serde(rename = "CityObjects")]
    pub(super) objects: HashMap<String, Object>,
    pub(super) vertices: Vec<[f64; 3]>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Object {
    #[serde(rename = "type")]
    pub(super) form: String,
    #[serde(default)]
    pub(super) attributes: Option<Properties>,
    #[serde(default)]
    pub(super) geometry: Option<Vec<Shape>>,
    #[serde(default)]
    pub(super) children: Option<Vec<String>>,
    #[serde(default)]
    pub(super) parents: Option<Vec<String>>,
    #[serde(default)]
    pub(super) address: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Shape {
    #[serde(rename = "type")]
    pub(super) form: String,
    #[serde(default)]
    pub(super) lod: Option<Value>,
    pub(super) boundaries: Box<RawValue>,
    #[serde(default)]
    pub(super) semantics: Option<Semantics>,
    #[serde(default)]
    pub(super) template: Option<usize>,
    #[serde(default, rename = "transformationMatrix")]
    pub(super) matrix: Option<[f64; 16]>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Semantics {
    #[serde(default)]
    pub(super) surfaces: Vec<Semantic>,
    #[serde(default)]
    pub(super) values: Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct Semantic {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// Vertices as they are written, and what makes coordinates of them.
#[derive(Debug, Default)]
pub(super) struct Scale {
    transform: Option<Transform>,
}

impl Scale {
    pub(super) fn coordinates(&self, mut vertices: Vec<[f64; 3]>) -> Vec<[f64; 3]> {
        if let Some(Transform { scale, translate }) = &self.transform {
            for [x, y, z] in &mut vertices {
                *x = *x * scale[0] + translate[0];
                *y = *y * scale[1] + translate[1];
                *z = *z * scale[2] + translate[2];
            }
        }
        vertices
    }
}

impl Head {
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let is_known = ["1.0", "1.1", "2.0"].iter().any(|known| self.version.starts_with(known));
        if self.form == "CityJSON" && is_known {
            return Ok(());
        }
        let version = &self.version;
        let detail =
            format!(": it is {} {version}, and CityJSON 1.0, 1.1 and 2.0 are known", self.form);
        Err(Error::Format { name: name.to_owned(), detail })
    }

    pub(super) fn format(&self, form: &str) -> String {
        format!("{form} {}", self.version)
    }

    /// Takes the vertices out, as coordinates.
    pub(super) fn take_vertices(&mut self) -> Vec<[f64; 3]> {
        let vertices = std::mem::take(&mut self.vertices);
        Scale { transform: self.transform.take() }.coordinates(vertices)
    }

    pub(super) fn scale(&mut self) -> Scale {
        Scale { transform: self.transform.take() }
    }
}

/// What the standard says of properties; attributes bring their own.
pub(super) fn schema() -> Schema {
    let height = Property {
        unit: Some("m".to_owned()),
        ..Property::new("measuredHeight", PropertyKind::Number)
    };
    Schema { properties: vec![Property::new("object_type", PropertyKind::Text), height] }
}
