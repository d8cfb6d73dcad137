use std::io::Write as _;

use quartier_model::{Period, ResultValue};
use serde::Serialize;
use time::{OffsetDateTime, UtcOffset};

/// JSON as it is written: straight into bytes, with commas where they belong.
#[derive(Debug, Default)]
pub(crate) struct Json {
    bytes: Vec<u8>,
}

/// Whole numbers up to here are written without a decimal point: a double holds each of them.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

impl Json {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Where the next byte goes.
    pub(crate) fn mark(&self) -> usize {
        self.bytes.len()
    }

    /// Takes back what was written since the mark.
    pub(crate) fn back_to(&mut self, mark: usize) {
        self.bytes.truncate(mark);
    }

    pub(crate) fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.enclosed(b"{", b"}", members);
    }

    pub(crate) fn array(&mut self, items: impl FnOnce(&mut Self)) {
        self.enclosed(b"[", b"]", items);
    }

    fn enclosed(&mut self, open: &[u8], close: &[u8], inside: impl FnOnce(&mut Self)) {
        self.separate();
        self.bytes.extend_from_slice(open);
        inside(self);
        self.bytes.extend_from_slice(close);
    }

    /// A member's name, which is plain: no quotes, backslashes or control characters.
    pub(crate) fn name(&mut self, parts: &[&str]) {
        self.separate();
        self.raw(b"\"");
        for part in parts {
            self.raw(part.as_bytes());
        }
        self.raw(b"\":");
    }

    /// Any name.
    pub(crate) fn any_name(&mut self, name: &str) {
        self.text(name);
        self.raw(b":");
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.value(text);
    }

    /// A text of plain parts: no quotes, backslashes or control characters.
    pub(crate) fn plain(&mut self, parts: impl FnOnce(&mut Vec<u8>)) {
        self.separate();
        self.raw(b"\"");
        parts(&mut self.bytes);
        self.raw(b"\"");
    }

    pub(crate) fn whole(&mut self, number: u64) {
        self.separate();
        push_whole(&mut self.bytes, number);
    }

    pub(crate) fn null(&mut self) {
        self.separate();
        self.raw(b"null");
    }

    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.separate();
        serde_json::to_writer(&mut self.bytes, value).expect("JSON has a form for every value");
    }

    pub(crate) fn result(&mut self, result: &ResultValue) {
        match result {
            ResultValue::Number(number) => self.number(*number),
            ResultValue::Other(value) => self.value(value),
        }
    }

    fn number(&mut self, number: f64) {
        if number.fract() != 0.0 || number.abs() >= EXACT_MAX {
            return self.value(&number);
        }
        self.separate();
        if number < 0.0 {
            self.raw(b"-");
        }
        push_whole(&mut self.bytes, number.abs() as u64);
    }

    pub(crate) fn instant(&mut self, at: OffsetDateTime) {
        self.plain(|bytes| push_instant(bytes, at));
    }

    pub(crate) fn period(&mut self, period: &Period) {
        self.plain(|bytes| push_period(bytes, period));
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Nothing that opens or names ends in what a value ends in, so that the last byte says whether a comma is due.
    fn separate(&mut self) {
        if !matches!(self.bytes.last(), None | Some(b'{' | b'[' | b':' | b',')) {
            self.bytes.push(b',');
        }
    }
}

pub(crate) fn push_whole(bytes: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0_u8; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    bytes.extend_from_slice(&digits[first..]);
}

/// ISO 8601 in UTC: to the second, the millisecond or the microsecond, as it needs.
pub(crate) fn push_instant(bytes: &mut Vec<u8>, at: OffsetDateTime) {
    let at = at.checked_to_offset(UtcOffset::UTC).unwrap_or(at);
    let (year, month, day) = (at.year(), at.month() as u8, at.day());
    let (hour, minute, second) = at.to_hms();
    let year_sign = if year < 0 { "-" } else { "" };
    let year = year.unsigned_abs();
    push(
        bytes,
        format_args!("{year_sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    );
    match at.microsecond() {
        0 => {}
        micros if micros % 1000 == 0 => push(bytes, format_args!(".{:03}", micros / 1000)),
        micros => push(bytes, format_args!(".{micros:06}")),
    }
    bytes.push(b'Z');
}

/// An instant, or an interval as `start/end`.
pub(crate) fn push_period(bytes: &mut Vec<u8>, period: &Period) {
    push_instant(bytes, period.start());
    if period.is_interval() {
        bytes.push(b'/');
        push_instant(bytes, period.end());
    }
}

fn push(bytes: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    bytes.write_fmt(text).expect("a vector takes every byte");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use time::macros::datetime;

    fn written(write: impl FnOnce(&mut Json)) -> String {
        let mut json = Json::default();
        write(&mut json);
        String::from_utf8(json.into_bytes()).unwrap()
    }

    #[test]
    fn commas_stand_between_and_nowhere_else() {
        let items = |json: &mut Json| {
            json.whole(0);
            json.object(|_| {});
            json.text("x,[{:");
            json.text(":");
        };
        let members = |json: &mut Json| {
            json.name(&["a"]);
            json.array(items);
            json.name(&["b", "@iot.count"]);
            json.null();
            json.any_name("\"odd\"");
            json.array(|_| {});
        };
        let text = written(|json| json.object(members));
        let value: Value = serde_json::from_str(&text).unwrap();
        let wanted = json!({"a": [0, {}, "x,[{:", ":"], "b@iot.count": null, "\"odd\"": []});
        assert_eq!(value, wanted);
    }

    #[test]
    fn whole_results_have_no_decimal_point() {
        for (number, text) in [(5.0, "5"), (-17.0, "-17"), (0.25, "0.25"), (1e300, "1e+300")] {
            assert_eq!(written(|json| json.result(&ResultValue::Number(number))), text);
        }
        assert_eq!(written(|json| json.whole(u64::MAX)), "18446744073709551615");
    }

    #[test]
    fn times_are_as_fine_as_they_need_to_be() {
        for (at, text) in [
            (datetime!(2026-05-01 2:00 +2), "2026-05-01T00:00:00Z"),
            (datetime!(2026-05-01 0:00:00.5 UTC), "2026-05-01T00:00:00.500Z"),
            (datetime!(2026-05-01 0:00:00.000_250 UTC), "2026-05-01T00:00:00.000250Z"),
            (datetime!(0001-01-01 0:00 UTC), "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(written(|json| json.instant(at)), format!("\"{text}\""));
        }
    }
}
