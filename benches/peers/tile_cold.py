"""Tiles that nobody has asked for before."""

import os
import statistics

from report import note, table
from tile_load import CONNECTIONS, once, percentile

ROUNDS = int(os.environ.get("QUARTIER_BENCH_ROUNDS", 3))
BROWSER_CONNECTIONS = 6
"""What a browser opens to one server over HTTP/1.1."""
BYTES_MAX = 500_000
"""The budget of a tile, before compression."""
OTHERS_SHARE = 5
"""Only every so many tiles are asked of those beside Martin, in one round: they are slower still."""
COLUMNS = ["", "tiles/s", "median, ms", "99th percentile, ms", "worst, ms", "kB a tile", "largest, kB", "failed", "Quartier's tiles/s, times", "Quartier's 99th percentile, a"]


def mixed(bench):
    runs = rounds(bench, [bench.lists.mixed], CONNECTIONS)
    title = f"Cold: {len(bench.lists.mixed):,} different tiles, z10 to z18, {CONNECTIONS} connections, median of {ROUNDS}"
    table(title, COLUMNS, rows(runs))
    table("The same by zoom: median and 99th percentile in ms, and kB a tile", *by_zoom(runs))


def walks(bench):
    """A view is there when all of its tiles are."""
    runs = rounds(bench, bench.lists.walks, BROWSER_CONNECTIONS, others=bench.others[:1])
    count = sum(map(len, bench.lists.walks))
    title = f"Cold: {len(bench.lists.walks)} views of walks through the city, {count:,} tiles, {BROWSER_CONNECTIONS} connections"
    table(title, COLUMNS, rows(runs))
    views = [[name, *(median([it["views"][key] for it in found]) for key in ["p50_ms", "p99_ms"])] for name, found in runs.items()]
    table("Until a view is complete", ["", "median, ms", "99th percentile, ms"], views)


def worst(bench):
    """One after the other: 20 tiles have no percentile but the worst."""
    runs = rounds(bench, [bench.lists.worst], 1, others=bench.others[:1], others_rounds=1)
    table("Cold: the 20 fullest tiles, z10 to z12, one after the other", COLUMNS, rows(runs))
    for status, took_ms, size, path in sorted(runs["Quartier"][0]["ledger"], key=lambda it: -it[1])[:5]:
        note(f"{path}: {took_ms:.1f} ms, {size / 1000:.0f} kB, status {status}")
    largest = max(size for run in runs["Quartier"] for _, _, size, _ in run["ledger"])
    note(f"Largest tile of Quartier: {largest / 1000:.0f} kB; budget {BYTES_MAX / 1000:.0f} kB: {'met' if largest <= BYTES_MAX else '**missed**'}")


def rounds(bench, views, connections, others=None, others_rounds=ROUNDS):
    """Every server's outcomes, in rounds, so that what the machine does meanwhile hits all of them."""
    others = bench.others if others is None else others
    fewer = [view[::OTHERS_SHARE] for view in views] if views[0][::OTHERS_SHARE] else views
    runs = {it.name: [] for it in [bench.ours, *others]}
    for turn in range(ROUNDS):
        for place, it in enumerate([bench.ours, *others]):
            is_few = place > 1
            if turn >= (ROUNDS if place == 0 else 1 if is_few else others_rounds):
                continue
            with bench.serving(it) as server:
                runs[it.name].append(once(server, it, fewer if is_few else views, bench.folder, connections))
    return runs


def rows(runs):
    ours = runs["Quartier"]
    for name, found in runs.items():
        rate, slow = median_rate(found), statistics.median(it["p99_ms"] for it in found)
        times = [median_rate(ours) / rate, statistics.median(it["p99_ms"] for it in ours) / slow]
        compared = ["", ""] if found is ours else [f"{times[0]:.1f}", f"1/{1 / times[1]:.1f}"]
        yield [
            name,
            f"{rate:,.1f}",
            median([it["p50_ms"] for it in found]),
            f"{slow:,.1f}",
            f"{max(it['max_ms'] for it in found):,.1f}",
            f"{found[0]['bytes'] / found[0]['count'] / 1000:.1f}",
            f"{max(size for _, _, size, _ in found[0]['ledger']) / 1000:,.0f}",
            found[0]["failed"],
            *compared,
        ]


def by_zoom(runs):
    shown = list(runs)[:2]
    zooms = sorted({zoom(path) for _, _, _, path in runs["Quartier"][0]["ledger"]})
    columns = ["zoom", "tiles", *(f"{name}{what}" for name in shown for what in [", median", ", 99th", ", kB"])]
    found = []
    for z in zooms:
        cells = [z, sum(zoom(path) == z for *_, path in runs["Quartier"][0]["ledger"])]
        for name in shown:
            asked = [it for run in runs[name] for it in run["ledger"] if zoom(it[3]) == z]
            took = [it[1] for it in asked]
            cells += [f"{percentile(took, 0.5):,.1f}", f"{percentile(took, 0.99):,.1f}", f"{statistics.mean(it[2] for it in asked) / 1000:,.1f}"]
        found.append(cells)
    return columns, found


def zoom(path):
    """Of `…/{z}/{a}/{b}`."""
    return int(path.split("/")[-3])


def median_rate(found):
    return statistics.median(it["rate"]["count"] / it["rate"]["seconds"] for it in found)


def median(numbers):
    return f"{statistics.median(numbers):,.1f}"
