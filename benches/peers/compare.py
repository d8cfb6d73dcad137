"""The comparisons by name, and the data they share."""

import lzma
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import imports
import items
import ready
import scale
import sensors
import tiles
from report import heading
from servers import QUARTIER, ROOT

COMPARISONS = {
    "import": imports.compare,
    "items": items.measure,
    "ready": ready.measure,
    "scale": scale.measure,
    "sensors-geopackage": sensors.geopackage,
    "sensors-postgis": sensors.postgis,
    "tiles": tiles.compare,
}
REAL_DATA = ROOT.parent / "shared/data/tokyo"
WARD = (REAL_DATA / "tokyo_setagaya_162k.fgb.xz", "162,231 buildings of Tokyo-Setagaya (FlatGeobuf)")
CITY = (REAL_DATA / "tokyo21_buildings.fgb.xz", "1,692,844 buildings of Tokyo (FlatGeobuf)")
REAL_CRS = "EPSG:6677"
OF_A_CITY = {"scale", "tiles"}
"""Comparisons that a ward is too small for."""
GENERATED_BUILDINGS = 162_000


def main(names):
    unknown = set(names) - set(COMPARISONS)
    if unknown:
        sys.exit(f"peers: {', '.join(unknown)} is none of: {', '.join(COMPARISONS)}")
    with tempfile.TemporaryDirectory(dir=ROOT / "target") as folder:
        cities = {}
        for name in names or COMPARISONS:
            real = CITY if name in OF_A_CITY else WARD
            if real not in cities:
                cities[real] = buildings(Path(folder), *real)
                heading(cities[real])
            COMPARISONS[name](cities[real], Path(folder))


class City:
    """A file of buildings, and the CRS in which a twin of it works."""

    def __init__(self, file, crs, name):
        self.file, self.crs, self.name = file, crs, name


def buildings(folder, packed, name):
    file = folder / packed.stem
    if packed.exists():
        with lzma.open(packed) as read, file.open("wb") as plain:
            shutil.copyfileobj(read, plain)
        return City(file, REAL_CRS, name)
    subprocess.run([QUARTIER, "generate", "--buildings", str(GENERATED_BUILDINGS), "--seed", "1", file], check=True)
    return City(file, "EPSG:25832", f"{GENERATED_BUILDINGS:,} generated buildings (FlatGeobuf)")


main(sys.argv[1:])
