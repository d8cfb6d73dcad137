use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt64Array,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use quartier_model::Link;
use quartier_twin::sensors::LatestRow;

use super::Answer;
use crate::{
    error::{ApiError, Result},
    readings::unit,
};

/// An [Arrow IPC stream](https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format) of one batch: a
/// column for each member of the JSON.
pub(super) fn write(answer: &Answer) -> Result<Vec<u8>> {
    stream(answer).map_err(ApiError::internal)
}

fn stream(answer: &Answer) -> Result<Vec<u8>, ArrowError> {
    let columns = of_readings(&answer.readings).into_iter().chain(of_objects(answer));
    let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(&batch)?;
    writer.into_inner()
}

/// A column's name, its values, and whether some may be missing.
type Column = (&'static str, ArrayRef, bool);

fn of_readings(all: &[LatestRow]) -> Vec<Column> {
    let numbers = |number: fn(&LatestRow) -> u64| -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(all.iter().map(number)))
    };
    let texts = |text: fn(&LatestRow) -> Option<&str>| -> ArrayRef {
        Arc::new(all.iter().map(text).collect::<StringArray>())
    };
    let doubles = |number: fn(&LatestRow) -> Option<f64>| -> ArrayRef {
        Arc::new(all.iter().map(number).collect::<Float64Array>())
    };
    let times = all.iter().map(|it| (it.time.unix_timestamp_nanos() / 1_000) as i64);
    let times = TimestampMicrosecondArray::from_iter_values(times).with_timezone("UTC");
    let stale: Vec<bool> = all.iter().map(|it| it.is_stale).collect();
    vec![
        ("datastream", numbers(|it| it.datastream.id.0), false),
        ("thing", numbers(|it| it.thing.id.0), false),
        ("name", texts(|it| Some(&it.thing.name)), false),
        ("property", texts(|it| Some(&it.property.name)), false),
        ("unit", texts(|it| unit(&it.unit)), true),
        // What is no number has none here; the JSON has it.
        ("value", doubles(|it| it.value.number()), true),
        ("time", Arc::new(times), false),
        ("age_s", doubles(|it| Some(it.age.as_seconds_f64())), false),
        ("stale", Arc::new(BooleanArray::from(stale)), false),
        ("lon", doubles(|it| it.degrees.map(|at| at.x)), true),
        ("lat", doubles(|it| it.degrees.map(|at| at.y)), true),
    ]
}

fn of_objects(answer: &Answer) -> Vec<Column> {
    let links: Vec<Option<Arc<Link>>> =
        answer.readings.iter().map(|it| answer.object(it)).collect();
    let texts = |text: fn(&Link) -> &str| -> ArrayRef {
        Arc::new(links.iter().map(|it| it.as_deref().map(text)).collect::<StringArray>())
    };
    let fids = links.iter().map(|it| it.as_ref().map(|link| link.fid.0));
    vec![
        ("collection", texts(|link| link.collection.as_str()), true),
        ("object", texts(|link| link.object.as_str()), true),
        ("fid", Arc::new(fids.collect::<UInt64Array>()), true),
    ]
}
