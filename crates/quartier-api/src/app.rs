use std::{io, path::PathBuf, sync::Arc, thread::available_parallelism};

use quartier_crs::Transform;
use quartier_ingest::broker::Feed;
use quartier_sensorthings::Service;
use quartier_tiles::TileMatrixSets;
use quartier_twin::Twin;
use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::{
    Archives, Base,
    error::{ApiError, Result},
    limits::{REQUESTS_MAX, STREAMS_MAX},
    live::Faces,
    operations::Recorder,
    params::crs::Crss,
    sensorthings::{Guard, SensorThings, mqtt},
    styles::Styles,
    tiles::{self, TileCache},
};

/// What the administrator decides about the interfaces.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The landing page's title, for example the city's name.
    pub title: String,
    pub description: Option<String>,
    /// Where the server is seen from outside; `None` to believe what each request says.
    pub public_url: Option<Base>,
    /// Who shows it may write, and read everything. Without one there are no writes.
    pub token: Option<String>,
    /// A folder of MapLibre styles (`*.json`) that are added to the built-in ones, or replace them by name.
    pub styles: Option<PathBuf>,
    pub sensorthings: SensorThings,
    /// The grids that there are tiles in.
    pub matrix_sets: TileMatrixSets,
    pub tile_cache: TileCache,
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) twin: Arc<Twin>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) crss: Arc<Crss>,
    pub(crate) styles: Arc<Styles>,
    pub(crate) recorder: Recorder,
    pub(crate) sensorthings: Service,
    pub(crate) mqtt: mqtt::Server,
    /// Held while an object is read, changed and written back.
    pub(crate) changing: Arc<Mutex<()>>,
    pub(crate) open_requests: Arc<Semaphore>,
    pub(crate) open_streams: Arc<Semaphore>,
    pub(crate) faces: Arc<Faces>,
    /// Live streams that put together what they tell.
    pub(crate) telling: Arc<Semaphore>,
    /// Ends what would go on for ever.
    pub(crate) stopping: CancellationToken,
    /// The outside brokers that readings are fetched from.
    pub(crate) feeds: Arc<[Feed]>,
    pub(crate) archives: Archives,
    pub(crate) tiles: Arc<tiles::Cache>,
    pub(crate) turns: Arc<tiles::Turns>,
    computing: Arc<Semaphore>,
}

/// Why the interfaces cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    #[error(
        "PROJ does not know all CRSs of the interfaces: see that its database (`proj.db`) is installed"
    )]
    Crs(#[from] quartier_crs::Error),
    #[error("the folder for tiles cannot be made: see `disk_path` under `[tiles]`")]
    TileFolder(#[source] io::Error),
    #[error("the tile matrix set `{set}` has a CRS that the city's cannot be brought into")]
    MatrixSet {
        set: String,
        #[source]
        source: quartier_crs::Error,
    },
    #[error("the style `{}` cannot be read: see that it is a MapLibre style in JSON", path.display())]
    Style {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "Quartier".to_owned(),
            description: None,
            public_url: None,
            token: None,
            styles: None,
            sensorthings: SensorThings::default(),
            matrix_sets: TileMatrixSets::default(),
            tile_cache: TileCache::default(),
        }
    }
}

impl App {
    pub fn new(twin: Arc<Twin>, settings: Settings) -> Result<Self, SetupError> {
        let endpoints = settings.sensorthings.mqtt_endpoints.clone();
        let sensorthings = Service::new(Arc::clone(&twin), endpoints);
        let tiles = tiles::Cache::open(&settings.tile_cache).map_err(SetupError::TileFolder)?;
        for set in settings.matrix_sets.iter() {
            Transform::between(twin.working_crs(), set.crs)
                .map_err(|source| SetupError::MatrixSet { set: set.id.to_string(), source })?;
        }
        let processors = available_parallelism().map_or(2, usize::from);
        Ok(Self {
            crss: Arc::new(Crss::new(twin.working_crs())?),
            styles: Arc::new(Styles::load(settings.styles.as_deref())?),
            recorder: Recorder::install(),
            changing: Arc::default(),
            open_requests: Arc::new(Semaphore::new(REQUESTS_MAX)),
            open_streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            faces: Arc::default(),
            // All of them at once would stand in line before whoever asks for anything else.
            telling: Arc::new(Semaphore::new(processors.div_ceil(2))),
            stopping: CancellationToken::new(),
            feeds: Arc::default(),
            archives: Archives::default(),
            tiles: Arc::new(tiles),
            turns: Arc::new(tiles::Turns::new(processors)),
            // One more than there are processors, so that none is idle while an answer is handed over.
            computing: Arc::new(Semaphore::new(processors + 1)),
            mqtt: mqtt::server(sensorthings.clone(), &settings),
            sensorthings,
            settings: Arc::new(settings),
            twin,
        })
    }

    /// With the sources whose health is told.
    #[must_use]
    pub fn with_feeds(self, feeds: Vec<Feed>) -> Self {
        Self { feeds: feeds.into(), ..self }
    }

    /// With base layers from files of tiles.
    #[must_use]
    pub fn with_archives(self, archives: Archives) -> Self {
        Self { archives, ..self }
    }

    /// Whether writes are taken at all.
    pub(crate) fn is_writable(&self) -> bool {
        self.settings.token.is_some()
    }

    pub(crate) fn guard(&self) -> Guard<'_> {
        Guard(&self.settings.sensorthings)
    }

    /// Runs what takes processor time on a thread that may block, as many at once as there are processors.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let turn = Arc::clone(&self.computing).acquire_owned().await.map_err(ApiError::internal)?;
        let span = tracing::Span::current();
        let computed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            span.in_scope(task)
        });
        computed.await.map_err(ApiError::internal)
    }
}
