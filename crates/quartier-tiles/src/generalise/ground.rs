use super::{
    Figure,
    corner::around,
    fill::surplus,
    tones::{self, Tones},
};

/// How blocks show what is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// As a plan: cells are filled until as much is drawn as is covered.
    Plan,
    /// As ground that is built up, in tones: where a cell is wider than a house and the street before it.
    Tones,
}

/// What each cell is to be drawn as.
#[derive(Debug)]
pub(crate) enum Ground {
    /// How much denser than its threshold each cell is.
    Plan(Vec<i32>),
    Tones(Tones),
}

/// How densely a block is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tone(pub(crate) u8);

impl Tone {
    /// The share of its ground that is covered, about.
    pub fn covered(self) -> f64 {
        tones::covered(self.0)
    }
}

impl Ground {
    pub(crate) fn of(figure: &Figure, manner: Manner) -> Self {
        match manner {
            Manner::Plan => Self::Plan(surplus(&figure.total)),
            Manner::Tones => Self::Tones(Tones::of(&figure.total)),
        }
    }

    pub(crate) fn is_filled(&self, cell: usize) -> bool {
        match self {
            Self::Plan(surplus) => surplus[cell] > 0,
            Self::Tones(tones) => tones.tone(cell).is_some(),
        }
    }

    /// The tone of a filled cell; a plan has none.
    pub(crate) fn tone(&self, cell: usize) -> Option<Tone> {
        match self {
            Self::Plan(_) => None,
            Self::Tones(tones) => tones.tone(cell).map(Tone),
        }
    }

    /// How far each of the four cells around the top left corner of one lies beyond the border that runs between them.
    pub(crate) fn around(&self, cell: usize) -> [i64; 4] {
        match self {
            Self::Plan(surplus) => around(cell).map(|cell| surplus[cell].into()),
            Self::Tones(tones) => tones.beyond(around(cell)),
        }
    }
}
