"""Starts servers on free loopback ports and stops them again."""

import os
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
QUARTIER = Path(os.environ.get("QUARTIER_BENCH_BINARY", BUILT / "quartier"))
LOAD = BUILT / "load"
CONSTANT = BUILT / "constant"
PEERS = ROOT / "target/peers"
POSTGRES = os.environ.get("QUARTIER_TEST_POSTGRES")
TOKEN = "bench"
READY_TIMEOUT_S = 300
STOP_TIMEOUT_S = 30
ALL_CORES = os.sched_getaffinity(0)


class Server:
    def __init__(self, url, pid, ready_s, mqtt_port=None):
        self.url, self.pid, self.ready_s, self.mqtt_port = url, pid, ready_s, mqtt_port

    def resident_mb(self):
        return self.status_mb("VmRSS")

    def peak_mb(self):
        return self.status_mb("VmHWM")

    def status_mb(self, key):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"{key}:\s+(\d+) kB", status).group(1)) / 1024


@contextmanager
def quartier(store, config, cores=ALL_CORES):
    listen = ["--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"]
    command = [*on(cores), QUARTIER, "serve", "--config", config, "--store", store, *listen]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with stopped(process):
        url = address("http", process)
        mqtt_port = int(address("mqtt", process).rsplit(":", 1)[1])
        wait_for(f"{url}/ready", process)
        yield Server(url, process.pid, time.monotonic() - started, mqtt_port)


@contextmanager
def constant(folder, cores=ALL_CORES):
    """Answers that were written to a folder, and nothing else."""
    process = subprocess.Popen([*on(cores), CONSTANT, folder], stdout=subprocess.PIPE, text=True)
    with stopped(process):
        yield Server(address("http", process), process.pid, 0)


@contextmanager
def stopped(process):
    try:
        yield
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)


@contextmanager
def database_on(cores):
    """Keeps the processes that PostgreSQL starts from now on to some cores."""
    postmaster = int(sql("select pg_read_file('postmaster.pid')").splitlines()[0])
    os.sched_setaffinity(postmaster, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(postmaster, ALL_CORES)


def address(scheme, process):
    """The next one that the process says."""
    for line in process.stdout:
        if found := re.search(rf"{scheme}://[^\s/]+", line):
            return found.group(0)
    raise SystemExit(f"peers: {process.args} did not say where it listens")


def on(cores):
    return ["taskset", "--cpu-list", ",".join(map(str, cores))]


def wait_for(url, process):
    end = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url) as answer:
                if answer.status == 200:
                    return
        except URLError:
            time.sleep(0.005)
    raise SystemExit(f"peers: {process.args[0]} did not get ready")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_config(folder, city, sensors=False):
    config = folder / "quartier.toml"
    written = f'working_crs = "{city.crs}"\ntoken = "{TOKEN}"\n'
    config.write_text(written + ('[sensorthings]\nwriters = "public"\n' if sensors else ""))
    return config


def make_store(store, city, config):
    subprocess.run(import_command(store, city, config), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def import_command(store, city, config, collection="buildings"):
    place = ["--collection", collection, "--readers", "public", "--store", store, "--config", config]
    return [QUARTIER, "import", city.file, *place]


def fresh_database(name):
    sql(f"create database {name}")
    return f"{POSTGRES.rsplit('/', 1)[0]}/{name}"


def sql(text, database=POSTGRES):
    run = subprocess.run(["psql", database, "-qAtc", text], check=True, capture_output=True, text=True)
    return run.stdout.strip()
