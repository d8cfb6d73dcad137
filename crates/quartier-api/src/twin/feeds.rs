use axum::{extract::State, response::Response};
use quartier_ingest::broker::FeedHealth;
use quartier_twin::sensors::{Source, Tally};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    App,
    ask::{Ask, json},
    auth::SensorReader,
    error::Result,
    format::Format,
    operations::DROPPED,
};

/// Where readings come from, and how each source is.
pub(crate) async fn feeds(
    State(app): State<App>,
    ask: Ask,
    _reader: SensorReader,
) -> Result<Response> {
    let format = ask.settle(&[Format::Json])?;
    Ok(json(format, &json!({ "feeds": all(&app) })))
}

fn all(app: &App) -> Vec<Value> {
    let mut sources = app.twin.sensors().counts().sources;
    let mut tally = |source: &Source| sources.remove(source).unwrap_or_default();
    let mut feeds = vec![
        feed("http", "http", &tally(&Source::Http)),
        feed("mqtt", "mqtt", &tally(&Source::Mqtt)),
    ];
    feeds[1]["connections"] = app.mqtt.counts().connections.into();
    for health in app.feeds.iter().map(quartier_ingest::broker::Feed::health) {
        let tally = tally(&Source::Broker(health.name.as_str().into()));
        feeds.push(broker(&health, &tally));
    }
    if let Some(import) = sources.get(&Source::Import) {
        feeds.push(feed("import", "import", import));
    }
    feeds
}

fn broker(health: &FeedHealth, tally: &Tally) -> Value {
    let mut feed = feed(&health.name, "broker", tally);
    feed["connected"] = health.connected_since.is_some().into();
    feed["since"] = time(health.connected_since);
    feed["last"] = time(health.last_message.max(tally.last));
    feed["messages"] = json!({
        "accepted": health.accepted,
        "ignored": health.ignored,
        "rejected": health.rejected,
    });
    feed["error"] = json!(health.last_error);
    feed["error_at"] = time(health.last_error_at);
    feed
}

/// `connected` is for what keeps one connection.
fn feed(name: &str, kind: &str, tally: &Tally) -> Value {
    json!({
        "name": name,
        "kind": kind,
        "connected": null,
        "since": null,
        "last": time(tally.last),
        "accepted": tally.accepted,
        "duplicate": tally.duplicate,
        "late": tally.late,
        "rejected": tally.rejected,
        "turned_away": tally.turned_away,
        "dropped": DROPPED,
        "error": null,
    })
}

fn time(at: Option<OffsetDateTime>) -> Value {
    at.and_then(|at| at.format(&Rfc3339).ok()).into()
}
