use quartier_model::{ResultValue, Unit};
use quartier_twin::sensors::{LatestRow, ObjectReading};
use time::format_description::well_known::Rfc3339;

use crate::geojson::write_json;

/// Appends a reading as a JSON object without its closing brace and without `object`.
pub(crate) fn write_head(out: &mut Vec<u8>, latest: &LatestRow) {
    out.extend_from_slice(br#"{"datastream":"#);
    write_json(out, &latest.datastream.id);
    out.extend_from_slice(br#","thing":"#);
    write_json(out, &latest.thing.id);
    out.extend_from_slice(br#","name":"#);
    write_json(out, &latest.thing.name);
    out.extend_from_slice(br#","property":"#);
    write_json(out, &latest.property.name);
    out.extend_from_slice(br#","unit":"#);
    write_json(out, &unit(&latest.unit));
    out.extend_from_slice(br#","value":"#);
    write_json(out, &latest.value.to_json());
    out.extend_from_slice(br#","time":"#);
    write_json(out, &latest.time.format(&Rfc3339).ok());
    out.extend_from_slice(br#","stale":"#);
    write_json(out, &latest.is_stale);
    out.extend_from_slice(br#","point":"#);
    write_json(out, &latest.degrees.map(|at| [at.x, at.y]));
}

/// Appends what it is a reading of, or `null`; with what all sensors of the object say together, where that is known.
pub(crate) fn write_object(
    out: &mut Vec<u8>,
    latest: &LatestRow,
    together: Option<&ObjectReading>,
) {
    let Some(link) = latest.link.as_deref() else { return out.extend_from_slice(b"null") };
    out.extend_from_slice(br#"{"collection":"#);
    write_json(out, &link.collection);
    out.extend_from_slice(br#","id":"#);
    write_json(out, &link.object);
    out.extend_from_slice(br#","fid":"#);
    write_json(out, &link.fid);
    if let Some(together) = together {
        out.extend_from_slice(br#","value":"#);
        write_json(out, &together.value.as_ref().map(ResultValue::to_json));
        out.extend_from_slice(br#","n":"#);
        write_json(out, &together.n);
    }
    out.push(b'}');
}

/// What a unit is called: by its symbol, else by its name.
pub(crate) fn unit(unit: &Unit) -> Option<&str> {
    unit.symbol.as_deref().or(unit.name.as_deref())
}
