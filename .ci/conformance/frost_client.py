"""FROST's own client library: creates, changes, asks, expands and pages, at QUARTIER_SENSORS_URL."""

import os

import frost_sta_client as fsc
from geojson import Point

READINGS = 250
PAGE = 100


def main(url):
    service = fsc.SensorThingsService(f"{url}/sensorthings/v1.1")
    datastream = create(service)
    read(service, datastream)
    page(service, datastream)
    change(service, datastream)
    delete(service, datastream)


def create(service):
    location = fsc.Location(
        name="Canal", description="At the lock", encoding_type="application/geo+json", location=Point((7.65, 51.95))
    )
    thing = fsc.Thing(name="Gauge 1", description="A gauge", properties={"owner": "city"}, locations=[location])
    service.create(thing)
    unit = fsc.UnitOfMeasurement(name="metre", symbol="m", definition="ucum:m")
    datastream = fsc.Datastream(
        name="Level of gauge 1",
        description="Water level",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=unit,
        thing=thing,
        sensor=fsc.Sensor(name="S", description="Float", encoding_type="application/pdf", metadata="s.pdf"),
        observed_property=fsc.ObservedProperty(name="Level", definition="https://example.org/level", description="-"),
    )
    service.create(datastream)
    for minute in range(READINGS):
        at = f"2026-05-01T{minute // 60:02}:{minute % 60:02}:00Z"
        observation = fsc.Observation(phenomenon_time=at, result=minute / 100, datastream=datastream)
        service.create(observation)
    print(f"ok   {READINGS} readings created")
    return datastream


def read(service, datastream):
    thing = service.things().query().filter("name eq 'Gauge 1'").expand("Locations,Datastreams").list().entities[0]
    assert thing.properties == {"owner": "city"}, thing.properties
    assert thing.locations.entities[0].location["coordinates"] == [7.65, 51.95]
    assert thing.datastreams.entities[0].id == datastream.id
    found = service.observations().find(1)
    assert found.result == 0, found.result
    query = service.observations().query().filter("result gt 1 and result lt 2").count()
    observations = query.orderby("phenomenonTime", "desc").top(3).list()
    assert observations.count == 99, observations.count
    assert [it.result for it in observations.entities[:3]] == [1.99, 1.98, 1.97]
    print("ok   entities found, filtered, expanded, sorted and counted")


def page(service, datastream):
    observations = service.observations().query().orderby("id", "asc").top(PAGE).list()
    results = [it.result for it in observations]
    assert results == [minute / 100 for minute in range(READINGS)], f"{len(results)} of {READINGS} in {PAGE}s"
    print("ok   all pages followed")


def change(service, datastream):
    datastream = service.datastreams().find(datastream.id)
    datastream.description = "Changed"
    service.update(datastream)
    assert service.datastreams().find(datastream.id).description == "Changed"
    service.patch(datastream, [{"op": "replace", "path": "/description", "value": "Patched"}])
    again = service.datastreams().find(datastream.id)
    assert again.description == "Patched" and again.unit_of_measurement.symbol == "m", again.description
    print("ok   changed by PATCH and by JSON Patch")


def delete(service, datastream):
    service.delete(datastream)
    assert service.observations().query().count().top(1).list().count == 0, "observations outlive their datastream"
    print("ok   deleted with its readings")


main(os.environ["QUARTIER_SENSORS_URL"])
