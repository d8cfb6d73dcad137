"""What the machine and the databases do at best, in the same run: what a server's figures are to be read beside."""

import os
import random
import sqlite3
import subprocess
import tempfile
import time

from servers import fresh_database, sql

SECONDS = 5
ROWS = 1_000
DATASTREAMS = 4_000
TABLE = """
    create table bare (
        id bigint primary key, datastream bigint not null, at bigint not null, result double precision,
        unique (datastream, at)
    )"""


def syncs(folder):
    """Times a second that 4 kB reach the disk for certain."""
    page = os.urandom(4096)
    with (folder / "syncs").open("wb") as file:
        def once():
            file.write(page)
            file.flush()
            os.fdatasync(file.fileno())
            return 1
        return rate(once)


def sqlite(folder):
    """Rows a second into a bare table with the same key, 1,000 in a transaction that is synced."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute(TABLE)
    number = 0

    def once():
        nonlocal number
        connection.execute("begin")
        connection.executemany("insert into bare values (?, ?, ?, ?)", rows(number))
        connection.execute("commit")
        number += ROWS
        return ROWS
    return rate(once)


def rows(first):
    return [(number, number % DATASTREAMS, number, random.random()) for number in range(first, first + ROWS)]


def postgres():
    """As `sqlite`, by one INSERT of 1,000 rows; and transactions of one row by 64 connections, by pgbench."""
    database = fresh_database(f"raw_{time.monotonic_ns()}")
    sql(TABLE, database)
    sql("create sequence number", database)
    many = f"""
        insert into bare
        select number, number % {DATASTREAMS}, number, random()
        from (select nextval('number') as number from generate_series(1, {ROWS})) as it;"""
    single = many.replace(f"1, {ROWS}", "1, 1")
    rates = pgbench(many, 1, database) * ROWS, pgbench(single, 64, database)
    sql(f"drop database {database.rsplit('/', 1)[1]}")
    return rates


def pgbench(script, clients, database):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-T", str(SECONDS), "-f", file.name, database]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return float(next(line for line in lines if line.startswith("tps")).split()[2])


def rate(once):
    done, started = 0, time.monotonic()
    while time.monotonic() - started < SECONDS:
        done += once()
    return done / (time.monotonic() - started)
