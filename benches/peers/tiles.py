"""Uncached building tiles, beside Martin with its cache off, from the same PostGIS."""

import json
import math
import random
import statistics
import subprocess
from contextlib import contextmanager
from urllib.request import urlopen

import imports
from report import table
from servers import MARTIN, ROOT, database_on, fresh_database, make_store, martin, on, quartier, sql, write_config

ZOOMS = [14, 15, 16]
TILES_MAX = 1_000
ROUNDS = 3
SECONDS = 10
TIMEOUT_S = 60
CONNECTIONS = 8
SAMPLE = 25
SERVING = {0}
LOADING = {1}
OURS = "/collections/buildings/tiles/WebMercatorQuad/{z}/{y}/{x}"
THEIRS = "/buildings/{z}/{x}/{y}"


def compare(city, folder):
    database = fresh_database("peers_tiles")
    config = write_config(folder, city)
    subprocess.run(imports.ogr2ogr(city, database), check=True)
    make_store(database, city, config)
    sql("vacuum analyze", database)
    with database_on(SERVING), quartier(database, config, SERVING) as server, peer(folder, database) as other:
        extent = collection_extent(server.url)
        rows = [row(zoom, covering(extent, zoom), server, other, folder) for zoom in ZOOMS]
    columns = ["zoom", "tiles", "Quartier, tiles/s", "Martin, tiles/s", "times", "Quartier, kB/tile", "Martin, kB/tile"]
    table(f"Uncached tiles: one core, {CONNECTIONS} connections, median of {ROUNDS}", columns, rows)


@contextmanager
def peer(folder, database):
    """Martin over the plain table that `ogr2ogr` made, with its index: the layout it is at its best with."""
    if not MARTIN.exists():
        yield None
        return
    config = folder / "martin.yaml"
    publish = {"tables": {"from_schemas": ["peer"]}, "functions": False}
    config.write_text(json.dumps({"postgres": {"connection_string": database, "auto_publish": publish}}))
    with martin(config, SERVING) as server:
        yield server


def row(zoom, tiles, server, other, folder):
    targets = [(server, paths(OURS, zoom, tiles, folder / "ours.txt"))]
    if other:
        targets.append((other, paths(THEIRS, zoom, tiles, folder / "theirs.txt")))
    rates = [[], []]
    for _ in range(ROUNDS):
        for (target, list_of_paths), found in zip(targets, rates):
            found.append(load(target.url, list_of_paths))
    kilobytes = [mean_kilobytes(target.url, list_of_paths) for target, list_of_paths in targets]
    ours = statistics.median(rates[0])
    if not other:
        return [zoom, len(tiles), f"{ours:,.0f}", "-", "-", f"{kilobytes[0]:.1f}", "-"]
    theirs = statistics.median(rates[1])
    sizes = [f"{size:.1f}" for size in kilobytes]
    return [zoom, len(tiles), f"{ours:,.0f}", f"{theirs:,.0f}", f"{ours / theirs:.1f}", *sizes]


def load(url, list_of_paths):
    wrk = [*on(LOADING), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", f"{TIMEOUT_S}s"]
    script = ["-s", ROOT / "benches/peers/paths.lua", url, "--", list_of_paths]
    run = subprocess.run([*wrk, *script], check=True, capture_output=True, text=True)
    result = json.loads(run.stdout.splitlines()[-1])
    if result["failed"]:
        raise SystemExit(f"peers: {result['failed']} of {result['requests']} requests to {url} failed")
    return result["requests"] / result["seconds"]


def mean_kilobytes(url, list_of_paths):
    sizes = []
    for path in list_of_paths.read_text().splitlines()[:SAMPLE]:
        with urlopen(url + path) as answer:
            sizes.append(len(answer.read()) / 1000)
    return statistics.mean(sizes)


def collection_extent(url):
    with urlopen(f"{url}/collections/buildings") as answer:
        return json.load(answer)["extent"]["spatial"]["bbox"][0][:4]


def covering(extent, zoom):
    """Tiles that cover an extent, in an order that is the same in each run and follows no neighbourhood."""
    west, north = tile_at(extent[0], extent[3], zoom)
    east, south = tile_at(extent[2], extent[1], zoom)
    tiles = [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    random.Random(1).shuffle(tiles)
    return tiles[:TILES_MAX]


def tile_at(lon, lat, zoom):
    n, lat = 2**zoom, math.radians(lat)
    return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * n)


def paths(template, zoom, tiles, file):
    file.write_text("".join(template.format(z=zoom, x=x, y=y) + "\n" for x, y in tiles))
    return file
