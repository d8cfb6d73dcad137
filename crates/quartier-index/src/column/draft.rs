use super::{Cells, Column, Meaning, mixed};
use crate::{decimal::quantum, packed::Packed, strings::Dictionary, value::ValueRef};

/// Up to four decimal places are kept as integers.
const DIVISORS: [f64; 5] = [1.0, 10.0, 100.0, 1000.0, 10_000.0];

/// A column that is still being filled. Rows that were not set are null.
#[derive(Debug)]
pub(crate) struct ColumnDraft {
    pub(crate) name: Box<str>,
    cells: Draft,
}

/// In the coded kinds 0 is null, and a code is one more than what it stands for.
#[derive(Debug)]
enum Draft {
    Nothing,
    Boolean(Vec<u8>),
    Integer(Vec<Option<i64>>),
    /// NaN is null.
    Number(Vec<f64>),
    Text(Vec<u32>, Dictionary),
    Mixed(Vec<u32>, Dictionary),
}

impl ColumnDraft {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.into(), cells: Draft::Nothing }
    }

    /// Sets the value of a row that comes after all that were set.
    pub(crate) fn set(&mut self, row: usize, value: ValueRef<'_>) {
        if matches!(value, ValueRef::Null) {
            return;
        }
        if matches!(self.cells, Draft::Nothing) {
            self.cells = Draft::of_kind(value);
        }
        if !self.cells.set(row, value) {
            self.mix();
            self.cells.set(row, value);
        }
    }

    /// Adds another column's rows below this one's, which has `rows` of them.
    pub(crate) fn append(&mut self, rows: usize, other: Self) {
        match (&mut self.cells, other.cells) {
            (_, Draft::Nothing) => {}
            (Draft::Boolean(cells), Draft::Boolean(more)) => stack(cells, rows, 0, more),
            (Draft::Integer(cells), Draft::Integer(more)) => stack(cells, rows, None, more),
            (Draft::Number(cells), Draft::Number(more)) => stack(cells, rows, f64::NAN, more),
            (Draft::Text(cells, texts), Draft::Text(more, others))
            | (Draft::Mixed(cells, texts), Draft::Mixed(more, others)) => {
                let numbers = texts.absorb(&others);
                let recode =
                    |code: u32| code.checked_sub(1).map_or(0, |at| numbers[at as usize] + 1);
                stack(cells, rows, 0, more.into_iter().map(recode));
            }
            (_, cells) => {
                let len = cells.len();
                for row in 0..len {
                    self.set(rows + row, cells.value(row));
                }
            }
        }
    }

    /// The column with as many rows as given.
    pub(crate) fn finish(mut self, rows: usize) -> Column {
        if let Draft::Integer(cells) = &self.cells
            && integers(cells).is_none()
        {
            self.mix();
        }
        self.cells.pad(rows);
        Column { name: self.name, cells: self.cells.finish(rows) }
    }

    fn mix(&mut self) {
        let mut cells = Draft::Mixed(Vec::new(), Dictionary::default());
        for row in 0..self.cells.len() {
            cells.set(row, self.cells.value(row));
        }
        self.cells = cells;
    }
}

