use quartier_model::{Datastream, EntityId, FeatureId, ObservedProperty, ResultValue, Unit};
use time::OffsetDateTime;
use xxhash_rust::xxh3::Xxh3;

use super::{ObjectReading, age, direction, is_direction, is_same_unit, label};

/// One sensor's latest value at an object.
pub(super) struct Sample<'a> {
    pub(super) datastream: &'a Datastream,
    pub(super) unit: &'a Unit,
    pub(super) property: &'a ObservedProperty,
    pub(super) observation: EntityId,
    pub(super) value: ResultValue,
    pub(super) time: OffsetDateTime,
    pub(super) is_stale: bool,
}

impl Sample<'_> {
    /// Everything of it that an answer shows, but its age.
    pub(super) fn stamp(&self, fid: FeatureId, place: usize, hash: &mut Xxh3) {
        for number in [fid.0, place as u64, self.datastream.id.0, self.observation.0] {
            hash.update(&number.to_le_bytes());
        }
        hash.update(&self.time.unix_timestamp_nanos().to_le_bytes());
        hash.update(&[u8::from(self.is_stale)]);
        hash.update(label(self.unit).as_bytes());
        match &self.value {
            ResultValue::Number(number) => hash.update(&number.to_le_bytes()),
            ResultValue::Other(value) => hash.update(value.to_string().as_bytes()),
        }
    }
}

/// What several sensors say together; of one at least.
pub(super) fn combined(
    property: &str,
    samples: &[Sample<'_>],
    at: OffsetDateTime,
) -> Option<ObjectReading> {
    let first = samples.first()?;
    let has_mixed_units = !samples.iter().all(|it| is_same_unit(it.unit, first.unit));
    let n_stale = samples.iter().filter(|it| it.is_stale).count();
    let is_stale = n_stale == samples.len();
    let counted: Vec<&Sample<'_>> = samples.iter().filter(|it| is_stale || !it.is_stale).collect();
    let time = counted.iter().map(|it| it.time).max()?;
    Some(ObjectReading {
        property: property.to_owned(),
        value: if has_mixed_units { None } else { value(&counted) },
        unit: (!has_mixed_units).then(|| first.unit.clone()),
        time,
        age: age(time, at),
        n: samples.len(),
        n_stale,
        is_stale,
        has_mixed_units,
        datastreams: samples.iter().map(|it| it.datastream.id).collect(),
    })
}

fn value(samples: &[&Sample<'_>]) -> Option<ResultValue> {
    let newest = samples.iter().max_by_key(|it| (it.time, std::cmp::Reverse(it.datastream.id)))?;
    let numbers: Option<Vec<f64>> = samples.iter().map(|it| it.value.number()).collect();
    match numbers {
        Some(numbers) if numbers.len() > 1 => {
            mean(&numbers, is_direction(newest.unit, newest.property)).map(ResultValue::Number)
        }
        _ => Some(newest.value.clone()),
    }
}

fn mean(numbers: &[f64], is_direction: bool) -> Option<f64> {
    let count = numbers.len() as f64;
    if !is_direction {
        let mean = numbers.iter().map(|number| number / count).sum::<f64>();
        return Some(mean).filter(|mean| mean.is_finite());
    }
    let sines = numbers.iter().map(|number| number.to_radians().sin()).sum();
    let cosines = numbers.iter().map(|number| number.to_radians().cos()).sum();
    direction(sines, cosines, count)
}
