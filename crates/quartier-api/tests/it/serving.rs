//! The server as a process runs it.

use quartier_api::{App, Settings, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::{city::City, sensed::Sensed};

#[tokio::test]
async fn a_server_stops_when_it_is_told() {
    let city = City::new().await;
    let app = App::new(city.twin.clone(), Settings::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, app, async { stopped.await.unwrap() }));

    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");

    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn live_streams_end_when_the_server_is_told_to_stop() {
    let sensed = Sensed::with_stations().await;
    let app = App::new(sensed.city.twin.clone(), Settings::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, app, async { stopped.await.unwrap() }));
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /live HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut heard = String::new();
    while !heard.contains("\"complete\":true") {
        let mut piece = [0; 4_096];
        let read = client.read(&mut piece).await.unwrap();
        heard.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    assert!(heard.contains("retry: 2000") && heard.contains("cache-control: no-store"), "{heard}");
    stop.send(()).unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "the stream is whole: {rest}");
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn metrics_name_routes_and_never_paths() {
    let city = City::new().await;
    city.get("/collections/buildings/items/building-1").await;
    city.get("/secret-path").await;
    let metrics = city.get("/metrics").await;
    let text = metrics.text();
    assert!(text.contains(r#"route="/collections/{collection}/items/{id}""#), "{text}");
    assert!(!text.contains("building-1") && !text.contains("secret-path"));
    assert!(text.contains(r#"quartier_objects{collection="buildings"} 25"#), "{text}");
    assert!(text.contains("quartier_http_request_seconds_bucket"));
    assert!(text.contains("quartier_snapshot_age_seconds"));
}

#[tokio::test]
async fn a_server_tells_its_health() {
    let city = City::new().await;
    assert_eq!(city.get("/health").await.json()["status"], "ok");
    assert_eq!(city.get("/ready").await.json()["objects"], 56);
}
