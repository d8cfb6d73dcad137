"""From the start of the process to `/ready`, and resident memory then."""

import subprocess
import types

from report import table
from servers import QUARTIER, make_store, quartier, write_config

SIZES = [100_000, 1_000_000]


def measure(_, folder):
    rows = []
    for size in SIZES:
        file, store = folder / f"{size}.fgb", f"geopackage:{folder}/{size}.gpkg"
        subprocess.run([QUARTIER, "generate", "--buildings", str(size), "--seed", "1", file], check=True)
        town = types.SimpleNamespace(file=file, crs="EPSG:25832")
        config = write_config(folder, town)
        make_store(store, town, config)
        with quartier(store, config) as server:
            memory = server.resident_mb()
            rows.append([f"{size:,}", f"{server.ready_s:.2f}", f"{memory:.0f}", f"{memory * 2**20 / size:.0f}"])
    table("Ready", ["generated buildings in a GeoPackage", "seconds to ready", "resident, MB", "bytes per building"], rows)
