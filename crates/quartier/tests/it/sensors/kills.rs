//! The server is killed while readings come in by every way, again and again.

use std::{ops::Range, thread};

use serde_json::json;

use super::{
    publisher::{Ledger, Publisher, moment, reading},
    station::{datastream, mqtt_address, numbers, post, serve},
};
use crate::{database::Database, program::Server};

/// Unless `QUARTIER_TEST_KILLS` asks for more.
const ROUNDS: u64 = 5;

/// More than a round has time for.
const READINGS_PER_ROUND: u64 = 1_000_000;

const ROWS: u64 = 50;

/// Who posts at once.
const POSTERS: u64 = 4;

/// Datastreams, each with one who writes to it and keeps a ledger.
struct Town {
    by_mqtt: u64,
    by_post: u64,
    by_array: u64,
    mqtt: Ledger,
    posts: Ledger,
    arrays: Ledger,
}

#[test]
fn a_kill_takes_no_acknowledged_reading_from_a_geopackage() {
    let folder = tempfile::tempdir().unwrap();
    survives_kills(folder.path(), "geopackage:city.gpkg");
}

#[test]
fn a_kill_takes_no_acknowledged_reading_from_postgis() {
    let Some(database) = Database::create("kills") else { return };
    let folder = tempfile::tempdir().unwrap();
    survives_kills(folder.path(), &database.url());
}

fn survives_kills(folder: &std::path::Path, store: &str) {
    let asked = std::env::var("QUARTIER_TEST_KILLS").ok();
    let rounds = asked.map_or(ROUNDS, |it| it.parse().expect("QUARTIER_TEST_KILLS is a number"));
    let mut town = Town::found(&serve(folder, store, &[]));
    for round in 0..rounds {
        let server = serve(folder, store, &[]);
        town.agrees_with(&server);
        town.write_until_killed(server, round);
    }
    let server = serve(folder, store, &[]);
    town.agrees_with(&server);
    town.finish(&server);
    town.agrees_with(&server);
    assert_eq!(numbers(&server, town.by_mqtt), town.mqtt.sent, "all came in the end, once");
    assert_eq!(numbers(&server, town.by_array), town.arrays.sent, "all came in the end, once");
    println!(
        "{rounds} kills; acknowledged: {} over MQTT, {} posted, {} in arrays",
        town.mqtt.acknowledged.len(),
        town.posts.acknowledged.len(),
        town.arrays.acknowledged.len()
    );
}

impl Town {
    fn found(server: &Server) -> Self {
        let [by_mqtt, by_post, by_array] =
            ["MQTT", "posts", "arrays"].map(|name| datastream(server, name, "level"));
        let (mqtt, posts, arrays) = (Ledger::default(), Ledger::default(), Ledger::default());
        Self { by_mqtt, by_post, by_array, mqtt, posts, arrays }
    }

    fn agrees_with(&self, server: &Server) {
        self.mqtt.agrees_with(&numbers(server, self.by_mqtt), "over MQTT");
        self.posts.agrees_with(&numbers(server, self.by_post), "posted");
        self.arrays.agrees_with(&numbers(server, self.by_array), "in arrays");
    }

    /// Another number of acknowledgements each time: the kill comes in the middle of something else.
    fn write_until_killed(&mut self, server: Server, round: u64) {
        let new = round * READINGS_PER_ROUND..(round + 1) * READINGS_PER_ROUND;
        let publisher = Publisher::new(mqtt_address(&server), "device", self.by_mqtt);
        let kill_after = 50 + (round * 7_919) % 1_500;
        let url = &server.url.clone();
        let Self { by_post, by_array, mqtt, posts, arrays, .. } = self;
        let (by_post, posters) = (*by_post, (0..POSTERS));
        thread::scope(|scope| {
            let posters: Vec<_> = posters
                .map(|it| new.clone().skip(it as usize).step_by(POSTERS as usize))
                .map(|numbers| scope.spawn(move || post_until_gone(url, by_post, numbers)))
                .collect();
            scope.spawn(|| post_arrays_until_gone(url, *by_array, arrays, new.clone()));
            publish_and_kill(publisher, mqtt, new.clone(), server, kill_after as usize);
            for posted in posters {
                posts.add(posted.join().unwrap());
            }
        });
    }

    /// What was never answered is sent once more.
    fn finish(&mut self, server: &Server) {
        let mut publisher = Publisher::new(mqtt_address(server), "device", self.by_mqtt);
        let mut again = self.mqtt.unanswered().into_iter();
        while again.len() > 0 || publisher.pending() > 0 {
            while publisher.has_room()
                && let Some(number) = again.next()
            {
                publisher.publish(number, &mut self.mqtt);
            }
            assert!(publisher.step(&mut self.mqtt));
        }
        for rows in self.arrays.unanswered().chunks(ROWS as usize) {
            assert!(post_array(&server.url, self.by_array, rows, &mut self.arrays));
        }
    }
}

/// First what the round before has left without an answer, then new readings; acknowledgements that have come are read
/// after the kill too.
fn publish_and_kill(
    mut publisher: Publisher,
    ledger: &mut Ledger,
    new: Range<u64>,
    server: Server,
    kill_after: usize,
) {
    let mut readings = ledger.unanswered().into_iter().chain(new);
    let enough = ledger.acknowledged.len() + kill_after;
    let mut server = Some(server);
    loop {
        while server.is_some() && publisher.has_room() {
            publisher.publish(readings.next().unwrap(), ledger);
        }
        if !publisher.step(ledger) {
            break;
        }
        if ledger.acknowledged.len() >= enough
            && let Some(server) = server.take()
        {
            server.kill();
        }
    }
    assert!(server.is_none(), "the server ended the connection by itself");
}

/// Two equal posts are two readings, so that nothing is sent again.
fn post_until_gone(server: &str, datastream: u64, new: impl Iterator<Item = u64>) -> Ledger {
    let mut ledger = Ledger::default();
    for number in new {
        ledger.sent.insert(number);
        let path = format!("Datastreams({datastream})/Observations");
        let Ok(answer) = post(server, &path, &reading(number)) else { break };
        assert_eq!(answer.status(), 201);
        ledger.acknowledged.insert(number);
    }
    ledger
}

fn post_arrays_until_gone(server: &str, datastream: u64, ledger: &mut Ledger, new: Range<u64>) {
    let mut readings = ledger.unanswered().into_iter().chain(new);
    loop {
        let rows: Vec<u64> = readings.by_ref().take(ROWS as usize).collect();
        if !post_array(server, datastream, &rows, ledger) {
            return;
        }
    }
}

/// Whether the server was there.
fn post_array(server: &str, datastream: u64, rows: &[u64], ledger: &mut Ledger) -> bool {
    ledger.sent.extend(rows);
    let data: Vec<_> = rows.iter().map(|number| json!([moment(*number), number])).collect();
    let array = json!([{
        "Datastream": { "@iot.id": datastream },
        "components": ["phenomenonTime", "result"],
        "dataArray": data
    }]);
    let Ok(mut answer) = post(server, "CreateObservations", &array) else { return false };
    assert_eq!(answer.status(), 201);
    let Ok(links) = answer.body_mut().read_json::<Vec<String>>() else { return false };
    for (number, link) in rows.iter().zip(links) {
        assert!(link.contains("Observations("), "{number}: {link}");
        ledger.acknowledged.insert(*number);
    }
    true
}
