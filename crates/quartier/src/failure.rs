use std::{fmt, io, net::SocketAddr, path::PathBuf, process::ExitCode};

use quartier_model::CollectionId;

/// Why a command did not do its work, in words for whoever started it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the configuration `{}` cannot be read", path.display())]
    ConfigUnread { path: PathBuf, source: io::Error },
    #[error("the configuration `{}` is not right", path.display())]
    Config { path: PathBuf, source: Box<toml::de::Error> },
    #[error(transparent)]
    StoreUrl(#[from] quartier_store::StoreUrlError),
    #[error("the store {url}")]
    Store { url: String, source: quartier_store::Error },
    #[error(transparent)]
    Write(#[from] quartier_store::Error),
    #[error(transparent)]
    Twin(#[from] quartier_twin::Error),
    #[error(transparent)]
    Import(#[from] quartier_twin::import::Error),
    #[error(transparent)]
    Input(#[from] quartier_import::Error),
    #[error("the source `{name}` in [[ingest.mqtt]] is not right")]
    Feed { name: String, source: quartier_ingest::broker::ConfigError },
    #[error("tiles on disk need both `disk_path` and `disk_mb` under [tiles]")]
    TileFolder,
    #[error("`bytes_max` under [tiles] is {least} at least")]
    TileBytes { least: usize },
    #[error("the address {address} cannot be listened on: choose another with --listen")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the server stopped")]
    Serve(#[source] io::Error),
    #[error(transparent)]
    PublicUrl(#[from] quartier_api::BaseError),
    #[error(transparent)]
    Setup(#[from] quartier_api::SetupError),
    #[error(transparent)]
    MatrixSet(#[from] quartier_api::MatrixSetFileError),
    #[error(transparent)]
    Town(#[from] quartier_town::TownError),
    #[error(transparent)]
    Export(#[from] quartier_export::Error),
    #[error(transparent)]
    Archive(#[from] quartier_archive::Error),
    #[error("the store has no collection `{0}`: `quartier check` lists those that it has")]
    NoCollection(CollectionId),
    #[error("--min-zoom {0} is greater than --max-zoom {1}: turn them round")]
    Zooms(u8, u8),
    #[error("there is nothing to export: the collections are empty, or lie outside of --bbox")]
    NothingToExport,
    #[error("the export was broken off; nothing was written")]
    Stopped,
    #[error("`{}` is there already: name another file, or remove it", .0.display())]
    Exists(PathBuf),
    #[error("`{}` has no ending that tells the format: use .gpkg, .fgb or .city.jsonl", .0.display())]
    Ending(PathBuf),
    #[error("`{}` cannot be written", path.display())]
    Unwritten { path: PathBuf, source: io::Error },
    #[error("{0} of {1} objects were rejected; the others were imported")]
    Rejections(u64, u64),
    #[error("{0}")]
    Findings(Findings),
    #[error("a computation broke off: this is a mistake in this program")]
    Broken(#[from] tokio::task::JoinError),
}

/// How many problems `quartier check` found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Findings(pub(crate) usize);

impl Failure {
    /// 2 where the command line or the configuration is to be mended, 1 otherwise.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::ConfigUnread { .. }
            | Self::Config { .. }
            | Self::Feed { .. }
            | Self::TileFolder
            | Self::TileBytes { .. }
            | Self::StoreUrl(_)
            | Self::PublicUrl(_)
            | Self::Setup(_)
            | Self::MatrixSet(_)
            | Self::Town(_)
            | Self::NoCollection(_)
            | Self::Zooms(..)
            | Self::Ending(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }

    /// The message and what it comes from, each once.
    pub(crate) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let words = error.to_string();
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(words.trim_end());
            }
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => formatter.write_str("1 problem was found"),
            count => write!(formatter, "{count} problems were found"),
        }
    }
}
