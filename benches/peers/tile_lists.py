"""Which tiles are asked for: made from where the objects are, and the same in each run."""

import math
import os
import random

from servers import sql

SHARE = float(os.environ.get("QUARTIER_BENCH_SHARE", 1))
"""Of every list; a shorter run says less about its 99th percentile."""
MIXED = {10: 4, 11: 12, 12: 40, 13: 120, 14: 300, 15: 700, 16: 1200, 17: 1300, 18: 1324}
HOT = {14: 20, 15: 25, 16: 30, 17: 25}
WORST = {10: 4, 11: 6, 12: 10}
WALK_ZOOMS = (12, 17)
WALKS = 20
STEPS = 8
VIEW = (5, 4)
PLACES = 50_000
"""Buildings that stand for all of them."""

SAMPLE = """
select st_x(place), st_y(place)
  from (select st_transform(st_pointonsurface(geom), 4326) as place
          from peer.buildings
         where ogc_fid % greatest(1, (select count(*) from peer.buildings) / {places}) = 0
         order by ogc_fid) as places
"""


class Lists:
    """Tiles as (z, x, y): `mixed`, `hot`, `worst`, `sample`; and `walks`, a list of views of tiles that are new in it."""

    def __init__(self, database):
        self.places = [tuple(map(float, line.split("|"))) for line in sql(SAMPLE.format(places=PLACES), database).splitlines()]
        self.limits = {}
        self.mixed = self.spread(MIXED, random.Random(1))
        self.hot = self.spread(HOT, random.Random(2))
        self.worst = [tile for zoom, count in WORST.items() for tile in self.fullest(zoom)[: scaled(count)]]
        self.walks = self.walked(random.Random(3), set(self.mixed))

    def spread(self, counts, chance):
        """So many different tiles of each zoom, where buildings are; what a zoom lacks is made up for by deeper ones."""
        tiles, owed = [], 0
        for zoom, count in counts.items():
            found = sorted({tile_at(place, zoom) for place in self.places})
            wanted = scaled(count) + owed
            tiles += chance.sample(found, min(wanted, len(found)))
            owed = max(0, wanted - len(found))
        chance.shuffle(tiles)
        return tiles

    def fullest(self, zoom):
        counts = {}
        for place in self.places:
            tile = tile_at(place, zoom)
            counts[tile] = counts.get(tile, 0) + 1
        return sorted(counts, key=lambda tile: (-counts[tile], tile))

    def walked(self, chance, seen):
        views = []
        for _ in range(scaled(WALKS)):
            zoom, place = chance.randint(*WALK_ZOOMS), chance.choice(self.places)
            _, x, y = tile_at(place, zoom)
            for _ in range(STEPS):
                view = [tile for tile in viewed(zoom, x, y) if tile not in seen and self.has(tile)]
                seen.update(view)
                if view:
                    views.append(view)
                zoom, x, y = step(chance, zoom, x, y)
        return views

    def has(self, tile):
        """A map does not ask beyond the bounds that it was told."""
        zoom, x, y = tile
        if zoom not in self.limits:
            columns, rows = zip(*(tile_at(place, zoom)[1:] for place in self.places))
            self.limits[zoom] = min(columns), max(columns), min(rows), max(rows)
        west, east, north, south = self.limits[zoom]
        return west <= x <= east and north <= y <= south


def viewed(zoom, x, y):
    """What a screen around a tile shows."""
    columns, rows = VIEW
    for row in range(y - rows // 2, y - rows // 2 + rows):
        for column in range(x - columns // 2, x - columns // 2 + columns):
            yield zoom, column, row


def step(chance, zoom, x, y):
    """To a side mostly; in or out sometimes."""
    match chance.choice(["aside", "aside", "aside", "in", "out"]):
        case "in" if zoom < WALK_ZOOMS[1] + 1:
            return zoom + 1, x * 2, y * 2
        case "out" if zoom > WALK_ZOOMS[0]:
            return zoom - 1, x // 2, y // 2
    return zoom, x + chance.choice([-2, -1, 1, 2]), y + chance.choice([-1, 0, 1])


def scaled(count):
    return max(1, round(count * SHARE))


def tile_at(place, zoom):
    lon, lat = place
    n, lat = 2**zoom, math.radians(lat)
    return zoom, int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * n)


def write(views, template, file):
    """For `load tiles` and for `paths.lua`: a path a line, an empty line after each view."""
    views = [[template.format(z=z, x=x, y=y) for z, x, y in view] for view in views]
    file.write_text("\n\n".join("\n".join(view) for view in views) + "\n")
    return file
