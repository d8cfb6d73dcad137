//! What the invented town's sensors say: the same readings for the same station and moment on every machine.

mod faults;
mod quantity;
mod rhythm;

use geo_types::Geometry;
use quartier_model::{CityObject, ObjectId};
use serde_json::Value;

use crate::{Town, kind::Kind, noise::scramble};

pub use quantity::Quantity;

/// A place where something is measured: one of the collection `sensor_sites`.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// The site's id in its collection.
    pub site: ObjectId,
    pub name: String,
    /// `air`, `bicycle`, `parking`, `noise` or `water`.
    pub kind: String,
    /// In EPSG:25832.
    pub x: f64,
    pub y: f64,
    pub gauges: Vec<Gauge>,
}

/// One sensor of a station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gauge {
    pub quantity: &'static Quantity,
    /// Between two readings, in seconds.
    pub every_s: i64,
    /// Tells this gauge's chances from all others'.
    key: u64,
}

/// What a gauge sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When it was measured, in seconds since 1970 (UTC).
    pub time_s: i64,
    /// When it is sent; later than it was measured where the line was down.
    pub sent_s: i64,
    pub value: f64,
}

impl Town {
    /// The stations of all sensor sites.
    pub fn stations(&self) -> impl Iterator<Item = Station> {
        self.objects(&Kind::SensorSites.id()).filter_map(station)
    }
}

fn station(site: CityObject) -> Option<Station> {
    let feature = site.feature;
    let word = |name: &str| feature.properties.get(name).and_then(Value::as_str);
    let (name, kind) = (word("name")?.to_owned(), word("kind")?.to_owned());
    let Geometry::Point(at) = feature.geometry?.into_parts().0 else { return None };
    let place = feature.id.as_str().bytes().fold(0, |key, byte| scramble(key ^ u64::from(byte)));
    let gauges = quantity::of(&kind).iter().zip(1..).map(|((quantity, every_s), number)| Gauge {
        quantity,
        every_s: *every_s,
        key: scramble(place ^ number),
    });
    let gauges = gauges.collect();
    Some(Station { site: feature.id, name, kind, x: at.x(), y: at.y(), gauges })
}

impl Gauge {
    /// The newest reading at or before a moment (seconds since 1970), whether or not the gauge sent it.
    fn tick_before(&self, moment_s: i64) -> i64 {
        moment_s.div_euclid(self.every_s) * self.every_s
    }

    /// What it measures in `from_s..to_s` (seconds since 1970), in order; with the gaps and odd values of real life.
    pub fn samples(&self, from_s: i64, to_s: i64) -> impl Iterator<Item = Sample> + use<> {
        let gauge = *self;
        let first = gauge.tick_before(from_s - 1) + gauge.every_s;
        let ticks = (0..).map(move |step| first + step * gauge.every_s);
        ticks
            .take_while(move |time_s| *time_s < to_s)
            .filter_map(move |time_s| gauge.sample(time_s))
    }

    fn sample(&self, time_s: i64) -> Option<Sample> {
        if faults::is_silent(self.key, time_s) {
            return None;
        }
        let truth = rhythm::value(self.quantity.rhythm, self.key, time_s);
        let value = faults::spoiled(self.key, time_s, truth);
        let scale = 10_f64.powi(self.quantity.decimals);
        let value = (value * scale).round() / scale;
        Some(Sample { time_s, sent_s: time_s + faults::delay_s(self.key, time_s), value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY_S: i64 = 1_780_272_000; // 2026-06-01T00:00:00Z

    fn town() -> Town {
        Town::new(1_000, 1).unwrap()
    }

    fn day(station: &Station) -> Vec<Sample> {
        station.gauges[0].samples(MONDAY_S, MONDAY_S + 86_400).collect()
    }

    #[test]
    fn a_station_says_the_same_each_time_it_is_asked() {
        let (one, two) = (town().stations().next().unwrap(), town().stations().next().unwrap());
        assert_eq!(day(&one), day(&two));
        let halves: Vec<_> = one.gauges[0]
            .samples(MONDAY_S, MONDAY_S + 43_200)
            .chain(one.gauges[0].samples(MONDAY_S + 43_200, MONDAY_S + 86_400))
            .collect();
        assert_eq!(halves, day(&one));
    }

    #[test]
    fn more_bicycles_pass_at_eight_than_at_three_in_the_morning() {
        let station = town().stations().find(|station| station.kind == "bicycle").unwrap();
        let mean = |hour: i64| {
            // Local time is UTC+1 here.
            let from = MONDAY_S + (hour - 1) * 3600;
            let (mut sum, mut count) = (0.0, 0);
            for sample in station.gauges[0].samples(from, from + 3600) {
                (sum, count) = (sum + sample.value.clamp(0.0, 500.0), count + 1);
            }
            sum / f64::from(count.max(1))
        };
        assert!(mean(8) > 5.0 * mean(3), "{} and {}", mean(8), mean(3));
    }

    #[test]
    fn some_readings_are_missing_and_some_come_late() {
        let stations: Vec<_> = Town::new(20_000, 1).unwrap().stations().collect();
        let samples: Vec<_> = stations.iter().flat_map(day).collect();
        let due: i64 = stations.iter().map(|station| 86_400 / station.gauges[0].every_s).sum();
        let sent = samples.len().cast_signed() as i64;
        assert!(sent < due && sent > due * 8 / 10);
        assert!(samples.iter().any(|sample| sample.sent_s > sample.time_s));
        assert!(samples.iter().all(|sample| sample.sent_s >= sample.time_s));
    }
}
