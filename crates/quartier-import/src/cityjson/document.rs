use std::{
    fmt,
    fs::File,
    io::{BufReader, Read},
    ops::ControlFlow,
    path::Path,
};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{
    OBJECT_BYTES_MAX,
    assembly::Assembly,
    format::{self, Head, Object, Templates},
    object::Shared,
};
use crate::{
    Error, Expected, Input, Progress, ReadOptions, Result, Source, SourceCrs,
    intake::Intake,
    metered::{Meter, Metered},
    source::Reading,
};

/// A CityJSON file whose vertices are read.
#[derive(Debug)]
pub(crate) struct Document {
    vertices: Vec<[f64; 3]>,
    templates: Option<Templates>,
    id_field: Option<String>,
}

pub(crate) fn open_document(input: &Input, options: &ReadOptions) -> Result<Source> {
    let path = input.path().ok_or_else(|| Error::Missing(input.name.clone()))?;
    let mut head: Head =
        serde_json::from_reader(file(input, path)?).map_err(broken(&input.name))?;
    head.check(&input.name)?;
    let metadata = head.metadata.take().unwrap_or_default();
    let named = options.crs.as_deref().or(metadata.reference_system.as_deref());
    let named = named.ok_or_else(|| Error::NoCrs { name: input.name.clone() })?;
    let crs = SourceCrs::parse(named)?;
    let bytes = path.metadata().map_err(Error::io(&input.name))?.len();
    let format = head.format("CityJSON");
    Ok(Source {
        name: metadata.title.unwrap_or_else(|| stem(path)),
        format,
        crs,
        schema: format::schema(),
        expected: Some(Expected::Bytes(bytes)),
        warnings: Vec::new(),
        input: input.clone(),
        progress: Progress::default(),
        reading: Reading::CityJson(Document {
            vertices: head.take_vertices(),
            templates: head.templates.take(),
            id_field: options.id_field.clone(),
        }),
    })
}

pub(crate) fn read_document(
    input: &Input,
    document: &Document,
    progress: &Progress,
    intake: &mut Intake<'_>,
) -> Result<()> {
    let path = input.path().ok_or_else(|| Error::Missing(input.name.clone()))?;
    let meter = Meter::new(progress.clone(), OBJECT_BYTES_MAX);
    let reader = Metered::new(file(input, path)?, meter.clone());
    let shared = Shared { vertices: &document.vertices, templates: document.templates.as_ref() };
    let mut assembly = Assembly::new(shared, document.id_field.as_deref(), intake);
    let mut is_stopped = false;
    let model = Model { assembly: &mut assembly, meter: &meter, is_stopped: &mut is_stopped };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read = model.deserialize(&mut json).and_then(|()| json.end());
    match read {
        _ if is_stopped => return Ok(()),
        Ok(()) => {}
        Err(error) => return Err(broken(&input.name)(error)),
    }
    let _ = assembly.finish();
    Ok(())
}

pub(super) fn broken(name: &str) -> impl FnOnce(serde_json::Error) -> Error {
    let name = name.to_owned();
    move |error| Error::Broken {
        name,
        place: format!("line {}, column {}", error.line(), error.column()),
        reason: error.to_string(),
    }
}

pub(super) fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_default();
    stem.strip_suffix(".city").unwrap_or(&stem).to_owned()
}

fn file(input: &Input, path: &Path) -> Result<impl Read> {
    let file = File::open(path).map_err(Error::io(&input.name))?;
    Ok(BufReader::with_capacity(1 << 18, file))
}

/// The file's outermost object: all but its city objects is passed over.
struct Model<'m, 'a, 'sink> {
    assembly: &'m mut Assembly<'a, 'sink>,
    meter: &'m Meter,
    is_stopped: &'m mut bool,
}

impl<'de> DeserializeSeed<'de> for Model<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Model<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a CityJSON object")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        self.meter.lift();
        while let Some(key) = map.next_key::<String>()? {
            if key == "CityObjects" {
                self.meter.next_object();
                map.next_value_seed(Objects(&mut self))?;
                self.meter.lift();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Objects<'o, 'm, 'a, 'sink>(&'o mut Model<'m, 'a, 'sink>);

impl<'de> DeserializeSeed<'de> for Objects<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("city objects by id")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some((id, object)) = map.next_entry::<String, Object>()? {
            self.0.meter.next_object();
            if self.0.assembly.take(id, object) == ControlFlow::Break(()) {
                *self.0.is_stopped = true;
                return Err(M::Error::custom("the reader was stopped"));
            }
        }
        Ok(())
    }
}
