use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::{ask::Ask, format::Format};

/// What may not stand in a path segment as it is: all but `unreserved` of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A web link (RFC 8288) as OGC API standards write it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Link {
    href: String,
    rel: &'static str,
    #[serde(rename = "type")]
    media_type: &'static str,
    title: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    templated: bool,
    /// What to follow it with, where that is not GET.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
}

impl Link {
    pub(crate) fn new(href: String, rel: &'static str, format: Format, title: &str) -> Self {
        let (media_type, title) = (format.link_type(), title.to_owned());
        Self { href, rel, media_type, title, templated: false, method: None }
    }

    pub(crate) fn templated(self) -> Self {
        Self { templated: true, ..self }
    }

    /// A link that is followed with the same body as the request's.
    pub(crate) fn posted(self) -> Self {
        Self { method: Some("POST"), ..self }
    }
}

impl Ask {
    /// To another resource, by its path from the landing page on.
    pub(crate) fn link(&self, rel: &'static str, path: &str, format: Format, title: &str) -> Link {
        Link::new(self.base.url(path), rel, format, title)
    }

    /// To this resource as it was asked for, and in the other formats.
    pub(crate) fn own_links(&self, chosen: Format, offered: &[Format]) -> Vec<Link> {
        let own = Link::new(self.address(&[]), "self", chosen, "This document");
        let others = offered.iter().filter(|format| **format != chosen).map(|format| {
            let href = self.address(&[("f", Some(format.name()))]);
            Link::new(href, "alternate", *format, &format!("This document as {}", format.name()))
        });
        std::iter::once(own).chain(others).collect()
    }
}

/// An id as one segment of a path.
pub(crate) fn segment(id: &str) -> String {
    utf8_percent_encode(id, SEGMENT).to_string()
}
