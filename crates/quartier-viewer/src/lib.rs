//! The map page: files that Vite has built, embedded in the binary. Who serves them is the API's business.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

/// The page itself; every address in it is relative to the folder that it is served from.
const INDEX: &str = "index.html";

/// Where Vite puts what is named by its hash.
const HASHED: &str = "assets/";

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

/// Half of the file's SHA-256: enough to tell its versions apart.
fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let (half, _) = hash.split_at(16);
    let number = half.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("\"{number:032x}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        String::from_utf8(asset(path).unwrap().bytes.into_owned()).unwrap()
    }

    /// What the page loads: the values of its `src` and `href`.
    fn loaded(page: &str) -> impl Iterator<Item = &str> {
        page.split([' ', '>'])
            .filter_map(|word| word.strip_prefix("src=\"").or(word.strip_prefix("href=\"")))
            .filter_map(|value| value.strip_suffix('"'))
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
        let addresses: Vec<_> = loaded(&page).filter(|it| !it.starts_with('#')).collect();
        assert_eq!(addresses.len(), 3, "icon, script and style sheet: {addresses:?}");
        for address in addresses {
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
