use std::fmt::Write as _;

use quartier_model::EntityId;
use quartier_store::{KeyValue, ObservationKey};
use time::OffsetDateTime;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{Error, Result};

/// A longer text is not carried in a link; the page is then found by its `$skip`.
const TEXT_MAX: usize = 200;

/// Which request a token belongs to: the place of the set, its options but for paging, and how much it skips.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seal(u64);

impl Seal {
    pub(crate) fn new(path: &[u8], query: &str, skip: u64) -> Self {
        Self(xxh3_64_with_seed(query.as_bytes(), xxh3_64_with_seed(path, skip)))
    }

    fn over(self, text: &str) -> u64 {
        xxh3_64_with_seed(text.as_bytes(), self.0)
    }
}

/// The place after which a page starts, as text; `None` where it is too long for a link.
pub(crate) fn token(key: &ObservationKey, seal: Seal) -> Option<String> {
    let mut text = match &key.value {
        KeyValue::Id => "i".to_owned(),
        KeyValue::Time(None) => "u".to_owned(),
        KeyValue::Time(Some(at)) => format!("t{}", at.unix_timestamp_nanos() / 1000),
        KeyValue::Number(number) => format!("n{:x}", number.to_bits()),
        KeyValue::Text(text) if text.len() > TEXT_MAX => return None,
        KeyValue::Text(text) => text.bytes().fold("s".to_owned(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    };
    let _ = write!(text, ".{}", key.id);
    let check = seal.over(&text);
    let _ = write!(text, ".{check:016x}");
    Some(text)
}

/// The place that a token names; one that is not of this request is refused.
pub(crate) fn key(token: &str, seal: Seal) -> Result<ObservationKey> {
    let parsed = token.rsplit_once('.').and_then(|(text, check)| {
        let is_sealed = u64::from_str_radix(check, 16).ok() == Some(seal.over(text));
        is_sealed.then(|| place(text)).flatten()
    });
    parsed.ok_or_else(|| {
        Error::bad(
            "`$skiptoken`: it is not of this request; follow `@iot.nextLink` as it is, or leave it out",
        )
    })
}

fn place(text: &str) -> Option<ObservationKey> {
    let (value, id) = text.split_once('.')?;
    let (kind, value) = value.split_at_checked(1)?;
    let value = match kind {
        "i" => KeyValue::Id,
        "u" => KeyValue::Time(None),
        "t" => {
            let micros: i128 = value.parse().ok()?;
            let nanos = micros.checked_mul(1000)?;
            KeyValue::Time(Some(OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?))
        }
        "n" => KeyValue::Number(f64::from_bits(u64::from_str_radix(value, 16).ok()?)),
        "s" => KeyValue::Text(String::from_utf8(from_hex(value)?).ok()?),
        _ => return None,
    };
    Some(ObservationKey { value, id: EntityId(id.parse().ok()?) })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    text.as_bytes().chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_token_leads_back_to_its_place() {
        let seal = Seal::new(b"/Observations", "$orderby=result", 100);
        for value in [
            KeyValue::Id,
            KeyValue::Time(None),
            KeyValue::Time(Some(datetime!(0001-01-01 0:00:00.000_001 UTC))),
            KeyValue::Number(-0.1),
            KeyValue::Text("ü.\"&".to_owned()),
        ] {
            let wanted = ObservationKey { value, id: EntityId(7) };
            assert_eq!(key(&token(&wanted, seal).unwrap(), seal).unwrap(), wanted);
        }
    }

    #[test]
    fn a_token_of_another_request_is_refused() {
        let seal = |query, skip| Seal::new(b"/Observations", query, skip);
        let wanted = ObservationKey { value: KeyValue::Id, id: EntityId(7) };
        let text = token(&wanted, seal("a", 100)).unwrap();
        for other in [seal("b", 100), seal("a", 200)] {
            assert!(key(&text, other).is_err());
        }
        for odd in ["", ".", "i", "i.7", "i.7.zz", "é", "x.7.0", &text.replace('7', "8")] {
            assert!(key(odd, seal("a", 100)).is_err(), "{odd}");
        }
    }
}
