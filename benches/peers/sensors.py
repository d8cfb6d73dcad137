"""Sensors: taking readings, finding them, and telling them, on both stores; the targets are those of the issue.

`QUARTIER_BENCH_OBSERVATIONS=50000000` fills each store with so many observations first.
"""

import hashlib
import json
import math
import os
import statistics
import subprocess
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import quote
from urllib.request import urlopen

import sensor_raw
import sensor_town
from report import table
from sensor_town import DATASTREAMS, Oracle, load
from servers import LOAD, fresh_database, quartier, sql

OBSERVATIONS = int(os.environ.get("QUARTIER_BENCH_OBSERVATIONS", 5_000_000))
ROUNDS = 3
QUANTITY = "NO2"
STREAM_SECONDS = 30
AGGREGATES_PER_S = 5


def geopackage(_, folder):
    store = folder / "sensors.gpkg"
    measure(f"geopackage:{store}", "GeoPackage", folder)
    for file in folder.glob("sensors.gpkg*"):
        file.unlink()


def postgis(_, folder):
    database = fresh_database("peers_sensors")
    measure(database, "PostGIS", folder)
    sql("drop database peers_sensors")


def measure(store, name, folder):
    config, extent = sensor_town.make(store, folder)
    box = sensor_town.degrees(extent)
    rows = [["4 kB synced to the disk", "", f"{sensor_raw.syncs(folder):,.0f}/s", ""], *raw(name, folder)]
    with quartier(store, config) as server:
        service = f"{server.url}/sensorthings/v1.1"
        load("seed", service, "--things", sensor_town.THINGS, "--within", ",".join(map(str, box)))
        seeded = load("arrays", service, "--rows", OBSERVATIONS)
        rows.append(at_least(f"`CreateObservations`, {OBSERVATIONS:,} rows, 25 of a datastream together", 50_000, [seeded["per_second"]]))
    with quartier(store, config) as server:
        rows.append(["ready with them", "", f"{server.ready_s:.1f} s, {server.resident_mb():.0f} MB", ""])
        service = f"{server.url}/sensorthings/v1.1"
        wait_until_linked(server.url)
        oracle = Oracle(extent, box, names(service), OBSERVATIONS, seeded["newest"])
        rows += found(service, box)
        rows += told(server, oracle, folder)
        rows += taken(server, service)
        rows += [["not acknowledged or lost (`dropped`)", "0", str(dropped(server.url)), ""]]
    table(f"Sensors in {name}: {OBSERVATIONS:,} observations", ["what", "target", "measured", ""], rows)


def raw(name, folder):
    if name == "GeoPackage":
        return [["bare SQLite, 1,000 rows a transaction", "", f"{sensor_raw.sqlite(folder):,.0f} rows/s", ""]]
    many, single = sensor_raw.postgres()
    return [
        ["bare PostgreSQL, 1,000 rows an INSERT", "", f"{many:,.0f} rows/s", ""],
        ["bare PostgreSQL, one row, 64 connections", "", f"{single:,.0f} rows/s", ""],
    ]


# What is taken


def taken(server, service):
    def posts(connections):
        return load("posts", service, "--connections", connections)["rate"]["per_second"]

    def spread(turn):
        before = int(timedelta(days=300 + 30 * turn) / timedelta(minutes=1))
        return load("arrays", service, "--rows", 200_000, "--together", 1, "--before", before)["per_second"]

    def messages():
        return load("mqtt", "127.0.0.1", server.mqtt_port, "--messages", 100_000)["per_second"]

    return [
        at_least("single POST, 64 connections", 5_000, [posts(64) for _ in range(ROUNDS)]),
        at_least("single POST, 256 connections", 5_000, [posts(256) for _ in range(ROUNDS)]),
        at_least("`CreateObservations`, each row of another datastream", 50_000, [spread(turn) for turn in range(ROUNDS)]),
        at_least("MQTT QoS 1, 20 connections", 15_000, [messages() for _ in range(ROUNDS)]),
    ]


# What is found


