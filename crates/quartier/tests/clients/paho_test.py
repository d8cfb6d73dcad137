"""Eclipse Paho clients: MQTT 3.1.1 and 5, over TCP and in a WebSocket."""

import json
import unittest

import paho.mqtt.client as paho

import sensors
from device import PATIENCE_S, Device
from sensors import Station, ask, make

QUALITIES = (0, 1, 2)


class Clients:
    """What every version over every transport can do."""

    version = None
    transport = None

    def setUp(self):
        self.station = Station(self.id().rsplit(".", 1)[1])

    def device(self, **more):
        return Device(self.version, self.transport, **more)

    def test_a_subscriber_hears_each_reading_once(self):
        for qos in QUALITIES:
            station = Station("heard")
            with self.device() as listener, self.device() as device:
                self.assertFalse(listener.subscribe(station.topic, qos).is_failure)
                for result in range(20):
                    device.publish(station.topic, {"result": result})
                heard = [listener.message() for _ in range(20)]
                self.assertEqual({message.qos for message in heard}, {qos})
                self.assertEqual({message.topic for message in heard}, {station.topic})
            self.assertEqual(station.results(), list(range(20)))

    def test_readings_that_came_over_http_are_heard_too(self):
        with self.device() as listener:
            listener.subscribe(self.station.topic)
            number = make(f"Datastreams({self.station.datastream})/Observations", {"result": 4.25})
            said = listener.said()
            self.assertEqual((said["@iot.id"], said["result"]), (number, 4.25))
            # Who listens may not know the service's address, unless it has a public one: links are without it.
            _, read = ask(f"Observations({number})")
            self.assertEqual(said, json.loads(json.dumps(read).replace(sensors.URL, "")))

    def test_the_latest_reading_is_there_at_once(self):
        for result in (1, 2, 3):
            make(f"Datastreams({self.station.datastream})/Observations", {"result": result})
        with self.device() as listener:
            listener.subscribe(self.station.topic)
            message = listener.message()
            self.assertTrue(message.retain)
            self.assertIn(b'"result":3', message.payload)

    def test_a_navigation_path_tells_where_a_thing_has_moved(self):
        with self.device() as listener:
            listener.subscribe(f"v1.1/Datastreams({self.station.datastream})/Thing/Locations?$select=name")
            make(f"Things({self.station.thing})/Locations", sensors.place("Harbour", 7.64, 51.95))
            heard = listener.said()
            if heard["name"] != "Harbour":
                heard = listener.said()
            self.assertEqual(heard, {"name": "Harbour"})

    def test_a_property_is_told_at_once_and_when_it_changes(self):
        with self.device() as listener:
            listener.subscribe(f"v1.1/Things({self.station.thing})/description")
            self.assertEqual(listener.said(), {"description": "-"})
            ask(f"Things({self.station.thing})", "PATCH", {"description": "moved"})
            self.assertEqual(listener.said(), {"description": "moved"})

    def test_a_selection_is_all_that_is_told(self):
        with self.device() as listener, self.device() as device:
            listener.subscribe(f"{self.station.topic}?$select=result,phenomenonTime")
            device.publish(self.station.topic, {"phenomenonTime": "2026-05-01T12:00:00Z", "result": 7})
            said = listener.said()
            self.assertEqual(said, {"phenomenonTime": said["phenomenonTime"], "result": 7})

    def test_readings_are_taken_at_three_topics_and_every_quality(self):
        other = Station("feature")
        feature = sensors.feature(7.6, 51.9)
        datastream = {"Datastream": {"@iot.id": self.station.datastream}}
        topics = [
            ("v1.1/Observations", datastream),
            (self.station.topic, {}),
            (f"v1.1/FeaturesOfInterest({feature})/Observations", datastream),
        ]
        with self.device() as device, self.device() as listener:
            listener.subscribe(self.station.topic)
            expected = []
            for topic, more in topics:
                for qos in QUALITIES:
                    expected.append(len(expected))
                    device.publish(topic, {"result": expected[-1], **more}, qos)
                    self.assertEqual(listener.said()["result"], expected[-1])
        self.assertEqual(self.station.results(), expected)
        self.assertEqual(self.station.results(f"FeatureOfInterest/id eq {feature}"), [6, 7, 8])
        self.assertEqual(other.results(), [])

    def test_what_is_acknowledged_can_be_read_over_http(self):
        with self.device() as device:
            for result in range(50):
                device.publish(self.station.topic, {"result": result}, 1 + result % 2)
                self.assertEqual(self.station.results(f"result eq {result}"), [result])

    def test_a_message_that_comes_again_is_one_reading(self):
        reading = {"phenomenonTime": "2026-05-01T12:00:00Z", "resultTime": "2026-05-01T12:00:01Z", "result": 1}
        for qos in QUALITIES:
            with self.device() as device:
                device.publish(self.station.topic, reading, qos)
                device.publish(self.station.topic, reading)
        self.assertEqual(self.station.results(), [1])

    def test_what_cannot_be_taken_changes_nothing(self):
        refused = [
            (self.station.topic, "{", 0x99),
            (self.station.topic, "", 0x99),
            (self.station.topic, "\0", 0x99),
            (self.station.topic, "[1, 2]", 0x99),
            (self.station.topic, {"phenomenonTime": "2026-05-01T12:00:00", "result": 1}, 0x99),
            (self.station.topic, {"phenomenonTime": "soon", "result": 1}, 0x99),
            (self.station.topic, {"result": 1, "resultTime": 5}, 0x99),
            (self.station.topic, '{"result": NaN}', 0x99),
            (self.station.topic, "[" * 10_000, 0x99),
            ("v1.1/Observations", {"result": 1}, 0x99),
            ("v1.1/Observations", {"result": 1, "Datastream": {"@iot.id": 999_999}}, 0x99),
            ("v1.1/Datastreams(999999)/Observations", {"result": 1}, 0x90),
            ("v1.1/Things", {"name": "A", "description": "-"}, 0x90),
            (f"v1.1/Datastreams({self.station.datastream})", {"name": "B"}, 0x90),
            ("elsewhere", "1", 0x90),
        ]
        with self.device() as device:
            for topic, message, wanted in refused:
                for qos in (1, 2):
                    code, reason = device.publish(topic, message, qos)
                    if self.version == paho.MQTTv5:
                        self.assertTrue(code.is_failure, f"{topic} {message}")
                    # At quality 2 this client goes on after the refusal, and reports the answer to that.
                    if self.version == paho.MQTTv5 and qos == 1:
                        self.assertEqual(code.value, wanted, f"{topic} {message}: {code} {reason}")
                        self.assertTrue(reason, f"{topic} {message}")
            device.publish(self.station.topic, {"result": 5})
        self.assertEqual(self.station.results(), [5])

    def test_topics_that_are_none_are_refused(self):
        with self.device() as listener:
            for topic in ("#", "v1.1/+/Observations", "v1.1/Nothings", "v1.1/Things(1", "v1.1/Things?$filter=id eq 1"):
                self.assertTrue(listener.subscribe(topic).is_failure, topic)
            self.assertFalse(listener.subscribe(self.station.topic).is_failure)

    def test_a_wrong_token_is_refused(self):
        device = self.device(password="guess")
        _, code = device.connect()
        self.assertTrue(code.is_failure)
        device.leave()

    def test_without_the_token_one_may_listen_and_not_speak(self):
        make(f"Datastreams({self.station.datastream})/Observations", {"result": 1})
        with self.device(password=None) as stranger:
            stranger.subscribe(self.station.topic)
            self.assertEqual(stranger.said()["result"], 1)
            if self.version == paho.MQTTv5:
                code, _ = stranger.publish(self.station.topic, {"result": 2})
                self.assertEqual(code.value, 0x87)
            else:
                stranger.client.publish(self.station.topic, '{"result": 2}', 1)
                stranger.closed.get(timeout=PATIENCE_S)
        self.assertEqual(self.station.results(), [1])

    def test_a_client_that_was_away_hears_what_it_has_missed(self):
        listener = self.device(name=f"away-{self.station.thing}", keeps_session=True)
        listener.connect()
        listener.subscribe(self.station.topic)
        listener.leave()
        with self.device() as device:
            for result in range(10):
                device.publish(self.station.topic, {"result": result})
        is_present, _ = listener.connect()
        self.assertTrue(is_present)
        self.assertEqual([listener.said()["result"] for _ in range(10)], list(range(10)))
        listener.leave()


class Mqtt311OverTcp(Clients, unittest.TestCase):
    version, transport = paho.MQTTv311, "tcp"


class Mqtt311InWebSocket(Clients, unittest.TestCase):
    version, transport = paho.MQTTv311, "websockets"


class Mqtt5OverTcp(Clients, unittest.TestCase):
    version, transport = paho.MQTTv5, "tcp"


class Mqtt5InWebSocket(Clients, unittest.TestCase):
    version, transport = paho.MQTTv5, "websockets"


if __name__ == "__main__":
    unittest.main()
