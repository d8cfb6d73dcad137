use std::str::FromStr;

use axum::http::{HeaderMap, Uri, header, request::Parts, uri::Authority};

/// Where the server is seen from outside: scheme and host, and the path that everything lies under.
///
/// The configured public URL is the truth. Without one the proxy's `Forwarded` or `X-Forwarded-*` headers tell, then
/// `Host`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    origin: String,
    /// Empty, or with a slash in front and none behind.
    prefix: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no public URL: write `https://host` or `https://host/path`, without query or fragment"
)]
pub struct BaseError(String);

impl FromStr for Base {
    type Err = BaseError;

    fn from_str(text: &str) -> Result<Self, BaseError> {
        let refused = || BaseError(text.chars().take(200).collect());
        let uri: Uri = text.parse().map_err(|_not_a_uri| refused())?;
        let scheme = uri.scheme_str().filter(|scheme| is_scheme(scheme)).ok_or_else(refused)?;
        let host = uri.authority().map(Authority::as_str).filter(|host| is_host(host));
        let host = host.ok_or_else(refused)?;
        let prefix = uri.path().trim_end_matches('/');
        if uri.query().is_some() || text.contains('#') || !is_prefix(prefix) {
            return Err(refused());
        }
        Ok(Self { origin: format!("{scheme}://{host}"), prefix: prefix.to_owned() })
    }
}

impl Base {
    /// The absolute address of a path that starts with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// The path that everything lies under; empty for the root.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What the request's headers say. A value that could not stand in a URL is passed over.
    pub(crate) fn of_request(parts: &Parts) -> Self {
        let headers = &parts.headers;
        let forwarded = text(headers, header::FORWARDED.as_str()).map(first);
        let said = |name: &str| forwarded.and_then(|it| forwarded_value(it, name));
        let scheme = said("proto")
            .or_else(|| text(headers, "x-forwarded-proto").map(first))
            .filter(|scheme| is_scheme(scheme));
        let host = said("host")
            .or_else(|| text(headers, "x-forwarded-host").map(first))
            .filter(|host| is_host(host))
            .or_else(|| text(headers, header::HOST.as_str()).filter(|host| is_host(host)))
            .or_else(|| parts.uri.authority().map(Authority::as_str).filter(|host| is_host(host)));
        let prefix = text(headers, "x-forwarded-prefix").map(|it| first(it).trim_end_matches('/'));
        Self {
            origin: format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost")),
            prefix: prefix.filter(|prefix| is_prefix(prefix)).unwrap_or_default().to_owned(),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The value that the proxy nearest to the client wrote.
fn first(list: &str) -> &str {
    list.split(',').next().unwrap_or_default().trim()
}

/// RFC 7239: `for=192.0.2.60;proto=https;host="twin.example:8443"`.
fn forwarded_value<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"'))
    })
}

fn is_scheme(scheme: &str) -> bool {
    matches!(scheme, "http" | "https")
}

fn is_host(host: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(is_word)
}

fn is_prefix(prefix: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte);
    prefix.is_empty()
        || (prefix.starts_with('/')
            && !prefix.starts_with("//")
            && prefix.len() <= 255
            && prefix.bytes().all(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn seen_with(headers: &[(&str, &str)]) -> String {
        let mut request = Request::get("/collections");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Base::of_request(&request.body(()).unwrap().into_parts().0).url("/api")
    }

    #[test]
    fn a_public_url_may_have_a_path() {
        let base: Base = "https://geo.example/twin/".parse().unwrap();
        assert_eq!(base.url("/api"), "https://geo.example/twin/api");
        assert_eq!(base.prefix(), "/twin");
        assert!("geo.example/twin".parse::<Base>().is_err());
        assert!("https://geo.example/?x=1".parse::<Base>().is_err());
    }

    #[test]
    fn the_standard_forwarded_header_is_read() {
        let forwarded = "for=192.0.2.60;proto=https;host=\"twin.example:8443\", for=10.0.0.1";
        assert_eq!(seen_with(&[("forwarded", forwarded)]), "https://twin.example:8443/api");
    }

    #[test]
    fn the_customary_forwarded_headers_are_read() {
        let headers = [
            ("host", "127.0.0.1:8080"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "twin.example, inner"),
            ("x-forwarded-prefix", "/stadt/"),
        ];
        assert_eq!(seen_with(&headers), "https://twin.example/stadt/api");
    }

    #[test]
    fn a_forwarded_header_that_could_break_out_of_a_link_is_passed_over() {
        let headers = [
            ("host", "h"),
            ("x-forwarded-host", "\"><script>"),
            ("x-forwarded-proto", "javascript"),
        ];
        assert_eq!(seen_with(&headers), "http://h/api");
    }
}
