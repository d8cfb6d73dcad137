use quartier_model::{EntityKind, Observation};
use quartier_store::{SensorBatch, SensorReceipt};

use super::{Catalogue, EntityChange, Happening, Numbers, Sensors, commit::ids};
use crate::{Error, Result};

/// Why a change of entities did not happen.
#[derive(Debug)]
pub enum ChangeError<E> {
    /// The plan refused.
    Refused(E),
    Twin(Error),
}

impl Sensors {
    /// Changes entities, one change at a time: the plan sees the newest catalogue and says what to write. When this
    /// returns, the store has committed it, the catalogue shows it, and the links are those of the new places.
    ///
    /// The batch's observations need their feature of interest: [`super::feature_of_interest`] finds or makes it.
    pub async fn change<T: Send, E: Send>(
        &self,
        plan: impl FnOnce(&Catalogue, &mut Numbers) -> Result<(SensorBatch, T), E> + Send,
    ) -> Result<(SensorReceipt, T), ChangeError<E>> {
        let mut writing = self.begin().await.map_err(ChangeError::Twin)?;
        let catalogue = self.catalogue().ok_or(ChangeError::Twin(Error::Loading))?;
        let (batch, answer) =
            plan(&catalogue, &mut writing.numbers).map_err(ChangeError::Refused)?;
        drop(catalogue);
        let me = self.held();
        // On a task of its own: a client that hangs up must not leave memory behind the store.
        let commit = tokio::spawn(async move { me.commit(&mut writing, batch).await });
        let receipt = commit.await.map_err(Error::from).flatten().map_err(ChangeError::Twin)?;
        Ok((receipt, answer))
    }

    /// Replaces an observation; says whether it was there.
    pub async fn replace_observation(&self, observation: &Observation) -> Result<bool> {
        let mut writing = self.begin().await?;
        let (me, observation) = (self.held(), observation.clone());
        let replacing = tokio::spawn(async move {
            let replaced = me.store.replace_observation(&observation);
            let Some(receipt) = me.certain(&mut writing, replaced).await? else { return Ok(false) };
            let rewritten = ids(&receipt.summaries).into_iter().map(Happening::Rewritten);
            me.show_rewritten(receipt.summaries);
            let (kind, change) = (EntityKind::Observation, EntityChange::Changed);
            let changed = Happening::Entity { kind, id: observation.id, change };
            me.ring.push([changed].into_iter().chain(rewritten));
            Ok(true)
        });
        replacing.await?
    }
}
