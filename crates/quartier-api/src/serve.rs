use std::{future::Future, io, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;

use crate::{
    App,
    client::Peer,
    limits::{CONNECTIONS_MAX, HEADER_TIME, READING_TIME, SHUTDOWN_TIME},
    router,
    sensorthings::mqtt,
};

/// How long to wait when the system gives no more connections: it has run out of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(500);

/// Serves until `stop` ends; then takes no new requests, and gives those under way some seconds.
///
/// Not `axum::serve`, which waits for ever for the headers of a client that does not send them.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let upkeep = tokio::spawn(app.recorder.clone().keep_up());
    let (mqtt, sensors) = (app.mqtt.clone(), Arc::clone(app.twin.sensors()));
    let telling = tokio::spawn(async move { mqtt::tell(mqtt, sensors.ring()).await });
    let mqtt = app.mqtt.clone();
    let stopping = app.stopping.clone();
    let router = router(app);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let accepted = async { (place.await, listener.accept().await) };
        tokio::select! {
            () = &mut stop => break,
            (place, accepted) = accepted => match accepted {
                Ok((stream, peer)) => {
                    // Answers are written in large pieces: waiting for more would only delay the last one.
                    let _is_a_hint = stream.set_nodelay(true);
                    let answered = connection(
                        (stream, peer.ip()),
                        router.clone(),
                        READING_TIME,
                        stopping.clone(),
                    );
                    tokio::spawn(async move {
                        answered.await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be taken");
                    sleep(ACCEPT_RETRY).await;
                }
            },
        }
    }
    tracing::info!("stopping");
    upkeep.abort();
    telling.abort();
    stopping.cancel();
    mqtt.shut_down().await;
    if timeout(SHUTDOWN_TIME, places.acquire_many(CONNECTIONS_MAX as u32)).await.is_err() {
        tracing::warn!("stopped with requests under way");
    }
    Ok(())
}

fn connection<S>(
    (stream, peer): (S, IpAddr),
    router: Router,
    patience: Duration,
    stopping: CancellationToken,
) -> impl Future<Output = ()> + Send + use<S>
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let with_peer = move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request
    };
    let service = ServiceBuilder::new().map_request(with_peer).service(router);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    let answered = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(service))
        .with_upgrades();
    async move {
        let mut answered = pin!(answered);
        let ended = tokio::select! {
            ended = answered.as_mut() => ended,
            () = stopping.cancelled() => {
                answered.as_mut().graceful_shutdown();
                answered.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, routing::get};
    use futures_util::stream;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn a_client_that_never_reads_is_let_go() {
        let endless = || async {
            Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 4_096])))
        };
        let router = Router::new().route("/", get(endless));
        let (mut client, server) = tokio::io::duplex(64 * 1024);
        client.write_all(b"GET / HTTP/1.1\r\nhost: city\r\n\r\n").await.unwrap();
        let patience = Duration::from_millis(20);
        connection(
            (server, IpAddr::from([127, 0, 0, 1])),
            router,
            patience,
            CancellationToken::new(),
        )
        .await;
        let mut taken = Vec::new();
        client.read_to_end(&mut taken).await.unwrap();
        assert!(taken.starts_with(b"HTTP/1.1 200") && taken.len() == 64 * 1024);
    }
}
