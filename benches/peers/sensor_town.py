"""The city that sensors are measured in: buildings, a hundred square districts, and what a district's mean has to be."""

import json
import re
import statistics
import subprocess
from collections import defaultdict
from datetime import datetime
from types import SimpleNamespace

from servers import LOAD, QUARTIER, import_command

BUILDINGS = 10_000
THINGS = 1_000
QUANTITIES = 4
DATASTREAMS = THINGS * QUANTITIES
SIDE = 10
CRS = "EPSG:25832"
TOGETHER = 25
"""Rows of one datastream in a row, as `load arrays` sends them."""
CONFIG = f'working_crs = "{CRS}"\n[sensorthings]\nwriters = "public"\n'


def make(store, folder):
    """Writes the city into a store; the extent is of the districts, west to north, in metres."""
    config = folder / "sensors.toml"
    config.write_text(CONFIG)
    buildings, districts = folder / "town.fgb", folder / "districts.geojson"
    if not buildings.exists():
        subprocess.run([QUARTIER, "generate", "--buildings", str(BUILDINGS), "--seed", "1", buildings], check=True)
    extent = extent_of(buildings)
    districts.write_text(json.dumps({"type": "FeatureCollection", "features": squares(extent)}))
    for file, collection in [(buildings, "buildings"), (districts, "districts")]:
        city = SimpleNamespace(file=file)
        command = [*import_command(store, city, config, collection), "--crs", CRS]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return config, extent


def extent_of(file):
    layer = subprocess.run(["ogrinfo", "-so", "-al", file], check=True, capture_output=True, text=True).stdout
    numbers = next(line for line in layer.splitlines() if line.startswith("Extent:"))
    return [float(number) for number in re.findall(r"-?\d+\.\d+", numbers)]


def squares(extent):
    west, south, east, north = extent
    width, height = (east - west) / SIDE, (north - south) / SIDE
    features = []
    for place in range(SIDE * SIDE):
        x, y = west + place % SIDE * width, south + place // SIDE * height
        ring = [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"place": place}, "geometry": geometry})
    return features


def degrees(extent):
    """The largest box in degrees that is surely within the extent."""
    west, south, east, north = extent
    corners = transform([(west, south), (east, south), (east, north), (west, north)], CRS, "EPSG:4326")
    (a, b), (c, d), (e, f), (g, h) = corners
    return max(a, g), max(b, d), min(c, e), min(f, h)


def transform(points, source, target):
    command = ["gdaltransform", "-s_srs", source, "-t_srs", target, "-output_xy"]
    options = ["--config", "OGR_CT_FORCE_TRADITIONAL_GIS_ORDER", "YES"]
    text = "\n".join(f"{x!r} {y!r}" for x, y in points)
    run = subprocess.run([*command, *options], input=text, check=True, capture_output=True, text=True)
    return [tuple(map(float, line.split()[:2])) for line in run.stdout.splitlines()]


def load(*arguments):
    """What the load program measured."""
    run = subprocess.run([LOAD, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def stations(box):
    """Where `load seed` puts things, in degrees."""
    west, south, east, north = box
    for number in range(THINGS):
        yield west + (east - west) * (number * 0.6180339887 % 1), south + (north - south) * (number * 0.7548776662 % 1)


def places(extent, box):
    """The district of each thing."""
    west, south, east, north = extent
    for x, y in transform(list(stations(box)), "EPSG:4326", CRS):
        yield int((x - west) / (east - west) * SIDE) + SIDE * int((y - south) / (north - south) * SIDE)


class Oracle:
    """The districts' means, worked out from what was sent."""

    def __init__(self, extent, box, names, rows, newest):
        """`names` are the datastreams', by id: `NO2 of 17`."""
        self.places = list(places(extent, box))
        self.measures = {id: name.split(" of ") for id, name in names.items()}
        self.rows, self.newest_us = rows, micros(newest)
        self.sent = []

    def add(self, ledger):
        for line in ledger.read_text().splitlines():
            datastream, at_us, value = line.split(",")
            self.sent.append((int(datastream), int(at_us), float(value)))

    def means(self, quantity, start, end):
        """By district: the mean of its sensors' means, and how many readings there are."""
        from_us, to_us = micros(start), micros(end)
        readings = defaultdict(list)
        for datastream, at_us, value in [*self.seeded(from_us), *self.sent]:
            if from_us <= at_us < to_us and self.measures[datastream][0] == quantity:
                readings[datastream].append(value)
        districts = defaultdict(list)
        for datastream, values in readings.items():
            districts[self.places[int(self.measures[datastream][1])]].append(values)
        return {
            place: (statistics.fmean(map(statistics.fmean, sensors)), sum(map(len, sensors)))
            for place, sensors in districts.items()
        }

    def seeded(self, from_us):
        for minute in range(int((self.newest_us - from_us) // 60_000_000) + 1):
            for datastream in range(1, DATASTREAMS + 1):
                group = minute // TOGETHER * DATASTREAMS + datastream - 1
                row = group * TOGETHER + minute % TOGETHER
                if row < self.rows:
                    yield datastream, self.newest_us - minute * 60_000_000, row % 1000 / 10


def micros(text):
    """RFC 3339 to microseconds since 1970."""
    whole, _, rest = text.rstrip("Z").partition(".")
    seconds = int(datetime.fromisoformat(whole + "+00:00").timestamp())
    return seconds * 1_000_000 + int(rest.ljust(6, "0")[:6] or 0)
