use std::{env, fmt, fs, io, path::PathBuf};

use mqtt_client::{AckMode, MqttOptions, QoS, TlsConfiguration, Transport};
use serde::Deserialize;

use crate::{
    mapping::{Format, Mapping, MappingError, ReadingRule},
    server::TopicFilter,
};

/// A source below `[[ingest.mqtt]]` in the configuration.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerConfig {
    /// What the feed is called in the list of feeds; the url if it is missing.
    pub name: Option<String>,
    /// `mqtt://host[:1883]`, or `mqtts://host[:8883]` for TLS.
    pub url: String,
    /// The broker keeps messages for a client with this id while it is away: it stays the same and is nobody else's.
    pub client_id: String,
    pub username: Option<String>,
    pub password: Option<String>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// Certificates (PEM) that the broker's has to be signed by; those of the system if it is missing.
    pub ca_file: Option<PathBuf>,
    pub topics: Vec<String>,
    /// 0 may lose messages; 1 (the default) and 2 do not.
    #[serde(default = "at_least_once")]
    pub qos: u8,
    #[serde(default)]
    pub format: Format,
    /// For the `LoRaWAN` formats: the thing's name or a JSON path to it, if it is not the device's id.
    pub thing: Option<String>,
    #[serde(default)]
    pub readings: Vec<ReadingRule>,
}

/// Why a source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "url {0:?} is not mqtt://host:port or mqtts://host:port; user and password have their own settings"
    )]
    Url(String),
    #[error("client_id is empty; give the source a name that no other client of the broker has")]
    ClientId,
    #[error("topics is empty or has {0:?}, which is no topic filter")]
    Topic(String),
    #[error("qos is 0, 1 or 2, not {0}")]
    Qos(u8),
    #[error("password and password_env are both set; keep one")]
    TwoPasswords,
    #[error("a password needs a username")]
    NoUser,
    #[error("the environment variable {0} of password_env is not set")]
    NoPassword(String),
    #[error("cannot read ca_file {path}")]
    CaFile { path: PathBuf, source: io::Error },
    #[error("ca_file is for mqtts:// urls")]
    CaWithoutTls,
    #[error("the system's certificates cannot be used; set ca_file")]
    SystemCertificates(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error(transparent)]
    Mapping(#[from] MappingError),
}

/// A source that has been understood.
pub(super) struct Source {
    pub(super) options: MqttOptions,
    pub(super) topics: Vec<String>,
    pub(super) qos: QoS,
    pub(super) mapping: Mapping,
}

impl fmt::Debug for BrokerConfig {
    /// Without the password, for it may come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrokerConfig")
            .field("url", &self.url)
            .field("topics", &self.topics)
            .finish_non_exhaustive()
    }
}

/// Seconds between signs of life; the broker notices a dead line in one and a half times that.
const KEEP_ALIVE_S: u16 = 30;
/// As much as our own server takes, twice: a broker's other clients may be less modest.
const PACKET_BYTES: usize = 512 * 1024;

impl BrokerConfig {
    pub(super) fn source(&self) -> Result<Source, ConfigError> {
        let (secure, host, port) =
            address(&self.url).ok_or_else(|| ConfigError::Url(self.url.clone()))?;
        if self.client_id.is_empty() {
            return Err(ConfigError::ClientId);
        }
        let wrong = self.topics.iter().find(|topic| TopicFilter::parse(topic).is_err());
        if self.topics.is_empty() || wrong.is_some() {
            return Err(ConfigError::Topic(wrong.cloned().unwrap_or_default()));
        }
        let mut options = MqttOptions::new(&self.client_id, (host, port));
        options
            .set_keep_alive(KEEP_ALIVE_S)
            .set_clean_session(false)
            .set_ack_mode(AckMode::Manual)
            .set_max_packet_size(PACKET_BYTES, PACKET_BYTES)
            .set_request_channel_capacity(super::connection::REQUESTS);
        match (&self.username, self.secret()?) {
            (Some(user), Some(password)) => drop(options.set_credentials(user, password)),
            (Some(user), None) => drop(options.set_username(user)),
            (None, Some(_)) => return Err(ConfigError::NoUser),
            (None, None) => {}
        }
        if secure {
            options.set_transport(self.tls()?);
        } else if self.ca_file.is_some() {
            return Err(ConfigError::CaWithoutTls);
        }
        let qos = qos(self.qos)?;
        let mapping = Mapping::new(self.format, self.thing.as_deref(), &self.readings)?;
        Ok(Source { options, topics: self.topics.clone(), qos, mapping })
    }

    fn secret(&self) -> Result<Option<String>, ConfigError> {
        match (&self.password, &self.password_env) {
            (Some(_), Some(_)) => Err(ConfigError::TwoPasswords),
            (None, Some(name)) => {
                env::var(name).map(Some).map_err(|_unset| ConfigError::NoPassword(name.clone()))
            }
            (password, None) => Ok(password.clone()),
        }
    }

    fn tls(&self) -> Result<Transport, ConfigError> {
        match &self.ca_file {
            Some(path) => {
                let ca = fs::read(path)
                    .map_err(|source| ConfigError::CaFile { path: path.clone(), source })?;
                Ok(Transport::tls_with_config(TlsConfiguration::Simple {
                    ca,
                    alpn: None,
                    client_auth: None,
                }))
            }
            None => Transport::try_tls_with_default_config()
                .map_err(|error| ConfigError::SystemCertificates(Box::new(error))),
        }
    }
}

fn at_least_once() -> u8 {
    1
}

fn qos(number: u8) -> Result<QoS, ConfigError> {
    match number {
        0 => Ok(QoS::AtMostOnce),
        1 => Ok(QoS::AtLeastOnce),
        2 => Ok(QoS::ExactlyOnce),
        other => Err(ConfigError::Qos(other)),
    }
}

/// Whether it is TLS, the host, and the port.
fn address(url: &str) -> Option<(bool, String, u16)> {
    let (secure, rest) = match url.split_once("://")? {
        ("mqtt", rest) => (false, rest),
        ("mqtts", rest) => (true, rest),
        _ => return None,
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.is_empty() || rest.contains(['/', '@', '?', '#']) {
        return None;
    }
    let usual = if secure { 8883 } else { 1883 };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (rest, usual),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (!host.is_empty()).then(|| (secure, host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_says_host_port_and_whether_it_is_tls() {
        let cases = [
            ("mqtt://broker", Some((false, "broker", 1883))),
            ("mqtts://broker.example/", Some((true, "broker.example", 8883))),
            ("mqtt://127.0.0.1:1234", Some((false, "127.0.0.1", 1234))),
            ("mqtt://[::1]:1234", Some((false, "::1", 1234))),
            ("mqtt://[::1]", Some((false, "::1", 1883))),
            ("http://broker", None),
            ("mqtt://user:secret@broker", None),
            ("mqtt://broker:x", None),
            ("mqtt://", None),
            ("broker:1883", None),
        ];
        for (url, expected) in cases {
            let expected = expected.map(|(secure, host, port)| (secure, host.to_owned(), port));
            assert_eq!(address(url), expected, "{url}");
        }
    }
}
