"""From the acknowledgement of a change to the tile that has it."""

import json
import random
import time
from http.client import HTTPConnection
from urllib.parse import quote

from servers import TOKEN
from tile_lists import tile_at

SECONDS = 30
CHANGES = 200
ZOOMS = (16, 18)
"""Where every object is seen by itself."""
PATIENCE_S = 10
REACH = 0.001
"""Half the side of the box in which an object is looked for, in degrees."""


def measure(bench, server):
    """Milliseconds, one number for each change."""
    host = server.url.removeprefix("http://")
    chance, client = random.Random(4), HTTPConnection(host)
    name = text_property(client)
    took = []
    end = time.monotonic() + SECONDS
    while len(took) < CHANGES and time.monotonic() < end:
        place = chance.choice(bench.lists.places)
        if found := an_object(client, place):
            mark = f"changed {len(took)} {time.monotonic_ns()}"
            took.append(change(bench, client, *found, name, mark, chance.randint(*ZOOMS)))
    return took


def change(bench, client, id, position, name, mark, zoom):
    z, x, y = tile_at(position, zoom)
    path = bench.ours.template.format(z=z, x=x, y=y)
    ask(client, "GET", path)
    ask(client, "PATCH", f"/collections/buildings/items/{quote(id)}", json.dumps({"properties": {name: mark}}))
    acknowledged = time.monotonic()
    while mark.encode() not in ask(client, "GET", path):
        if time.monotonic() - acknowledged > PATIENCE_S:
            raise RuntimeError(f"{path} does not show that {name} of {id} is now {mark}")
    return (time.monotonic() - acknowledged) * 1000


def text_property(client):
    schema = json.loads(ask(client, "GET", "/collections/buildings/schema"))["properties"]
    return next(name for name, it in schema.items() if it.get("type") == "string" and name != "id")


def an_object(client, place):
    """Its id and a position of its outline."""
    lon, lat = place
    box = f"{lon - REACH},{lat - REACH},{lon + REACH},{lat + REACH}"
    features = json.loads(ask(client, "GET", f"/collections/buildings/items?limit=1&bbox={box}"))["features"]
    for feature in features:
        position = feature["geometry"]["coordinates"]
        while isinstance(position[0], list):
            position = position[0]
        return feature["id"], position
    return None


def ask(client, method, path, body=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/merge-patch+json"} if body else {}
    client.request(method, path, body, headers)
    answer = client.getresponse()
    found = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status}: {found[:200]}")
    return found
