//! Entity tags of tiles: what is shown, and the encoding. Each encoding has bytes of its own, so that each tag is a
//! strong one ([RFC 9110, 8.8.3.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3)).

use axum::http::{HeaderMap, HeaderValue, header};

use super::cache::{Accepted, Encoding};

/// Tags in one header that are looked at: a client asks for what it has kept, in few encodings.
const TAGS_MAX: usize = 64;

pub(crate) fn of(digest: u128, encoding: Encoding) -> HeaderValue {
    let tag = match encoding {
        Encoding::Identity => format!("\"{digest:032x}\""),
        _ => format!("\"{digest:032x}-{}\"", encoding.name()),
    };
    HeaderValue::try_from(tag).expect("a tag is ASCII")
}

/// The same for what is as good as the same, and not the same bytes.
pub(super) fn weak(digest: u128, encoding: Encoding) -> HeaderValue {
    let strong = of(digest, encoding);
    HeaderValue::try_from([b"W/", strong.as_bytes()].concat()).expect("a tag is ASCII")
}

/// The encoding in which the client has the tile already, and still takes it.
pub(crate) fn known(headers: &HeaderMap, digest: u128, accepted: &Accepted) -> Option<Encoding> {
    let hex = format!("{digest:032x}");
    let best = accepted.best();
    tags(headers).take(TAGS_MAX).find_map(|tag| match tag.strip_prefix(&hex) {
        _ if tag == "*" => best,
        Some("") => Some(Encoding::Identity).filter(|it| accepted.takes(*it)),
        Some(rest) => {
            let encoding = rest.strip_prefix('-').and_then(Encoding::by_name);
            encoding.filter(|it| accepted.takes(*it))
        }
        None => None,
    })
}

/// Whether the client says that it has the tile in some state.
pub(super) fn are_told(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_NONE_MATCH)
}

fn tags(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lists = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let tags = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    // `If-None-Match` compares weakly: a cache on the way may have made the tag a weak one.
    tags.map(str::trim).map(|tag| tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"'))
}