def found(service, box):
    """Each request's median, the worst of three rounds of them beside it."""
    small, polygon = extent_filter(box)
    latest = "$expand=Locations,Datastreams/Observations($orderby=phenomenonTime desc;$top=1)"
    stations = "$filter=startswith(Things/name,'station{}') and st_intersects(Locations/location,geography'" + polygon + "')"
    requests = [
        ("latest values of 400 datastreams", 10, f"Things?$top=100&{stations.format(' 9')}&{latest}"),
        ("latest values of 4,000 datastreams", 60, f"Things?$top=1000&{stations.format('')}&{latest}"),
        ("count of all observations", 20, "Observations?$top=0&$count=true"),
        ("count of a datastream's observations", 20, "Datastreams(7)/Observations?$top=0&$count=true"),
        ("page of 100 at `$skip=1000000`", 5, "Observations?$top=100&$skip=1000000"),
        ("page of 100 at `$skip=1000000`, newest first", 5, "Observations?$top=100&$skip=1000000&$orderby=phenomenonTime desc"),
        ("first page of 100", None, "Observations?$top=100"),
        ("newest 100 of all", None, "Observations?$top=100&$orderby=phenomenonTime desc"),
        ("newest 100 of a datastream", None, "Datastreams(7)/Observations?$top=100&$orderby=phenomenonTime desc"),
        ("things in an extent", 10, f"Things?$filter=st_within(Locations/location,geography'{small}')&$expand=Locations"),
        ("observations in an extent", 10, f"Observations?$top=100&$filter=st_within(FeatureOfInterest/feature,geography'{small}')"),
    ]
    return [timed(what, target, f"{service}/{quote(path, safe='?$=&(),;/')}") for what, target, path in requests]


def extent_filter(box):
    """About a hundredth of the town, and all of it, as polygons."""
    west, south, east, north = box
    x, y, dx, dy = (west + east) / 2, (south + north) / 2, (east - west) / 20, (north - south) / 20
    return polygon(x - dx, y - dy, x + dx, y + dy), polygon(west - dx, south - dy, east + dx, north + dy)


def polygon(west, south, east, north):
    return f"POLYGON (({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"


def timed(what, target, url):
    try:
        asked = [load("ask", url) for _ in range(ROUNDS)]
    except subprocess.CalledProcessError:
        return [what, f"{target} ms" if target else "", "refused", verdict(False, True)]
    median = statistics.median(it["p50_ms"] for it in asked)
    worst = max(it["p99_ms"] for it in asked)
    said = f"{median:.1f} ms (99th percentile {worst:.1f} ms, {asked[0]['bytes'] / 1000:.1f} kB)"
    return [what, f"{target} ms" if target else "", said, verdict(target is None or median < target, target)]


# What is told


def told(server, oracle, folder):
    """Readings to 200 live streams, and beside them districts' means."""
    tiles = Tiles(server.url)
    before, memory = tiles.tags(), Memory(server)
    quiet = statistics.median(percentile(mean_times(server.url, 100), 0.99) for _ in range(ROUNDS))
    by_burst = {burst: [] for burst in ["second", "instant"]}
    for turn in range(ROUNDS):
        for burst, rounds in by_burst.items():
            ledger = folder / f"ledger-{burst}-{turn}"
            rounds.append(told_once(server, burst, ledger, memory))
            oracle.add(ledger)
    means = statistics.median(percentile(took, 0.99) for _, took in by_burst["second"])
    ends = memory.ends
    return [
        delays("reading to client, 200 streams, 2,000 readings/s, 5,000/s for every fifth second", by_burst["second"]),
        delays("the same with 5,000 at one instant", by_burst["instant"]),
        ["resident memory before, and after each round", "flat", " ".join(f"{it:.0f}" for it in ends) + " MB", ""],
        ["geometry tiles that changed", "0", str(changed(before, tiles.tags())), ""],
        ["mean of an hour in 100 districts, without load", "", f"99th percentile {quiet:.1f} ms", ""],
        ["the same under the first of these loads", "20 ms", f"99th percentile {means:.1f} ms", verdict(means < 20, True)],
        ["these means beside the oracle", "equal", compared(server, oracle), ""],
    ]


def delays(what, rounds):
    slow = statistics.median(it["p99_ms"] for it, _ in rounds)
    middle = statistics.median(it["p50_ms"] for it, _ in rounds)
    told, sent = (sum(it[key] for it, _ in rounds) for key in ["count", "sent"])
    said = f"99th percentile {slow:.0f} ms (median {middle:.0f} ms, {told / sent:.0f} of 200 clients told of each)"
    return [what, "250 ms", said, verdict(slow < 250, True)]


