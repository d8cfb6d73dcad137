use std::sync::Arc;

use geo_types::Coord;
use quartier_model::{CollectionId, EntityId, ObservedProperty};
use quartier_twin::sensors::LatestRow;

use crate::readings::{Wholes, write_head, write_object};

/// A datastream, and which of its channels.
pub(super) type Channel = (EntityId, u16);

/// A reading as it is sent, made once for everyone.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) channel: Channel,
    pub(super) observation: EntityId,
    pub(super) property: Property,
    /// In WGS 84 degrees, east first.
    pub(super) degrees: Option<Coord<f64>>,
    /// The collection of the object that it is a reading of.
    pub(super) collection: Option<CollectionId>,
    /// A JSON object without its closing brace and without `object`.
    pub(super) head: Box<str>,
    /// The object, as JSON.
    object: Box<str>,
}

/// What is measured, and how clients may name it.
#[derive(Debug)]
pub(super) struct Property {
    it: Arc<ObservedProperty>,
    name_lower: Box<str>,
    id: Box<str>,
}

impl Row {
    fn new(channel: u16, latest: &LatestRow, wholes: &mut Wholes) -> Self {
        let (mut head, mut object) = (Vec::new(), Vec::new());
        write_head(&mut head, latest);
        write_object(&mut object, latest, wholes.of(latest));
        Self {
            channel: (latest.datastream.id, channel),
            observation: latest.observation,
            property: Property::new(&latest.property),
            degrees: latest.degrees,
            collection: latest.link.as_deref().map(|link| link.collection.clone()),
            head: text(head),
            object: text(object),
        }
    }

    /// The rows of datastreams' channels, which come in order.
    pub(super) fn all(latest: &[LatestRow], mut wholes: Wholes) -> Vec<Arc<Self>> {
        let mut rows: Vec<Arc<Self>> = Vec::with_capacity(latest.len());
        for it in latest {
            let before = rows.last().filter(|before| before.channel.0 == it.datastream.id);
            let channel = before.map_or(0, |before| before.channel.1 + 1);
            rows.push(Arc::new(Self::new(channel, it, &mut wholes)));
        }
        rows
    }

    /// What it takes as JSON, at most.
    pub(super) fn bytes(&self) -> usize {
        self.head.len() + ",\"object\":}".len() + self.object.len().max("null".len())
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
        let property = ObservedProperty {
            id: EntityId(1),
            name: "NO2".to_owned(),
            definition: String::new(),
            description: String::new(),
            properties: quartier_model::Properties::new(),
        };
        Self {
            channel,
            observation: EntityId(1),
            property: Property::new(&Arc::new(property)),
            degrees: None,
            collection: None,
            head: head.into(),
            object: "null".into(),
        }
    }
}

impl Property {
    fn new(it: &Arc<ObservedProperty>) -> Self {
        let (name_lower, id) = (it.name.to_lowercase().into(), it.id.0.to_string().into());
        Self { it: Arc::clone(it), name_lower, id }
    }

    /// Whether it goes by one of these names, which are in lower case, or is of one of these definitions or ids.
    pub(super) fn is_one_of(&self, names_lower: &[String], texts: &[String]) -> bool {
        names_lower.iter().any(|name| **name == *self.name_lower)
            || texts.iter().any(|text| *text == self.it.definition || **text == *self.id)
    }
}

fn text(json: Vec<u8>) -> Box<str> {
    String::from_utf8(json).expect("JSON is UTF-8").into()
}
