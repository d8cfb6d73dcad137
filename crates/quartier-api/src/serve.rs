use std::{
    future::{Future, IntoFuture as _},
    io,
};

use tokio::{net::TcpListener, sync::oneshot, time::timeout};

use crate::{App, limits::SHUTDOWN_TIME, router};

/// Serves until `stop` ends; then takes no new requests, and gives those under way some seconds.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let upkeep = tokio::spawn(app.recorder.clone().keep_up());
    let (stopping, stopped) = oneshot::channel();
    let signal = async move {
        stop.await;
        tracing::info!("stopping");
        let _nobody_waits = stopping.send(());
    };
    let serving = axum::serve(listener, router(app)).with_graceful_shutdown(signal);
    let mut serving = tokio::spawn(serving.into_future());
    let ended = tokio::select! {
        ended = &mut serving => Some(ended),
        _ = stopped => timeout(SHUTDOWN_TIME, &mut serving).await.ok(),
    };
    upkeep.abort();
    let Some(ended) = ended else {
        tracing::warn!("stopped with requests under way");
        serving.abort();
        return Ok(());
    };
    ended.map_err(io::Error::other)?
}
