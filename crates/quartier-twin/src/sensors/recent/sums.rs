use quartier_model::Rollup;
use time::OffsetDateTime;

/// Numbers summed up; of one series, or of pieces of it that follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sums {
    pub(crate) count: u64,
    pub(crate) sum: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// Of the numbers as degrees.
    pub(crate) sines: f64,
    pub(crate) cosines: f64,
    /// In microseconds of Unix time.
    pub(crate) last_us: i64,
    pub(crate) last: f64,
}

impl Sums {
    pub(crate) const NONE: Self = Self {
        count: 0,
        sum: 0.0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        sines: 0.0,
        cosines: 0.0,
        last_us: i64::MIN,
        last: f64::NAN,
    };

    pub(crate) fn add(&mut self, at_us: i64, number: f64) {
        let (sine, cosine) = number.to_radians().sin_cos();
        self.merge(&Self {
            count: 1,
            sum: number,
            min: number,
            max: number,
            sines: sine,
            cosines: cosine,
            last_us: at_us,
            last: number,
        });
    }

    /// Takes in what is another piece of the same series, or of another one.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sines += other.sines;
        self.cosines += other.cosines;
        if other.last_us > self.last_us {
            (self.last_us, self.last) = (other.last_us, other.last);
        }
    }
}

impl From<&Rollup> for Sums {
    fn from(rollup: &Rollup) -> Self {
        Self {
            count: rollup.count,
            sum: rollup.sum,
            min: rollup.min,
            max: rollup.max,
            sines: rollup.sines,
            cosines: rollup.cosines,
            last_us: micros(rollup.last_time),
            last: rollup.last,
        }
    }
}

/// Unix time in microseconds, as the databases keep it.
pub(crate) fn micros(at: OffsetDateTime) -> i64 {
    (at.unix_timestamp_nanos() / 1_000) as i64
}
