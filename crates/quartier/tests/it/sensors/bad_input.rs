//! What strangers send, to the program as it is deployed.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use super::{
    publisher::{Ledger, Publisher},
    station::{TOKEN, datastream, mqtt_address, numbers, serve},
};

const HUNDRED_MB: usize = 100 * 1024 * 1024;

/// A whole conversation of MQTT 3.1.1: CONNECT, SUBSCRIBE, PUBLISH at quality 2, PUBREL, PINGREQ.
const CONVERSATION: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01c\
    \x82\x16\0\x01\0\x11v1.1/Observations\x01\
    \x34\x1d\0\x11v1.1/Observations\0\x02{\"a\": 1}\
    \x62\x02\0\x02\xc0\0";

#[test]
fn packets_that_are_cut_short_anywhere_harm_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), "geopackage:city.gpkg", &[]);
    let level = datastream(&server, "Lock", "level");
    let address = mqtt_address(&server);
    let mut device = Publisher::new(address, "device", level);
    let mut ledger = Ledger::default();
    for end in 0..=CONVERSATION.len() {
        let mut stranger = TcpStream::connect(address).unwrap();
        // It may have been closed for what came before.
        let _ = stranger.write_all(&CONVERSATION[..end]);
        drop(stranger);
        device.publish(end as u64, &mut ledger);
        while device.pending() > 0 {
            assert!(device.step(&mut ledger));
        }
    }
    assert_eq!(numbers(&server, level), ledger.sent);
    let (status, log) = server.stop();
    assert!(status.success() && !log.contains("panicked"), "{log}");
}

#[test]
fn a_body_of_a_hundred_megabytes_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), "geopackage:city.gpkg", &[]);
    let address: SocketAddr = server.url.trim_start_matches("http://").parse().unwrap();
    for length in [format!("content-length: {HUNDRED_MB}"), "transfer-encoding: chunked".to_owned()]
    {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST /sensorthings/v1.1/CreateObservations HTTP/1.1\r\nhost: {address}\r\n\
             authorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n{length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let sent = flood(&mut stream, length.starts_with("transfer"));
        assert!(sent < HUNDRED_MB, "{length}: all of it was read");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{length}: {answer}");
    }
    datastream(&server, "Lock", "level");
}

/// Sends until nobody listens any more; how much.
fn flood(stream: &mut TcpStream, is_chunked: bool) -> usize {
    let mut piece = vec![b' '; 1024 * 1024];
    if is_chunked {
        piece = [b"100000\r\n", &piece[..], b"\r\n"].concat();
    }
    let pieces = (0..HUNDRED_MB).step_by(1024 * 1024);
    pieces.take_while(|_| stream.write_all(&piece).is_ok()).count() * 1024 * 1024
}
