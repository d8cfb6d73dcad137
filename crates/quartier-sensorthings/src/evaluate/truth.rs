/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    /// Nothing can be said, for want of a value: as in SQL, that fulfils no filter, and neither does its opposite.
    Null,
    /// It hangs on what is not known yet.
    Unknown,
}

impl Truth {
    /// Whether it may come true once everything is known.
    pub fn is_possible(self) -> bool {
        matches!(self, Self::True | Self::Unknown)
    }

    pub fn is_true(self) -> bool {
        self == Self::True
    }

    #[must_use]
    pub(super) fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            other => other,
        }
    }

    /// The first that decides, else what stays open.
    pub(super) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        decide(Self::True, Self::False, all)
    }

    pub(super) fn all(all: impl IntoIterator<Item = Self>) -> Self {
        decide(Self::False, Self::True, all)
    }
}

fn decide(decisive: Truth, otherwise: Truth, all: impl IntoIterator<Item = Truth>) -> Truth {
    let mut open = otherwise;
    for truth in all {
        match truth {
            truth if truth == decisive => return decisive,
            Truth::Unknown => open = Truth::Unknown,
            Truth::Null if open == otherwise => open = Truth::Null,
            _ => {}
        }
    }
    open
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Self::Null, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, Null, True, Unknown};

    #[test]
    fn what_decides_decides_and_the_unknown_is_never_taken_for_false() {
        assert_eq!(Truth::all([True, Null, Unknown, False]), False);
        assert_eq!(Truth::all([True, Null, Unknown]), Unknown);
        assert_eq!(Truth::all([Unknown, Null]), Unknown);
        assert_eq!(Truth::any([False, Unknown, True]), True);
        assert_eq!(Truth::any([False, Unknown]), Unknown);
        assert_eq!(Truth::any([False, Null]), Null);
        assert_eq!(Truth::any([]), False);
    }
}
