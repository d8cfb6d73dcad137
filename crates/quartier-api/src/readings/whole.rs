use std::collections::HashMap;

use quartier_model::{FeatureId, Role};
use quartier_twin::sensors::{LatestRow, ObjectReading, PropertyNames, Reader, Sensors};
use time::OffsetDateTime;

/// What all sensors of an object say together now, worked out once for each object.
#[derive(Debug)]
pub(crate) struct Wholes {
    reader: Option<Reader>,
    known: HashMap<FeatureId, Vec<ObjectReading>>,
}

impl Wholes {
    pub(crate) fn new(sensors: &Sensors) -> Self {
        let reader = sensors.reader(&PropertyNames::all(), OffsetDateTime::now_utc());
        Self { reader, known: HashMap::new() }
    }

    /// Of the object and the property of a reading; `None` where the reading is none of the object's own.
    pub(crate) fn of(&mut self, latest: &LatestRow) -> Option<&ObjectReading> {
        let reader = self.reader.as_ref()?;
        let link = latest.link.as_deref().filter(|link| link.role == Role::Subject)?;
        let all =
            self.known.entry(link.fid).or_insert_with(|| reader.of(&link.collection, link.fid));
        all.iter().find(|one| one.property == latest.property.name)
    }
}
