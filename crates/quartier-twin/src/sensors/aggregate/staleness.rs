use std::collections::BTreeSet;

use quartier_model::EntityId;
use time::OffsetDateTime;

use super::Member;
use crate::{
    Result,
    sensors::{
        Sensors,
        readings::{age, stale_after},
    },
};

impl Sensors {
    /// For each member whether its last reading was stale at the end of the window; so is one that never had any.
    pub(super) async fn staleness(
        &self,
        members: &[Member],
        as_of: Option<OffsetDateTime>,
        end: OffsetDateTime,
    ) -> Result<Vec<bool>> {
        let summaries = self.summaries();
        let newest = |id: EntityId| {
            summaries.get(&id)?.latest.as_ref().map(|latest| latest.phenomenon_time.end())
        };
        let has_gone_on = |id: EntityId| newest(id).is_some_and(|time| time > end);
        let ids = members.iter().map(|member| member.datastream.id);
        let past: BTreeSet<EntityId> =
            ids.filter(|id| as_of.is_some() && has_gone_on(*id)).collect();
        let past: Vec<EntityId> = past.into_iter().collect();
        let then = self.latest_before(&past, end).await?;
        let is_stale = |member: &Member| {
            let id = member.datastream.id;
            let time = match as_of {
                Some(_) if has_gone_on(id) => then.get(&id).map(|it| it.phenomenon_time.end()),
                _ => newest(id),
            };
            let span = stale_after(&member.datastream, self.settings().stale_after);
            time.is_none_or(|time| age(time, end) > span)
        };
        Ok(members.iter().map(is_stale).collect())
    }
}
