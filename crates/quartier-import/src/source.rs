use std::ops::ControlFlow;

use quartier_model::{CityObject, Schema};

use crate::{
    Error, Input, Progress, Result, SourceCrs, citygml, cityjson,
    intake::Intake,
    ogr,
    sniff::{self, Content},
};

/// What the user says about how to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Which layer of a file that has several.
    pub layer: Option<String>,
    /// The field whose value is the object's id.
    pub id_field: Option<String>,
    /// The CRS, whatever the file says.
    pub crs: Option<String>,
}

/// A layer or a city model, open and ready to be read once.
#[derive(Debug)]
pub struct Source {
    /// The layer's or the city model's name.
    pub name: String,
    /// For people, for example `FlatGeobuf` or `CityGML 1.0`.
    pub format: String,
    pub crs: SourceCrs,
    /// What is known of the properties before reading, in the file's order. A value of a property that is listed is
    /// of its kind or null. City models list what their standard says and may bring more, and may leave out any.
    pub schema: Schema,
    /// How much there is to read, where the file says so.
    pub expected: Option<Expected>,
    /// What the file has and the objects will not, and what was assumed.
    pub warnings: Vec<String>,
    pub(crate) input: Input,
    pub(crate) progress: Progress,
    pub(crate) reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Features(u64),
    Bytes(u64),
}

#[derive(Debug)]
pub(crate) enum Reading {
    Layer(Box<ogr::Layer>),
    CityJson(cityjson::Document),
    CityJsonSeq(cityjson::Sequence),
    CityGml(citygml::Model),
}

/// What came of one object in the file.
#[expect(
    clippy::large_enum_variant,
    reason = "records are handed on one by one; nearly all are objects"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Object {
        object: CityObject,
        /// What was mended or left out, in words.
        repaired: Option<String>,
    },
    Rejected {
        /// Where it has one.
        id: Option<String>,
        /// The object's place in the file, counted from 1.
        position: u64,
        reason: String,
    },
}

/// Opens an input and says what is in it.
pub fn open(input: &Input, options: &ReadOptions) -> Result<Source> {
    let content = match input.path() {
        Some(path) => sniff::content(&input.name, path)?,
        None => Content::Other,
    };
    let is_layered = matches!(content, Content::Other);
    if let Some(layer) = options.layer.as_deref().filter(|_| !is_layered) {
        let layers = "none, it is a city model: leave --layer out".to_owned();
        return Err(Error::NoLayer { name: input.name.clone(), layer: layer.to_owned(), layers });
    }
    match content {
        Content::CityJson => cityjson::open_document(input, options),
        Content::CityJsonSeq => cityjson::open_sequence(input, options),
        Content::CityGml => citygml::open(input, options),
        Content::Other => ogr::open(input, options),
    }
}

impl Source {
    /// Can be watched from another thread while the source is read.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Whether reading may fail after objects were read, because the file does not go on.
    pub fn may_break_off(&self) -> bool {
        !matches!(&self.reading, Reading::Layer(layer) if layer.is_whole)
    }

    /// Reads everything, until the sink breaks off. An error means that the file is not whole or cannot be read
    /// on: what the sink got before is then not all of it.
    pub fn read(self, sink: &mut dyn FnMut(Record) -> ControlFlow<()>) -> Result<()> {
        let mut intake = Intake::new(sink);
        match self.reading {
            Reading::Layer(layer) => ogr::read(*layer, &self.progress, &mut intake),
            Reading::CityJson(document) => {
                cityjson::read_document(&self.input, &document, &self.progress, &mut intake)
            }
            Reading::CityJsonSeq(sequence) => {
                cityjson::read_sequence(&self.input, &sequence, &self.progress, &mut intake)
            }
            Reading::CityGml(model) => {
                citygml::read(&self.input, &model, &self.progress, &mut intake)
            }
        }
    }
}
