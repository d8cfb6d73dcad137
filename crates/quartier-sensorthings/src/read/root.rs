use quartier_model::EntityKind;

use crate::{Answer, JSON, Request, Service, Version, entities::Json, path::set_name};

/// The entity sets in the order in which the standard lists them.
const SETS: [EntityKind; 9] = [
    EntityKind::Datastream,
    EntityKind::MultiDatastream,
    EntityKind::FeatureOfInterest,
    EntityKind::HistoricalLocation,
    EntityKind::Location,
    EntityKind::Observation,
    EntityKind::ObservedProperty,
    EntityKind::Sensor,
    EntityKind::Thing,
];

const CLASSES: [&str; 9] = [
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/batch-request/batch-request",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/multi-datastream",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/data-array/data-array",
    "https://fraunhoferiosb.github.io/FROST-Server/extensions/GeoJSON-ResultFormat.html",
    "https://github.com/INSIDE-information-systems/SensorThingsAPI/blob/master/CSV-ResultFormat/CSV-ResultFormat.md",
];

/// Announced with the addresses at which it works.
const MQTT_CLASSES: [&str; 2] = [
    "http://www.opengis.net/spec/iot_sensing/1.1/req/create-observations-via-mqtt/observations-creation",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/receive-updates-via-mqtt/receive-updates",
];

/// The list of entity sets (18-088, 9.2.1); since version 1.1 with what the service can do.
pub(super) fn answer(service: &Service, request: &Request<'_>) -> Answer {
    let mut json = Json::default();
    json.object(|json| {
        json.name(&["value"]);
        json.array(|json| SETS.into_iter().for_each(|kind| write_set(json, request.base, kind)));
        if request.version == Version::V1_1 {
            json.name(&["serverSettings"]);
            json.object(|json| write_settings(json, &service.mqtt_endpoints));
        }
    });
    Answer::ok(JSON, json.into_bytes())
}

fn write_set(json: &mut Json, base: &str, kind: EntityKind) {
    let name = set_name(kind);
    json.object(|json| {
        json.name(&["name"]);
        json.text(name);
        json.name(&["url"]);
        json.text(&format!("{base}/{name}"));
    });
}

fn write_settings(json: &mut Json, endpoints: &[String]) {
    let mqtt: &[&str] = if endpoints.is_empty() { &[] } else { &MQTT_CLASSES };
    json.name(&["conformance"]);
    json.value(&[&CLASSES[..], mqtt].concat());
    for class in mqtt {
        json.any_name(class);
        json.object(|json| {
            json.name(&["endpoints"]);
            json.value(endpoints);
        });
    }
}
