use quartier_model::{Geometry, Period};
use time::{Date, Duration, OffsetDateTime, Time};

/// A value that stands in the text itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    /// With its offset, as it was written.
    Instant(OffsetDateTime),
    /// `2026-01-01T00:00:00Z/2026-02-01T00:00:00Z`; also with a duration behind the slash.
    Interval(Period),
    Date(Date),
    Time(Time),
    Duration(Span),
    /// In WGS 84 degrees, longitude first, as the text has it.
    Geometry(Box<Geometry>),
}

/// A duration: months are as long as the calendar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    pub months: i32,
    pub rest: Duration,
}
