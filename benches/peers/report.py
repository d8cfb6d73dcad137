"""What is printed: the machine, and tables."""

import platform
import re
import subprocess
import sys
from pathlib import Path

from servers import ROOT


def heading(city):
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    cores = Path("/proc/cpuinfo").read_text().count("processor\t")
    commit = first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    print(f"{cpu}, {cores} cores, {first_line('uname', '-sr')}, {platform.machine()}; commit {commit}; {city.name}")
    print(f"{first_line('ogr2ogr', '--version')}; {first_line('psql', '--version')}")


def table(title, columns, rows):
    """At once, so that a run that is broken off has said what it knew."""
    print(f"\n### {title}\n")
    for cells in [columns, ["---"] * len(columns), *rows]:
        print(f"| {' | '.join(str(cell) for cell in cells)} |")
    sys.stdout.flush()


def note(text):
    print(f"\n{text}", flush=True)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
