use std::{collections::BTreeMap, convert::Infallible, sync::Arc};

use geo_types::Coord;
use quartier_crs::Transform;
use quartier_model::{
    Channel, Crs, Datastream, Entity, EntityId, EntityKind, HistoricalLocation, Location,
    ObservedProperty, Properties, Sensor, Thing, Unit,
};
use quartier_store::SensorBatch;
use quartier_town::{Gauge, Quantity, Station, Town};
use quartier_twin::{
    Twin,
    sensors::{Catalogue, ChangeError, Numbers, Sensors},
};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::failure::Failure;

const MEASUREMENT: &str = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";

/// Where the datastream of a gauge notes which site it stands at.
const SITE: &str = "site";

/// A gauge, and the datastream that it feeds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Feed {
    pub(super) gauge: Gauge,
    pub(super) datastream: EntityId,
}

/// Makes the things of the town's stations where they are not there yet.
pub(super) async fn register(town: &Town, twin: &Arc<Twin>) -> Result<Vec<Feed>, Failure> {
    let sensors = twin.sensors();
    sensors.until_loaded().await;
    let degrees = Transform::between(Town::CRS, Crs::Crs84).map_err(quartier_twin::Error::from)?;
    let mut places = Vec::new();
    for station in town.stations() {
        let at = degrees.coord(Coord { x: station.x, y: station.y });
        places.push((station, at.map_err(quartier_twin::Error::from)?));
    }
    let plan = |catalogue: &Catalogue, numbers: &mut Numbers| {
        let mut registry = Registry::new(sensors, catalogue, numbers);
        let feeds =
            places.iter().flat_map(|(station, at)| registry.station(station, *at)).collect();
        Ok::<_, Infallible>((SensorBatch { puts: registry.puts, ..SensorBatch::default() }, feeds))
    };
    match sensors.change(plan).await {
        Ok((_, feeds)) => Ok(feeds),
        Err(ChangeError::Twin(error)) => Err(error.into()),
        Err(ChangeError::Refused(never)) => match never {},
    }
}

/// Entities to make, and those that are there.
struct Registry<'a> {
    sensors: &'a Sensors,
    catalogue: &'a Catalogue,
    numbers: &'a mut Numbers,
    things: BTreeMap<String, EntityId>,
    instruments: BTreeMap<String, EntityId>,
    properties: BTreeMap<String, EntityId>,
    puts: Vec<Entity>,
}

impl<'a> Registry<'a> {
    fn new(sensors: &'a Sensors, catalogue: &'a Catalogue, numbers: &'a mut Numbers) -> Self {
        let site =
            |thing: &Thing| thing.properties.get(SITE).and_then(Value::as_str).map(str::to_owned);
        let things = catalogue.things.values();
        Self {
            things: things.filter_map(|thing| Some((site(thing)?, thing.id))).collect(),
            instruments: catalogue.sensors.values().map(|it| (it.name.clone(), it.id)).collect(),
            properties: catalogue
                .observed_properties
                .values()
                .map(|it| (it.name.clone(), it.id))
                .collect(),
            puts: Vec::new(),
            sensors,
            catalogue,
            numbers,
        }
    }

    fn station(&mut self, station: &Station, at: Coord<f64>) -> Vec<Feed> {
        let known = self.things.get(station.site.as_str()).copied();
        let thing = known.unwrap_or_else(|| self.thing(station, at));
        station.gauges.iter().map(|gauge| self.feed(station, thing, *gauge)).collect()
    }

    fn thing(&mut self, station: &Station, at: Coord<f64>) -> EntityId {
        let (id, location) = (self.numbers.next(EntityKind::Thing), self.location(station, at));
        let said = json!({ SITE: station.site, "kind": station.kind });
        self.puts.push(Entity::Thing(Thing {
            id,
            name: station.name.clone(),
            description: "Erfundene Messstelle / invented station".to_owned(),
            properties: properties(said),
            locations: vec![location],
        }));
        let stay = self.numbers.next(EntityKind::HistoricalLocation);
        self.puts.push(Entity::HistoricalLocation(HistoricalLocation {
            id: stay,
            // Before the first reading that the demonstration sends.
            time: OffsetDateTime::now_utc() - time::Duration::days(365),
            thing: id,
            locations: vec![location],
        }));
        id
    }

    fn location(&mut self, station: &Station, at: Coord<f64>) -> EntityId {
        let id = self.numbers.next(EntityKind::Location);
        let sent = json!({ "type": "Point", "coordinates": [at.x, at.y] });
        let place =
            self.sensors.place(sent).expect("a point with two finite coordinates is GeoJSON");
        self.puts.push(Entity::Location(Location {
            id,
            name: station.name.clone(),
            description: "Standort / place".to_owned(),
            encoding: "application/geo+json".to_owned(),
            place,
            properties: Properties::new(),
            feature: None,
        }));
        id
    }

    fn feed(&mut self, station: &Station, thing: EntityId, gauge: Gauge) -> Feed {
        let name = format!("{} · {}", station.name, gauge.quantity.name);
        let of_thing = self.catalogue.datastreams_of(thing);
        let known = of_thing.filter(|id| self.catalogue.datastreams[id].name == name).min();
        let datastream = known.unwrap_or_else(|| self.datastream(name, station, thing, gauge));
        Feed { gauge, datastream }
    }

    fn datastream(
        &mut self,
        name: String,
        station: &Station,
        thing: EntityId,
        gauge: Gauge,
    ) -> EntityId {
        let (sensor, observed_property) =
            (self.instrument(&station.kind), self.property(gauge.quantity));
        let id = self.numbers.next(EntityKind::Datastream);
        let unit = Unit {
            name: Some(gauge.quantity.unit_name.to_owned()),
            symbol: Some(gauge.quantity.unit_symbol.to_owned()),
            definition: Some(gauge.quantity.unit_definition.to_owned()),
        };
        self.puts.push(Entity::Datastream(Datastream {
            id,
            name,
            description: gauge.quantity.description.to_owned(),
            thing,
            sensor,
            is_multi: false,
            channels: vec![Channel {
                observed_property,
                observation_type: MEASUREMENT.to_owned(),
                unit,
            }],
            properties: properties(json!({ "stale_after": "PT10M" })),
        }));
        id
    }

    fn instrument(&mut self, kind: &str) -> EntityId {
        let name = format!("Simulator: {kind}");
        if let Some(known) = self.instruments.get(&name) {
            return *known;
        }
        let id = self.numbers.next(EntityKind::Sensor);
        self.instruments.insert(name.clone(), id);
        self.puts.push(Entity::Sensor(Sensor {
            id,
            name,
            description: "Rechnet Messwerte aus / computes readings".to_owned(),
            encoding: "text/plain".to_owned(),
            metadata: json!("invented"),
            properties: Properties::new(),
        }));
        id
    }

    fn property(&mut self, quantity: &Quantity) -> EntityId {
        if let Some(known) = self.properties.get(quantity.name) {
            return *known;
        }
        let id = self.numbers.next(EntityKind::ObservedProperty);
        self.properties.insert(quantity.name.to_owned(), id);
        self.puts.push(Entity::ObservedProperty(ObservedProperty {
            id,
            name: quantity.name.to_owned(),
            definition: quantity.definition.to_owned(),
            description: quantity.description.to_owned(),
            properties: Properties::new(),
        }));
        id
    }
}

fn properties(said: Value) -> Properties {
    match said {
        Value::Object(properties) => properties,
        _ => Properties::new(),
    }
}
