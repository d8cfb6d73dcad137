"""Import beside `ogr2ogr`, into the same PostGIS with COPY; and into the GeoPackage."""

import os
import statistics
import subprocess
import time
from urllib.parse import urlsplit

from report import table
from servers import fresh_database, import_command, sql, write_config

ROUNDS = 3


def compare(city, folder):
    config = write_config(folder, city)
    runs = {"ogr2ogr into PostGIS (COPY)": [], "quartier into PostGIS": [], "quartier into a GeoPackage": []}
    for turn in range(ROUNDS):
        store = fresh_database(f"peers_import_{turn}")
        gdal, postgis, geopackage = runs.values()
        gdal.append(timed(ogr2ogr(city, store)))
        postgis.append(timed(import_command(store, city, config)))
        geopackage.append(timed(import_command(f"geopackage:{folder}/import{turn}.gpkg", city, config)))
    count = int(sql("select count(*) from peer.buildings", store))
    columns = ["", f"seconds (median of {ROUNDS})", "features/s", "peak memory, MB"]
    table("Import", columns, [row(*run, count) for run in runs.items()])


def ogr2ogr(city, store):
    sql("create extension postgis; create schema peer", store)
    options = ["-lco", "SPATIAL_INDEX=GIST", "-lco", "GEOMETRY_NAME=geom", "-nln", "peer.buildings", "-nlt", "PROMOTE_TO_MULTI"]
    command = ["ogr2ogr", "-q", "--config", "PG_USE_COPY", "YES", "-f", "PostgreSQL"]
    return [*command, connection(store), city.file, "-t_srs", city.crs, *options]


def connection(store):
    """GDAL 3.6 reads URLs, but cannot write to them."""
    url = urlsplit(store)
    return f"PG:host={url.hostname} port={url.port} user={url.username} password={url.password} dbname={url.path[1:]}"


def timed(command):
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    trouble = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"peers: {command[0]}: {trouble.decode()}")
    return time.monotonic() - started, usage.ru_maxrss / 1024


def row(name, runs, count):
    seconds = statistics.median(seconds for seconds, _ in runs)
    return [name, f"{seconds:.2f}", f"{count / seconds:,.0f}", f"{max(memory for _, memory in runs):.0f}"]
