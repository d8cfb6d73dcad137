use quartier_model::{EntityKind, Repeats};
use quartier_twin::sensors::{Patience, Source};

use super::subscription::below_version;
use crate::{
    Error, Result, Service,
    path::{PathEnd, Resource},
    write::{Members, Target, is_plain, plain, refusal, walk},
};

impl Service {
    /// Takes an observation that was published to one of the topics that make one: `v1.1/Observations`,
    /// `v1.1/Datastreams(1)/Observations`, `v1.1/FeaturesOfInterest(1)/Observations`. When this returns, the store has
    /// committed it. A message that comes twice is kept once.
    pub async fn publish(&self, topic: &str, payload: &[u8]) -> Result<()> {
        let taken = self.message(topic, payload).await;
        if matches!(taken, Err(Error::BadRequest(_) | Error::NotFound(_) | Error::NotAllowed(_))) {
            self.sensors().count_rejected(&Source::Mqtt, 1);
        }
        taken
    }

    async fn message(&self, topic: &str, payload: &[u8]) -> Result<()> {
        let (_, below) = below_version(topic)?;
        let path = match Resource::parse(below)? {
            Resource::Entities(path) if path.end == PathEnd::Entities => path,
            _ => return Err(not_taken()),
        };
        if path.kind() != EntityKind::Observation || !path.is_set() {
            return Err(not_taken());
        }
        let body = Members::parse(payload)?;
        if !is_plain(&body) {
            return self.publish_deep(&path, body).await;
        }
        let new = {
            let catalogue = self.catalogue()?;
            let Target::Set { parent, .. } =
                walk(&catalogue, &std::collections::HashMap::new(), &path)?
            else {
                return Err(not_taken());
            };
            plain(&catalogue, body, parent, Repeats::Merged)?
        };
        let observed = self.sensors().observe(vec![new], &Source::Mqtt, Patience::Wait).await;
        observed.map(|_| ()).map_err(refusal)
    }
}

fn not_taken() -> Error {
    Error::NotAllowed(
        "messages are taken at `v1.1/Observations`, `v1.1/Datastreams(1)/Observations` and `v1.1/FeaturesOfInterest(1)/Observations`"
            .to_owned(),
    )
}
