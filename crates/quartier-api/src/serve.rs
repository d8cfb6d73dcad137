use std::{future::Future, io, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use crate::{
    App,
    limits::{CONNECTIONS_MAX, HEADER_TIME, SHUTDOWN_TIME},
    router,
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
    let (router, connections) = (router(app), GracefulShutdown::new());
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let accepted = async { (place.await, listener.accept().await) };
        tokio::select! {
            () = &mut stop => break,
            (place, accepted) = accepted => match accepted {
                Ok((stream, _)) => {
                    let answered = connection(stream, router.clone(), &connections);
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
    if timeout(SHUTDOWN_TIME, connections.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests under way");
    }
    Ok(())
}

fn connection(
    stream: TcpStream,
    router: Router,
    connections: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    // Answers are written in large pieces: waiting for more would only delay the last one.
    let _is_a_hint = stream.set_nodelay(true);
    let answered = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let answered = connections.watch(answered);
    async move {
        if let Err(error) = answered.await {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}
