use std::cmp::Reverse;

use super::{Aggregation, Member};
use crate::sensors::readings::direction;

/// Of members that have readings.
pub(super) fn value(members: &[&Member], aggregation: Aggregation) -> Option<f64> {
    let sums = || members.iter().map(|member| &member.sums);
    let value = match aggregation {
        Aggregation::Count => return Some(sums().map(|it| it.count as f64).sum()),
        _ if members.is_empty() => return None,
        Aggregation::Mean if members.iter().all(|it| it.is_direction) => mean_direction(members),
        Aggregation::Mean => {
            let mean = sums().map(|it| it.sum / it.count as f64).sum::<f64>();
            Some(mean / members.len() as f64)
        }
        Aggregation::Min => sums().map(|it| it.min).reduce(f64::min),
        Aggregation::Max => sums().map(|it| it.max).reduce(f64::max),
        Aggregation::Sum => Some(sums().map(|it| it.sum).sum()),
        Aggregation::Last => {
            let order = |it: &&&Member| (it.sums.last_us, Reverse(it.datastream.id));
            members.iter().max_by_key(order).map(|it| it.sums.last)
        }
    };
    // Sums of the largest doubles are infinite.
    value.filter(|value| value.is_finite())
}

/// Each member's mean direction counts the same, however much its readings scatter.
fn mean_direction(members: &[&Member]) -> Option<f64> {
    let (mut sines, mut cosines, mut count) = (0.0, 0.0, 0.0);
    for sums in members.iter().map(|member| &member.sums) {
        let Some(mean) = direction(sums.sines, sums.cosines, sums.count as f64) else { continue };
        let (sine, cosine) = mean.to_radians().sin_cos();
        sines += sine;
        cosines += cosine;
        count += 1.0;
    }
    direction(sines, cosines, count)
}
