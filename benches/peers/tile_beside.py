"""What goes on while tiles are asked for."""

import json
import subprocess
import threading
from contextlib import contextmanager
from urllib.request import urlopen

from servers import LOAD, on
from tile_load import LOADING

READINGS_PER_S = 1_000
THINGS = 1_000
DATASTREAMS = 4 * THINGS


def with_sensors(bench, server):
    """Gives the twin stations all over the city; once, since the store keeps them."""
    with urlopen(f"{server.url}/sensorthings/v1.1/Things?$count=true&$top=0") as answer:
        if json.load(answer)["@iot.count"]:
            return
    with urlopen(f"{server.url}/collections/buildings") as answer:
        west, south, east, north = json.load(answer)["extent"]["spatial"]["bbox"][0][:4]
    within = ["--things", THINGS, "--within", f"{west},{south},{east},{north}"]
    subprocess.run([LOAD, "seed", f"{server.url}/sensorthings/v1.1", *map(str, within)], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def readings(server, seconds):
    """Readings over MQTT at an even rate; all of them have to be acknowledged."""
    command = [LOAD, "steady", "127.0.0.1", server.mqtt_port, "--rate", READINGS_PER_S, "--seconds", seconds, "--datastreams", DATASTREAMS]
    process = subprocess.Popen([*on(LOADING), *map(str, command)], stdout=subprocess.DEVNULL)
    try:
        yield
        if process.wait():
            raise RuntimeError("not all readings were acknowledged")
    finally:
        process.kill()


@contextmanager
def repeated(work):
    """Does something again and again on a thread of its own."""
    done = threading.Event()

    def repeat():
        while not done.is_set():
            work()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
