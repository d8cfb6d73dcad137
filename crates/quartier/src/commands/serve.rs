use std::sync::Arc;

use quartier_api::{App, Settings};
use quartier_store::StoreUrl;
use quartier_twin::Twin;
use tokio::net::TcpListener;

use super::open_store;
use crate::{cli, config::Config, failure::Failure, memory, say};

pub(super) async fn run(arguments: &cli::Serve) -> Result<(), Failure> {
    let config = Config::read(arguments.common.config.as_deref())?;
    let store = config.store(&arguments.common)?;
    serve(&config, &store, &arguments.listen).await
}

/// Serves a store's city until the process is told to stop.
pub(super) async fn serve(
    config: &Config,
    store: &StoreUrl,
    listen: &cli::Listen,
) -> Result<(), Failure> {
    let settings = settings(config, listen)?;
    let store = open_store(store, config.working_crs).await?;
    let twin = Twin::open(store, config.collections.clone(), config.sensors.clone())?;
    tokio::spawn(tidy_up(Arc::clone(&twin)));
    let app = App::new(twin, settings)?;
    let address = config.listen(listen);
    let bound = TcpListener::bind(address).await;
    let listener = bound.map_err(|source| Failure::Listen { address, source })?;
    let address = listener.local_addr().map_err(|source| Failure::Listen { address, source })?;
    say::line(&format!("listening on http://{address}"));
    say::line(&format!("the map is at http://{address}/map"));
    quartier_api::serve(listener, app, stopped()).await.map_err(Failure::Serve)
}

/// Once the city is loaded, what loading took is given back.
async fn tidy_up(twin: Arc<Twin>) {
    twin.until_ready().await;
    memory::give_back();
}

pub(super) fn settings(config: &Config, listen: &cli::Listen) -> Result<Settings, Failure> {
    let default = Settings::default();
    Ok(Settings {
        title: config.title.clone().unwrap_or(default.title),
        description: config.description.clone(),
        public_url: config.public_url(listen)?,
        token: config.token(),
        styles: config.styles.clone(),
        sensorthings: config.sensorthings.clone(),
    })
}

/// Ctrl-C on a terminal, SIGTERM from a service manager.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
