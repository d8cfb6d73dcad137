import json
import queue

import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.packettypes import PacketTypes

import sensors

# For a machine that is busy with other tests.
PATIENCE_S = 60


class Device:
    """An Eclipse Paho client that waits for each answer."""

    def __init__(self, version, transport, password=sensors.TOKEN, name="", keeps_session=False):
        self.version, self.keeps_session = version, keeps_session
        session = {} if version == paho.MQTTv5 else {"clean_session": not keeps_session}
        self.client = paho.Client(
            paho.CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=version,
            transport=transport,
            reconnect_on_failure=False,
            **session,
        )
        self.answer, self.messages, self.subscribed = queue.Queue(), queue.Queue(), queue.Queue()
        self.published, self.closed = queue.Queue(), queue.Queue()
        self.client.on_connect = lambda _, __, flags, code, ___: self.answer.put((flags, code))
        self.client.on_message = lambda _, __, message: self.messages.put(message)
        self.client.on_subscribe = lambda _, __, ___, codes, ____: self.subscribed.put(codes[0])
        self.client.on_publish = lambda _, __, mid, code, said: self.published.put((mid, code, said))
        self.client.on_disconnect = lambda _, __, ___, code, ____: self.closed.put(code)
        if password is not None:
            self.client.username_pw_set("device", password)
        self.client.ws_set_options(path="/mqtt")
        self.port = int(sensors.PORT if transport == "tcp" else sensors.URL.rsplit(":", 1)[1])

    def __enter__(self):
        self.connect()
        return self

    def __exit__(self, *_):
        self.leave()

    def connect(self):
        """Whether the session was there, and the answer's code."""
        more = {}
        if self.version == paho.MQTTv5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 3600 if self.keeps_session else 0
            more = {"clean_start": not self.keeps_session, "properties": properties}
        self.client.connect(sensors.HOST, self.port, **more)
        self.client.loop_start()
        flags, code = self.answer.get(timeout=PATIENCE_S)
        return flags.session_present, code

    def leave(self):
        self.client.disconnect()
        self.client.loop_stop()

    def subscribe(self, topic, qos=1):
        self.client.subscribe(topic, qos)
        return self.subscribed.get(timeout=PATIENCE_S)

    def publish(self, topic, message, qos=1):
        """The answer's code and reason, where the version has them."""
        payload = message if isinstance(message, str) else json.dumps(message)
        sent = self.client.publish(topic, payload, qos)
        mid, code, said = self.published.get(timeout=PATIENCE_S)
        assert mid == sent.mid, f"{mid} is answered, {sent.mid} was sent"
        return code, getattr(said, "ReasonString", None)

    def message(self):
        return self.messages.get(timeout=PATIENCE_S)

    def said(self):
        return json.loads(self.message().payload)
