use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};

/// Two numbers in the order of the CRS's axes, and a height; what follows is passed over (RFC 7946, 3.1.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Position {
    pub(super) first: f64,
    pub(super) second: f64,
    pub(super) height: Option<f64>,
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Numbers)
    }
}

struct Numbers;

impl<'de> Visitor<'de> for Numbers {
    type Value = Position;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a position of two or three numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Position, A::Error> {
        let mut next = || numbers.next_element::<f64>();
        let (first, second, height) = (next()?, next()?, next()?);
        while height.is_some() && next()?.is_some() {}
        let (first, second) = first
            .zip(second)
            .ok_or_else(|| A::Error::custom("a position has two or three numbers"))?;
        Ok(Position { first, second, height })
    }
}
