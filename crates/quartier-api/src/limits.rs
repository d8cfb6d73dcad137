//! What one request may cost. Each number is for one request, unless it says otherwise.

use std::time::Duration;

/// A district's outline with 200,000 vertices fits; a whole city belongs into `quartier import`.
pub(crate) const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Proxies in front of servers take 8 KiB as a rule.
pub(crate) const URL_BYTES_MAX: usize = 8 * 1024;

/// Filters of SensorThings carry polygons, and have no other way to come in; the HTTP library takes 64 KiB.
pub(crate) const FILTER_URL_BYTES_MAX: usize = 60 * 1024;

/// Cookies and tokens of a city's single sign-on fit; hyper itself refuses more than 100 headers.
pub(crate) const HEADER_BYTES_MAX: usize = 32 * 1024;

/// The slowest honest request (10,000 transformed footprints) takes less than a second; a lost database five.
pub(crate) const REQUEST_TIME: Duration = Duration::from_secs(30);

/// A client that sends its headers more slowly than this is no client. Idle connections end after it too.
pub(crate) const HEADER_TIME: Duration = Duration::from_secs(15);

/// A client that takes nothing of its answer for so long is gone, or wants to hold what is kept for it.
pub(crate) const READING_TIME: Duration = Duration::from_mins(1);

/// Open connections for the whole server; further ones wait. Below the 1,024 files that a process has by default
/// would turn browsers away, so services raise that; each connection costs some kilobytes.
pub(crate) const CONNECTIONS_MAX: usize = 4_096;

/// Open requests for the whole server; each may hold a body of [`BODY_BYTES_MAX`] for a moment.
pub(crate) const REQUESTS_MAX: usize = 1024;

/// Open live streams for the whole server: every desk of a large administration. Each costs some 50 kB.
pub(crate) const STREAMS_MAX: usize = 2_000;

/// How long requests that are under way may take after the server was told to stop.
pub(crate) const SHUTDOWN_TIME: Duration = Duration::from_secs(10);

/// Objects on one page of items and search.
pub(crate) const PAGE_DEFAULT: usize = 10;
pub(crate) const PAGE_MAX: usize = 10_000;

/// Rows that a browser shows without effort.
pub(crate) const PAGE_HTML_MAX: usize = 500;

/// Neighbours on one page of `nearest`, and on all its pages.
pub(crate) const NEAREST_MAX: usize = 1_000;
pub(crate) const NEAREST_ALL_MAX: usize = 10_000;

/// Bytes of features that are written before they are sent.
pub(crate) const CHUNK_BYTES: usize = 256 * 1024;

/// Parameters in a query string.
pub(crate) const PARAMETERS_MAX: usize = 64;

/// Positions in a geometry that a client sends: checking more would take longer than [`REQUEST_TIME`].
pub(crate) const VERTICES_MAX: usize = 200_000;

/// Lists and objects in one another in a body. A geometry collection of multipolygons in a feature needs nine.
pub(crate) const DEPTH_MAX: usize = 64;

/// Collections in one search, and in one tile.
pub(crate) const COLLECTIONS_MAX: usize = 64;

/// An answer below this size is sent as it is: gzip would not make it smaller on the wire.
pub(crate) const GZIP_BYTES_MIN: u16 = 1024;
