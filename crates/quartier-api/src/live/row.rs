use std::sync::Arc;

use geo_types::Coord;
use quartier_model::{CollectionId, EntityId, ObservedProperty};
use quartier_twin::sensors::{LatestRow, ObjectReading};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

/// A datastream, and which of its channels.
pub(super) type Channel = (EntityId, u16);

/// A reading as it is sent, made once for everyone.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) channel: Channel,
    pub(super) property: Option<Arc<ObservedProperty>>,
    /// In WGS 84 degrees, east first.
    pub(super) degrees: Option<Coord<f64>>,
    /// The collection of the object that it is a reading of.
    pub(super) collection: Option<CollectionId>,
    /// A JSON object without its closing brace and without `object`.
    pub(super) head: Box<str>,
    /// The object, as JSON.
    object: Box<str>,
}

impl Row {
    /// With what all sensors of the object say together.
    pub(super) fn new(channel: u16, latest: &LatestRow, whole: Option<&ObjectReading>) -> Self {
        let link = latest.link.as_deref();
        let value = latest.value.to_json();
        let object = link.map_or(Value::Null, |link| {
            let (together, n) = whole.map_or((None, 1), |it| (it.value.as_ref(), it.n));
            let together = together.map_or_else(|| value.clone(), quartier_model::ResultValue::to_json);
            json!({ "collection": link.collection, "id": link.object, "fid": link.fid, "value": together, "n": n })
        });
        let mut head = json!({
            "datastream": latest.datastream.id,
            "thing": latest.thing.id,
            "name": latest.thing.name,
            "property": latest.property.name,
            "unit": latest.unit.symbol,
            "value": value,
            "time": latest.time.format(&Rfc3339).ok(),
            "stale": latest.is_stale,
            "point": latest.degrees.map(|at| [at.x, at.y]),
        })
        .to_string();
        head.pop();
        Self {
            channel: (latest.datastream.id, channel),
            property: Some(Arc::clone(&latest.property)),
            degrees: latest.degrees,
            collection: link.map(|link| link.collection.clone()),
            head: head.into(),
            object: object.to_string().into(),
        }
    }

    /// Appends it as JSON; the object only for those who may see it.
    pub(super) fn write(&self, shows_object: bool, text: &mut String) {
        let object = if shows_object { &self.object } else { "null" };
        text.push_str(&self.head);
        text.push_str(",\"object\":");
        text.push_str(object);
        text.push('}');
    }

    #[cfg(test)]
    pub(super) fn bare(channel: Channel, head: &str) -> Self {
        let (head, object) = (head.into(), "null".into());
        Self { channel, property: None, degrees: None, collection: None, head, object }
    }
}
