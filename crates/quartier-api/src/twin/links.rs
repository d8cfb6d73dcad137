use std::sync::Arc;

use axum::{extract::State, response::Response};
use quartier_index::ObjectRef;
use quartier_model::{EntityId, FeatureId, Link, Role};
use quartier_twin::sensors::{LinkFilter, Reason, Unlinked};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    App,
    ask::{Ask, json},
    auth::SensorReader,
    city::City,
    error::{ApiError, Result, shown},
    format::Format,
    params::{datetime::read_instant, limit::read_count},
    query::Query,
};

/// Links or things on one page; a page ends with the last link of a thing.
const PAGE_DEFAULT: usize = 1_000;
const PAGE_MAX: usize = 10_000;

/// Where a page starts and how much it holds.
struct Pager {
    after: Option<EntityId>,
    limit: usize,
}

/// Which things belong, or belonged, to which objects. Asks nobody: the links are in memory.
pub(crate) async fn links(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    let filter = take_filter(&mut ask.query, &city)?;
    let pager = Pager::take(&mut ask.query)?;
    let format = ask.settle(&[Format::Json])?;
    app.clone()
        .compute(move || {
            let mut links = app.twin.sensors().links(&filter);
            links.retain(|link| city.shows(&link.collection));
            let (page, next) = pager.page(&links, |link| link.thing);
            let page = page.iter().map(describe).collect();
            json(format, &answer("links", links.len(), (page, next), &ask))
        })
        .await
}

/// The things that belong to no object, each with the reason.
pub(crate) async fn unlinked(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    let pager = Pager::take(&mut ask.query)?;
    let format = ask.settle(&[Format::Json])?;
    let catalogue = app.twin.sensors().catalogue().ok_or(quartier_twin::Error::Loading)?;
    app.clone()
        .compute(move || {
            let things = app.twin.sensors().unlinked();
            let (page, next) = pager.page(&things, |it| it.thing);
            let name = |it: &Unlinked| catalogue.things.get(&it.thing).map(|it| it.name.as_str());
            let page = page.iter().map(|it| {
                json!({
                    "thing": it.thing,
                    "name": name(it),
                    "reason": visible(&it.reason, &city).to_string(),
                    "point": it.degrees.map(|at| [at.x, at.y]),
                })
            });
            json(format, &answer("things", things.len(), (page.collect(), next), &ask))
        })
        .await
}

fn take_filter(query: &mut Query, city: &City) -> Result<LinkFilter> {
    let chosen = query
        .text("collection")
        .map(|id| city.collection(&id).map_err(|error| ApiError::parameter("collection", error)));
    let chosen = chosen.transpose()?;
    let object = query.read("object", |id| -> Result<FeatureId, String> {
        let it = chosen.ok_or("name its `collection` too")?;
        let object = it.index.by_id(id);
        object.map(ObjectRef::fid).ok_or_else(|| format!("there is no object `{}`", shown(id)))
    })?;
    Ok(LinkFilter {
        thing: query.read("thing", read_entity)?,
        collection: chosen.map(|it| it.collection.id.clone()),
        fid: object,
        role: query.read("role", read_role)?,
        at: query.read("asOf", read_instant)?,
    })
}

fn read_entity(text: &str) -> Result<EntityId, String> {
    let number = text.parse().map(EntityId);
    number.map_err(|_error| format!("`{}` is no `@iot.id`: a whole number", shown(text)))
}

fn read_role(text: &str) -> Result<Role, String> {
    match text {
        "subject" => Ok(Role::Subject),
        "zone" => Ok(Role::Zone),
        other => Err(format!("`{}` is neither `subject` nor `zone`", shown(other))),
    }
}

fn describe(link: &Arc<Link>) -> Value {
    let time = |it: Option<OffsetDateTime>| it.and_then(|it| it.format(&Rfc3339).ok());
    json!({
        "thing": link.thing,
        "collection": link.collection,
        "id": link.object,
        "fid": link.fid,
        "role": link.role,
        "method": link.method,
        "confidence": link.confidence,
        "distance_m": link.distance_m,
        "from": time(link.valid.start()),
        "to": time(link.valid.end()),
    })
}

/// Names no collection that whoever asks may not see.
fn visible(reason: &Reason, city: &City) -> Reason {
    match reason {
        Reason::Ambiguous { id, collections } => Reason::Ambiguous {
            id: id.clone(),
            collections: collections.iter().filter(|it| city.shows(it)).cloned().collect(),
        },
        other => other.clone(),
    }
}

fn answer(
    name: &str,
    matched: usize,
    (page, next): (Vec<Value>, Option<EntityId>),
    ask: &Ask,
) -> Map<String, Value> {
    let next = next.map(|thing| ask.address(&[("after", Some(&thing.0.to_string()))]));
    Map::from_iter([
        ("numberMatched".to_owned(), matched.into()),
        ("numberReturned".to_owned(), page.len().into()),
        (name.to_owned(), page.into()),
        ("next".to_owned(), next.into()),
    ])
}

impl Pager {
    fn take(query: &mut Query) -> Result<Self> {
        Ok(Self {
            after: query.read("after", read_entity)?,
            limit: query.read("limit", |text| read_count(text, PAGE_MAX))?.unwrap_or(PAGE_DEFAULT),
        })
    }

    /// A page of what is ordered by thing, and the last thing on it where there are more.
    fn page<'a, T>(
        &self,
        all: &'a [T],
        thing: impl Fn(&T) -> EntityId,
    ) -> (&'a [T], Option<EntityId>) {
        let start = all.partition_point(|it| self.after.is_some_and(|after| thing(it) <= after));
        let rest = &all[start..];
        let Some(last) = rest.get(self.limit - 1).map(&thing) else { return (rest, None) };
        let end = rest.partition_point(|it| thing(it) <= last);
        (&rest[..end], (end < rest.len()).then_some(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_with_the_last_link_of_a_thing() {
        let things = [1, 1, 2, 2, 2, 5].map(EntityId);
        let page = |after: Option<u64>, limit| {
            let pager = Pager { after: after.map(EntityId), limit };
            let (page, next) = pager.page(&things, |it| *it);
            (page.len(), next.map(|it| it.0))
        };
        assert_eq!(page(None, 1), (2, Some(1)));
        assert_eq!(page(Some(1), 2), (3, Some(2)));
        assert_eq!(page(Some(2), 1), (1, None));
        assert_eq!(page(Some(5), 1), (0, None));
        assert_eq!(page(None, 100), (6, None));
    }
}
