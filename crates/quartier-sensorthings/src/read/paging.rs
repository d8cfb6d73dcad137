use super::Next;
use crate::{entities::push_whole, options::Options};

/// How many entities come where a client does not say (as FROST does).
const TOP_DEFAULT: u64 = 100;

/// How many entities come at most at once: some megabytes of JSON.
pub(crate) const TOP_MAX: u64 = 10_000;

/// The databases count in signed integers; nothing is behind so many.
const SKIP_MAX: u64 = i64::MAX as u64;

/// How a set is cut into pages, and what its links say.
#[derive(Debug)]
pub(crate) struct Paging {
    pub(crate) skip: u64,
    /// How many a page holds.
    pub(crate) top: usize,
    /// What the client said; links repeat it.
    top_sent: Option<u64>,
    /// The other options, as a query string.
    pub(crate) query: String,
}

impl Paging {
    pub(crate) fn new(options: &Options) -> Self {
        let plain = Options { top: None, skip: None, skip_token: None, ..options.clone() };
        Self {
            skip: options.skip.unwrap_or(0).min(SKIP_MAX),
            top: options.top.unwrap_or(TOP_DEFAULT).min(TOP_MAX) as usize,
            top_sent: options.top,
            query: plain.query(),
        }
    }

    /// The part after a page of so many entities, if there is more.
    pub(crate) fn next(&self, has_more: bool, rows: usize, token: Option<String>) -> Option<Next> {
        let skip = self.skip.saturating_add(rows as u64);
        (has_more && rows > 0).then_some(Next { skip, token })
    }

    /// The link to the next part: `$top` and `$skip` stand in it as they are, for clients that look for them.
    ///
    /// This is its query string, with the question mark.
    pub(crate) fn push_query(&self, bytes: &mut Vec<u8>, next: &Next) {
        bytes.push(b'?');
        if !self.query.is_empty() {
            bytes.extend_from_slice(self.query.as_bytes());
            bytes.push(b'&');
        }
        if let Some(top) = self.top_sent {
            bytes.extend_from_slice(b"$top=");
            push_whole(bytes, top);
            bytes.push(b'&');
        }
        bytes.extend_from_slice(b"$skip=");
        push_whole(bytes, next.skip);
        if let Some(token) = &next.token {
            bytes.extend_from_slice(b"&$skiptoken=");
            bytes.extend_from_slice(token.as_bytes());
        }
    }
}
