use std::{convert::Infallible, sync::Arc};

use quartier_model::{
    Channel, CityObject, Collection, CollectionId, Crs, Datastream, Entity, EntityId, EntityKind,
    Feature, Geometry, HistoricalLocation, Link, Location, NewObservation, ObservedProperty,
    Period, Place, Properties, Repeats, ResultValue, Sensor, Thing, TimeRange, Unit,
};
use quartier_store::{Batch, SensorBatch, Store, StoreUrl};
use serde_json::json;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::{
    Overlay, Overlays, Snapshot, Twin,
    sensors::{
        Catalogue, JoinRule, LinkFilter, Numbers, Patience, SensorSettings, Sensors, Source,
    },
};

pub(super) const NOON: OffsetDateTime = datetime!(2026-05-01 12:00 UTC);

pub(super) struct Town {
    pub(super) twin: Arc<Twin>,
    store: Arc<dyn Store>,
    overlays: Overlays,
    _folder: TempDir,
}

/// What a datastream measures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub(super) property: &'static str,
    pub(super) unit: &'static str,
}

pub(super) const TEMPERATURE: Measure = Measure { property: "temperature", unit: "°C" };
pub(super) const WIND: Measure = Measure { property: "wind direction", unit: "°" };

pub(super) fn minutes(minutes: i64) -> OffsetDateTime {
    NOON + Duration::minutes(minutes)
}

pub(super) fn id(text: &str) -> CollectionId {
    text.parse().unwrap()
}

impl Town {
    pub(super) async fn new() -> Self {
        Self::ruled(&[]).await
    }

    /// With what the configuration says of the join.
    pub(super) async fn ruled(rules: &[(&str, JoinRule)]) -> Self {
        Self::over(None, rules).await
    }

    /// In the working CRS of degrees.
    pub(super) async fn in_degrees() -> Self {
        Self::over(Some(Crs::Crs84), &[]).await
    }

