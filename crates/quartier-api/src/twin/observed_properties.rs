use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::State, response::Response};
use quartier_model::{CollectionId, EntityId};
use quartier_twin::sensors::{Catalogue, LatestQuery, LatestRow};
use serde_json::json;

use crate::{
    App,
    ask::{Ask, json},
    auth::SensorReader,
    city::City,
    error::Result,
    format::Format,
    readings::unit,
};

/// What is measured: observed properties of one name are one here.
#[derive(Debug, Default)]
struct Measured {
    id: EntityId,
    definition: String,
    units: BTreeSet<String>,
    datastreams: BTreeSet<EntityId>,
    stale: usize,
    min: Option<f64>,
    max: Option<f64>,
    collections: BTreeSet<CollectionId>,
}

/// The observed properties by name, each with the range of its latest values and the collections that have readings
/// of it: what a map needs for its menu and its legend.
pub(crate) async fn observed_properties(
    State(app): State<App>,
    ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    let sensors = app.twin.sensors();
    let catalogue = sensors.catalogue().ok_or(quartier_twin::Error::Loading)?;
    let latest = sensors.latest(&LatestQuery::default()).await?;
    let all = app.compute(move || measured(&catalogue, &latest, &city)).await?;
    let all: Vec<_> = all.iter().map(|(name, it)| it.describe(name)).collect();
    Ok(json(format, &json!({ "observedProperties": all })))
}

fn measured(
    catalogue: &Catalogue,
    latest: &[LatestRow],
    city: &City,
) -> BTreeMap<String, Measured> {
    let mut all = BTreeMap::<String, Measured>::new();
    for property in catalogue.observed_properties.values() {
        let first = || Measured {
            id: property.id,
            definition: property.definition.clone(),
            ..Measured::default()
        };
        let it = all.entry(property.name.clone()).or_insert_with(first);
        it.datastreams.extend(catalogue.datastreams_for(property.id));
    }
    for row in latest {
        if let Some(it) = all.get_mut(&row.property.name) {
            it.take(row, city);
        }
    }
    all
}

impl Measured {
    fn take(&mut self, row: &LatestRow, city: &City) {
        self.units.extend(unit(&row.unit).map(str::to_owned));
        self.stale += usize::from(row.is_stale);
        if let Some(value) = row.value.number() {
            self.min = Some(self.min.map_or(value, |min| min.min(value)));
            self.max = Some(self.max.map_or(value, |max| max.max(value)));
        }
        let collection = row.link.as_deref().map(|link| &link.collection);
        self.collections.extend(collection.filter(|id| city.shows(id)).cloned());
    }

    fn describe(&self, name: &str) -> serde_json::Value {
        json!({
            "id": self.id,
            "name": name,
            "definition": self.definition,
            "units": self.units,
            "datastreams": self.datastreams.len(),
            "stale": self.stale,
            "min": self.min,
            "max": self.max,
            "collections": self.collections,
        })
    }
}