impl Draft {
    fn of_kind(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Nothing,
            ValueRef::Boolean(_) => Self::Boolean(Vec::new()),
            ValueRef::Integer(_) => Self::Integer(Vec::new()),
            ValueRef::Number(_) => Self::Number(Vec::new()),
            ValueRef::Text(_) => Self::Text(Vec::new(), Dictionary::default()),
            ValueRef::Json(_) => Self::Mixed(Vec::new(), Dictionary::default()),
        }
    }

    /// False where the value is of another kind.
    fn set(&mut self, row: usize, value: ValueRef<'_>) -> bool {
        if matches!(value, ValueRef::Null) {
            return true;
        }
        self.pad(row);
        match (self, value) {
            (Self::Boolean(cells), ValueRef::Boolean(is_true)) => cells.push(1 + u8::from(is_true)),
            (Self::Integer(cells), ValueRef::Integer(number)) => cells.push(Some(number)),
            (Self::Number(cells), ValueRef::Number(number)) => cells.push(number),
            (Self::Text(cells, texts), ValueRef::Text(text)) => cells.push(texts.number(text) + 1),
            (Self::Mixed(cells, texts), value) => {
                let mut text = String::new();
                mixed::write(value, &mut text);
                cells.push(texts.number(&text) + 1);
            }
            _ => return false,
        }
        true
    }

    fn value(&self, row: usize) -> ValueRef<'_> {
        match self {
            Self::Nothing => ValueRef::Null,
            Self::Boolean(cells) => match cells[row] {
                0 => ValueRef::Null,
                code => ValueRef::Boolean(code == 2),
            },
            Self::Integer(cells) => cells[row].map_or(ValueRef::Null, ValueRef::Integer),
            Self::Number(cells) => super::number(cells[row]),
            Self::Text(cells, texts) => {
                text(texts, cells[row]).map_or(ValueRef::Null, ValueRef::Text)
            }
            Self::Mixed(cells, texts) => {
                text(texts, cells[row]).map_or(ValueRef::Null, mixed::read)
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Boolean(cells) => cells.len(),
            Self::Integer(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
            Self::Text(cells, _) | Self::Mixed(cells, _) => cells.len(),
        }
    }

    fn pad(&mut self, rows: usize) {
        match self {
            Self::Nothing => {}
            Self::Boolean(cells) => cells.resize(rows, 0),
            Self::Integer(cells) => cells.resize(rows, None),
            Self::Number(cells) => cells.resize(rows, f64::NAN),
            Self::Text(cells, _) | Self::Mixed(cells, _) => cells.resize(rows, 0),
        }
    }

    fn finish(self, rows: usize) -> Cells {
        match self {
            Self::Nothing => coded(std::iter::repeat_n(0, rows), Meaning::Boolean),
            Self::Boolean(cells) => {
                coded(cells.iter().map(|code| (*code).into()), Meaning::Boolean)
            }
            Self::Integer(cells) => integers(&cells)
                .unwrap_or_else(|| coded(std::iter::repeat_n(0, rows), Meaning::Boolean)),
            Self::Number(cells) => numbers(cells),
            Self::Text(cells, texts) => {
                coded(cells.iter().map(|code| (*code).into()), Meaning::Text(texts.finish()))
            }
            Self::Mixed(cells, texts) => {
                coded(cells.iter().map(|code| (*code).into()), Meaning::Mixed(texts.finish()))
            }
        }
    }
}

fn text(texts: &Dictionary, code: u32) -> Option<&str> {
    code.checked_sub(1).map(|number| texts.at(number))
}

fn stack<T: Clone>(cells: &mut Vec<T>, rows: usize, null: T, more: impl IntoIterator<Item = T>) {
    cells.resize(rows, null);
    cells.extend(more);
}

fn coded(codes: impl ExactSizeIterator<Item = u64> + Clone, meaning: Meaning) -> Cells {
    Cells::Coded { codes: Packed::pack(codes), meaning }
}

/// `None` where the integers are so far apart that their codes would not fit.
fn integers(cells: &[Option<i64>]) -> Option<Cells> {
    let (codes, least) = codes_from_least(cells.iter().copied())?;
    Some(Cells::Coded { codes, meaning: Meaning::Integer { least } })
}

fn numbers(cells: Vec<f64>) -> Cells {
    let fitting = DIVISORS.into_iter().find(|divisor| {
        cells.iter().all(|number| number.is_nan() || quantum(*number, *divisor).is_some())
    });
    let decimals = fitting.and_then(|divisor| {
        let (codes, least) =
            codes_from_least(cells.iter().map(|number| quantum(*number, divisor)))?;
        Some(Cells::Coded { codes, meaning: Meaning::Decimal { least, divisor } })
    });
    let is_single =
        |number: &f64| number.is_nan() || f64::from(*number as f32).to_bits() == number.to_bits();
    match decimals {
        Some(Cells::Coded { codes, meaning }) if !matches!(codes, Packed::U64(_)) => {
            Cells::Coded { codes, meaning }
        }
        _ if cells.iter().all(is_single) => {
            Cells::Single(cells.iter().map(|number| *number as f32).collect())
        }
        _ => Cells::Double(cells.into()),
    }
}

fn codes_from_least(
    cells: impl ExactSizeIterator<Item = Option<i64>> + Clone,
) -> Option<(Packed, i64)> {
    let least = cells.clone().flatten().min().unwrap_or_default();
    let greatest = cells.clone().flatten().max().unwrap_or_default();
    if greatest.abs_diff(least) == u64::MAX {
        return None;
    }
    let codes = cells.map(|cell| cell.map_or(0, |number| number.abs_diff(least) + 1));
    Some((Packed::pack(codes), least))
}
