"""Tiles that are asked for again and again; and changes, which have to be in them all the same."""

import json
import os
import shutil
import statistics
from types import SimpleNamespace
from urllib.request import Request, urlopen

import tile_changes
from report import table
from servers import constant
from tile_beside import READINGS_PER_S, readings, repeated, with_sensors
from tile_cold import ROUNDS
from tile_load import CONNECTIONS, again, once, percentile
from tile_servers import MARTIN_WITH_CACHE

SECONDS = int(os.environ.get("QUARTIER_BENCH_SECONDS", 10))
ENCODINGS = {"identity": "not compressed", "gzip": "gzip"}
NOT_KEPT = {"content-length", "date", "transfer-encoding", "connection"}


def measure(bench):
    """Beside Martin with its cache, and beside the HTTP library with nothing behind it."""
    for encoding, words in ENCODINGS.items():
        with bench.serving(bench.ours) as ours, constant(kept(bench, ours, encoding), bench.cores) as bare:
            axum = SimpleNamespace(name="axum, the same bytes from a constant", template=bench.ours.template)
            targets = [(bench.ours, ours), (axum, bare)]
            if MARTIN_WITH_CACHE.program.exists():
                with bench.serving(MARTIN_WITH_CACHE) as theirs:
                    runs = interleaved(bench, [*targets, (MARTIN_WITH_CACHE, theirs)], encoding)
            else:
                runs = interleaved(bench, targets, encoding)
        title = f"Warm: {len(bench.lists.hot)} tiles, {words}, {CONNECTIONS} connections, median of {ROUNDS} times {SECONDS} s"
        table(title, ["", "tiles/s", "MB/s", "median, ms", "99th percentile, ms", "Quartier's tiles/s, times"], rows(runs))


def under_readings(bench):
    """The same tiles while readings come in; then while objects change beside that."""
    with bench.serving(bench.ours) as server:
        with_sensors(bench, server)
        once(server, bench.ours, [bench.lists.hot], bench.folder, encoding="gzip")
        quiet, busy = [], []
        for _ in range(ROUNDS):
            quiet.append(hot(bench, server))
            with readings(server, SECONDS + 1):
                busy.append(hot(bench, server))
        without, beside = (statistics.median(it["per_second"] for it in found) for found in [quiet, busy])
        with readings(server, tile_changes.SECONDS), repeated(lambda: hot(bench, server)):
            changes = tile_changes.measure(bench, server)
    late = f"{percentile(changes, 0.99):.1f} ms (median {percentile(changes, 0.5):.1f} ms, {len(changes)} changes)"
    table(f"Warm while {READINGS_PER_S:,} readings/s arrive: gzip, median of {ROUNDS}", ["", "target", "measured"], [
        ["tiles/s without readings", "", f"{without:,.0f}"],
        ["with them", "95 %", f"{beside:,.0f} ({beside / without:.0%})"],
        ["beside both, from a change's acknowledgement to its tile, 99th percentile", "100 ms", late],
    ])


def kept(bench, server, encoding):
    """What the server answers, in a folder for `constant`."""
    folder = bench.folder / "constant"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    answers = {}
    for number, (z, x, y) in enumerate(bench.lists.hot):
        path = bench.ours.template.format(z=z, x=x, y=y)
        with urlopen(Request(server.url + path, headers={"Accept-Encoding": encoding})) as answer:
            (folder / str(number)).write_bytes(answer.read())
            told = {name: value for name, value in answer.headers.items() if name.lower() not in NOT_KEPT}
        answers[path] = {"file": str(number), "headers": told}
    (folder / "answers.json").write_text(json.dumps(answers))
    return folder


def interleaved(bench, targets, encoding):
    runs = {it.name: [] for it, _ in targets}
    for it, server in targets:
        once(server, it, [bench.lists.hot], bench.folder, encoding=encoding)
    for _ in range(ROUNDS):
        for it, server in targets:
            runs[it.name].append(again(server, it, bench.lists.hot, bench.folder, SECONDS, encoding))
    return runs


def rows(runs):
    rates = {name: statistics.median(it["per_second"] for it in found) for name, found in runs.items()}
    for name, found in runs.items():
        middle, slow, megabytes = (
            statistics.median(numbers)
            for numbers in zip(*([it["p50_ms"], it["p99_ms"], it["bytes"] / it["seconds"] / 1e6] for it in found))
        )
        times = "" if name == "Quartier" else f"{rates['Quartier'] / rates[name]:.2f}"
        yield [name, f"{rates[name]:,.0f}", f"{megabytes:,.0f}", f"{middle:.2f}", f"{slow:.2f}", times]


def hot(bench, server):
    return again(server, bench.ours, bench.lists.hot, bench.folder, SECONDS, "gzip")
