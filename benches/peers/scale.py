"""A state's worth of buildings: load, memory, search, tiles, and the start from a saved snapshot.

Of the shared city (all of Tokyo, where it is), and of generated ones: `QUARTIER_BENCH_SCALE` says how many, 0 leaves
them out. Ten million take 12 GB of disk for the file to import, the GeoPackage and the snapshot.
"""

import json
import os
import random
import statistics
import subprocess
import time
import types
from pathlib import Path
from urllib.request import Request, urlopen

import servers
from report import note, table
from servers import QUARTIER, TOKEN, make_store, quartier, write_config
from tile_lists import tile_at

GENERATED = int(os.environ.get("QUARTIER_BENCH_SCALE", "10000000"))
REQUESTS = 300
# Ten million are read in minutes, and their snapshot is written before the server ends.
servers.READY_TIMEOUT_S = 3600
servers.STOP_TIMEOUT_S = 600


def measure(city, folder):
    rows = of_city("shared", city, folder)
    if GENERATED:
        file = folder / "state.fgb"
        subprocess.run([QUARTIER, "generate", "--buildings", str(GENERATED), "--seed", "1", file], check=True)
        rows += of_city("generated", types.SimpleNamespace(file=file, crs="EPSG:25832"), folder)
        file.unlink()
    columns = ["", "start", "ready, s", "resident, MB", "at most, MB", "bytes a building"]
    table("State scale", [*columns, "box of 100, ms", "z14, ms", "z16, ms"], rows)


def of_city(name, city, folder):
    file = folder / f"{name}.gpkg"
    snapshot = Path(f"{file}.snapshot")
    config, store = write_config(folder, city), f"geopackage:{file}"
    with config.open("a") as text:
        text.write("[snapshot]\nenabled = true\n")
    started = time.monotonic()
    make_store(store, city, config)
    note(f"{name}: imported in {time.monotonic() - started:.0f} s, {file.stat().st_size / 2**20:,.0f} MB")
    rows = [row(name, "from the store", store, config), row(name, "mapped", store, config)]
    note(f"{name}: the snapshot takes {snapshot.stat().st_size / 2**20:,.0f} MB")
    for path in (file, snapshot):
        path.unlink()
    return rows


def row(name, start, store, config):
    with quartier(store, config) as server:
        peak, resident = server.peak_mb(), server.resident_mb()
        count, box = extent(server.url)
        times = [searches(server.url, box, count), tiles(server.url, box, 14), tiles(server.url, box, 16)]
        name = f"{name}, {count:,}"
        bytes_each = resident * 2**20 / count
        return [name, start, f"{server.ready_s:.2f}", f"{resident:,.0f}", f"{peak:,.0f}", f"{bytes_each:.0f}", *times]


def ask(url):
    with urlopen(Request(url, headers={"Authorization": f"Bearer {TOKEN}"})) as answer:
        return answer.read()


def extent(url):
    about = json.loads(ask(f"{url}/collections/buildings"))
    count = json.loads(ask(f"{url}/collections/buildings/items?limit=1"))["numberMatched"]
    return count, about["extent"]["spatial"]["bbox"][0]


def places(url, box, count):
    """Where buildings stand, not only somewhere in the box around them."""
    dice = random.Random(7)
    found = []
    while len(found) < count:
        x, y = dice.uniform(box[0], box[2]), dice.uniform(box[1], box[3])
        answer = json.loads(ask(f"{url}/collections/buildings/items?bbox={x},{y},{x + 0.01},{y + 0.01}&limit=1"))
        if answer["numberReturned"]:
            found.append((x, y))
    return found


def timed(urls):
    times = []
    for url in urls:
        started = time.perf_counter()
        ask(url)
        times.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(times, n=100)
    return f"{cuts[49]:.1f} (p99 {cuts[98]:.1f})"


def searches(url, box, count):
    half = ((box[2] - box[0]) * (box[3] - box[1]) * 100 / count) ** 0.5 / 2
    boxes = [f"{x - half},{y - half},{x + half},{y + half}" for x, y in places(url, box, REQUESTS)]
    return timed([f"{url}/collections/buildings/items?bbox={it}&limit=1000" for it in boxes])


def tiles(url, box, zoom):
    asked = {tile_at(place, zoom) for place in places(url, box, REQUESTS)}
    base = f"{url}/collections/buildings/tiles/WebMercatorQuad/{zoom}"
    return timed([f"{base}/{y}/{x}" for _, x, y in asked])
