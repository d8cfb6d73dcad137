use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use quartier_twin::sensors::{Source, Tally};

use crate::{App, limits::STREAMS_MAX};

/// Readings that were acknowledged and are not there: whoever sends one is answered when it is in the store.
pub(crate) const DROPPED: u64 = 0;

pub(super) fn describe() {
    describe_counter!("quartier_readings_total", "Readings, by source and what became of them");
    describe_gauge!("quartier_readings_waiting", Unit::Count, "Readings that wait for the store");
    describe_counter!("quartier_readings_commits_total", "Transactions that wrote readings");
    describe_gauge!("quartier_live_streams", Unit::Count, "Open live streams");
    describe_counter!("quartier_live_events_total", "Events that were sent to live streams");
    describe_counter!("quartier_live_resets_total", "Live streams that had to begin anew");
    describe_gauge!("quartier_mqtt_connections", Unit::Count, "Open MQTT connections");
    describe_counter!("quartier_mqtt_messages_total", "MQTT messages, by what became of them");
    describe_gauge!("quartier_feed_connected", "Whether an outside broker is connected");
}

pub(super) fn measure(app: &App) {
    let counts = app.twin.sensors().counts();
    for (source, tally) in &counts.sources {
        tell(&name(source), tally);
    }
    gauge!("quartier_readings_waiting").set(counts.waiting as f64);
    counter!("quartier_readings_commits_total").absolute(counts.commits);
    let open = STREAMS_MAX - app.open_streams.available_permits();
    gauge!("quartier_live_streams").set(open as f64);
    let mqtt = app.mqtt.counts();
    gauge!("quartier_mqtt_connections").set(mqtt.connections as f64);
    let messages = [
        ("received", mqtt.received),
        ("refused", mqtt.refused),
        ("delivered", mqtt.delivered),
        ("dropped", mqtt.dropped),
    ];
    for (outcome, number) in messages {
        counter!("quartier_mqtt_messages_total", "outcome" => outcome).absolute(number);
    }
    for feed in app.feeds.iter().map(quartier_ingest::broker::Feed::health) {
        let connected = f64::from(u8::from(feed.connected_since.is_some()));
        gauge!("quartier_feed_connected", "feed" => feed.name).set(connected);
    }
}

fn name(source: &Source) -> String {
    match source {
        Source::Http => "http".to_owned(),
        Source::Mqtt => "mqtt".to_owned(),
        Source::Import => "import".to_owned(),
        Source::Broker(name) => format!("broker:{name}"),
    }
}

fn tell(source: &str, tally: &Tally) {
    let outcomes = [
        ("accepted", tally.accepted),
        ("duplicate", tally.duplicate),
        ("late", tally.late),
        ("rejected", tally.rejected),
        ("turned_away", tally.turned_away),
        ("dropped", DROPPED),
    ];
    for (outcome, number) in outcomes {
        let labels = [("source", source.to_owned()), ("outcome", outcome.to_owned())];
        counter!("quartier_readings_total", &labels).absolute(number);
    }
}
