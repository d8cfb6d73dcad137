"""Tile servers that other people wrote, over the plain table that `ogr2ogr` made; each is left out where it is not installed."""

import json
import os
import subprocess
from contextlib import contextmanager

from servers import PEERS, Server, free_port, on, sql, stopped, wait_for

FEATURES_MAX = 10_000_000
"""All of them: two of these servers stop at 10,000 in a tile unless they are told otherwise."""


class TileServer:
    """How it is called, where its tiles are, and how it is started."""

    def __init__(self, name, program, template, start):
        self.name, self.program, self.template, self.start = name, PEERS / program, template, start

    @contextmanager
    def run(self, folder, database, cores):
        port = free_port()
        command, environment, health = self.start(self.program, folder, database, port)
        process = subprocess.Popen(
            [*on(cores), *map(str, command)],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with stopped(process):
            url = f"http://127.0.0.1:{port}"
            wait_for(url + health, process)
            yield Server(url, process.pid, 0)


def martin(*, cache_mb):
    def start(program, folder, database, port):
        config = folder / "martin.yaml"
        publish = {"tables": {"from_schemas": ["peer"]}, "functions": False}
        config.write_text(json.dumps({"postgres": {"connection_string": database, "auto_publish": publish}}))
        listen = ["--listen-addresses", f"127.0.0.1:{port}", "--cache-size", cache_mb]
        return [program, "--config", config, *listen], {}, "/health"

    return start


def pg_tileserv(program, folder, database, port):
    config = folder / "pg_tileserv.toml"
    config.write_text(f'HttpHost = "127.0.0.1"\nHttpPort = {port}\nMaxFeaturesPerTile = {FEATURES_MAX}\n')
    return [program, "--config", config], {"DATABASE_URL": database}, "/index.json"


TEGOLA = """
[webserver]
port = "127.0.0.1:{port}"
[[providers]]
name = "city"
type = "mvt_postgis"
uri = "{database}?sslmode=disable"
[[providers.layers]]
name = "buildings"
geometry_fieldname = "geom"
geometry_type = "MultiPolygon"
id_fieldname = "ogc_fid"
sql = "select st_asmvtgeom(st_transform(geom, 3857), !BBOX!) as geom, {columns} from peer.buildings where geom && st_transform(!BBOX!, st_srid(geom))"
[[maps]]
name = "city"
[[maps.layers]]
provider_layer = "city.buildings"
"""


COLUMNS = """
select string_agg(column_name, ', ') from information_schema.columns
 where table_schema = 'peer' and table_name = 'buildings' and column_name <> 'geom'
"""


def tegola(program, folder, database, port):
    config = folder / "tegola.toml"
    config.write_text(TEGOLA.format(port=port, database=database, columns=sql(COLUMNS, database)))
    return [program, "serve", "--config", config], {}, "/capabilities"


def tipg(program, _, database, port):
    environment = {
        "DATABASE_URL": database.replace("postgres://", "postgresql://"),
        "TIPG_DB_SCHEMAS": '["peer"]',
        "TIPG_MAX_FEATURES_PER_TILE": str(FEATURES_MAX),
    }
    return [program, "tipg.main:app", "--host", "127.0.0.1", "--port", port, "--log-level", "error"], environment, "/healthz"


TILE_SERVERS = [
    TileServer("Martin 1.14", "bin/martin", "/buildings/{z}/{x}/{y}", martin(cache_mb=0)),
    TileServer("Martin 1.14, table in EPSG:3857", "bin/martin", "/buildings_3857/{z}/{x}/{y}", martin(cache_mb=0)),
    TileServer("pg_tileserv 1.0.11", "bin/pg_tileserv", "/peer.buildings/{z}/{x}/{y}.pbf", pg_tileserv),
    TileServer("Tegola 0.21.2", "bin/tegola", "/maps/city/{z}/{x}/{y}.pbf", tegola),
    TileServer("tipg 1.6.1", "python/bin/uvicorn", "/collections/peer.buildings/tiles/WebMercatorQuad/{z}/{x}/{y}", tipg),
]
MARTIN_WITH_CACHE = TileServer("Martin 1.14 with its cache", "bin/martin", "/buildings/{z}/{x}/{y}", martin(cache_mb=512))
