"""Minutes of the mixed list again and again, with readings and changes beside it: memory, failures, times."""

import os
import time

import tile_changes
from report import note, table
from tile_beside import READINGS_PER_S, readings, repeated, with_sensors
from tile_load import CONNECTIONS, once

SECONDS = int(os.environ.get("QUARTIER_BENCH_SOAK_S", 300))
LOOK_EVERY_S = 10


def measure(bench):
    with bench.serving(bench.ours) as server:
        with_sensors(bench, server)
        memory = [server.resident_mb()]

        def look():
            time.sleep(LOOK_EVERY_S)
            memory.append(server.resident_mb())

        with readings(server, SECONDS), repeated(look), repeated(lambda: tile_changes.measure(bench, server)):
            found = once(server, bench.ours, [bench.lists.mixed], bench.folder, seconds=SECONDS, encoding="gzip")
    table(f"Soak: the mixed list again and again, gzip, {CONNECTIONS} connections, {READINGS_PER_S:,} readings/s, changes", ["", ""], [
        ["seconds", f"{found['rate']['seconds']:.0f}"],
        ["tiles", f"{found['count']:,} ({found['rate']['per_second']:,.0f}/s)"],
        ["median, 99th percentile, worst", f"{found['p50_ms']:.2f} ms, {found['p99_ms']:.1f} ms, {found['max_ms']:.1f} ms"],
        ["failed", found["failed"]],
    ])
    shown = memory[:: max(1, len(memory) // 10)]
    note("Resident memory, MB: " + ", ".join(f"{it:.0f}" for it in shown))
