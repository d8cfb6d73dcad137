use std::{future::Future, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::{
    BrokerConfig, ConfigError, FeedHealth, Sink,
    config::Source,
    connection::{Ended, serve},
    health::Pulse,
};

/// One source of readings at an outside broker; a clone is the same feed.
#[derive(Clone)]
pub struct Feed {
    source: Arc<Source>,
    pulse: Arc<Pulse>,
}

/// The first pause after a connection is lost; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest: a broker that comes back is found in half a minute.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A connection that has lived so long is no failed attempt.
const LIVED: Duration = Duration::from_secs(10);

impl Feed {
    pub fn new(config: &BrokerConfig) -> Result<Self, ConfigError> {
        let name = config.name.clone().unwrap_or_else(|| config.url.clone());
        let source = Arc::new(config.source()?);
        Ok(Self { source, pulse: Arc::new(Pulse::new(name, config.url.clone())) })
    }

    /// How the feed is.
    pub fn health(&self) -> FeedHealth {
        self.pulse.health()
    }

    /// Takes messages until `stop`, whatever becomes of the broker in the meantime. What has been taken before is
    /// made safe and acknowledged.
    pub async fn run(&self, sink: impl Sink, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            let ended = serve(&self.source, &self.pulse, &sink, stop.as_mut()).await;
            self.pulse.disconnected();
            match ended {
                Ended::Stopped => return,
                Ended::Lost(why) => {
                    tracing::warn!(
                        feed = self.pulse.health().name,
                        why,
                        "no connection to the broker; trying again"
                    );
                    self.pulse.failed(why);
                }
            }
            if begun.elapsed() > LIVED {
                pause = FIRST_PAUSE;
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                () = &mut stop => return,
            }
        }
    }
}
