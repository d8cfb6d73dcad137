"""Tiles of one collection beside other people's servers: `QUARTIER_BENCH_TILES=cold,hot` does these parts of it.

What serves has one core, with its database; the load has the other.
"""

import os
import subprocess
import traceback
from contextlib import contextmanager
from types import SimpleNamespace

import archives
import imports
import tile_cold
import tile_hot
import tile_parity
import tile_soak
from report import note
from servers import QUARTIER, database_on, fresh_database, make_store, quartier, sql, write_config
from tile_lists import Lists
from tile_servers import TILE_SERVERS

PARTS = {
    "parity": tile_parity.measure,
    "cold": tile_cold.mixed,
    "walks": tile_cold.walks,
    "worst": tile_cold.worst,
    "hot": tile_hot.measure,
    "readings": tile_hot.under_readings,
    "soak": tile_soak.measure,
    "archives": archives.measure,
}
CHOSEN = os.environ.get("QUARTIER_BENCH_TILES", ",".join(PARTS)).split(",")
SERVING = {0}
OURS = "/collections/buildings/tiles/WebMercatorQuad/{z}/{y}/{x}"
STATEMENT_TIMEOUT_S = 60
"""What nobody waits for any longer, the database need not finish."""

# What a server on `EPSG:3857` is at its best with.
MERCATOR_TABLE = """
create table peer.buildings_3857 as table peer.buildings;
alter table peer.buildings_3857
  alter column geom type geometry(MultiPolygon, 3857) using st_transform(geom, 3857),
  add primary key (ogc_fid);
create index on peer.buildings_3857 using gist (geom);
"""


def compare(city, folder):
    unknown = set(CHOSEN) - set(PARTS)
    if unknown:
        raise SystemExit(f"peers: QUARTIER_BENCH_TILES: {', '.join(unknown)} is none of: {', '.join(PARTS)}")
    bench = prepared(city, folder)
    with database_on(SERVING):
        for part in CHOSEN:
            try:
                PARTS[part](bench)
            except Exception:
                # One part that does not come to its end leaves the others' figures alone.
                traceback.print_exc()
                note(f"**{part} did not come to its end**")


def prepared(city, folder):
    """The same objects in a plain table for the peers, and in a store for the twin."""
    peers, twin = fresh_database("peers_tiles"), fresh_database("peers_twin")
    config = write_config(folder, city, sensors=True)
    subprocess.run(imports.ogr2ogr(city, peers), check=True)
    sql(MERCATOR_TABLE, peers)
    make_store(twin, city, config)
    sql(f"alter database peers_tiles set statement_timeout = '{STATEMENT_TIMEOUT_S}s'")
    for database in [peers, twin]:
        sql("vacuum analyze", database)
    others = [it for it in TILE_SERVERS if it.program.exists()]
    for it in TILE_SERVERS:
        if it not in others:
            note(f"{it.name} is not installed here: it is left out.")
    return Bench(city=city, folder=folder, peers=peers, twin=twin, config=config, others=others, lists=Lists(peers))


class Bench(SimpleNamespace):
    """What is measured, where, and with which lists of tiles."""

    cores = SERVING

    @property
    def ours(self):
        return SimpleNamespace(name="Quartier", template=OURS, program=QUARTIER, run=self.run_ours)

    @contextmanager
    def run_ours(self, *_):
        with quartier(self.twin, self.config, SERVING) as server:
            yield server

    @contextmanager
    def serving(self, it):
        """Started anew, so that nothing of it is warm."""
        with it.run(self.folder, self.peers, SERVING) as server:
            yield server
