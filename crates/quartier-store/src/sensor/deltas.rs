use std::collections::BTreeMap;

use quartier_model::Step;

use super::{row::Row, times::NO_TIME_US};

/// What rows add to what is kept of their datastreams; each list is in the order of its keys, which stand once in it.
/// Adding deltas up gives the same in any order, but for the last bits of sums.
#[derive(Debug, Default)]
pub(crate) struct Deltas {
    pub(crate) summaries: Vec<SummaryDelta>,
    pub(crate) observed: Vec<ObservedDelta>,
    pub(crate) rollups: Vec<RollupDelta>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SummaryDelta {
    pub(crate) datastream: i64,
    pub(crate) count: i64,
    /// The earliest start and the latest end of the phenomenon times.
    pub(crate) start_us: i64,
    pub(crate) end_us: i64,
    /// The earliest and the latest result time; `None` where no row has one.
    pub(crate) result_us: Option<(i64, i64)>,
    pub(crate) latest: Latest,
}

/// What makes an observation the latest, compared from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Latest {
    pub(crate) end_us: i64,
    /// [`NO_TIME_US`], which is before all others, where there is none.
    pub(crate) result_us: i64,
    pub(crate) id: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObservedDelta {
    pub(crate) datastream: i64,
    pub(crate) feature: i64,
    pub(crate) count: i64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RollupDelta {
    pub(crate) step_s: i64,
    pub(crate) start_us: i64,
    pub(crate) datastream: i64,
    pub(crate) count: i64,
    /// Sums stay finite; databases that add to them must see to that too, with [`SUM_MAX`].
    pub(crate) sum: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) sines: f64,
    pub(crate) cosines: f64,
    pub(crate) last: Last,
}

/// A bucket's last result: by the start of the phenomenon time, then the result time, then the size, so that it is the
/// same in whatever order observations come.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Last {
    pub(crate) start_us: i64,
    pub(crate) result_us: i64,
    pub(crate) value: f64,
}

/// Where a sum stops growing.
pub(crate) const SUM_MAX: f64 = f64::MAX;

pub(crate) const fn step_s(step: Step) -> i64 {
    match step {
        Step::Hour => 3600,
        Step::Day => 86_400,
    }
}

impl Deltas {
    pub(crate) fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut summaries: BTreeMap<i64, SummaryDelta> = BTreeMap::new();
        let mut observed: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        let mut rollups: BTreeMap<(i64, i64, i64), RollupDelta> = BTreeMap::new();
        for row in rows {
            let summary = SummaryDelta::of(row);
            summaries.entry(row.datastream).and_modify(|it| it.add(&summary)).or_insert(summary);
            *observed.entry((row.datastream, row.feature)).or_default() += 1;
            let steps = [Step::Hour, Step::Day];
            for rollup in steps.into_iter().filter_map(|step| RollupDelta::of(row, step)) {
                rollups.entry(rollup.key()).and_modify(|it| it.add(&rollup)).or_insert(rollup);
            }
        }
        let of_pair = |((datastream, feature), count)| ObservedDelta { datastream, feature, count };
        Self {
            summaries: summaries.into_values().collect(),
            observed: observed.into_iter().map(of_pair).collect(),
            rollups: rollups.into_values().collect(),
        }
    }
}

impl SummaryDelta {
    fn of(row: &Row) -> Self {
        let Row { id, datastream, start_us, end_us, result_us, .. } = *row;
        Self {
            datastream,
            count: 1,
            start_us,
            end_us,
            result_us: (result_us != NO_TIME_US).then_some((result_us, result_us)),
            latest: Latest { end_us, result_us, id },
        }
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.start_us = self.start_us.min(other.start_us);
        self.end_us = self.end_us.max(other.end_us);
        self.result_us = match (self.result_us, other.result_us) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) => one.or(two),
        };
        self.latest = self.latest.max(other.latest);
    }
}

impl RollupDelta {
    /// `None` where the result is no number.
    pub(crate) fn of(row: &Row, step: Step) -> Option<Self> {
        let value = row.result?;
        let (sine, cosine) = value.to_radians().sin_cos();
        Some(Self {
            step_s: step_s(step),
            start_us: row.start_us - row.start_us.rem_euclid(step_s(step) * 1_000_000),
            datastream: row.datastream,
            count: 1,
            sum: value,
            min: value,
            max: value,
            sines: sine,
            cosines: cosine,
            last: Last { start_us: row.start_us, result_us: row.result_us, value },
        })
    }

    pub(crate) fn key(&self) -> (i64, i64, i64) {
        (self.step_s, self.start_us, self.datastream)
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum = (self.sum + other.sum).clamp(-SUM_MAX, SUM_MAX);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sines += other.sines;
        self.cosines += other.cosines;
        if other.last > self.last {
            self.last = other.last;
        }
    }
}
