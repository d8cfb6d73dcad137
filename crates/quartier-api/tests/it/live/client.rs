use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::Request,
};
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::{city::TOKEN, sensed::Sensed};

/// Long enough for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// What reads events, as a browser does.
pub(crate) struct Client {
    body: BodyDataStream,
    text: String,
    /// The id of the last event that was read to its end.
    pub(super) last: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) data: Value,
}

impl Client {
    pub(crate) async fn open(sensed: &Sensed, query: &str) -> Self {
        Self::asking(sensed, query, &[]).await
    }

    pub(super) async fn of_holder(sensed: &Sensed, query: &str) -> Self {
        let authorization = format!("Bearer {TOKEN}");
        Self::asking(sensed, query, &[("authorization", &authorization)]).await
    }

    pub(super) async fn resume(sensed: &Sensed, query: &str, last: &str) -> Self {
        let mut client = Self::asking(sensed, query, &[("last-event-id", last)]).await;
        client.last = Some(last.to_owned());
        client
    }

    async fn asking(sensed: &Sensed, query: &str, headers: &[(&str, &str)]) -> Self {
        let mut request = Request::get(format!("/live?{query}")).header("accept-encoding", "gzip");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = sensed.city.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"));
        let body = response.into_body().into_data_stream();
        Self { body, text: String::new(), last: None }
    }

    /// The next event that has data; `None` at the end of the stream.
    pub(super) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.read() {
                return Some(event);
            }
            let piece = timeout(PATIENCE, self.body.next()).await.unwrap()?.unwrap();
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    /// Reads on to the end of a piece, and loses all but its first part.
    pub(super) async fn break_off(mut self, part: f64) -> (Vec<Event>, Option<String>) {
        let piece = timeout(PATIENCE, self.body.next()).await.unwrap().unwrap().unwrap();
        self.text.push_str(std::str::from_utf8(&piece).unwrap());
        let mut cut = (self.text.len() as f64 * part) as usize;
        while !self.text.is_char_boundary(cut) {
            cut -= 1;
        }
        self.text.truncate(cut);
        let events = std::iter::from_fn(|| self.read()).collect();
        (events, self.last)
    }

    /// The next event of what has come.
    fn read(&mut self) -> Option<Event> {
        loop {
            let (block, rest) = self.text.split_once("\n\n")?;
            let (block, rest) = (block.to_owned(), rest.to_owned());
            self.text = rest;
            let event = self.dispatch(&block);
            if event.is_some() {
                return event;
            }
        }
    }

    fn dispatch(&mut self, block: &str) -> Option<Event> {
        let field =
            |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        self.last = field("id").map(str::to_owned).or(self.last.take());
        let data = serde_json::from_str(field("data")?).unwrap();
        Some(Event { name: field("event").unwrap().to_owned(), data })
    }

    /// The rows of the snapshot, which must come next.
    pub(crate) async fn snapshot(&mut self) -> Vec<Value> {
        let mut rows = Vec::new();
        loop {
            let event = self.next().await.unwrap();
            assert_eq!(event.name, "snapshot", "{event:?}");
            rows.extend(event.data["readings"].as_array().unwrap().iter().cloned());
            if event.data["complete"] == true {
                return rows;
            }
        }
    }

    /// The next event's data, which must be of this kind.
    pub(super) async fn expect(&mut self, name: &str) -> Vec<Value> {
        let event = self.next().await.unwrap();
        assert_eq!(event.name, name, "{event:?}");
        event.data.as_array().cloned().unwrap_or_default()
    }

    /// The next readings: datastreams and values.
    pub(crate) async fn readings(&mut self) -> Vec<(u64, f64)> {
        self.expect("readings").await.iter().map(said).collect()
    }
}

pub(super) fn said(row: &Value) -> (u64, f64) {
    (row["datastream"].as_u64().unwrap(), row["value"].as_f64().unwrap())
}
