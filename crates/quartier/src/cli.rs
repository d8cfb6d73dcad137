use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use quartier_api::Base;
use quartier_archive::Container;
use quartier_model::{Bbox, CollectionId, Readers};
use quartier_store::StoreUrl;
use quartier_twin::import::Mode;

/// A city's digital twin in one program: its objects, tiles and searches over open standards.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the store's city over HTTP
    Serve(Serve),
    /// Import files into a collection
    Import(Import),
    /// Make a town and serve it
    Demo(Demo),
    /// Write a generated town to a file
    Generate(Generate),
    /// Write the store's city to a file for other programs
    Export(Export),
    /// Say what is wrong with the configuration, the store and the styles
    Check(Common),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// The configuration file [default: quartier.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// `geopackage:PATH` or `postgres://user:password@host/database` [default: geopackage:quartier.gpkg]
    #[arg(long, env = "QUARTIER_STORE", hide_env_values = true, value_name = "URL")]
    pub(crate) store: Option<StoreUrl>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Addresses {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, env = "QUARTIER_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// The address that users see, with the path prefix where a proxy adds one
    #[arg(long, env = "QUARTIER_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<Base>,
    /// Where to take MQTT connections; port 0 takes a free one [default: nowhere but at /mqtt of the HTTP port]
    #[arg(long, env = "QUARTIER_MQTT_LISTEN", value_name = "ADDR")]
    pub(crate) mqtt_listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(flatten)]
    pub(crate) listen: Addresses,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files, folders, globs, archives, or a connection such as `PG:dbname=city`
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// The collection to import into; it is made if it is not there
    #[arg(long, value_name = "NAME")]
    pub(crate) collection: CollectionId,
    /// The layer, in a file that has several
    #[arg(long)]
    pub(crate) layer: Option<String>,
    /// The field whose value is the object's id
    #[arg(long, value_name = "FIELD")]
    pub(crate) id: Option<String>,
    /// The CRS of the coordinates, whatever the file says; for example EPSG:25832
    #[arg(long, value_name = "CRS")]
    pub(crate) crs: Option<String>,
    /// What becomes of objects that are there already
    #[arg(long, value_enum, default_value_t = ModeName::Upsert)]
    pub(crate) mode: ModeName,
    /// Read and check everything, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write what became of every object to a JSON file
    #[arg(long, value_name = "FILE.json")]
    pub(crate) report: Option<PathBuf>,
    /// The collection's title
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// Who may read the collection [default: as it is; a new one with the token only]
    #[arg(long, value_enum)]
    pub(crate) readers: Option<ReadersName>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many buildings the town has
    #[arg(long, default_value_t = 20_000)]
    pub(crate) buildings: u64,
    /// Another number makes another town
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where the town's GeoPackage is kept
    #[arg(long, default_value = "quartier-demo")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) listen: Addresses,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// How many buildings the town has
    #[arg(long)]
    pub(crate) buildings: u64,
    /// Another number makes another town
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The file to make: `.gpkg` (all collections), `.fgb` or `.city.jsonl` (buildings)
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Export {
    #[command(subcommand)]
    pub(crate) what: ExportWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExportWhat {
    /// Write vector tiles in the grid of the web's maps to one file
    Tiles(ExportTiles),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct ExportTiles {
    #[command(flatten)]
    pub(crate) target: TilesTarget,
    /// The collections, with commas between [default: all that everyone may read]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) collections: Option<Vec<CollectionId>>,
    /// The first zoom
    #[arg(long, value_name = "ZOOM", default_value_t = 0, value_parser = zoom())]
    pub(crate) min_zoom: u8,
    /// The last zoom; maps enlarge its tiles for deeper ones
    #[arg(long, value_name = "ZOOM", default_value_t = quartier_twin::FULL_DETAIL_ZOOM, value_parser = zoom())]
    pub(crate) max_zoom: u8,
    /// Only this part: west,south,east,north in degrees
    #[arg(long, value_name = "BOX", allow_hyphen_values = true, value_parser = degrees)]
    pub(crate) bbox: Option<Bbox>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TilesTarget {
    /// The file to make, as PMTiles; what stands there is replaced once the new one is whole
    #[arg(long, value_name = "FILE")]
    pmtiles: Option<PathBuf>,
    /// The same as MBTiles
    #[arg(long, value_name = "FILE")]
    mbtiles: Option<PathBuf>,
}

impl TilesTarget {
    pub(crate) fn path(&self) -> (&Path, Container) {
        match (&self.pmtiles, &self.mbtiles) {
            (Some(path), _) => (path, Container::PmTiles),
            (None, Some(path)) => (path, Container::MbTiles),
            (None, None) => unreachable!("one of them is required"),
        }
    }
}

fn zoom() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(0..=i64::from(quartier_tiles::ZOOM_MAX))
}

fn degrees(text: &str) -> Result<Bbox, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[west, south, east, north]) => {
            Bbox::new(west, south, east, north).map_err(|error| error.to_string())
        }
        _ => Err("a box is four numbers with commas between: west,south,east,north".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeName {
    /// Add new objects, change those that differ
    Upsert,
    /// As upsert, and close what the files no longer have
    Replace,
    /// Add new objects, reject those that are there already
    Append,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReadersName {
    /// Everyone
    Public,
    /// Whoever shows the bearer token
    Token,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Upsert => Self::Upsert,
            ModeName::Replace => Self::Replace,
            ModeName::Append => Self::Append,
        }
    }
}

impl From<ReadersName> for Readers {
    fn from(name: ReadersName) -> Self {
        match name {
            ReadersName::Public => Self::Public,
            ReadersName::Token => Self::Token,
        }
    }
}
