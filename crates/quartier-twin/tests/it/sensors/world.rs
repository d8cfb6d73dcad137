//! Stations that measure, in a twin over a real store.

use std::{convert::Infallible, sync::Arc};

use quartier_model::{
    Channel, Datastream, Entity, EntityId, EntityKind, Location, NewObservation, ObservedProperty,
    Period, Properties, Repeats, ResultValue, Sensor, Thing, Unit,
};
use quartier_store::{Appended, SensorBatch, Store, StoreUrl};
use quartier_twin::{
    Overlays, Result, Twin,
    sensors::{Catalogue, Numbers, Patience, SensorSettings, Sensors, Source},
};
use serde_json::json;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::line::{Line, Switch};
use crate::postgis::Database;

pub(crate) const NOON: OffsetDateTime = datetime!(2026-05-01 12:00 UTC);

pub(crate) struct World {
    pub(crate) twin: Arc<Twin>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) switch: Arc<Switch>,
    _folder: Option<TempDir>,
    database: Option<Database>,
}

/// The numbers of a station's entities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Station {
    pub(crate) thing: EntityId,
    pub(crate) location: EntityId,
    pub(crate) datastream: EntityId,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::GeoPackage(folder.path().join("city.gpkg"));
        Self::over(&url, Some(folder), None).await
    }

    /// One over each kind of store that is there.
    pub(crate) async fn each(name: &str) -> Vec<Self> {
        let mut worlds = vec![Self::new().await];
        worlds.extend(Self::in_postgis(name).await);
        worlds
    }

    /// `None`, with a word of it, where there is no server.
    pub(crate) async fn in_postgis(name: &str) -> Option<Self> {
        let Some(database) = Database::create(name) else {
            println!("PostGIS is left out: QUARTIER_TEST_POSTGRES names no server");
            return None;
        };
        let url = database.url().parse().unwrap();
        Some(Self::over(&url, None, Some(database)).await)
    }

    /// Ends every connection that the store has to its server.
    pub(crate) fn kill_connections(&self) {
        let database = self.database.as_ref().unwrap();
        database.ask(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where datname = current_database() and pid <> pg_backend_pid()",
        );
    }

    async fn over(url: &StoreUrl, folder: Option<TempDir>, database: Option<Database>) -> Self {
        let store = quartier_store::open(url, None).await.unwrap();
        let switch = Arc::<Switch>::default();
        let line = Line { store: Arc::clone(&store), switch: Arc::clone(&switch) };
        let twin = opened(Arc::new(line)).await;
        Self { twin, store, switch, _folder: folder, database }
    }

    pub(crate) fn sensors(&self) -> &Arc<Sensors> {
        self.twin.sensors()
    }

    /// The same store, as a program that starts now sees it.
    pub(crate) async fn restarted(&self) -> Arc<Twin> {
        opened(Arc::clone(&self.store)).await
    }

    pub(crate) async fn change(
        &self,
        plan: impl FnOnce(&Catalogue, &mut Numbers) -> SensorBatch + Send,
    ) {
        let plan = |catalogue: &Catalogue, numbers: &mut Numbers| {
            Ok::<_, Infallible>((plan(catalogue, numbers), ()))
        };
        self.sensors().change(plan).await.unwrap();
    }

    pub(crate) async fn station(&self, name: &str) -> Station {
        self.station_saying(name, Properties::new()).await
    }

    /// A station whose datastream has these properties.
    pub(crate) async fn station_saying(&self, name: &str, properties: Properties) -> Station {
        let sent = json!({ "type": "Point", "coordinates": [7.62, 51.96] });
        let place = self.sensors().place(sent).unwrap();
        let plan = |_: &Catalogue, numbers: &mut Numbers| {
            let location = numbers.next(EntityKind::Location);
            let thing = numbers.next(EntityKind::Thing);
            let [sensor, property] =
                [EntityKind::Sensor, EntityKind::ObservedProperty].map(|kind| numbers.next(kind));
            let datastream = numbers.next(EntityKind::Datastream);
            let puts = vec![
                Entity::Location(Location {
                    id: location,
                    name: name.to_owned(),
                    description: String::new(),
                    encoding: "application/geo+json".to_owned(),
                    place,
                    properties: Properties::new(),
                    feature: None,
                }),
                Entity::Thing(thing_at(thing, name, vec![location])),
                Entity::Sensor(Sensor {
                    id: sensor,
                    name: name.to_owned(),
                    description: String::new(),
                    encoding: "text/plain".to_owned(),
                    metadata: json!("a sensor"),
                    properties: Properties::new(),
                }),
                Entity::ObservedProperty(ObservedProperty {
                    id: property,
                    name: "temperature".to_owned(),
                    definition: "https://example.org/temperature".to_owned(),
                    description: String::new(),
                    properties: Properties::new(),
                }),
                Entity::Datastream(Datastream {
                    id: datastream,
                    name: name.to_owned(),
                    description: String::new(),
                    thing,
                    sensor,
                    is_multi: false,
                    channels: vec![Channel {
                        observed_property: property,
                        observation_type: "measurement".to_owned(),
                        unit: Unit::default(),
                    }],
                    properties,
                }),
            ];
            let batch = SensorBatch { puts, ..SensorBatch::default() };
            Ok::<_, Infallible>((batch, Station { thing, location, datastream }))
        };
        self.sensors().change(plan).await.unwrap().1
    }

    /// Sends readings that may be repeated, and waits until they are taken.
    pub(crate) async fn send(&self, readings: Vec<NewObservation>) -> Result<Vec<Appended>> {
        self.sensors().observe(readings, &Source::Mqtt, Patience::Wait).await
    }
}

async fn opened(store: Arc<dyn Store>) -> Arc<Twin> {
    let twin = Twin::open(store, Overlays::default(), SensorSettings::default()).unwrap();
    twin.until_ready().await;
    twin
}

pub(crate) fn thing_at(id: EntityId, name: &str, locations: Vec<EntityId>) -> Thing {
    let (name, description) = (name.to_owned(), String::new());
    Thing { id, name, description, properties: Properties::new(), locations }
}

/// What a datastream measured so many minutes after noon.
pub(crate) fn reading(datastream: EntityId, minute: i64, value: f64) -> NewObservation {
    NewObservation {
        datastream,
        feature: None,
        phenomenon_time: Period::instant(NOON + Duration::minutes(minute)),
        result_time: None,
        result: ResultValue::Number(value),
        valid_time: None,
        quality: None,
        parameters: None,
        repeats: Repeats::Merged,
    }
}

pub(crate) fn puts(puts: Vec<Entity>) -> SensorBatch {
    SensorBatch { puts, ..SensorBatch::default() }
}
