"""Holds a twin against the published files, which it counts in its own way: how many readings each datastream has,
their sum, and the first and the last. `python check.py FOLDER [URL]`."""

import collections
import csv
import gzip
import json
import sys
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

# Summer time as the law has it, written out: from the last Sunday of March to that of October, at 01:00 UTC.
SUMMERS = {2022: ((3, 27), (10, 30)), 2023: ((3, 26), (10, 29)), 2024: ((3, 31), (10, 27)), 2026: ((3, 29), (10, 25))}


def main(folder, url="http://127.0.0.1:8080"):
    expected = collections.defaultdict(list)
    for count in (bicycles, parking, air):
        count(folder, expected)
    there = datastreams(f"{url}/sensorthings/v1.1")
    wrong = 0
    for name in sorted(set(expected) | set(there)):
        wanted, found = summary(expected.get(name, [])), there.get(name)
        if wanted != found:
            wrong += 1
            print(f"{name}: the files have {wanted}, the twin {found}")
    readings = sum(len(it) for it in expected.values())
    print(f"{readings} readings in {len(expected)} datastreams; {wrong} datastreams differ")
    return wrong


def table(folder, name):
    return list(csv.reader(gzip.open(f"{folder}/{name}", "rt", encoding="utf-8")))[1:]


def bicycles(folder, expected):
    stations = {str(it["properties"]["station_id"]): it["properties"]["name"] for it in places(folder)}
    for station, channel, local, count, _status in table(folder, "bike_readings_2026-05_07.csv.gz"):
        lane = "" if station == channel else f", Spur {channel}"
        at = to_utc(datetime.fromisoformat(local))
        expected[f"Fahrradzähler {stations[station]}{lane}"].append((at + timedelta(minutes=15), int(count)))


def parking(folder, expected):
    for facility, local, said in table(folder, "parking_readings_2026-07.csv.gz"):
        kind, _, rest = facility.partition(" ")
        name = {"PH": f"Parkhaus {rest}", "PP": f"Parkplatz {rest}"}.get(kind, facility)
        at = to_utc(datetime.fromisoformat(local))
        word = {"ges": "closed", "bes": "full", "kei": "unknown"}.get(said, "open")
        expected[f"{name}: Zustand"].append((at, word))
        if word in ("open", "full"):
            expected[f"{name}: frei"].append((at, int(said) if word == "open" else 0))


def air(folder, expected):
    names = {"DENW260": "Münster Weseler Straße", "DENW095": "Münster-Geist"}
    seen = set()
    for station, label, parameter, value in table(folder, "air_2022_2023.csv.gz"):
        day, hour = label.split()
        begin = datetime.fromisoformat(day) + timedelta(hours=int(hour.split(":")[0]) - 1)
        again = (station, label, parameter) in seen
        seen.add((station, label, parameter))
        end = to_utc(begin) + timedelta(hours=2 if again else 1)
        expected[f"Luftmessstation {names[station]}: {parameter}"].append((end, float(value)))


def places(folder):
    return json.load(open(f"{folder}/bike_counters.geojson", encoding="utf-8"))["features"]


def to_utc(local):
    """An hour that there is twice is taken for the first one."""
    (spring, autumn) = SUMMERS[local.year]
    begin = datetime(local.year, *spring, 3)
    is_summer = begin <= local < datetime(local.year, *autumn, 3)
    return (local - timedelta(hours=2 if is_summer else 1)).replace(tzinfo=timezone.utc)


def summary(readings):
    """None where there are no readings: then there is no datastream either."""
    if not readings:
        return None
    times = sorted(at for at, _ in readings)
    numbers = [value for _, value in readings if not isinstance(value, str)]
    words = sorted(collections.Counter(value for _, value in readings if isinstance(value, str)).items())
    return len(readings), len(set(times)), sum(numbers), words, times[0].isoformat(), times[-1].isoformat()


def datastreams(service):
    """The same of the twin, read observation by observation."""
    found = {}
    for it in pages(f"{service}/Datastreams?$select=id,name&$top=1000"):
        query = urllib.parse.urlencode({"$select": "phenomenonTime,result", "$top": 10_000})
        readings = [
            (datetime.fromisoformat(seen["phenomenonTime"].split("/")[-1].replace("Z", "+00:00")), seen["result"])
            for seen in pages(f"{service}/Datastreams({it['@iot.id']})/Observations?{query}")
        ]
        found[it["name"]] = summary(readings)
    return found


def pages(url):
    while url:
        with urllib.request.urlopen(url) as answer:
            page = json.load(answer)
        yield from page["value"]
        url = page.get("@iot.nextLink")


sys.exit(1 if main(*sys.argv[1:]) else 0)
