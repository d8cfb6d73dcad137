use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use quartier_import::{Expected, Progress};
use quartier_store::Outcome;
use serde::Serialize;

/// Rejections and repairs that are listed one by one; beyond, they are counted. Some 10 MB.
const LISTED_MAX: usize = 100_000;

/// What became of what was read. Can be watched from another thread while the import runs.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    report: Arc<Mutex<Report>>,
    reading: Arc<Mutex<Option<Reading>>>,
}

/// Which input is being read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) before: usize,
    pub(super) inputs: usize,
    pub(super) progress: Progress,
    pub(super) expected: Option<Expected>,
}

/// What became of every object.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    pub read: u64,
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Closed, because the files no longer have them.
    pub closed: u64,
    pub repaired: u64,
    pub rejected: u64,
    pub seconds: f64,
    pub features_per_second: f64,
    pub warnings: Vec<String>,
    pub repairs: Vec<Repair>,
    pub rejections: Vec<Rejection>,
}

/// An object that was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    pub input: String,
    pub id: String,
    pub repair: String,
}

/// An object that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    pub input: String,
    /// Where it has one.
    pub id: Option<String>,
    /// Its place in the input, counted from 1.
    pub position: Option<u64>,
    pub reason: String,
}

impl Tally {
    /// What is known so far, without the lists.
    pub fn so_far(&self) -> Report {
        self.with(|report| report.counts())
    }

    /// The share of the inputs that is read, from 0 to 1; `None` where they do not say how much they hold.
    pub fn share(&self) -> Option<f64> {
        let reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let (Expected::Features(all) | Expected::Bytes(all)) = reading.expected?;
        let done = (reading.progress.done() as f64 / all.max(1) as f64).min(1.0);
        Some((reading.before as f64 + done) / reading.inputs as f64)
    }

    pub(super) fn reads(&self, reading: Reading) {
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }

    pub(super) fn report(&self, elapsed: Duration) -> Report {
        let seconds = elapsed.as_secs_f64();
        self.with(|report| {
            report.seconds = seconds;
            report.features_per_second = report.read as f64 / seconds.max(f64::EPSILON);
            report.clone()
        })
    }

    pub(super) fn count_read(&self) {
        self.with(|report| report.read += 1);
    }

    pub(super) fn warn(&self, warnings: impl IntoIterator<Item = String>) {
        self.with(|report| report.warnings.extend(warnings));
    }

    pub(super) fn repaired(&self, repair: Repair) {
        self.with(|report| {
            report.repaired += 1;
            if report.repairs.len() < LISTED_MAX {
                report.repairs.push(repair);
            }
        });
    }

    pub(super) fn rejected(&self, rejection: Rejection) {
        self.with(|report| {
            report.rejected += 1;
            if report.rejections.len() < LISTED_MAX {
                report.rejections.push(rejection);
            }
        });
    }

    pub(super) fn outcome(&self, outcome: Outcome) {
        self.with(|report| match outcome {
            Outcome::Created => report.created += 1,
            Outcome::Changed => report.changed += 1,
            Outcome::Unchanged | Outcome::Kept => report.unchanged += 1,
        });
    }

    pub(super) fn closed(&self, count: usize) {
        self.with(|report| report.closed += count as u64);
    }

    /// Forgets what a first reading counted, before the second.
    pub(super) fn restart(&self) {
        self.with(|report| *report = Report::default());
    }

    fn with<T>(&self, see: impl FnOnce(&mut Report) -> T) -> T {
        see(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Report {
    fn counts(&self) -> Self {
        Self {
            read: self.read,
            created: self.created,
            changed: self.changed,
            unchanged: self.unchanged,
            closed: self.closed,
            repaired: self.repaired,
            rejected: self.rejected,
            ..Self::default()
        }
    }
}
