//! What goes wrong between a sensor and a city's platform.

use crate::noise::scramble;

const DAY_S: i64 = 86_400;

/// Some gauges break down for part of a day.
const BREAKDOWNS_PER_DAY: f64 = 0.15;
const BREAKDOWN_S: f64 = 5_400.0;

/// Every thirtieth gauge sends for an hour and sleeps for three.
const SLEEPERS: u64 = 30;
const SLEEPERS_ROUND_S: i64 = 4 * 3_600;

const OUTLIERS: f64 = 1.0 / 2_000.0;
const LATE: f64 = 1.0 / 100.0;
const DELAY_MAX_S: f64 = 600.0;

pub(super) fn is_silent(key: u64, time_s: i64) -> bool {
    is_asleep(key, time_s) || is_broken(key, time_s)
}

fn is_asleep(key: u64, time_s: i64) -> bool {
    key.is_multiple_of(SLEEPERS) && time_s.rem_euclid(SLEEPERS_ROUND_S) >= 3_600
}

fn is_broken(key: u64, time_s: i64) -> bool {
    let day = time_s.div_euclid(DAY_S);
    if chance(key, day, 1) >= BREAKDOWNS_PER_DAY {
        return false;
    }
    let from = chance(key, day, 2) * (DAY_S as f64 - BREAKDOWN_S);
    let into = time_s.rem_euclid(DAY_S) as f64 - from;
    (0.0..BREAKDOWN_S * chance(key, day, 3)).contains(&into)
}

/// Now and then the value that a real logger writes when it measured nothing, or a spike.
pub(super) fn spoiled(key: u64, time_s: i64, truth: f64) -> f64 {
    match chance(key, time_s, 4) {
        odd if odd < OUTLIERS / 4.0 => -999.0,
        odd if odd < OUTLIERS => truth * 6.0,
        _ => truth,
    }
}

/// How long the reading lay in the logger.
pub(super) fn delay_s(key: u64, time_s: i64) -> i64 {
    if chance(key, time_s, 5) >= LATE {
        return 0;
    }
    (chance(key, time_s, 6) * DELAY_MAX_S) as i64
}

/// From 0 to 1, the same for the same gauge, moment and question.
fn chance(key: u64, moment: i64, question: u64) -> f64 {
    let bits = scramble(scramble(key ^ moment.cast_unsigned()) ^ question);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
