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
import sensors
import tiles
from report import heading
from servers import QUARTIER, ROOT

COMPARISONS = {
    "import": imports.compare,
    "items": items.measure,
    "ready": ready.measure,
    "sensors-geopackage": sensors.geopackage,
    "sensors-postgis": sensors.postgis,
    "tiles": tiles.compare,
}
REAL_BUILDINGS = ROOT.parent / "shared/data/tokyo/tokyo_setagaya_162k.fgb.xz"
GENERATED_BUILDINGS = 162_000


def main(names):
    unknown = set(names) - set(COMPARISONS)
    if unknown:
        sys.exit(f"peers: {', '.join(unknown)} is none of: {', '.join(COMPARISONS)}")
    with tempfile.TemporaryDirectory(dir=ROOT / "target") as folder:
        city = buildings(Path(folder))
        heading(city)
        for name in names or COMPARISONS:
            COMPARISONS[name](city, Path(folder))


class City:
    """A file of buildings, and the CRS in which a twin of it works."""

    def __init__(self, file, crs, name):
        self.file, self.crs, self.name = file, crs, name


def buildings(folder):
    file = folder / "buildings.fgb"
    if REAL_BUILDINGS.exists():
        with lzma.open(REAL_BUILDINGS) as packed, file.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        return City(file, "EPSG:6677", "162,231 buildings of Tokyo-Setagaya (FlatGeobuf)")
    subprocess.run([QUARTIER, "generate", "--buildings", str(GENERATED_BUILDINGS), "--seed", "1", file], check=True)
    return City(file, "EPSG:25832", f"{GENERATED_BUILDINGS:,} generated buildings (FlatGeobuf)")


main(sys.argv[1:])
