//! CityGML 1.0, 2.0 and 3.0, one city object at a time: the memory it takes is that of the largest object.

mod address;
mod bodies;
mod header;
mod object;
mod properties;
mod stream;
mod surfaces;
mod tree;

use std::{
    fs::File,
    io::{BufRead, BufReader},
    ops::ControlFlow,
    path::Path,
};

use quick_xml::{encoding::DecodingReader, events::BytesDecl};

use self::{header::Header, stream::Members, surfaces::Axes, tree::Tree};
use crate::{
    Error, Expected, Input, Progress, ReadOptions, Result, Source, SourceCrs,
    intake::{Draft, Intake},
    metered::Meter,
    sniff,
    source::Reading,
};

pub(crate) use object::id_text;

/// The largest city objects in use, city bridges in `LoD3`, have some tens of megabytes of XML.
const OBJECT_BYTES_MAX: u64 = 256 << 20;

/// What reading needs to know.
#[derive(Debug)]
pub(crate) struct Model {
    name: String,
    axes: Axes,
    id_field: Option<String>,
    /// The text's encoding where it is not UTF-8.
    encoding: Option<String>,
}

pub(crate) fn open(input: &Input, options: &ReadOptions) -> Result<Source> {
    let path = input.path().ok_or_else(|| Error::Missing(input.name.clone()))?;
    let start = sniff::start(&input.name, path)?;
    let header = Header::read(&String::from_utf8_lossy(&start));
    let named = options.crs.as_deref().or(header.srs_name.as_deref());
    let named = named.ok_or_else(|| Error::NoCrs { name: input.name.clone() })?;
    let crs = SourceCrs::parse(named)?;
    let bytes = path.metadata().map_err(Error::io(&input.name))?.len();
    let turned = header.is_turned(&crs);
    let mut warnings = Vec::new();
    if turned {
        warnings.push("the coordinates are north before east: they are turned".to_owned());
    }
    let axes = Axes { turned, dimension: header.dimension.unwrap_or(3) };
    let name = header.name.unwrap_or_else(|| stem(input));
    let model = Model {
        name: name.clone(),
        axes,
        id_field: options.id_field.clone(),
        encoding: header.encoding,
    };
    Ok(Source {
        name,
        format: format!("CityGML {}", header.version),
        crs,
        schema: properties::schema(),
        expected: Some(Expected::Bytes(bytes)),
        warnings,
        input: input.clone(),
        progress: Progress::default(),
        reading: Reading::CityGml(model),
    })
}

pub(crate) fn read(
    input: &Input,
    model: &Model,
    progress: &Progress,
    intake: &mut Intake<'_>,
) -> Result<()> {
    let path = input.path().ok_or_else(|| Error::Missing(input.name.clone()))?;
    let meter = Meter::new(progress.clone(), OBJECT_BYTES_MAX);
    let mut members = Members::new(&input.name, text(input, path, model)?, meter);
    let mut tree = Tree::default();
    let mut number = 0_u64;
    while members.next(&mut tree)? {
        number += 1;
        let Some(object) = tree.root() else { continue };
        let draft = object::draft(object, model.axes);
        if model.put(draft, number, intake) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

/// The file as UTF-8.
fn text(input: &Input, path: &Path, model: &Model) -> Result<Box<dyn BufRead>> {
    let file = File::open(path).map_err(Error::io(&input.name))?;
    let file = BufReader::with_capacity(1 << 18, file);
    let Some(label) = &model.encoding else { return Ok(Box::new(file)) };
    let encoding = BytesDecl::new("1.0", Some(label), None).encoder();
    let encoding = encoding.ok_or_else(|| Error::Format {
        name: input.name.clone(),
        detail: format!(": its encoding `{label}` is not known"),
    })?;
    let mut decoded = DecodingReader::new(file);
    decoded.set_encoding(encoding);
    Ok(Box::new(decoded))
}

impl Model {
    fn put(&self, mut draft: Draft, number: u64, intake: &mut Intake<'_>) -> ControlFlow<()> {
        if let Some(field) = &self.id_field {
            let own = std::mem::take(&mut draft.id);
            let Some(id) = draft.properties.get(field).and_then(id_text) else {
                return intake.reject(Some(own), format!("it has no `{field}` for its id"));
            };
            draft.id = id;
            draft.source_id = (!own.is_empty()).then_some(own);
        } else if draft.id.is_empty() {
            draft.id = format!("{}.{number}", self.name);
        }
        intake.put(draft)
    }
}

fn stem(input: &Input) -> String {
    let stem = input.path().and_then(|path| path.file_stem());
    stem.map_or_else(|| input.name.clone(), |stem| stem.to_string_lossy().into_owned())
}
