//! The map page: files that Vite has built, embedded in the binary. Who serves them is the API's business.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

/// The page itself; every address in it is relative to the folder that it is served from.
const INDEX: &str = "index.html";

/// Where Vite puts what is named by its hash.
const HASHED: &str = "assets/";

/// Half of a SHA-256 tells versions of one file apart.
const ETAG_BYTES: usize = 16;

/// A file of the page.
#[derive(Debug, Clone)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    /// The media type, with its charset where it is text.
    pub content_type: &'static str,
    /// The name changes with the content, so that it may be cached for ever.
    pub immutable: bool,
    /// A strong entity tag, quoted as HTTP wants it.
    pub etag: String,
}

#[derive(RustEmbed)]
#[folder = "dist"]
struct Files;

/// The file at a path below the page's own folder, without a leading slash; the empty path is the page.
/// `None` where there is no such file.
pub fn asset(path: &str) -> Option<Asset> {
    let path = if path.is_empty() { INDEX } else { path };
    let file = Files::get(path)?;
    Some(Asset {
        content_type: content_type(path),
        immutable: path.starts_with(HASHED),
        etag: etag(&file),
        bytes: file.data,
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let digits: String = hash.iter().take(ETAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        String::from_utf8(asset(path).unwrap().bytes.into_owned()).unwrap()
    }

    /// What the page loads: the values of its `src` and `href`.
    fn loaded(page: &str) -> Vec<&str> {
        let starts = page.match_indices("src=\"").chain(page.match_indices("href=\""));
        starts.map(|(at, start)| page[at + start.len()..].split('"').next().unwrap()).collect()
    }

    #[test]
    fn the_empty_path_is_the_page() {
        let page = asset("").unwrap();
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        assert!(!page.immutable);
        assert!(text("").contains("<html"));
    }

    #[test]
    fn everything_that_the_page_loads_is_embedded_and_relative() {
        let page = text("");
        let scripts: Vec<_> =
            loaded(&page).into_iter().filter(|address| address.contains("assets/")).collect();
        assert!(!scripts.is_empty());
        for address in scripts {
            let path = address.strip_prefix("./").expect("an address that is relative");
            assert!(asset(path).unwrap().immutable, "{path}");
        }
    }

    #[test]
    fn the_page_has_no_inline_script_or_style() {
        let page = text("");
        assert!(!page.contains("<style") && !page.contains(" style="));
        assert!(page.split("<script").skip(1).all(|script| script.contains(" src=")));
    }

    #[test]
    fn files_have_entity_tags_of_their_own() {
        let page = asset("").unwrap();
        assert_eq!(page.etag.len(), 34);
        assert!(page.etag.starts_with('"') && page.etag.ends_with('"'));
    }

    #[test]
    fn what_is_not_there_is_none() {
        assert!(asset("../Cargo.toml").is_none());
        assert!(asset("nothing.js").is_none());
    }
}
