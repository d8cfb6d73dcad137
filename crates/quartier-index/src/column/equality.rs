use serde_json::Value;

use super::{Cells, Column, Meaning};
use crate::value::ValueRef;

/// A condition on one column, in the column's own codes.
#[derive(Debug)]
pub(crate) enum Equality<'a> {
    Code(&'a Column, u64),
    /// Ascending; of a column of several kinds, where 3 and 3.0 are two codes.
    Codes(&'a Column, Vec<u64>),
    Number(&'a Column, f64),
    Never,
}

impl Column {
    /// The condition that this property has the value: numbers are compared as numbers. Null is the absence of any.
    pub(crate) fn equals<'a>(&'a self, wanted: &Value) -> Equality<'a> {
        match &self.cells {
            Cells::Coded { .. } if wanted.is_null() => Equality::Code(self, 0),
            Cells::Coded { meaning, .. } => match meaning.codes_of(wanted).as_slice() {
                [] => Equality::Never,
                [code] => Equality::Code(self, *code),
                codes => Equality::Codes(self, codes.to_vec()),
            },
            _ if wanted.is_null() => Equality::Number(self, f64::NAN),
            _ => match wanted.as_f64() {
                Some(number) if same_number(ValueRef::Number(number), wanted) => {
                    Equality::Number(self, number)
                }
                _ => Equality::Never,
            },
        }
    }
}

impl Equality<'_> {
    pub(crate) fn holds(&self, row: usize) -> bool {
        match self {
            Self::Code(column, code) => column.code(row) == Some(*code),
            Self::Codes(column, codes) => {
                column.code(row).is_some_and(|code| codes.binary_search(&code).is_ok())
            }
            Self::Number(column, number) if number.is_nan() => column.value(row) == ValueRef::Null,
            Self::Number(column, number) => column.value(row) == ValueRef::Number(*number),
            Self::Never => false,
        }
    }
}

impl Column {
    /// A number that stands for the row's value among those of this column, 0 for null; `None` where values are kept as
    /// they are.
    pub(crate) fn code(&self, row: usize) -> Option<u64> {
        match &self.cells {
            Cells::Coded { codes, .. } => Some(codes.at(row)),
            _ => None,
        }
    }
}

impl Meaning {
    fn codes_of(&self, wanted: &Value) -> Vec<u64> {
        match self {
            Self::Boolean => {
                wanted.as_bool().map(|is_true| 1 + u64::from(is_true)).into_iter().collect()
            }
            Self::Integer { least } => codes_of_integer(wanted, *least),
            Self::Decimal { least, divisor } => {
                let scaled = wanted.as_f64().map(|number| (number * divisor).round() as i64);
                let code = scaled
                    .and_then(|integer| integer.checked_sub(*least))
                    .filter(|code| *code >= 0);
                code.map(i64::cast_unsigned)
                    .filter(|code| same_number(self.value(*code), wanted))
                    .map(|code| code + 1)
                    .into_iter()
                    .collect()
            }
            Self::Text(texts) => {
                let Some(wanted) = wanted.as_str() else { return Vec::new() };
                texts.position(wanted).map(|at| at as u64 + 1).into_iter().collect()
            }
            Self::Mixed(texts) => (0..texts.len() as u64)
                .filter(|code| same(self.value(*code), wanted))
                .map(|code| code + 1)
                .collect(),
        }
    }
}

fn codes_of_integer(wanted: &Value, least: i64) -> Vec<u64> {
    let whole = wanted.as_i64().or_else(|| {
        let number = wanted.as_f64().filter(|number| number.fract() == 0.0)?;
        Some(number as i64).filter(|integer| same_number(ValueRef::Integer(*integer), wanted))
    });
    let code = whole.filter(|integer| *integer >= least).map(|integer| integer.abs_diff(least));
    code.and_then(|code| code.checked_add(1)).into_iter().collect()
}

fn same(value: ValueRef<'_>, wanted: &Value) -> bool {
    match (value, wanted) {
        (ValueRef::Text(text), Value::String(wanted)) => text == wanted,
        (ValueRef::Text(_), _) | (_, Value::String(_)) => false,
        (ValueRef::Integer(_) | ValueRef::Number(_), Value::Number(_)) => {
            same_number(value, wanted)
        }
        _ => value.to_value() == *wanted,
    }
}

/// Whether two numbers are the same, without rounding either.
fn same_number(value: ValueRef<'_>, wanted: &Value) -> bool {
    match (value, wanted.as_i64(), wanted.as_f64()) {
        (ValueRef::Integer(value), Some(wanted), _) => value == wanted,
        (ValueRef::Integer(value), None, Some(wanted))
        | (ValueRef::Number(wanted), Some(value), _) => {
            value as f64 == wanted && i128::from(value) == wanted as i128
        }
        (ValueRef::Number(value), None, Some(wanted)) => value == wanted,
        _ => false,
    }
}
