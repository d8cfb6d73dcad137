use std::{collections::BTreeSet, net::SocketAddr, path::Path};

use serde_json::{Value, json};
use ureq::http::Response;

use crate::program::{Server, command};

pub(super) const TOKEN: &str = "secret";

const SERVICE: &str = "/sensorthings/v1.1";

/// A server for sensors, that outlives neither its folder nor the test.
pub(super) fn serve(folder: &Path, store: &str, more: &[&str]) -> Server {
    let ports = ["--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"];
    let mut command =
        command(folder, &[&["serve", "--store", store][..], &ports[..], more].concat());
    command.env("QUARTIER_TOKEN", TOKEN);
    Server::start(command)
}

/// Where the service says that MQTT is.
pub(super) fn mqtt_address(server: &Server) -> SocketAddr {
    let root = server.json(SERVICE);
    let settings = root["serverSettings"].as_object().unwrap();
    let endpoints = settings.values().find_map(|it| it["endpoints"][0].as_str());
    endpoints.and_then(|it| it.strip_prefix("mqtt://")).unwrap().parse().unwrap()
}

/// What the program tells of one source of readings.
pub(super) fn feed(server: &Server, name: &str) -> Value {
    let mut feeds = server.json("/twin/v1/feeds");
    let feeds = feeds["feeds"].as_array_mut().unwrap();
    feeds.iter_mut().find(|it| it["name"] == name).unwrap().take()
}

/// The answer, whatever its status; none where the server has gone.
pub(super) fn post(
    server: &str,
    path: &str,
    body: &Value,
) -> Result<Response<ureq::Body>, ureq::Error> {
    let agent =
        ureq::Agent::from(ureq::config::Config::builder().http_status_as_error(false).build());
    agent
        .post(format!("{server}{SERVICE}/{path}"))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
        .send(body.to_string())
}

/// The id of what is made.
pub(super) fn make(server: &Server, path: &str, body: &Value) -> u64 {
    let mut answer = post(&server.url, path, body).unwrap();
    let said = answer.body_mut().read_to_string().unwrap();
    assert_eq!(answer.status(), 201, "{path}: {said}");
    let place = answer.headers()["location"].to_str().unwrap();
    place.trim_end_matches(')').rsplit('(').next().unwrap().parse().unwrap()
}

/// The datastream of a new thing with these names.
pub(super) fn datastream(server: &Server, thing: &str, property: &str) -> u64 {
    let place = json!({
        "name": thing,
        "description": "-",
        "encodingType": "application/geo+json",
        "location": { "type": "Point", "coordinates": [7.63, 51.95] }
    });
    let new = json!({ "name": thing, "description": "-", "Locations": [place] });
    let thing_id = make(server, "Things", &new);
    let new = json!({
        "name": format!("{property} of {thing}"),
        "description": "-",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": { "name": "metre", "symbol": "m", "definition": "ucum:m" },
        "Sensor": { "name": "S", "description": "-", "encodingType": "text/plain", "metadata": "-" },
        "ObservedProperty":
            { "name": property, "description": "-", "definition": "https://example.org/level" }
    });
    make(server, &format!("Things({thing_id})/Datastreams"), &new)
}

/// All results of a datastream as the service tells them page by page; none may stand twice, and they are as many as
/// the service has counted.
pub(super) fn numbers(server: &Server, datastream: u64) -> BTreeSet<u64> {
    let first = format!(
        "{SERVICE}/Datastreams({datastream})/Observations?$select=result&$top=5000&$count=true"
    );
    let (mut next, mut read, mut count) = (Some(first), Vec::new(), None);
    while let Some(path) = next {
        let page = server.json(&path);
        count = count.or(page["@iot.count"].as_u64());
        read.extend(
            page["value"].as_array().unwrap().iter().map(|it| it["result"].as_u64().unwrap()),
        );
        next = page["@iot.nextLink"].as_str().map(|it| it.replacen(&server.url, "", 1));
    }
    let set: BTreeSet<u64> = read.iter().copied().collect();
    assert_eq!(read.len(), set.len(), "a reading stands twice in datastream {datastream}");
    assert_eq!(count, Some(read.len() as u64), "the count of datastream {datastream}");
    set
}
