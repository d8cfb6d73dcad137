"""Load for tile servers, from a core of its own."""

import json
import math
import subprocess

from servers import LOAD, ROOT, on
from tile_lists import write

LOADING = {1}
CONNECTIONS = 8
TIMEOUT_S = 60


def once(server, it, views, folder, connections=CONNECTIONS, seconds=None, encoding=None):
    """Each tile once, or for so long; what `load tiles` says, and by path: status, milliseconds, bytes."""
    paths = write(views, it.template, folder / "paths.txt")
    ledger = folder / "ledger.txt"
    command = [*on(LOADING), LOAD, "tiles", server.url, paths, "--connections", connections, "--timeout-s", TIMEOUT_S, "--ledger", ledger]
    if seconds:
        command += ["--seconds", seconds]
    if encoding:
        command += ["--accept-encoding", encoding]
    run = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout) | {"ledger": [row(line) for line in ledger.read_text().splitlines()]}


def row(line):
    status, took_ms, size, path = line.split(" ", 3)
    return int(status), float(took_ms), int(size), path


def again(server, it, tiles, folder, seconds, encoding=None):
    """As fast as `wrk` asks, from a list that begins again."""
    paths = write([tiles], it.template, folder / "hot.txt")
    wrk = [*on(LOADING), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", f"{TIMEOUT_S}s"]
    if encoding:
        wrk += ["-H", f"Accept-Encoding: {encoding}"]
    script = ["-s", ROOT / "benches/peers/paths.lua", server.url, "--", paths]
    run = subprocess.run([*wrk, *script], check=True, capture_output=True, text=True)
    outcome = json.loads(run.stdout.splitlines()[-1])
    if outcome["failed"]:
        raise RuntimeError(f"{outcome['failed']} of {outcome['requests']} requests to {it.name} failed")
    return outcome | {"per_second": outcome["requests"] / outcome["seconds"]}


def percentile(numbers, share):
    numbers = sorted(numbers)
    return numbers[min(int(len(numbers) * share), len(numbers) - 1)] if numbers else math.nan
