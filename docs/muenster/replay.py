"""Sends Münster's series to a twin as its sensors would: things and datastreams over HTTP, readings over MQTT.

    python replay.py FOLDER                       # the series with their own times
    python replay.py FOLDER --as-if-now --days 7  # whole weeks later, so that they end now
    python replay.py FOLDER --as-if-now --live    # and goes on as time does

What is there already is not made again, and a reading that is sent again is one: an interrupted replay is started anew.
QUARTIER_TOKEN is the token.
"""

import argparse
import json
import os
import threading
import time
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

import paho.mqtt.client as paho

import series

# Messages that wait for their acknowledgement: enough for the server to write many at once.
IN_FLIGHT = 500
WEEK = timedelta(weeks=1)


def main():
    options = arguments()
    service = Service(f"{options.url}/sensorthings/v1.1", options.token)
    readings = series.everything(options.folder)
    if options.as_if_now:
        readings = as_if_now(list(readings), timedelta(days=options.days), options.live)
    publisher = Publisher(options.mqtt, options.token)
    topics, begun = {}, time.monotonic()
    for feed, begin, end, value in readings:
        wait_until(end or begin)
        if feed not in topics:
            topics[feed] = f"v1.1/Datastreams({service.datastream(feed)})/Observations"
        publisher.publish(topics[feed], {"phenomenonTime": shown(begin, end), "result": value, **service.feature(feed)})
    publisher.finish()
    seconds = time.monotonic() - begun
    print(f"{publisher.acknowledged} readings of {len(topics)} datastreams in {seconds:.0f} s")
    print("\n".join([f"{publisher.refused} were refused", *sorted(publisher.reasons)]))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--mqtt", default="127.0.0.1:1883", metavar="HOST:PORT")
    parser.add_argument("--as-if-now", action="store_true")
    parser.add_argument("--days", type=float, default=14, help="how much of the past is sent with --as-if-now")
    parser.add_argument("--live", action="store_true", help="go on until the series end")
    options = parser.parse_args()
    options.token = os.environ.get("QUARTIER_TOKEN")
    return options


def as_if_now(readings, past, is_live):
    """Whole weeks later: Mondays stay Mondays. In the order in which they would have come."""
    now = datetime.now(timezone.utc)
    newest = {}
    for feed, begin, end, _ in readings:
        newest[feed.about["definition"]] = max(newest.get(feed.about["definition"], begin), end or begin)
    later = {kind: -((last - now) // WEEK) * WEEK for kind, last in newest.items()}
    moved = []
    for feed, begin, end, value in readings:
        shift = later[feed.about["definition"]]
        at = (end or begin) + shift
        if at > now - past and (is_live or at <= now):
            moved.append((feed, begin + shift, end and end + shift, value))
    return sorted(moved, key=lambda it: it[2] or it[1])


def wait_until(moment):
    """At once for what is past."""
    ahead = moment.timestamp() - time.time()
    if ahead > 0:
        time.sleep(ahead)


def shown(begin, end):
    return f"{utc(begin)}/{utc(end)}" if end else utc(begin)


def utc(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Service:
    """The entities, made where they are not there yet."""

    def __init__(self, url, token):
        self.url, self.token = url, token
        self.known = {}

    def datastream(self, feed):
        observed = self.named("ObservedProperties", feed.about["name"], lambda: feed.about)
        sensor = self.named("Sensors", feed.kind.rsplit("_", 1)[1], lambda: instrument(feed))
        thing = self.named("Things", feed.thing, lambda: thing_of(feed))
        return self.named(
            "Datastreams",
            feed.name,
            lambda: {
                "name": feed.name,
                "description": feed.about["description"],
                "observationType": feed.kind,
                "unitOfMeasurement": feed.unit,
                "properties": {"stale_after": feed.stale_after},
                "Thing": {"@iot.id": thing},
                "Sensor": {"@iot.id": sensor},
                "ObservedProperty": {"@iot.id": observed},
            },
        )

    def feature(self, feed):
        """What is observed, where it cannot be the place of the thing."""
        if feed.place:
            return {}
        city = self.named("FeaturesOfInterest", series.CITY["name"], lambda: series.CITY)
        return {"FeatureOfInterest": {"@iot.id": city}}

    def named(self, entities, name, body):
        """The number of the entity with a name."""
        key = (entities, name)
        if key not in self.known:
            self.known[key] = self.find(entities, name) or self.make(entities, body())
        return self.known[key]

    def find(self, entities, name):
        quoted = name.replace("'", "''")
        query = urllib.parse.urlencode({"$filter": f"name eq '{quoted}'", "$select": "id"})
        with urllib.request.urlopen(self.request(f"{entities}?{query}")) as answer:
            found = json.load(answer)["value"]
        return found[0]["@iot.id"] if found else None

    def make(self, entities, body):
        with urllib.request.urlopen(self.request(entities, json.dumps(body).encode())) as answer:
            return int(answer.headers["Location"].rsplit("(", 1)[1].rstrip(")"))

    def request(self, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return urllib.request.Request(f"{self.url}/{path}", data=body, headers=headers)


def instrument(feed):
    kind = feed.kind.rsplit("_", 1)[1]
    return {"name": kind, "description": "Stadt Münster", "encodingType": "text/plain", "metadata": "open data"}


def thing_of(feed):
    thing = {"name": feed.thing, "description": feed.about["description"], "properties": feed.properties}
    if feed.place:
        point = {"type": "Point", "coordinates": feed.place}
        place = {"name": feed.thing, "description": "Standort", "encodingType": "application/geo+json"}
        thing["Locations"] = [{**place, "location": point}]
    return thing


class Publisher:
    """Publishes at quality 1, with many messages under way."""

    def __init__(self, address, token):
        self.acknowledged = self.refused = 0
        self.reasons = set()
        self.places = threading.Semaphore(IN_FLIGHT)
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self.client.max_inflight_messages_set(IN_FLIGHT)
        self.client.on_publish = self.answered
        if token:
            self.client.username_pw_set("replay", token)
        host, port = address.rsplit(":", 1)
        self.client.connect(host, int(port))
        self.client.loop_start()

    def answered(self, client, userdata, number, code, said):
        if code.is_failure:
            self.refused += 1
            self.reasons.add(f"{code}: {getattr(said, 'ReasonString', '-')}")
        else:
            self.acknowledged += 1
        self.places.release()

    def publish(self, topic, message):
        self.places.acquire()
        self.client.publish(topic, json.dumps(message), qos=1)

    def finish(self):
        for _ in range(IN_FLIGHT):
            self.places.acquire()
        self.client.disconnect()
        self.client.loop_stop()


main()