def mean_times(url, count):
    for _ in range(count):
        started = time.monotonic()
        ask_mean(url)
        yield (time.monotonic() - started) * 1000


def told_once(server, burst, ledger, memory):
    host, port = server.url.removeprefix("http://").split(":")
    command = ["streams", host, port, "--mqtt-port", server.mqtt_port, "--seconds", STREAM_SECONDS, "--lasting", burst, "--ledger", ledger]
    streams = subprocess.Popen([LOAD, *map(str, command)], stdout=subprocess.PIPE, text=True)
    took = []
    while streams.poll() is None:
        took += mean_times(server.url, 1)
        time.sleep(1 / AGGREGATES_PER_S)
    if streams.returncode:
        raise SystemExit("peers: the live streams did not come to their end")
    memory.note()
    return json.loads(streams.stdout.read()), took


def ask_mean(url, as_of=""):
    with urlopen(f"{url}/twin/v1/aggregate?zones=districts&property={QUANTITY}&agg=mean&window=PT1H{as_of}") as answer:
        return json.load(answer)


def compared(server, oracle):
    as_of = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
    answer = ask_mean(server.url, f"&asOf={as_of}")
    right = oracle.means(QUANTITY, answer["window"]["from"], answer["window"]["to"])
    places = district_places(server.url)
    wrong = 0
    for zone in answer["values"]:
        mean, count = right.get(places[zone["id"]], (None, 0))
        same = zone["value"] is mean is None or math.isclose(zone["value"], mean, rel_tol=1e-12)
        wrong += not same or zone["n_readings"] != count
    readings = sum(count for _, count in right.values())
    return f"{len(answer['values']) - wrong} of {len(answer['values'])} districts, {readings:,} readings"


def district_places(url):
    with urlopen(f"{url}/collections/districts/items?limit=1000") as answer:
        return {it["id"]: it["properties"]["place"] for it in json.load(answer)["features"]}


class Memory:
    def __init__(self, server):
        self.server, self.ends = server, []
        self.note()

    def note(self):
        self.ends.append(self.server.resident_mb())


class Tiles:
    """A building tile of each zoom around the town's middle."""

    def __init__(self, url):
        with urlopen(f"{url}/collections/buildings") as answer:
            west, south, east, north = json.load(answer)["extent"]["spatial"]["bbox"][0][:4]
        x, y = (west + east) / 2 / 360 + 0.5, math.radians((south + north) / 2)
        y = (1 - math.asinh(math.tan(y)) / math.pi) / 2
        path = "/collections/buildings/tiles/WebMercatorQuad/{}/{}/{}"
        self.urls = [url + path.format(zoom, int(y * 2**zoom), int(x * 2**zoom)) for zoom in range(10, 17)]

    def tags(self):
        tags = []
        for url in self.urls:
            with urlopen(url) as answer:
                tags.append((answer.headers["ETag"], hashlib.sha256(answer.read()).hexdigest()))
        return tags


def changed(before, after):
    return sum(old != new for old, new in zip(before, after))


# What all of it needs


def names(service):
    names, url = {}, f"{service}/Datastreams?$select=id,name&$top=1000"
    while url:
        with urlopen(url) as answer:
            page = json.load(answer)
        names |= {it["@iot.id"]: it["name"] for it in page["value"]}
        url = page.get("@iot.nextLink")
    assert set(names) == set(range(1, DATASTREAMS + 1)), "a fresh store numbers from 1"
    return names


def wait_until_linked(url):
    """Until the newest readings are in memory, and everything is linked."""
    while True:
        answer = ask_mean(url)
        if sum(it["n_linked"] for it in answer["values"]) == DATASTREAMS / sensor_town.QUANTITIES:
            time.sleep(10)
            return
        time.sleep(0.5)


def dropped(url):
    with urlopen(f"{url}/twin/v1/feeds") as answer:
        return sum(feed["dropped"] for feed in json.load(answer)["feeds"])


def at_least(what, target, rates):
    rate = statistics.median(rates)
    return [what, f"{target:,}/s", f"{rate:,.0f}/s", verdict(rate >= target, target)]


def verdict(is_met, target):
    return "" if not target else "met" if is_met else "**missed**"


def percentile(numbers, share):
    numbers = sorted(numbers)
    return numbers[min(int(len(numbers) * share), len(numbers) - 1)]
