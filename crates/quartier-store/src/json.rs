use std::io;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Serializer, ser::Formatter};

/// From here on, the shortest text of a number has an exponent, and jsonb would make a whole number of it.
const EXPONENT_FROM: f64 = 1e16;

/// Keeps fractions fractions, also where jsonb writes the number anew.
struct Plain;

impl Formatter for Plain {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.abs() >= EXPONENT_FROM {
            write!(writer, "{value:.1}")
        } else {
            serde_json::ser::CompactFormatter.write_f64(writer, value)
        }
    }
}

/// The value as JSON text whose numbers come back exactly.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    let mut bytes = Vec::with_capacity(128);
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, Plain))
        .expect("the model's values have text as keys, and memory takes every byte");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_number_comes_back_as_what_it_was() {
        for number in [json!(1e16), json!(1.7e300), json!(0.1), json!(-0.3), json!(u64::MAX)] {
            assert_eq!(from_json::<Value>(to_json(&number).as_bytes()).unwrap(), number);
        }
        assert_eq!(to_json(&1e17), "100000000000000000.0");
    }
}
