//! Answers to what is asked (18-088, 9): entities from memory, observations from the store.

mod formats;
mod known;
mod level;
mod nulls;
mod observations;
mod page;
mod paging;
mod reader;
mod root;
mod show;
mod source;
mod texts;
mod token;
mod walk;
mod wanted;

use std::sync::Arc;

use quartier_model::EntityKind;
use quartier_twin::sensors::{Catalogue, Summaries};
use tokio::runtime::Handle;

use self::{
    level::{Branch, Level},
    page::{Next, Page},
    paging::Paging,
    reader::Reader,
    show::Frame,
    source::Source,
    walk::Target,
    wanted::Wanted,
};
use crate::{
    Answer, Error, JSON, Request, Result, Service, TEXT, Version,
    entities::{Json, Manner, Row, Shape, View, part, property_json},
    options::Options,
    path::{JsonKey, PathEnd, Property, Resource, ResourcePath},
};

/// A request that is understood, on its way to a thread of its own.
struct Task {
    service: Service,
    catalogue: Arc<Catalogue>,
    summaries: Arc<Summaries>,
    base: String,
    version: Version,
    path: ResourcePath,
    options: Options,
}

impl Service {
    /// Answers a GET request.
    pub async fn read(&self, request: &Request<'_>) -> Result<Answer> {
        let path = match Resource::parse(request.path)? {
            Resource::Root => return Ok(root::answer(self, request)),
            Resource::Batch | Resource::CreateObservations => {
                return Err(Error::NotAllowed(format!("`{}` takes POST alone", request.path)));
            }
            Resource::Entities(path) => path,
        };
        let sensors = self.twin.sensors();
        let task = Task {
            service: self.clone(),
            catalogue: sensors.catalogue().ok_or(Error::NotReady)?,
            summaries: sensors.summaries(),
            base: request.base.to_owned(),
            version: request.version,
            options: options(request, path.kind())?,
            path,
        };
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || task.answer(runtime)).await?
    }
}

fn options(request: &Request<'_>, kind: EntityKind) -> Result<Options> {
    let mut options = Options::parse(request.query.unwrap_or_default(), kind)?;
    if request.version == Version::V1_0 {
        options.filter = options.filter.map(nulls::demanded);
    }
    Ok(options)
}

impl Task {
    fn answer(&self, runtime: Handle) -> Result<Answer> {
        let sensors = self.service.twin.sensors();
        let view = View { catalogue: &self.catalogue, summaries: &self.summaries, sensors };
        let results_are_texts = texts::results_are_texts(self.version, &self.options);
        let manner = Manner { base: &self.base, results_are_texts };
        let reader = Reader::new(view, manner, self.version, runtime);
        match (reader.walk(&self.path)?, &self.path.end) {
            (Target::Many(source), PathEnd::Count) => reader.count(&source, &self.options),
            (Target::Many(source), _) => reader.set(&source, &self.options, &self.path.end),
            (Target::One(row), PathEnd::Property { property, keys }) => {
                reader.property(&row, *property, keys)
            }
            (Target::One(row), PathEnd::Value { property, keys }) => {
                reader.value(&row, *property, keys)
            }
            (Target::One(row), end) => reader.one(row, &self.options, end),
        }
    }
}

impl<'a> Reader<'a> {
    fn set(&self, source: &Source<'a>, options: &Options, end: &PathEnd) -> Result<Answer> {
        formats::check(source.kind, options)?;
        let wanted = self.wanted(source.kind, options);
        let mut page = self.page(source, &wanted)?;
        let rows = std::mem::take(&mut page.rows);
        let frame = Frame { source, paging: &wanted.paging, suffix: "", page: &page };
        if *end == PathEnd::Links {
            let level = Level { rows, shape: Shape::reference(), branches: Vec::new() };
            return Ok(Answer::ok(
                JSON,
                self.show_set(&Frame { suffix: "/$ref", ..frame }, &level),
            ));
        }
        let level = self.level(source.kind, rows, options)?;
        match options.format {
            None => Ok(Answer::ok(JSON, self.show_set(&frame, &level))),
            Some(format) => Ok(self.formatted(format, &frame, &level)),
        }
    }

    fn one(&self, row: Row<'a>, options: &Options, end: &PathEnd) -> Result<Answer> {
        if options.filter.is_some() {
            return Err(Error::bad(
                "`$filter`: it chooses from a set; the path leads to one entity",
            ));
        }
        let kind = row.kind();
        let level = match end {
            PathEnd::Links => {
                Level { rows: vec![row], shape: Shape::reference(), branches: Vec::new() }
            }
            _ => self.level(kind, vec![row], options)?,
        };
        formats::check_one(options)?;
        match options.format {
            None => Ok(Answer::ok(JSON, self.show_one(&level, 0))),
            Some(format) => {
                let source = &Source::all(kind);
                let (paging, page) = (&Paging::new(options), &Page::default());
                Ok(self.formatted(format, &Frame { source, paging, suffix: "", page }, &level))
            }
        }
    }

    fn count(&self, source: &Source<'a>, options: &Options) -> Result<Answer> {
        let counting =
            Options { count: Some(true), top: Some(0), order: Vec::new(), ..options.clone() };
        let page = self.page(source, &self.wanted(source.kind, &counting))?;
        Ok(Answer::ok(TEXT, page.count.unwrap_or(0).to_string()))
    }

    /// `{"name": …}`; nothing where the property has no value.
    fn property(&self, row: &Row<'a>, property: Property, keys: &[JsonKey]) -> Result<Answer> {
        let Some(value) = property_json(self.view, self.manner, row, property) else {
            return Ok(Answer::no_content());
        };
        let value = part(&value, keys).ok_or_else(|| nothing_at(property, keys))?;
        let name = match keys.last() {
            None => property.name().to_owned(),
            Some(JsonKey::Name(name)) => name.clone(),
            Some(JsonKey::Index(index)) => index.to_string(),
        };
        let mut json = Json::default();
        json.object(|json| {
            json.any_name(&name);
            json.value(value);
        });
        Ok(Answer::ok(JSON, json.into_bytes()))
    }

    /// The property as text.
    fn value(&self, row: &Row<'a>, property: Property, keys: &[JsonKey]) -> Result<Answer> {
        let Some(value) = property_json(self.view, self.manner, row, property) else {
            return Ok(Answer::no_content());
        };
        let value = part(&value, keys).ok_or_else(|| nothing_at(property, keys))?;
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        Ok(Answer::ok(TEXT, text))
    }
}

fn nothing_at(property: Property, keys: &[JsonKey]) -> Error {
    let keys: String = keys.iter().map(ToString::to_string).collect();
    Error::NotFound(format!("there is nothing at `{property}{keys}`"))
}
