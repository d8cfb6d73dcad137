use quartier_slab::{Misfit, Sectioned, Sections};

use super::{Cells, Column, Meaning};
use crate::{packed::Packed, strings::Strings};

/// What a column's cells are.
const BOOLEAN: u64 = 0;
const INTEGER: u64 = 1;
const DECIMAL: u64 = 2;
const TEXT: u64 = 3;
const MIXED: u64 = 4;
const SINGLE: u64 = 5;
const DOUBLE: u64 = 6;

impl Sectioned for Column {
    fn put_into(&self, sections: &mut Sections) {
        sections.put_text("column", &self.name);
        match &self.cells {
            Cells::Coded { codes, meaning } => {
                meaning.put_into(sections);
                codes.put_into(sections);
            }
            Cells::Single(numbers) => {
                sections.put_few("cells", &[SINGLE, 0, 0]);
                sections.put("f32", numbers);
            }
            Cells::Double(numbers) => {
                sections.put_few("cells", &[DOUBLE, 0, 0]);
                sections.put("f64", numbers);
            }
        }
    }

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit> {
        let name = sections.take_text("column")?.into();
        let [kind, least, divisor] = sections.take_few::<u64, 3>("cells")?;
        let least = least.cast_signed();
        let meaning = match kind {
            SINGLE => return Ok(Self { name, cells: Cells::Single(sections.take("f32")?) }),
            DOUBLE => return Ok(Self { name, cells: Cells::Double(sections.take("f64")?) }),
            BOOLEAN => Meaning::Boolean,
            INTEGER => Meaning::Integer { least },
            DECIMAL => Meaning::Decimal { least, divisor: f64::from_bits(divisor) },
            TEXT => Meaning::Text(Strings::take_from(sections)?),
            MIXED => Meaning::Mixed(Strings::take_from(sections)?),
            other => return Err(Misfit::content("cells", &format!("kind {other}"))),
        };
        Ok(Self { name, cells: Cells::Coded { codes: Packed::take_from(sections)?, meaning } })
    }
}

impl Meaning {
    fn put_into(&self, sections: &mut Sections) {
        let mut put = |kind, least: i64, divisor: f64| {
            sections.put_few("cells", &[kind, least.cast_unsigned(), divisor.to_bits()]);
        };
        match self {
            Self::Boolean => put(BOOLEAN, 0, 0.0),
            Self::Integer { least } => put(INTEGER, *least, 0.0),
            Self::Decimal { least, divisor } => put(DECIMAL, *least, *divisor),
            Self::Text(texts) => {
                put(TEXT, 0, 0.0);
                texts.put_into(sections);
            }
            Self::Mixed(texts) => {
                put(MIXED, 0, 0.0);
                texts.put_into(sections);
            }
        }
    }
}
