use quartier_model::{EntityId, EntityKind};
use serde_json::Value;

use super::{nothing, transaction::Known};
use crate::{Answer, Error, Kind, Request, Result, Service, path::ResourcePath};

/// Entities that one transaction deletes; a page that the reading half gives.
const SWEPT_AT_ONCE: usize = 1_000;

/// One request deletes up to a million observations, in steps; the time limit of requests comes first as a rule.
const STEPS_MAX: usize = 1_000;

impl Service {
    /// Deletes the entities of a set that fulfil a filter, some at a time. Without a filter nothing is deleted: a
    /// forgotten id is not to empty the set.
    pub(super) async fn sweep(&self, request: Request<'_>, path: &ResourcePath) -> Result<Answer> {
        let query = request.query.unwrap_or_default();
        if !query.contains("$filter=") && !query.contains("%24filter=") {
            return Err(Error::NotAllowed(
                "to delete one entity, name it: `Things(1)`; to delete several, give a `$filter`"
                    .to_owned(),
            ));
        }
        let page = format!("{query}&$select=id&$top={SWEPT_AT_ONCE}");
        for _ in 0..STEPS_MAX {
            let shown = self.read(&Request { query: Some(&page), ..request }).await?;
            let ids = ids(&shown.body);
            if ids.is_empty() {
                break;
            }
            self.delete_all(path.kind(), ids).await?;
        }
        Ok(nothing(Kind::Ok))
    }

    async fn delete_all(&self, kind: EntityKind, ids: Vec<EntityId>) -> Result<()> {
        let known = Known::new();
        let deleted = self.transact(&known, |work| {
            // One may have gone with another of them.
            for id in ids {
                work.delete_if_there((kind, id));
            }
            Ok(())
        });
        deleted.await.map(|_| ())
    }
}

fn ids(page: &[u8]) -> Vec<EntityId> {
    let page: Value = serde_json::from_slice(page).unwrap_or_default();
    let entities = page["value"].as_array().into_iter().flatten();
    entities.filter_map(|it| it["@iot.id"].as_u64().map(EntityId)).collect()
}
