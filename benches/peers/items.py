"""`items` with a box that matches about 5,000 features, to the last byte."""

import json
import statistics
import time
from urllib.request import urlopen

from report import table
from servers import make_store, quartier, write_config

WANTED = 5_000
REQUESTS = 50


def measure(city, folder):
    config = write_config(folder, city)
    store = f"geopackage:{folder}/items.gpkg"
    make_store(store, city, config)
    with quartier(store, config) as server:
        items = f"{server.url}/collections/buildings/items?limit=10000"
        box, matched = box_with(WANTED, server.url, items)
        milliseconds = sorted(timed(f"{items}&bbox={box}") for _ in range(REQUESTS))
    row = [f"{matched:,}", f"{statistics.median(milliseconds):.1f}", f"{milliseconds[int(REQUESTS * 0.95)]:.1f}"]
    table("Items in a box, `limit=10000`, with `numberMatched`", ["matched", "median, ms", "95th percentile, ms"], [row])


def box_with(wanted, url, items):
    """Halves the distance to a box around the middle that matches about as many features as wanted."""
    with urlopen(f"{url}/collections/buildings") as answer:
        west, south, east, north = json.load(answer)["extent"]["spatial"]["bbox"][0][:4]
    low, high = 0.0, 1.0
    for _ in range(20):
        share = (low + high) / 2
        dx, dy = (east - west) * share / 2, (north - south) * share / 2
        x, y = (west + east) / 2, (south + north) / 2
        box = f"{x - dx},{y - dy},{x + dx},{y + dy}"
        with urlopen(f"{items.split('?')[0]}?limit=1&bbox={box}") as answer:
            matched = json.load(answer)["numberMatched"]
        low, high = (share, high) if matched < wanted else (low, share)
        if abs(matched - wanted) < wanted / 100:
            break
    return box, matched


def timed(url):
    started = time.monotonic()
    with urlopen(url) as answer:
        answer.read()
    return (time.monotonic() - started) * 1000
