//! Entity tags.

use axum::http::{HeaderMap, HeaderName, header};
use xxhash_rust::xxh3::xxh3_128;

/// A validator of an object's representation that also tells the object's version. Weak, since the answer may be
/// compressed on its way.
pub(crate) fn of_version(version: u32, body: &[u8]) -> String {
    format!("W/\"{version}.{:032x}\"", xxh3_128(body))
}

/// Whether `If-None-Match` names the tag.
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let plain = opaque(etag);
    tags(headers, &header::IF_NONE_MATCH).any(|tag| tag == "*" || tag == plain)
}

/// Whether `If-Match` is there and names other versions of the object only.
pub(crate) fn is_outdated(headers: &HeaderMap, version: u32) -> bool {
    let version = version.to_string();
    let mut tags = tags(headers, &header::IF_MATCH).peekable();
    tags.peek().is_some() && !tags.any(|tag| tag == "*" || tag.split('.').next() == Some(&version))
}

fn tags<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lists = headers.get_all(name).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(opaque)
}

fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}
