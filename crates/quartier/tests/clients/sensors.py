"""The server that `.ci/with-sensors` has started, over HTTP: stations to measure at, and what has come of it."""

import json
import os
import urllib.parse
import urllib.request

URL = os.environ["QUARTIER_SENSORS_URL"]
TOKEN = os.environ["QUARTIER_SENSORS_TOKEN"]
HOST, PORT = os.environ["QUARTIER_SENSORS_MQTT"].rsplit(":", 1)
SERVICE = f"{URL}/sensorthings/v1.1"


def ask(path, method="GET", body=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{SERVICE}/{path}", data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return answer.headers, json.loads(text) if text else None


def make(path, body):
    """The id of what is made."""
    headers, _ = ask(path, "POST", body)
    return int(headers["Location"].rsplit("(", 1)[1].rstrip(")"))


def place(name, x, y):
    location = {"type": "Point", "coordinates": [x, y]}
    return {"name": name, "description": "-", "encodingType": "application/geo+json", "location": location}


def feature(x, y):
    shape = {"type": "Point", "coordinates": [x, y]}
    body = {"name": "-", "description": "-", "encodingType": "application/geo+json", "feature": shape}
    return make("FeaturesOfInterest", body)


class Station:
    """A thing with one datastream, so that no test sees the readings of another."""

    def __init__(self, name):
        self.thing = make("Things", {"name": name, "description": "-", "Locations": [place(name, 7.63, 51.95)]})
        self.datastream = make(f"Things({self.thing})/Datastreams", datastream(name))
        self.topic = f"v1.1/Datastreams({self.datastream})/Observations"

    def results(self, condition=None):
        query = {"$select": "result", "$orderby": "id", "$top": "1000"}
        if condition:
            query["$filter"] = condition
        path = f"Datastreams({self.datastream})/Observations?{urllib.parse.urlencode(query)}"
        return [it["result"] for it in ask(path)[1]["value"]]


def datastream(name):
    return {
        "name": name,
        "description": "-",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": {"name": "metre", "symbol": "m", "definition": "ucum:m"},
        "Sensor": {"name": name, "description": "-", "encodingType": "text/plain", "metadata": "-"},
        "ObservedProperty": {"name": name, "description": "-", "definition": "https://example.org/level"},
    }
