"""A whole city as one PMTiles file, beside tippecanoe on the same input."""

import statistics

from imports import timed
from report import note, table
from servers import PEERS, QUARTIER
from tile_cold import ROUNDS

MAX_ZOOM = 16
TIPPECANOE = PEERS / "python/bin/tippecanoe"


def measure(bench):
    """What tippecanoe reads is the file; what Quartier reads is its store: what a city has."""
    ours, theirs = bench.folder / "quartier.pmtiles", bench.folder / "tippecanoe.pmtiles"
    commands = {"Quartier": (export(bench, ours), ours)}
    if TIPPECANOE.exists():
        commands["tippecanoe 2.72"] = (tippecanoe(bench, theirs), theirs)
    else:
        note("tippecanoe is not installed here: it is left out.")
    runs = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, (command, file) in commands.items():
            file.unlink(missing_ok=True)
            runs[name].append((*timed(command), file.stat().st_size))
    table(f"PMTiles of {bench.city.name}, z0 to z{MAX_ZOOM}, median of {ROUNDS}", ["", "seconds", "MB", "peak memory, MB"], [
        [name, *(f"{statistics.median(numbers):,.1f}" for numbers in (seconds, [it / 1e6 for it in sizes], memory))]
        for name, found in runs.items()
        for seconds, memory, sizes in [zip(*found)]
    ])


def export(bench, file):
    place = ["--store", bench.twin, "--config", bench.config]
    return [QUARTIER, "export", "tiles", "--pmtiles", file, "--max-zoom", str(MAX_ZOOM), *place]


def tippecanoe(bench, file):
    """Its own way of staying within 500 kB a tile: the smallest are dropped where there are too many."""
    zooms = ["--minimum-zoom=0", f"--maximum-zoom={MAX_ZOOM}"]
    return [TIPPECANOE, "--quiet", "--force", *zooms, "--drop-smallest-as-needed", "--layer=buildings", f"--output={file}", bench.city.file]
