use std::{net::SocketAddr, sync::Arc};

use quartier_api::{App, Archives, Settings, load_matrix_sets};
use quartier_ingest::broker::Feed;
use quartier_store::StoreUrl;
use quartier_twin::Twin;
use tokio::net::TcpListener;

use super::open_store;
use crate::{cli, config::Config, failure::Failure, feeds, memory, say};

/// Each connection is an open file: the MQTT server's 12,000, those of HTTP and of the store, and room. A program that
/// does not ask for more may have 1,024.
const OPEN_FILES_MAX: u64 = 65_536;

pub(super) async fn run(arguments: &cli::Serve) -> Result<(), Failure> {
    let config = Config::read(arguments.common.config.as_deref())?;
    let store = config.store(&arguments.common)?;
    serve(&config, &store, &arguments.listen).await
}

/// Serves a store's city until the process is told to stop.
async fn serve(config: &Config, store: &StoreUrl, listen: &cli::Addresses) -> Result<(), Failure> {
    Server::open(config, store, listen).await?.run().await
}

/// A server that listens, and does not answer yet.
pub(super) struct Server {
    pub(super) twin: Arc<Twin>,
    app: App,
    feeds: Vec<Feed>,
    http: Bound,
    mqtt: Option<Bound>,
}

type Bound = (TcpListener, SocketAddr);

impl Server {
    pub(super) async fn open(
        config: &Config,
        store: &StoreUrl,
        listen: &cli::Addresses,
    ) -> Result<Self, Failure> {
        if let Err(error) = rlimit::increase_nofile_limit(OPEN_FILES_MAX) {
            tracing::warn!(%error, "the system allows few connections: raise its limit of open files");
        }
        let mut settings = settings(config, listen)?;
        let feeds = feeds::feeds(&config.ingest)?;
        let mqtt = match config.mqtt_listen(listen) {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        if let (Some((_, address)), []) = (&mqtt, &*settings.sensorthings.mqtt_endpoints) {
            settings.sensorthings.mqtt_endpoints = vec![format!("mqtt://{address}")];
        }
        let saved = config.saved(store);
        let store = open_store(store, config.working_crs).await?;
        let (collections, sensors) = (config.overlays()?, config.sensors.clone());
        let twin = Twin::open_saved(store, collections, sensors, saved)?;
        let archives = Archives::open(&config.tiles.archives).await?;
        let app = App::new(Arc::clone(&twin), settings)?;
        let app = app.with_feeds(feeds.clone()).with_archives(archives);
        let http = bind(config.listen(listen)).await?;
        Ok(Self { twin, app, feeds, http, mqtt })
    }

    /// Where MQTT connections are taken.
    pub(super) fn mqtt_address(&self) -> Option<SocketAddr> {
        self.mqtt.as_ref().map(|(_, address)| *address)
    }

    pub(super) async fn run(self) -> Result<(), Failure> {
        let (http, address) = self.http;
        say::line(&format!("listening on http://{address}"));
        say::line(&format!("the map is at http://{address}/map"));
        tokio::spawn(tidy_up(Arc::clone(&self.twin)));
        if let Some((listener, address)) = self.mqtt {
            say::line(&format!("MQTT is at mqtt://{address}"));
            let app = self.app.clone();
            tokio::spawn(async move { quartier_api::serve_mqtt(listener, &app, stopped()).await });
        }
        for feed in self.feeds {
            let sink = feeds::TwinSink::new(&self.twin, &feed);
            tokio::spawn(async move { feed.run(sink, stopped()).await });
        }
        let served = quartier_api::serve(http, self.app, stopped()).await.map_err(Failure::Serve);
        if let Err(error) = self.twin.flush().await {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "the store's file is whole only with the log beside it");
        }
        served
    }
}

async fn bind(address: SocketAddr) -> Result<Bound, Failure> {
    let failed = |source| Failure::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Once the city is loaded, what loading took is given back.
async fn tidy_up(twin: Arc<Twin>) {
    twin.until_ready().await;
    memory::give_back();
}

pub(super) fn settings(config: &Config, listen: &cli::Addresses) -> Result<Settings, Failure> {
    let default = Settings::default();
    Ok(Settings {
        title: config.title.clone().unwrap_or(default.title),
        description: config.description.clone(),
        public_url: config.public_url(listen)?,
        token: config.token(),
        styles: config.styles.clone(),
        sensorthings: config.sensorthings.clone(),
        matrix_sets: load_matrix_sets(&config.tiles.matrix_sets)?,
        tile_cache: config.tiles.cache()?,
    })
}

/// Ctrl-C on a terminal, SIGTERM from a service manager.
pub(super) async fn stopped() {
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
