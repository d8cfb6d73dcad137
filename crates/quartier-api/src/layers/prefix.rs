use axum::http::{Request, Uri, uri::PathAndQuery};

/// Takes the public URL's path off a request. One that comes without it stays: its proxy has taken it off.
pub(crate) fn without_prefix<B>(prefix: &str, mut request: Request<B>) -> Request<B> {
    if let Some(uri) = stripped(prefix, request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn stripped(prefix: &str, uri: &Uri) -> Option<Uri> {
    if prefix.is_empty() {
        return None;
    }
    let rest = uri.path_and_query()?.as_str().strip_prefix(prefix)?;
    let rest = match rest.as_bytes().first() {
        None | Some(b'?') => format!("/{rest}"),
        Some(b'/') => rest.to_owned(),
        Some(_) => return None,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(rest.parse::<PathAndQuery>().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(uri: &str) -> String {
        let request = Request::get(uri).body(()).unwrap();
        without_prefix("/twin", request).uri().to_string()
    }

    #[test]
    fn the_prefix_is_taken_off_where_it_stands() {
        assert_eq!(seen("/twin/collections?limit=1"), "/collections?limit=1");
        assert_eq!(seen("/twin"), "/");
        assert_eq!(seen("/twin?f=json"), "/?f=json");
        assert_eq!(seen("/collections"), "/collections");
        assert_eq!(seen("/twins"), "/twins");
    }
}
