use geo_types::Coord;

use super::quantity::Rhythm;
use crate::noise::{direction, scramble, smooth};

const DAY_S: f64 = 86_400.0;
const HOUR_S: f64 = 3_600.0;

/// Central European time without summer time: an invented town may.
const ZONE_S: i64 = 3_600;

/// 1970-01-01 was a Thursday.
const MONDAY_OFFSET_DAYS: i64 = 3;

/// What a gauge would read at a moment, were it without faults.
pub(super) fn value(rhythm: Rhythm, key: u64, time_s: i64) -> f64 {
    let clock = Clock::at(time_s + ZONE_S);
    let site = (key >> 11) as f64 / (1_u64 << 53) as f64;
    let slow = drift(key, time_s, 6.0 * HOUR_S);
    let quick = drift(scramble(key), time_s, 240.0);
    let weather = drift(0x7EA7, time_s, 2.0 * DAY_S);
    match rhythm {
        Rhythm::NitrogenDioxide => (9.0 + 22.0 * site + 16.0 * clock.traffic() * (0.5 + site)
            - 5.0 * weather
            + 5.0 * slow
            + 2.0 * quick)
            .max(1.0),
        Rhythm::FineDust => {
            (13.0 + 8.0 * site - 7.0 * weather + 4.0 * clock.traffic() + 3.0 * slow + quick)
                .max(1.0)
        }
        Rhythm::Temperature => {
            11.0 + 7.0 * weather + 5.0 * clock.wave(15.0) + 1.2 * site + 0.6 * slow + 0.1 * quick
        }
        Rhythm::WindDirection => {
            (250.0 + 110.0 * weather + 25.0 * slow + 12.0 * quick).rem_euclid(360.0)
        }
        Rhythm::Bicycles => {
            let fair = 1.0 + 0.35 * weather;
            (clock.traffic() * (60.0 + 420.0 * site) * fair * (1.0 + 0.25 * quick)).max(0.0)
        }
        Rhythm::Occupancy => {
            (12.0 + (55.0 + 35.0 * site) * clock.shopping() + 6.0 * slow + quick).clamp(0.0, 100.0)
        }
        Rhythm::Loudness => 44.0 + 10.0 * site + 13.0 * clock.traffic() + 1.5 * slow + 3.0 * quick,
        Rhythm::WaterLevel => 140.0 + 90.0 * site - 35.0 * weather + 4.0 * slow,
    }
}

/// Between -1 and 1, changing smoothly with time.
fn drift(key: u64, time_s: i64, period_s: f64) -> f64 {
    smooth(Coord { x: time_s as f64, y: 0.5 * period_s }, period_s, key)
}

/// A moment of the week.
struct Clock {
    hour: f64,
    is_weekend: bool,
}

impl Clock {
    fn at(local_s: i64) -> Self {
        let (day, second) = (local_s.div_euclid(86_400), local_s.rem_euclid(86_400));
        let is_weekend = (day + MONDAY_OFFSET_DAYS).rem_euclid(7) >= 5;
        Self { hour: second as f64 / HOUR_S, is_weekend }
    }

    /// 0 at night, 1 in the busiest hour of a working day.
    fn traffic(&self) -> f64 {
        if self.is_weekend {
            0.03 + 0.6 * self.bump(14.5, 4.5)
        } else {
            0.03 + 0.9 * self.bump(8.0, 1.6)
                + 0.85 * self.bump(17.0, 2.2)
                + 0.4 * self.bump(12.5, 3.5)
        }
    }

    fn shopping(&self) -> f64 {
        self.bump(if self.is_weekend { 12.5 } else { 15.0 }, 4.5)
    }

    /// 1 at the hour, falling smoothly to 0 at twice the width.
    fn bump(&self, hour: f64, width: f64) -> f64 {
        let apart = ((self.hour - hour).abs() / (2.0 * width)).min(1.0);
        let rest = 1.0 - apart * apart;
        rest * rest * rest
    }

    /// A wave that is highest at the hour.
    fn wave(&self, hour: f64) -> f64 {
        direction((self.hour - hour) / 24.0).x
    }
}
