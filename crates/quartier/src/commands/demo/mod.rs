mod register;
mod simulate;

use std::{
    fs,
    hash::{BuildHasher as _, RandomState},
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use quartier_api::{SensorThings, Writers};
use quartier_town::Town;
use quartier_twin::{Overlay, sensors::JoinRule};
use tokio::net::TcpListener;

use self::simulate::Broker;
use super::{geopackage, open_store, serve::Server, town};
use crate::{cli, config::Config, failure::Failure, say};

/// Where MQTT is at home.
const MQTT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1883);

/// Makes the town where it is not there yet, serves it, and lets its sensors speak. A town that is there is not written
/// again.
pub(super) async fn run(arguments: &cli::Demo) -> Result<(), Failure> {
    let made = Town::new(arguments.buildings, arguments.seed)?;
    let dir = &arguments.dir;
    fs::create_dir_all(dir).map_err(|source| Failure::Unwritten { path: dir.clone(), source })?;
    let path = dir.join(format!("town-{}-{}.gpkg", arguments.buildings, arguments.seed));
    let url = geopackage(&path);
    let store = open_store(&url, Some(Town::CRS)).await?;
    let created = town::write(&made, &store).await?;
    // Not on standard output, whose first line is the server's address.
    say::note(&match created {
        0 => format!("the town is in {}", path.display()),
        created => format!("a town with {created} objects was made in {}", path.display()),
    });
    drop(store);
    let mut listen = arguments.listen.clone();
    listen.mqtt_listen = Some(mqtt_address(listen.mqtt_listen).await);
    let config = config(&listen);
    let server = Server::open(&config, &url, &listen).await?;
    let broker = Broker { address: server.mqtt_address().unwrap_or(MQTT), token: config.token() };
    tokio::spawn(speak(made, Arc::clone(&server.twin), broker));
    server.run().await
}

/// What the town's streets and blocks are coloured by is measured near them; districts are for means. The town is
/// invented, so that everyone on this machine may write; where others can reach it, who knows the token.
fn config(listen: &cli::Addresses) -> Config {
    let rule = |subject| Overlay {
        join: JoinRule { subject: Some(subject), ..JoinRule::default() },
        ..Overlay::default()
    };
    let not_subjects =
        ["districts_l1", "districts_l2", "districts_l3", "sensor_sites", "trees", "addresses"];
    let collections = not_subjects
        .into_iter()
        .map(|name| (name.parse().expect("the names above are well-formed"), rule(false)))
        .collect();
    let addresses = [listen.listen, listen.mqtt_listen];
    if addresses.iter().flatten().all(|address| address.ip().is_loopback()) {
        let sensorthings = SensorThings { writers: Writers::Public, ..SensorThings::default() };
        return Config::of_city(collections, sensorthings, None);
    }
    Config::of_city(collections, SensorThings::default(), Some(made_up_token()))
}

/// For the simulated sensors, where nobody has set one.
fn made_up_token() -> String {
    format!("{:016x}", RandomState::new().hash_one("token"))
}

/// The one that was asked for; else MQTT's own port, or any where somebody has that one.
async fn mqtt_address(asked: Option<SocketAddr>) -> SocketAddr {
    if let Some(asked) = asked {
        return asked;
    }
    match TcpListener::bind(MQTT).await {
        Ok(_free) => MQTT,
        Err(_taken) => SocketAddr::new(MQTT.ip(), 0),
    }
}

async fn speak(town: Town, twin: Arc<quartier_twin::Twin>, broker: Broker) {
    twin.until_ready().await;
    let feeds = match register::register(&town, &twin).await {
        Ok(feeds) => feeds,
        Err(error) => {
            return tracing::error!(error = error.with_causes(), "the town's sensors stay silent");
        }
    };
    let known = feeds.iter().filter_map(|feed| {
        let summary = twin.sensors().summary(feed.datastream)?;
        Some((feed.datastream, summary.latest.as_ref()?.phenomenon_time.end().unix_timestamp()))
    });
    let known = known.collect();
    drop(twin);
    simulate::simulate(feeds, known, broker).await;
}
