use std::collections::HashSet;

use quartier_model::{EntityId, Observation, ResultValue};

use super::{Sums, series::Series, sums::micros};

/// Channels of one multi-datastream that are summed up: weather stations have some twenty.
const CHANNELS_MAX: usize = 64;

/// One datastream's newest numbers.
#[derive(Debug)]
pub(super) struct Stream {
    channels: Vec<Series>,
    coverage: Coverage,
}

/// What of a datastream is in memory.
#[derive(Debug)]
enum Coverage {
    /// Everything from `since_us` up to, but not including, `until_us`.
    Whole { since_us: i64, until_us: i64 },
    /// The store is being asked; meanwhile these came, and must not be counted twice.
    Filling { came: Vec<Sample> },
    /// What was read is no longer right.
    Doubtful,
}

/// One observation's numbers, by channel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    pub(super) id: EntityId,
    pub(crate) at_us: i64,
    pub(crate) numbers: Vec<Option<f64>>,
}

impl Sample {
    /// By the start of the phenomenon time.
    pub(crate) fn of(observation: &Observation) -> Self {
        let numbers = match &observation.result {
            ResultValue::Number(number) => vec![Some(*number)],
            ResultValue::Other(value) => {
                let parts = value.as_array().into_iter().flatten().take(CHANNELS_MAX);
                parts.map(serde_json::Value::as_f64).collect()
            }
        };
        let at_us = micros(observation.phenomenon_time.start());
        Self { id: observation.id, at_us, numbers }
    }

    /// Of one channel's number, if there is one.
    pub(crate) fn sums(&self, channel: usize) -> Sums {
        let mut sums = Sums::NONE;
        if let Some(Some(number)) = self.numbers.get(channel) {
            sums.add(self.at_us, *number);
        }
        sums
    }
}

impl Stream {
    pub(super) fn filling() -> Self {
        Self { channels: Vec::new(), coverage: Coverage::Filling { came: Vec::new() } }
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self.coverage, Coverage::Whole { .. })
    }

    pub(super) fn len(&self) -> usize {
        self.channels.iter().map(Series::len).sum()
    }

    /// Takes a new observation; says how many numbers it added.
    pub(super) fn take(&mut self, sample: Sample, future_us: i64) -> usize {
        match &mut self.coverage {
            Coverage::Whole { since_us, until_us } => {
                if sample.at_us >= future_us {
                    *until_us = sample.at_us.min(*until_us);
                }
                if sample.at_us < *since_us || sample.at_us >= *until_us {
                    return 0;
                }
                self.insert(&sample)
            }
            Coverage::Filling { came } => {
                came.push(sample);
                0
            }
            Coverage::Doubtful => 0,
        }
    }

    /// Ends the filling with everything that the store has from a time on.
    pub(super) fn fill(&mut self, samples: Vec<Sample>, since_us: i64, future_us: i64) {
        let Coverage::Filling { came } = &mut self.coverage else { return };
        let came = std::mem::take(came);
        self.channels.clear();
        self.coverage = Coverage::Whole { since_us, until_us: i64::MAX };
        let known: HashSet<EntityId> = samples.iter().map(|sample| sample.id).collect();
        let came = came.into_iter().filter(|sample| !known.contains(&sample.id));
        let mut all: Vec<Sample> = samples.into_iter().chain(came).collect();
        all.sort_by_key(|sample| sample.at_us);
        for sample in all {
            self.take(sample, future_us);
        }
    }

    pub(super) fn doubt(&mut self) {
        self.channels.clear();
        self.coverage = Coverage::Doubtful;
    }

    /// Whether time has come to what was too far in the future when it came.
    pub(super) fn is_overtaken(&self, future_us: i64) -> bool {
        matches!(self.coverage, Coverage::Whole { until_us, .. } if until_us < future_us)
    }

    pub(super) fn forget_before(&mut self, minute: i64) {
        self.channels.iter_mut().for_each(|series| series.forget_before(minute));
        if let Coverage::Whole { since_us, .. } = &mut self.coverage {
            *since_us = super::series::start_of(minute).max(*since_us);
        }
    }

    /// The sums of `from_us..to_us` as far as memory has them, and up to when it does not; `to_us` where it has none.
    pub(super) fn sums(&self, channel: usize, from_us: i64, to_us: i64) -> (Sums, i64) {
        match self.coverage {
            Coverage::Whole { since_us, until_us } if to_us <= until_us => {
                let since_us = since_us.clamp(from_us, to_us);
                let series = self.channels.get(channel);
                (series.map_or(Sums::NONE, |it| it.sums(since_us, to_us)), since_us)
            }
            _ => (Sums::NONE, to_us),
        }
    }

    pub(super) fn counts(&self) -> impl Iterator<Item = (i64, usize)> + '_ {
        self.channels.iter().flat_map(Series::counts)
    }

    fn insert(&mut self, sample: &Sample) -> usize {
        let mut added = 0;
        for (channel, number) in sample.numbers.iter().enumerate() {
            let Some(number) = number else { continue };
            if self.channels.len() <= channel {
                self.channels.resize_with(channel + 1, Series::default);
            }
            self.channels[channel].insert(sample.at_us, *number);
            added += 1;
        }
        added
    }
}
