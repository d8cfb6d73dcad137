use quartier_model::Step;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// A time that is read in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece {
    pub(super) way: Way,
    pub(super) from_us: i64,
    pub(super) to_us: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Readings,
    Hours,
    Days,
}

impl Way {
    pub(super) fn step(self) -> Option<Step> {
        match self {
            Self::Readings => None,
            Self::Hours => Some(Step::Hour),
            Self::Days => Some(Step::Day),
        }
    }
}

impl Piece {
    /// The hour or day that it is a part of; whole days are all in one place.
    pub(super) fn place(self) -> i64 {
        match self.way {
            Way::Readings => self.from_us.div_euclid(HOUR_US),
            Way::Hours => self.from_us.div_euclid(DAY_US),
            Way::Days => 0,
        }
    }
}

/// Takes a time apart into whole days, whole hours (UTC), and what is left at both ends; in order and without gaps.
pub(super) fn pieces(from_us: i64, to_us: i64) -> Vec<Piece> {
    let mut pieces = Vec::new();
    split(from_us, to_us, &[(Way::Days, DAY_US), (Way::Hours, HOUR_US)], &mut pieces);
    pieces
}

fn split(from_us: i64, to_us: i64, units: &[(Way, i64)], pieces: &mut Vec<Piece>) {
    if from_us >= to_us {
        return;
    }
    let Some(((way, unit_us), smaller)) = units.split_first() else {
        return pieces.push(Piece { way: Way::Readings, from_us, to_us });
    };
    let first = from_us.div_euclid(*unit_us) + i64::from(from_us.rem_euclid(*unit_us) > 0);
    let (start, end) = (first * unit_us, to_us.div_euclid(*unit_us) * unit_us);
    if start >= end {
        return split(from_us, to_us, smaller, pieces);
    }
    split(from_us, start, smaller, pieces);
    pieces.push(Piece { way: *way, from_us: start, to_us: end });
    split(end, to_us, smaller, pieces);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_taken_apart_without_gaps() {
        let (from, to) = (HOUR_US / 2, 3 * DAY_US + HOUR_US + 7);
        let ways: Vec<_> = pieces(from, to).iter().map(|piece| piece.way).collect();
        let (readings, hours, days) = (Way::Readings, Way::Hours, Way::Days);
        assert_eq!(ways, [readings, hours, days, hours, readings]);
        for (from, to) in [(from, to), (-5, 5), (0, DAY_US), (1, HOUR_US), (7, 7), (-DAY_US, 1)] {
            let pieces = pieces(from, to);
            assert!(pieces.windows(2).all(|pair| pair[0].to_us == pair[1].from_us));
            let ends = pieces.first().map(|it| it.from_us).zip(pieces.last().map(|it| it.to_us));
            assert_eq!(ends, (from < to).then_some((from, to)));
        }
    }
}
