//! One property of all objects. A column is as wide as the values that it has, whatever its kind was declared to be:
//! a value that does not fit the others makes the column wider and is never lost.

mod draft;
mod equality;
mod mixed;
mod sections;

pub(crate) use draft::ColumnDraft;
pub(crate) use equality::Equality;

use quartier_slab::Slab;

use crate::{packed::Packed, strings::Strings, value::ValueRef};

#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: Box<str>,
    cells: Cells,
}

#[derive(Debug)]
enum Cells {
    /// Code 0 is null everywhere.
    Coded { codes: Packed, meaning: Meaning },
    /// NaN is null.
    Single(Slab<f32>),
    /// NaN is null.
    Double(Slab<f64>),
}

/// What the codes from 1 on stand for.
#[derive(Debug)]
enum Meaning {
    /// False, true.
    Boolean,
    /// The least integer, the one after it, and so on.
    Integer {
        least: i64,
    },
    /// The integers from the least on, each divided.
    Decimal {
        least: i64,
        divisor: f64,
    },
    Text(Strings),
    /// As in [`mixed`].
    Mixed(Strings),
}

impl Column {
    pub(crate) fn value(&self, row: usize) -> ValueRef<'_> {
        match &self.cells {
            Cells::Coded { codes, meaning } => match codes.at(row) {
                0 => ValueRef::Null,
                code => meaning.value(code - 1),
            },
            Cells::Single(numbers) => number(numbers[row].into()),
            Cells::Double(numbers) => number(numbers[row]),
        }
    }

    pub(crate) fn has_texts(&self) -> bool {
        matches!(self.cells, Cells::Coded { meaning: Meaning::Text(_), .. })
    }

    /// How many codes there may be; `None` where values are kept as they are.
    pub(crate) fn code_count(&self) -> Option<u64> {
        match &self.cells {
            Cells::Coded { meaning: Meaning::Text(texts) | Meaning::Mixed(texts), .. } => {
                Some(texts.len() as u64)
            }
            Cells::Coded { codes, .. } => Some(codes.greatest()),
            Cells::Single(_) | Cells::Double(_) => None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.cells {
            Cells::Coded { codes, .. } => codes.len(),
            Cells::Single(numbers) => numbers.len(),
            Cells::Double(numbers) => numbers.len(),
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let cells = match &self.cells {
            Cells::Coded { codes, meaning: Meaning::Text(texts) | Meaning::Mixed(texts) } => {
                codes.memory_bytes() + texts.memory_bytes()
            }
            Cells::Coded { codes, .. } => codes.memory_bytes(),
            Cells::Single(numbers) => numbers.memory_bytes(),
            Cells::Double(numbers) => numbers.memory_bytes(),
        };
        cells + self.name.len() + size_of::<Self>()
    }
}

impl Meaning {
    fn value(&self, code: u64) -> ValueRef<'_> {
        match self {
            Self::Boolean => ValueRef::Boolean(code == 1),
            Self::Integer { least } => ValueRef::Integer(least.wrapping_add_unsigned(code)),
            Self::Decimal { least, divisor } => {
                ValueRef::Number(least.wrapping_add_unsigned(code) as f64 / divisor)
            }
            Self::Text(texts) => ValueRef::Text(texts.at(code as usize)),
            Self::Mixed(texts) => mixed::read(texts.at(code as usize)),
        }
    }
}

fn number(number: f64) -> ValueRef<'static> {
    if number.is_nan() { ValueRef::Null } else { ValueRef::Number(number) }
}
