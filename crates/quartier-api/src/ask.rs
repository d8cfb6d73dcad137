use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    App,
    base::Base,
    error::{ApiError, Result},
    format::Format,
    html::{self, Language, Page},
    query::{self, Query},
};

/// What a request says apart from its path: how it wants to be answered, and its parameters.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) base: Base,
    pub(crate) query: Query,
    language: Language,
    path: String,
    query_text: String,
    accept: Option<String>,
    f: Option<String>,
}

impl FromRequestParts<App> for Ask {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let mut query = Query::parse(parts.uri.query().unwrap_or_default())?;
        let language = query.value("lang")?.unwrap_or_else(|| Language::of(&parts.headers));
        let f = query.text("f");
        Ok(Self { query, language, f, ..Self::lenient(app, parts) })
    }
}

impl Ask {
    /// For answers to requests that may be wrong.
    pub(crate) fn lenient(app: &App, parts: &Parts) -> Self {
        let configured = app.settings.public_url.clone();
        let query_text = parts.uri.query().unwrap_or_default();
        let mut query = Query::parse(query_text).unwrap_or_default();
        Self {
            base: configured.unwrap_or_else(|| Base::of_request(parts)),
            language: Language::of(&parts.headers),
            path: parts.uri.path().to_owned(),
            accept: list(&parts.headers, header::ACCEPT.as_str()),
            f: query.text("f"),
            query_text: query_text.to_owned(),
            query: Query::default(),
        }
    }

    /// The format to answer in. Refuses what is left of the query: call it when every parameter is taken.
    pub(crate) fn settle(&self, offered: &[Format]) -> Result<Format> {
        self.query.finish()?;
        match (&self.f, &self.accept) {
            (Some(name), _) => Format::by_name(name, offered),
            (None, accept) => Format::accepted(accept.as_deref().unwrap_or("*/*"), offered),
        }
    }

    /// For problems: JSON unless a page was clearly asked for.
    pub(crate) fn prefers_html(&self) -> bool {
        let offered = [Format::Json, Format::Html];
        match (&self.f, &self.accept) {
            (Some(name), _) => name == Format::Html.name(),
            (None, Some(accept)) => {
                Format::accepted(accept, &offered).is_ok_and(|format| format == Format::Html)
            }
            (None, None) => false,
        }
    }

    /// The address of the request itself, with some parameters set anew.
    pub(crate) fn address(&self, changes: &[(&str, Option<&str>)]) -> String {
        self.base.url(&format!("{}{}", self.path, query::with(&self.query_text, changes)))
    }

    /// The query with all that chooses what is shown, and without what chooses how; a question mark in front where
    /// there is any.
    pub(crate) fn choice(&self) -> String {
        query::with(&self.query_text, &[("f", None), ("lang", None)])
    }

    /// A document in the format that was settled on: JSON, or the page that a template makes of the same document.
    pub(crate) fn answer(
        &self,
        format: Format,
        template: &str,
        document: &impl Serialize,
    ) -> Response {
        if format == Format::Html {
            return self.render(template, document);
        }
        json(format, document)
    }

    pub(crate) fn render(&self, template: &str, document: &impl Serialize) -> Response {
        let other = self.language.other();
        let page = Page {
            document,
            base: self.base.url(""),
            json: self.address(&[("f", Some("json")), ("lang", None)]),
            language: self.language,
            other_language: self.address(&[("lang", Some(other.code()))]),
        };
        html::render(template, page)
    }
}

/// A document in one of the formats that are JSON.
pub(crate) fn json(format: Format, document: &impl Serialize) -> Response {
    let media_type = HeaderValue::from_static(format.media_type());
    ([(header::CONTENT_TYPE, media_type)], Json(document)).into_response()
}

/// A header that is a list, and may stand there several times.
fn list(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}
