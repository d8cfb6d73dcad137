use std::{collections::HashMap, sync::Arc};

use quartier_model::{CollectionId, FeatureId};
use quartier_twin::sensors::{LatestRow, ObjectReading, PropertyNames, Sensors};
use time::OffsetDateTime;

use super::row::Row;

/// The rows of datastreams' channels, which come in order.
pub(super) fn rows(sensors: &Sensors, latest: &[LatestRow]) -> Vec<Arc<Row>> {
    let everything = PropertyNames(vec!["*".to_owned()]);
    let reader = sensors.reader(&everything, OffsetDateTime::now_utc());
    let mut objects: HashMap<(&CollectionId, FeatureId), Vec<ObjectReading>> = HashMap::new();
    let (mut rows, mut before) = (Vec::with_capacity(latest.len()), None);
    for it in latest {
        let channel = match before {
            Some((datastream, channel)) if datastream == it.datastream.id => channel + 1,
            _ => 0,
        };
        before = Some((it.datastream.id, channel));
        let readings = it.link.as_deref().zip(reader.as_ref()).map(|(link, reader)| {
            let object = (&link.collection, link.fid);
            &*objects.entry(object).or_insert_with(|| reader.of(&link.collection, link.fid))
        });
        let whole =
            readings.and_then(|all| all.iter().find(|one| one.property == it.property.name));
        rows.push(Arc::new(Row::new(channel, it, whole)));
    }
    rows
}
