"""Münster's series as they are published, as sensors and readings.

Local times have no offset. What is counted or averaged over a time has an interval: bicycles from the quarter of an
hour that the file names, air up to the hour that it names (its 24:00 is the next day's midnight).
"""

import csv
import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)

COUNT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CountObservation"
CATEGORY = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CategoryObservation"
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
NO_UNIT = {"name": None, "symbol": None, "definition": None}

MODELS = "https://smartdatamodels.org"
SPOTS = f"{MODELS}/dataModel.Parking/availableSpotNumber"
FREE = {"name": "free", "description": "Freie Stellplätze", "definition": SPOTS}
STATE = {"name": "state", "description": "Zustand", "definition": f"{MODELS}/dataModel.Parking/status"}
INTENSITY = f"{MODELS}/dataModel.Transportation/intensity"
ALL = {"name": "bicycles", "description": "Fahrräder aller Spuren", "definition": INTENSITY}
LANE = {"name": "bicycles, one lane", "description": "Fahrräder einer Spur", "definition": INTENSITY}
POLLUTANTS = {"PM10": 5, "PM2.5": 6001, "NO2": 8, "O3": 7}

# What is observed where nobody says at which place.
CITY = {
    "name": "Stadt Münster",
    "description": "Wo genau, sagt die Quelle nicht",
    "encodingType": "application/geo+json",
    "feature": {"type": "Feature", "geometry": None, "properties": {}},
}

# What the signs show instead of a number. A full car park has no place left; of the others nobody knows.
STATES = {"ges": "closed", "bes": "full", "kei": "unknown"}


@dataclass(frozen=True)
class Feed:
    """One datastream to be, and the thing that it is of."""

    thing: str
    observed: str
    name: str
    unit: dict = field(compare=False)
    kind: str
    stale_after: str
    about: dict = field(compare=False)
    place: tuple = field(default=None, compare=False)
    properties: dict = field(default_factory=dict, compare=False)


def rows(folder, name):
    with gzip.open(Path(folder) / name, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def features(folder, name):
    return json.loads((Path(folder) / name).read_text(encoding="utf-8"))["features"]


def everything(folder):
    """All readings: feed, begin, end (None for a moment), value. Each feed's are in the order of time."""
    yield from bicycles(folder)
    yield from parking(folder)
    yield from air(folder)


def bicycles(folder):
    stations = {str(it["properties"]["station_id"]): it for it in features(folder, "bike_counters.geojson")}
    feeds = {}
    for row in rows(folder, "bike_readings_2026-05_07.csv.gz"):
        key = (row["station_id"], row["channel_id"])
        feed = feeds.get(key) or feeds.setdefault(key, bicycle_feed(stations[row["station_id"]], row["channel_id"]))
        begin = moment(datetime.strptime(row["local_time"], "%Y-%m-%d %H:%M"))
        yield feed, begin, begin + QUARTER, int(row["count"])


def bicycle_feed(station, channel):
    about = station["properties"]
    is_total = channel == str(about["station_id"])
    name = f"Fahrradzähler {about['name']}"
    return Feed(
        thing=name,
        observed="bicycles" if is_total else "bicycles, one lane",
        name=name if is_total else f"{name}, Spur {channel}",
        unit={"name": "bicycles per quarter of an hour", "symbol": "1/15min", "definition": "ucum:1/(15.min)"},
        kind=COUNT,
        stale_after="PT1H",
        about=ALL if is_total else LANE,
        place=tuple(station["geometry"]["coordinates"]),
        properties={"station": about["station_id"], "position_is_approximate": about["is_approximated"]},
    )


def parking(folder):
    facilities = {it["properties"]["name"]: it for it in features(folder, "parking_facilities.geojson")}
    feeds = {}
    for row in rows(folder, "parking_readings_2026-07.csv.gz"):
        name = row["facility"]
        free, state = feeds.get(name) or feeds.setdefault(name, parking_feeds(name, facilities))
        at, said = moment(datetime.strptime(row["local_time"], "%Y-%m-%d %H:%M")), row["free_or_state"]
        yield state, at, None, STATES.get(said, "open")
        if said == "bes":
            yield free, at, None, 0
        elif said not in STATES:
            yield free, at, None, int(said)


def parking_feeds(name, facilities):
    """A facility that is not on the map has no place; `/twin/v1/unlinked` names it."""
    long = name.replace("PH ", "Parkhaus ").replace("PP ", "Parkplatz ")
    facility = facilities.get(long)
    common = {
        "thing": long,
        "stale_after": "PT20M",
        "place": facility and inner_point(facility["geometry"]),
        "properties": {"object": {"collection": "parking", "id": long}} if facility else {},
    }
    places = {"name": "places", "symbol": "1", "definition": "ucum:1"}
    free = Feed(observed="free", name=f"{long}: frei", unit=places, kind=COUNT, about=FREE, **common)
    state = Feed(observed="state", name=f"{long}: Zustand", unit=NO_UNIT, kind=CATEGORY, about=STATE, **common)
    return free, state


def inner_point(geometry):
    """The middle of the corners: it need not be inside, for the thing says by its id what it is of."""
    if geometry["type"] == "Point":
        return tuple(geometry["coordinates"])
    ring = geometry["coordinates"][0][:-1]
    return tuple(round(sum(corner[axis] for corner in ring) / len(ring), 7) for axis in (0, 1))


def air(folder):
    stations = {it["properties"]["station_id"]: it for it in features(folder, "air_stations.geojson")}
    feeds, before = {}, {}
    for row in rows(folder, "air_2022_2023.csv.gz"):
        key = (row["station"], row["parameter"])
        feed = feeds.get(key) or feeds.setdefault(key, air_feed(stations[row["station"]], row["parameter"]))
        local = hour_before(row["local_time"])
        # The hour that autumn has twice: the first of two rows is of summer time.
        local = local.replace(fold=int(before.get(key) == local))
        before[key] = local.replace(fold=0)
        begin = moment(local)
        yield feed, begin, begin + HOUR, float(row["value"])


def air_feed(station, parameter):
    about = station["properties"]
    name = f"Luftmessstation {about['name']}"
    vocabulary = "http://dd.eionet.europa.eu/vocabulary/aq/pollutant"
    return Feed(
        thing=name,
        observed=parameter,
        name=f"{name}: {parameter}",
        unit={"name": "microgram per cubic metre", "symbol": "µg/m³", "definition": "ucum:ug/m3"},
        kind=MEASUREMENT,
        stale_after="PT3H",
        about={"name": parameter, "description": parameter, "definition": f"{vocabulary}/{POLLUTANTS[parameter]}"},
        place=tuple(station["geometry"]["coordinates"]),
        properties={"station": about["station_id"], "type": about["type"]},
    )


def hour_before(label):
    """When the hour that ends at a label begins, as clocks on the wall say: 24:00 is there, and so are 02:00 and 03:00
    on the days on which they are not on any clock."""
    day, hour = label.split(" ")
    return datetime.strptime(day, "%Y-%m-%d") + timedelta(hours=int(hour[:2]) - 1)


def moment(local):
    return local.replace(tzinfo=BERLIN).astimezone(timezone.utc)
