use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};
use time::OffsetDateTime;

use crate::postgis::binary::{from_unix, to_unix};

/// A `timestamptz` as microseconds since 1970; `-infinity`, which no time type of ours has, is the least number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Micros(pub(super) i64);

/// PostgreSQL's times start in the year -4713.
pub(super) const EARLIEST_US: i64 = -210_863_520_000_000_000;

impl Type<Postgres> for Micros {
    fn type_info() -> PgTypeInfo {
        <OffsetDateTime as Type<Postgres>>::type_info()
    }
}

impl PgHasArrayType for Micros {
    fn array_type_info() -> PgTypeInfo {
        <OffsetDateTime as PgHasArrayType>::array_type_info()
    }
}

impl Encode<'_, Postgres> for Micros {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(from_unix(self.0), buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Micros {
    /// Prepared statements answer in binary.
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = value.as_bytes()?.try_into()?;
        Ok(Self(to_unix(i64::from_be_bytes(bytes))))
    }
}
