use axum::http::{HeaderMap, header};

use super::Encoding;

/// Codings that one header is looked at for; nobody has so many.
const CODINGS_MAX: usize = 32;

/// Which encodings a client takes: [RFC 9110, 12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Accepted {
    /// By the encoding's number; 0 where it is refused.
    qualities: [f32; Encoding::ALL.len()],
}

impl Accepted {
    /// What cannot be understood counts as not said.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(header::ACCEPT_ENCODING).into_iter();
        let lists = lists.filter_map(|list| list.to_str().ok());
        Self::parse(lists.flat_map(|list| list.split(',')))
    }

    fn parse<'a>(codings: impl Iterator<Item = &'a str>) -> Self {
        let (mut named, mut others) = ([None; Encoding::ALL.len()], None);
        for coding in codings.take(CODINGS_MAX) {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            let Some(quality) = read_quality(quality) else { continue };
            let name = name.trim();
            if name == "*" {
                others = Some(quality);
            } else if let Some(known) = Encoding::by_name(name) {
                named[known as usize] = Some(quality);
            }
        }
        let quality = |encoding: Encoding| {
            // Tiles as they are may be sent unless they are refused; whoever names anything else likes that better.
            let unsaid = if encoding == Encoding::Identity { f32::MIN_POSITIVE } else { 0.0 };
            named[encoding as usize].or(others).unwrap_or(unsaid)
        };
        Self { qualities: Encoding::ALL.map(quality) }
    }

    pub(crate) fn takes(&self, encoding: Encoding) -> bool {
        self.qualities[encoding as usize] > 0.0
    }

    /// The encoding that suits the client best; of those that it likes as well, the one that is sent soonest. `None`
    /// where it takes nothing that there is.
    pub(crate) fn best(&self) -> Option<Encoding> {
        let taken = Encoding::BY_WORTH.into_iter().filter(|it| self.takes(*it));
        let liked = |it: &Encoding| self.qualities[*it as usize];
        // Of equals the last one counts.
        taken.rev().max_by(|one, other| liked(one).total_cmp(&liked(other)))
    }
}

/// The weight after a name: 1 where there is none, `None` where it is nonsense.
fn read_quality(text: &str) -> Option<f32> {
    let text = text.trim();
    if text.is_empty() {
        return Some(1.0);
    }
    let (name, number) = text.split_once('=')?;
    let number = number.trim().parse::<f32>().ok()?;
    (name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(text: &str) -> Option<&'static str> {
        Accepted::parse(text.split(',')).best().map(Encoding::name)
    }

    #[test]
    fn a_client_gets_what_it_likes_best() {
        assert_eq!(best(""), Some("identity"));
        assert_eq!(best("gzip, deflate, br, zstd"), Some("zstd"));
        assert_eq!(best("gzip, br"), Some("br"));
        assert_eq!(best("gzip;q=1.0, br;q=0.5"), Some("gzip"));
        assert_eq!(best("gzip;q=0.5, identity"), Some("identity"));
        assert_eq!(best("GZIP ; q=0.3"), Some("gzip"));
        assert_eq!(best("br;q=0, *"), Some("zstd"));
        assert_eq!(best("*;q=0.1, gzip;q=0.2"), Some("gzip"));
    }

    #[test]
    fn what_is_refused_is_not_sent() {
        assert_eq!(best("gzip;q=0"), Some("identity"));
        assert_eq!(best("identity;q=0, gzip;q=0.001"), Some("gzip"));
        assert_eq!(best("identity;q=0"), None);
        assert_eq!(best("*;q=0"), None);
        assert_eq!(best("identity;q=0.5, *;q=0"), Some("identity"));
    }

    #[test]
    fn nonsense_is_passed_over() {
        for text in [",,,", ";;;", "gzip;q=x", "gzip;q=NaN", "gzip;q=-1", "gzip;level=9", "\u{fc}"]
        {
            assert_eq!(best(text), Some("identity"), "{text}");
        }
        assert_eq!(best(&format!("{}gzip", "x,".repeat(CODINGS_MAX))), Some("identity"));
    }
}
