"""The same objects with the same attributes in every server's tiles, as another library decodes them."""

import collections
import math
import random
from urllib.request import urlopen

from report import note, table

SAMPLE = 200
ZOOMS = range(13, 19)
"""A tile of z12 has 15 MB at Martin's."""
EXTENT = 4096
UNIT_ERROR = 1.0
"""Each of two servers may round a vertex by half a unit on each axis."""
OWN_KEYS = {"id", "ogc_fid"}
"""Each server has its own: Quartier's `id` is the twin's, `ogc_fid` the table's."""
NUMBER_ERROR = 1e-6
"""Some servers write 32-bit floats."""


def measure(bench):
    try:
        import mapbox_vector_tile, shapely  # noqa: F401
    except ImportError:
        note("mapbox-vector-tile and shapely are not installed: parity is left out.")
        return
    deep = sorted(tile for tile in bench.lists.mixed if tile[0] in ZOOMS)
    sample = random.Random(5).sample(deep, min(SAMPLE, len(deep)))
    with bench.serving(bench.ours) as ours:
        mine = {tile: decoded(ours, bench.ours, tile) for tile in sample}
    for it in bench.others:
        with bench.serving(it) as server:
            compare(it, mine, {tile: decoded(server, it, tile) for tile in sample})


def compare(it, mine, theirs):
    rows, reasons = {}, collections.Counter()
    for tile, own in mine.items():
        row = rows.setdefault(tile[0], collections.Counter())
        row["tiles"] += 1
        count(row, reasons, own, theirs[tile])
    columns = ["zoom", "tiles", "in both", "only in Quartier's", "only in the other", "attributes differ", "outlines differ", "area, Quartier's to the other"]
    keys = ["tiles", "both", "ours", "theirs", "attributes", "outline"]
    table(f"Parity with {it.name}: {len(mine)} tiles", columns, [
        [zoom, *(f"{row[key]:,}" for key in keys), f"{row['own area'] / max(row['their area'], 1):.4f}"] for zoom, row in sorted(rows.items())
    ])
    for reason, times in sorted(reasons.items(), key=lambda it: -it[1]):
        note(f"- {reason}: {times:,}")


def count(row, reasons, own, theirs):
    row["own area"] += sum(shape.area for _, shape in own.values())
    row["their area"] += sum(shape.area for _, shape in theirs.values())
    for key in own.keys() | theirs.keys():
        if key not in theirs:
            row["ours"] += 1
            reasons[f"only in Quartier's, {size(own[key][1])}"] += 1
        elif key not in own:
            row["theirs"] += 1
            reasons[f"only in the other, {size(theirs[key][1])}"] += 1
        else:
            row["both"] += 1
            differing(row, reasons, own[key], theirs[key])


def differing(row, reasons, own, other):
    names = [name for name in own[0].keys() | other[0].keys() if not same(own[0].get(name), other[0].get(name))]
    row["attributes"] += bool(names)
    for name in names:
        sides = [told for told, it in [("Quartier's", own), ("the other", other)] if name in it[0]]
        reasons[f"attribute `{name}` " + (f"is only in {sides[0]}" if len(sides) == 1 else "differs")] += 1
    allowed = UNIT_ERROR * max(own[1].length, other[1].length)
    if own[1].symmetric_difference(other[1]).area > allowed:
        row["outline"] += 1
        reasons["an outline differs by more than a unit along its length"] += 1


def size(shape):
    pixels = shape.area / (EXTENT / 512) ** 2
    return "under a pixel" if pixels < 1 else "under four pixels" if pixels < 4 else "four pixels and more"


def decoded(server, it, tile):
    """By what is the same everywhere, attributes and the shape within the tile, without its margin."""
    import mapbox_vector_tile
    import shapely

    z, x, y = tile
    with urlopen(server.url + it.template.format(z=z, x=x, y=y)) as answer:
        layers = mapbox_vector_tile.decode(answer.read(), default_options={"y_coord_down": True})
    core, found = shapely.box(0, 0, EXTENT, EXTENT), []
    for feature in (feature for layer in layers.values() for feature in layer["features"]):
        shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"])).intersection(core)
        if shape.area > 0:
            found.append(({name: value for name, value in feature["properties"].items() if name not in OWN_KEYS}, shape))
    return numbered(found)


def numbered(found):
    """By their texts, which tell nearly all of them apart; those that have the same ones in the order of their numbers."""
    by_text = collections.defaultdict(list)
    for attributes, shape in found:
        by_text[tuple(sorted(it for it in attributes.items() if isinstance(it[1], str)))].append((attributes, shape))
    return {
        (texts, number): it
        for texts, alike in by_text.items()
        for number, it in enumerate(sorted(alike, key=lambda it: sorted(n for n in it[0].values() if not isinstance(n, str))))
    }


def same(one, other):
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and math.isclose(one, other, rel_tol=NUMBER_ERROR)
    return one == other
