use std::io::BufRead;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

use super::tree::Tree;
use crate::{
    Error, Result,
    metered::{Meter, Metered},
};

/// Real models nest about 25 deep.
const DEPTH_MAX: usize = 128;

/// Children of the model that hold one city object each.
const MEMBERS: &[&str] = &["cityObjectMember", "featureMember"];

/// Elements that hold nothing for the twin, and in textured models most of the bytes.
const SKIPPED: &[&str] = &[
    "appearance",
    "appearanceMember",
    "lod1TerrainIntersection",
    "lod2TerrainIntersection",
    "lod3TerrainIntersection",
    "lod4TerrainIntersection",
    "lod0TerrainIntersection",
];

/// The city objects of a CityGML file, one after the other.
pub(crate) struct Members<R> {
    reader: Reader<Metered<R>>,
    buffer: Vec<u8>,
    meter: Meter,
    name: String,
    /// How many elements are open around the members.
    depth: usize,
}

enum Step {
    Inside,
    Whole,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(name: &str, inner: R, meter: Meter) -> Self {
        let reader = Reader::from_reader(Metered::new(inner, meter.clone()));
        Self { reader, buffer: Vec::new(), meter, name: name.to_owned(), depth: 0 }
    }

    /// Reads the next city object into the tree; `false` after the last.
    pub(crate) fn next(&mut self, tree: &mut Tree) -> Result<bool> {
        let mut has_object = false;
        while !has_object {
            self.meter.next_object();
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            match event.map_err(|error| error.to_string()) {
                Ok(Event::Start(start)) => {
                    let is = |names: &[&str]| names.contains(&start.local_name().as_ref());
                    let (is_member, is_skipped) = (is(MEMBERS) && self.depth == 1, is(SKIPPED));
                    has_object = self.entered(tree, is_member, is_skipped)?;
                }
                Ok(Event::End(_)) => self.depth = self.depth.saturating_sub(1),
                Ok(Event::Eof) if self.depth == 0 => return Ok(false),
                Ok(Event::Eof) => return Err(self.cut_off()),
                Ok(Event::DocType(_)) => return Err(self.doctype()),
                Ok(_) => {}
                Err(reason) => return Err(self.broken(reason)),
            }
        }
        Ok(true)
    }

    /// Says whether the element that was entered held a city object, which now is in the tree.
    fn entered(&mut self, tree: &mut Tree, is_member: bool, is_skipped: bool) -> Result<bool> {
        if is_member {
            self.member(tree)?;
            return Ok(tree.root().is_some());
        }
        if is_skipped {
            self.skip()?;
        } else if self.depth < DEPTH_MAX {
            self.depth += 1;
        } else {
            return Err(self.too_deep());
        }
        Ok(false)
    }

    /// Reads what is inside a member's element; the tree stays empty where it only refers to an object.
    fn member(&mut self, tree: &mut Tree) -> Result<()> {
        tree.clear();
        self.meter.next_object();
        let mut open = Vec::new();
        while matches!(self.step(tree, &mut open)?, Step::Inside) {
            if open.len() > DEPTH_MAX {
                return Err(self.too_deep());
            }
        }
        Ok(())
    }

    fn step(&mut self, tree: &mut Tree, open: &mut Vec<usize>) -> Result<Step> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        match event.map_err(|error| error.to_string()) {
            Ok(Event::Start(start)) if SKIPPED.contains(&start.local_name().as_ref()) => {
                self.skip()?;
            }
            Ok(Event::Start(start)) => {
                let at = element(tree, &start).map_err(|reason| self.broken(reason))?;
                open.push(at);
            }
            Ok(Event::Empty(start)) => {
                let at = element(tree, &start).map_err(|reason| self.broken(reason))?;
                tree.end(at);
            }
            Ok(Event::End(_)) => match open.pop() {
                Some(at) => tree.end(at),
                None => return Ok(Step::Whole),
            },
            Ok(Event::Text(text)) => add(tree, open, &text.into_inner()),
            Ok(Event::CData(text)) => add(tree, open, &text.into_inner()),
            Ok(Event::GeneralRef(entity)) => {
                let letter = letter(&entity).map_err(|reason| self.broken(reason))?;
                add(tree, open, letter.encode_utf8(&mut [0; 4]));
            }
            Ok(Event::DocType(_)) => return Err(self.doctype()),
            Ok(Event::Eof) => return Err(self.cut_off()),
            Ok(_) => {}
            Err(reason) => return Err(self.broken(reason)),
        }
        Ok(Step::Inside)
    }

    /// Passes over an element whose start has been read.
    fn skip(&mut self) -> Result<()> {
        let mut depth = 1_usize;
        while depth > 0 {
            self.meter.next_object();
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            match event.map_err(|error| error.to_string()) {
                Ok(Event::Start(_)) => depth += 1,
                Ok(Event::End(_)) => depth -= 1,
                Ok(Event::DocType(_)) => return Err(self.doctype()),
                Ok(Event::Eof) => return Err(self.cut_off()),
                Ok(_) => {}
                Err(reason) => return Err(self.broken(reason)),
            }
            if depth > DEPTH_MAX {
                return Err(self.too_deep());
            }
        }
        Ok(())
    }

    fn broken(&self, reason: String) -> Error {
        let place = format!("byte {}", self.reader.buffer_position());
        Error::Broken { name: self.name.clone(), place, reason }
    }

    fn cut_off(&self) -> Error {
        self.broken("the file ends in the middle of an element: it is not whole".to_owned())
    }

    fn doctype(&self) -> Error {
        self.broken("it declares a document type (DOCTYPE), which CityGML does not have".to_owned())
    }

    fn too_deep(&self) -> Error {
        let limit = format!("{DEPTH_MAX} elements");
        Error::Limit { name: self.name.clone(), what: "the depth of its elements", limit }
    }
}

fn element(tree: &mut Tree, start: &BytesStart<'_>) -> Result<usize, String> {
    let at = tree.start(start.local_name().as_ref());
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|error| error.to_string())?;
        tree.attribute(attribute.key.local_name().as_ref(), &value);
    }
    Ok(at)
}

fn add(tree: &mut Tree, open: &[usize], text: &str) {
    if let Some(at) = open.last() {
        tree.text(*at, text);
    }
}

fn letter(entity: &BytesRef<'_>) -> Result<char, String> {
    if let Ok(Some(letter)) = entity.resolve_char_ref() {
        return Ok(letter);
    }
    match entity.xml10_content().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(format!("`&{other};` is an entity that XML itself does not define")),
    }
}
