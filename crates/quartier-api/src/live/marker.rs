use std::{fmt, str::FromStr};

/// Readings that may be held back at once; further ones are sent before their time. Their numbers stand in the marker,
/// which comes back in a header.
pub(super) const HELD_MAX: usize = 1_000;

/// How far a client has come: an event's `id`, which comes back as `Last-Event-ID`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Marker {
    /// The run of the program that numbered the events.
    pub(super) run: u64,
    /// Everything up to here was sent, or does not concern the client,
    pub(super) sequence: u64,
    /// but for these, in ascending order.
    pub(super) held: Vec<u64>,
}

impl Marker {
    /// The same before some more were sent; `None` where these are too many to be named.
    pub(super) fn without(&self, unsent: impl Iterator<Item = u64>) -> Option<Self> {
        let mut held: Vec<u64> = self.held.iter().copied().chain(unsent).collect();
        held.sort_unstable();
        (held.len() <= HELD_MAX).then(|| Self { held, ..self.clone() })
    }
}

impl fmt::Display for Marker {
    /// `run-sequence`, then how far behind the held ones are.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.run, self.sequence)?;
        self.held.iter().try_for_each(|held| write!(formatter, ".{}", self.sequence - held))
    }
}

impl FromStr for Marker {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const NOT_OURS: &str = "this is no event id of this server; leave it out to start anew";
        let number = |text: &str| text.parse::<u64>().map_err(|_error| NOT_OURS);
        let (run, rest) = text.trim().split_once('-').ok_or(NOT_OURS)?;
        let mut numbers = rest.split('.').map(number);
        let sequence = numbers.next().ok_or(NOT_OURS)??;
        let held =
            numbers.take(HELD_MAX + 1).map(|behind| sequence.checked_sub(behind?).ok_or(NOT_OURS));
        let held = held.collect::<Result<Vec<u64>, _>>()?;
        if held.len() > HELD_MAX || !held.is_sorted() {
            return Err(NOT_OURS);
        }
        Ok(Self { run: number(run)?, sequence, held })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_comes_back_as_it_went() {
        for held in [vec![], vec![7, 11, 12]] {
            let marker = Marker { run: 1_764_000_000, sequence: 12, held };
            assert_eq!(marker.to_string().parse(), Ok(marker));
        }
    }

    #[test]
    fn what_is_no_marker_is_refused() {
        for text in
            ["", "1", "1-", "-1", "a-b", "1-2.3", "1-9.1.2", "1-2-3", "1-18446744073709551616"]
        {
            assert!(text.parse::<Marker>().is_err(), "{text}");
        }
        let many = format!("1-5000{}", ".1".repeat(HELD_MAX + 1));
        assert!(many.parse::<Marker>().is_err());
    }
}
