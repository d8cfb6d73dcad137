use std::{collections::VecDeque, ops::Range};

use super::Sums;

const MINUTE_US: i64 = 60_000_000;

/// Room is given back when so many times as much as is needed is held: after a burst.
const SPARE: usize = 4;

/// One channel's newest numbers in the order of their times, summed up by minutes.
#[derive(Debug, Default)]
pub(super) struct Series {
    times_us: VecDeque<i64>,
    numbers: VecDeque<f64>,
    /// Of those in which there is a number.
    minutes: VecDeque<Minute>,
}

#[derive(Debug)]
struct Minute {
    number: i64,
    sums: Sums,
}

impl Series {
    pub(super) fn len(&self) -> usize {
        self.times_us.len()
    }

    pub(super) fn insert(&mut self, at_us: i64, number: f64) {
        let minute = at_us.div_euclid(MINUTE_US);
        if self.times_us.back().is_none_or(|last| *last < at_us) {
            self.times_us.push_back(at_us);
            self.numbers.push_back(number);
            match self.minutes.back_mut().filter(|last| last.number == minute) {
                Some(last) => last.sums.add(at_us, number),
                None => self.minutes.push_back(Minute::new(minute, [(at_us, number)])),
            }
            return;
        }
        let rows = self.rows(at_us, at_us + 1);
        let before = rows.clone().take_while(|row| self.numbers[*row].total_cmp(&number).is_lt());
        let row = rows.start + before.count();
        self.times_us.insert(row, at_us);
        self.numbers.insert(row, number);
        self.sum_up(minute);
    }

    /// Anew and in order, so that the sums do not depend on what came when.
    fn sum_up(&mut self, minute: i64) {
        let rows = self.rows(minute * MINUTE_US, (minute + 1) * MINUTE_US);
        let summed = Minute::new(minute, rows.map(|row| (self.times_us[row], self.numbers[row])));
        match self.minutes.binary_search_by_key(&minute, |it| it.number) {
            Ok(at) => self.minutes[at] = summed,
            Err(at) => self.minutes.insert(at, summed),
        }
    }

    /// Of the numbers in `from_us..to_us`.
    pub(super) fn sums(&self, from_us: i64, to_us: i64) -> Sums {
        let first = from_us.div_euclid(MINUTE_US) + i64::from(from_us.rem_euclid(MINUTE_US) > 0);
        let end = to_us.div_euclid(MINUTE_US);
        let mut sums = Sums::NONE;
        if first >= end {
            self.add_rows(from_us, to_us, &mut sums);
            return sums;
        }
        self.add_rows(from_us, first * MINUTE_US, &mut sums);
        let start = self.minutes.partition_point(|it| it.number < first);
        let whole = self.minutes.iter().skip(start).take_while(|it| it.number < end);
        whole.for_each(|it| sums.merge(&it.sums));
        self.add_rows(end * MINUTE_US, to_us, &mut sums);
        sums
    }

    fn add_rows(&self, from_us: i64, to_us: i64, sums: &mut Sums) {
        for row in self.rows(from_us, to_us) {
            sums.add(self.times_us[row], self.numbers[row]);
        }
    }

    fn rows(&self, from_us: i64, to_us: i64) -> Range<usize> {
        let start = self.times_us.partition_point(|time| *time < from_us);
        start..self.times_us.partition_point(|time| *time < to_us).max(start)
    }

    /// Forgets what is older, whole minutes only.
    pub(super) fn forget_before(&mut self, minute: i64) {
        let minutes = self.minutes.partition_point(|it| it.number < minute);
        let rows = self.minutes.drain(..minutes).map(|it| it.sums.count as usize).sum::<usize>();
        self.times_us.drain(..rows);
        self.numbers.drain(..rows);
        if self.times_us.capacity() > SPARE * self.times_us.len().max(SPARE) {
            self.times_us.shrink_to_fit();
            self.numbers.shrink_to_fit();
        }
    }

    /// How many numbers there are in each minute.
    pub(super) fn counts(&self) -> impl Iterator<Item = (i64, usize)> + '_ {
        self.minutes.iter().map(|it| (it.number, it.sums.count as usize))
    }
}

impl Minute {
    fn new(number: i64, rows: impl IntoIterator<Item = (i64, f64)>) -> Self {
        let mut sums = Sums::NONE;
        rows.into_iter().for_each(|(at_us, number)| sums.add(at_us, number));
        Self { number, sums }
    }
}

pub(super) fn minute_of(at_us: i64) -> i64 {
    at_us.div_euclid(MINUTE_US)
}

pub(super) fn start_of(minute: i64) -> i64 {
    minute * MINUTE_US
}