    async fn over(crs: Option<Crs>, rules: &[(&str, JoinRule)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::GeoPackage(folder.path().join("town.gpkg"));
        let store = quartier_store::open(&url, crs).await.unwrap();
        let overlay = |join| Overlay { join, ..Overlay::default() };
        let overlays: Overlays =
            rules.iter().map(|(name, rule)| (id(name), overlay(*rule))).collect();
        let twin = opened(Arc::clone(&store), overlays.clone()).await;
        Self { twin, store, overlays, _folder: folder }
    }

    pub(super) fn sensors(&self) -> &Arc<Sensors> {
        self.twin.sensors()
    }

    pub(super) fn city(&self) -> Arc<Snapshot> {
        self.twin.snapshot().unwrap()
    }

    /// The same store as a program sees it that starts now: everything resolved from scratch.
    pub(super) async fn anew(&self) -> Arc<Twin> {
        let twin = opened(Arc::clone(&self.store), self.overlays.clone()).await;
        twin.sensors().relink().await;
        twin
    }

    /// Makes, changes and deletes objects; the collection is made where it is new.
    pub(super) async fn objects(&self, collection: &str, puts: &[(&str, Geometry)]) {
        self.write(collection, puts, &[]).await;
    }

    pub(super) async fn write(
        &self,
        collection: &str,
        puts: &[(&str, Geometry)],
        deletes: &[&str],
    ) {
        let collection = id(collection);
        if self.city().collection(collection.as_str()).is_none() {
            let new = Collection::new(collection.clone(), self.twin.working_crs());
            self.twin.put_collection(&new).await.unwrap();
        }
        let object = |(id, geometry): &(&str, Geometry)| {
            CityObject::from(Feature {
                id: id.parse().unwrap(),
                source_id: None,
                geometry: Some(geometry.clone()),
                properties: Properties::new(),
                valid: TimeRange::ALWAYS,
            })
        };
        let batch = Batch {
            puts: puts.iter().map(object).collect(),
            deletes: deletes.iter().map(|id| id.parse().unwrap()).collect(),
            ..Batch::default()
        };
        self.twin.write(&collection, batch).await.unwrap();
    }

    pub(super) async fn change<T: Send>(
        &self,
        plan: impl FnOnce(&Catalogue, &mut Numbers) -> (Vec<Entity>, T) + Send,
    ) -> T {
        let plan = |catalogue: &Catalogue, numbers: &mut Numbers| {
            let (puts, answer) = plan(catalogue, numbers);
            Ok::<_, Infallible>((SensorBatch { puts, ..SensorBatch::default() }, answer))
        };
        self.sensors().change(plan).await.unwrap().1
    }

    /// A thing that has come to a place at noon, or to none.
    pub(super) async fn thing(&self, properties: Properties, place: Option<Place>) -> EntityId {
        let thing = self
            .change(|_, numbers| {
                let id = numbers.next(EntityKind::Thing);
                let (name, description) = (format!("thing {id}"), String::new());
                let thing = Thing { id, name, description, properties, locations: Vec::new() };
                (vec![Entity::Thing(thing)], id)
            })
            .await;
        if let Some(place) = place {
            self.comes(thing, NOON, place).await;
        }
        thing
    }

    /// A thing comes to a place; a later time than all before moves it.
    pub(super) async fn comes(
        &self,
        thing: EntityId,
        time: OffsetDateTime,
        place: Place,
    ) -> EntityId {
        self.change(|catalogue, numbers| {
            let location = location(numbers.next(EntityKind::Location), place);
            let id = numbers.next(EntityKind::HistoricalLocation);
            let locations = vec![location.id];
            let last = catalogue.history_of(thing).next_back();
            let last = last.and_then(|id| catalogue.historical_locations.get(&id));
            let stay = HistoricalLocation { id, time, thing, locations: locations.clone() };
            let mut puts = vec![Entity::Location(location), Entity::HistoricalLocation(stay)];
            if last.is_none_or(|last| last.time <= time) {
                let thing = Thing::clone(&catalogue.things[&thing]);
                puts.push(Entity::Thing(Thing { locations, ..thing }));
            }
            (puts, id)
        })
        .await
    }

    pub(super) async fn delete(&self, deletes: Vec<(EntityKind, EntityId)>) {
        self.write_sensors(SensorBatch { deletes, ..SensorBatch::default() }).await;
    }

    pub(super) async fn write_sensors(&self, batch: SensorBatch) {
        let plan = |_: &Catalogue, _: &mut Numbers| Ok::<_, Infallible>((batch, ()));
        self.sensors().change(plan).await.unwrap();
    }

    pub(super) async fn datastream(&self, thing: EntityId, measure: Measure) -> EntityId {
        self.datastream_saying(thing, measure, Properties::new()).await
    }

    pub(super) async fn datastream_saying(
        &self,
        thing: EntityId,
        measure: Measure,
        properties: Properties,
    ) -> EntityId {
        self.measuring(thing, &[measure], properties, false).await
    }

    pub(super) async fn multi_datastream(&self, thing: EntityId, measures: &[Measure]) -> EntityId {
        self.measuring(thing, measures, Properties::new(), true).await
    }

    async fn measuring(
        &self,
        thing: EntityId,
        measures: &[Measure],
        properties: Properties,
        is_multi: bool,
    ) -> EntityId {
        self.change(|catalogue, numbers| {
            let mut puts = Vec::new();
            let mut channels = Vec::new();
            for measure in measures {
                let property = property_of(catalogue, numbers, measure);
                channels.push(channel(property.id, measure));
                puts.push(Entity::ObservedProperty(property));
            }
            let sensor = numbers.next(EntityKind::Sensor);
            puts.push(Entity::Sensor(sensor_numbered(sensor)));
            let id = numbers.next(EntityKind::Datastream);
            let (name, description) = (format!("datastream {id}"), String::new());
            let datastream =
                Datastream { id, name, description, thing, sensor, is_multi, channels, properties };
            puts.push(Entity::Datastream(datastream));
            (puts, id)
        })
        .await
    }

    pub(super) async fn measure(&self, datastream: EntityId, time: OffsetDateTime, value: f64) {
        self.send(vec![observation(datastream, time, ResultValue::Number(value))]).await;
    }

    /// Says which numbers they have.
    pub(super) async fn send(&self, observations: Vec<NewObservation>) -> Vec<EntityId> {
        let sent = self.sensors().observe(observations, &Source::Mqtt, Patience::Wait).await;
        sent.unwrap().into_iter().map(|appended| appended.id).collect()
    }

    /// Every link as text.
    pub(super) fn links(&self) -> Vec<String> {
        self.sensors().links(&LinkFilter::default()).iter().map(|link| shown(link)).collect()
    }
}

/// What stands in assertions: thing, object, role, method, distance, and from when until when in minutes after noon.
pub(super) fn shown(link: &Link) -> String {
    let minute = |at: Option<OffsetDateTime>| {
        at.map_or_else(|| "-".to_owned(), |at| (at - NOON).whole_minutes().to_string())
    };
    format!(
        "{} {}/{} {:?} {:?} {:.1} m {}..{}",
        link.thing,
        link.collection,
        link.object,
        link.role,
        link.method,
        link.distance_m,
        minute(link.valid.start()),
        minute(link.valid.end()),
    )
}

async fn opened(store: Arc<dyn Store>, overlays: Overlays) -> Arc<Twin> {
    let twin = Twin::open(store, overlays, SensorSettings::default()).unwrap();
    twin.until_ready().await;
    twin.sensors().until_loaded().await;
    twin
}

pub(super) fn observation(
    datastream: EntityId,
    time: OffsetDateTime,
    result: ResultValue,
) -> NewObservation {
    NewObservation {
        datastream,
        feature: None,
        phenomenon_time: Period::instant(time),
        result_time: None,
        result,
        valid_time: None,
        quality: None,
        parameters: None,
        repeats: Repeats::Merged,
    }
}

fn location(id: EntityId, place: Place) -> Location {
    Location {
        id,
        name: format!("location {id}"),
        description: String::new(),
        encoding: "application/geo+json".to_owned(),
        place,
        properties: Properties::new(),
        feature: None,
    }
}

/// The one of that name, where there is one.
fn property_of(
    catalogue: &Catalogue,
    numbers: &mut Numbers,
    measure: &Measure,
) -> ObservedProperty {
    let known = catalogue.observed_properties.values().find(|it| it.name == measure.property);
    if let Some(known) = known {
        return ObservedProperty::clone(known);
    }
    ObservedProperty {
        id: numbers.next(EntityKind::ObservedProperty),
        name: measure.property.to_owned(),
        definition: format!("https://example.org/{}", measure.property.replace(' ', "-")),
        description: String::new(),
        properties: Properties::new(),
    }
}

fn channel(observed_property: EntityId, measure: &Measure) -> Channel {
    let unit = Unit { symbol: Some(measure.unit.to_owned()), ..Unit::default() };
    Channel { observed_property, observation_type: "measurement".to_owned(), unit }
}

fn sensor_numbered(id: EntityId) -> Sensor {
    Sensor {
        id,
        name: format!("sensor {id}"),
        description: String::new(),
        encoding: "text/plain".to_owned(),
        metadata: json!("a sensor"),
        properties: Properties::new(),
    }
}
