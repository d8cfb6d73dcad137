use std::{
    fs::File,
    io::{BufRead as _, BufReader},
};

use super::{
    OBJECT_BYTES_MAX,
    assembly::Assembly,
    document::{broken, stem},
    format::{self, Feature, Head, Scale, Templates},
    object::Shared,
};
use crate::{
    Error, Expected, Input, Progress, ReadOptions, Result, Source, SourceCrs,
    intake::Intake,
    metered::{Meter, Metered},
    source::Reading,
};

/// A CityJSONSeq file whose first line is read.
#[derive(Debug)]
pub(crate) struct Sequence {
    scale: Scale,
    templates: Option<Templates>,
    id_field: Option<String>,
}

pub(crate) fn open_sequence(input: &Input, options: &ReadOptions) -> Result<Source> {
    let path = input.path().ok_or_else(|| Error::Missing(input.name.clone()))?;
    let mut lines = Lines::open(input, &Progress::default())?;
    let first = lines.next()?.ok_or_else(|| Error::Empty(input.name.clone()))?;
    let mut head: Head = serde_json::from_slice(first).map_err(broken(&input.name))?;
    head.check(&input.name)?;
    let metadata = head.metadata.take().unwrap_or_default();
    let named = options.crs.as_deref().or(metadata.reference_system.as_deref());
    let named = named.ok_or_else(|| Error::NoCrs { name: input.name.clone() })?;
    let crs = SourceCrs::parse(named)?;
    let bytes = path.metadata().map_err(Error::io(&input.name))?.len();
    Ok(Source {
        name: metadata.title.unwrap_or_else(|| stem(path)),
        format: head.format("CityJSONSeq"),
        crs,
        schema: format::schema(),
        expected: Some(Expected::Bytes(bytes)),
        warnings: Vec::new(),
        input: input.clone(),
        progress: Progress::default(),
        reading: Reading::CityJsonSeq(Sequence {
            scale: head.scale(),
            templates: head.templates.take(),
            id_field: options.id_field.clone(),
        }),
    })
}

pub(crate) fn read_sequence(
    input: &Input,
    sequence: &Sequence,
    progress: &Progress,
    intake: &mut Intake<'_>,
) -> Result<()> {
    let mut lines = Lines::open(input, progress)?;
    lines.next()?;
    loop {
        let number = lines.number + 1;
        let Some(line) = lines.next()? else { return Ok(()) };
        let feature: Feature = serde_json::from_slice(line).map_err(|error| Error::Broken {
            name: input.name.clone(),
            place: format!("line {number}"),
            reason: error.to_string(),
        })?;
        let vertices = sequence.scale.coordinates(feature.vertices);
        let shared = Shared { vertices: &vertices, templates: sequence.templates.as_ref() };
        let mut assembly = Assembly::new(shared, sequence.id_field.as_deref(), intake);
        for (id, object) in feature.objects {
            if assembly.take(id, object).is_break() {
                return Ok(());
            }
        }
        if assembly.finish().is_break() {
            return Ok(());
        }
    }
}

/// The lines that are not empty, each within the limit.
struct Lines {
    reader: Metered<BufReader<File>>,
    meter: Meter,
    line: Vec<u8>,
    number: usize,
    name: String,
}

impl Lines {
    fn open(input: &Input, progress: &Progress) -> Result<Self> {
        let path = input.path().ok_or_else(|| Error::Missing(input.name.clone()))?;
        let file = File::open(path).map_err(Error::io(&input.name))?;
        let meter = Meter::new(progress.clone(), OBJECT_BYTES_MAX);
        let reader = Metered::new(BufReader::with_capacity(1 << 18, file), meter.clone());
        Ok(Self { reader, meter, line: Vec::new(), number: 0, name: input.name.clone() })
    }

    fn next(&mut self) -> Result<Option<&[u8]>> {
        loop {
            self.line.clear();
            self.meter.next_object();
            let number = self.number + 1;
            let count =
                self.reader.read_until(b'\n', &mut self.line).map_err(|error| Error::Broken {
                    name: self.name.clone(),
                    place: format!("line {number}"),
                    reason: error.to_string(),
                })?;
            self.number = number;
            if count == 0 {
                return Ok(None);
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(self.line.trim_ascii()));
            }
        }
    }
}
