use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// Warnings of every library, and what the twin itself does.
const LEVELS: &str = "warn,quartier=info";

/// Logs go to standard error: for people on a terminal, as JSON lines elsewhere. `QUARTIER_LOG` sets what is logged,
/// for example `debug` or `warn,quartier_store=debug`.
pub(crate) fn start() {
    let levels = std::env::var("QUARTIER_LOG").unwrap_or_else(|_| LEVELS.to_owned());
    let filter = EnvFilter::try_new(&levels).unwrap_or_else(|_| EnvFilter::new(LEVELS));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    if io::stderr().is_terminal() {
        log.compact().init();
    } else {
        log.json().flatten_event(true).init();
    }
}
