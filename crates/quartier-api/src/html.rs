use std::{str::FromStr, sync::LazyLock};

use axum::{
    http::{HeaderMap, header},
    response::{Html, IntoResponse as _, Response},
};
use minijinja::{Environment, UndefinedBehavior, Value, context, value::Serde};
use serde::Serialize;

use crate::error::shown;

/// The language of pages; documents for machines have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

/// What every page is made of.
pub(crate) struct Page<'a, T> {
    pub(crate) document: &'a T,
    /// The address of the landing page, without the slash behind.
    pub(crate) base: String,
    /// This page's address as JSON.
    pub(crate) json: String,
    pub(crate) language: Language,
    /// This page's address in the other language.
    pub(crate) other_language: String,
}

const TEMPLATES: &[(&str, &str)] = &[
    ("api.html", include_str!("../templates/api.html")),
    ("collection.html", include_str!("../templates/collection.html")),
    ("collections.html", include_str!("../templates/collections.html")),
    ("conformance.html", include_str!("../templates/conformance.html")),
    ("item.html", include_str!("../templates/item.html")),
    ("items.html", include_str!("../templates/items.html")),
    ("landing.html", include_str!("../templates/landing.html")),
    ("layout.html", include_str!("../templates/layout.html")),
    ("problem.html", include_str!("../templates/problem.html")),
    ("schema.html", include_str!("../templates/schema.html")),
    ("styles.html", include_str!("../templates/styles.html")),
    ("tile_matrix_set.html", include_str!("../templates/tile_matrix_set.html")),
    ("tile_matrix_sets.html", include_str!("../templates/tile_matrix_sets.html")),
    ("tileset.html", include_str!("../templates/tileset.html")),
    ("tilesets.html", include_str!("../templates/tilesets.html")),
];

pub(crate) const STYLE_SHEET: &str = include_str!("../templates/pages.css");

/// Pages need a style sheet of this server's and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const ENGLISH: &str = include_str!("../texts/en.json");
const GERMAN: &str = include_str!("../texts/de.json");

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).expect("tests render every template");
    }
    environment
});

static TEXTS: LazyLock<[Value; 2]> = LazyLock::new(|| {
    [ENGLISH, GERMAN].map(|texts| {
        let texts: serde_json::Value = serde_json::from_str(texts).expect("tests read both");
        Value::from(Serde(texts))
    })
});

/// A template that fails is a fault of ours: it is logged, and the page says so.
pub(crate) fn render(template: &str, page: Page<'_, impl Serialize>) -> Response {
    let rendered = ENVIRONMENT.get_template(template).and_then(|template| {
        template.render(context! {
            doc => Value::from(Serde(page.document)),
            t => page.language.texts(),
            base => page.base,
            json => page.json,
            lang => page.language.code(),
            other_lang => page.language.other().code(),
            other_language => page.other_language,
        })
    });
    let html = rendered.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, template, "a page failed");
        "<!doctype html><title>Quartier</title><p>This page failed; ask for it as JSON.".to_owned()
    });
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

impl Language {
    /// The language that the reader likes best of those that there are; English where there is none of them.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let ranges = accepted.unwrap_or_default().split(',').filter_map(|range| {
            let (name, quality) = range.split_once(";q=").unwrap_or((range, "1"));
            let language = name.trim().get(..2)?.to_ascii_lowercase().parse().ok()?;
            Some((quality.trim().parse::<f32>().ok()?, language))
        });
        let best = ranges.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.filter(|(quality, _)| *quality > 0.0).map_or(Self::English, |(_, language)| language)
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::German,
            Self::German => Self::English,
        }
    }

    fn texts(self) -> Value {
        let [english, german] = &*TEXTS;
        match self {
            Self::English => english.clone(),
            Self::German => german.clone(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no language of these pages; there are `en` and `de`")]
pub(crate) struct LanguageError(String);

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(code: &str) -> Result<Self, LanguageError> {
        match code {
            "en" => Ok(Self::English),
            "de" => Ok(Self::German),
            other => Err(LanguageError(shown(other))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use std::collections::BTreeSet;

    fn language(accepted: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
        Language::of(&headers)
    }

    fn keys(texts: &str) -> BTreeSet<String> {
        let texts: serde_json::Map<_, _> = serde_json::from_str(texts).unwrap();
        texts.keys().cloned().collect()
    }

    #[test]
    fn the_reader_chooses_the_language() {
        assert_eq!(language("de-DE,de;q=0.9,en;q=0.8"), Language::German);
        assert_eq!(language("fr, en;q=0.3, de;q=0.4"), Language::German);
        assert_eq!(language("en-GB, de;q=0.9"), Language::English);
        assert_eq!(language("fr"), Language::English);
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(ENGLISH), keys(GERMAN));
    }

    #[test]
    fn every_text_of_a_page_is_there() {
        let known = keys(ENGLISH);
        for (name, source) in TEMPLATES {
            for rest in source.split("{{ t.").skip(1) {
                let key = rest.split(' ').next().unwrap();
                assert!(known.contains(key), "{name} uses t.{key}");
            }
        }
    }
}
