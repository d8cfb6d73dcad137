use std::sync::Arc;

use quartier_model::{Filter, PropertyEquals, TimeRange};
use quartier_twin::{CollectionSnapshot, TileSelection};

use crate::{
    App,
    error::{ApiError, Result, shown},
    params::{
        datetime::read_datetime,
        filter::{Conditions, take_filter},
        property::take_properties,
    },
    query::Query,
};

/// Names in `properties`: as many as an object can have.
const NAMES_MAX: usize = 1_000;

/// What a request chooses of its collections, before it is known what that is of each.
struct Choice {
    properties: Option<Vec<String>>,
    time: Option<TimeRange>,
    conditions: Option<Conditions>,
    equal: Vec<PropertyEquals>,
}

/// Takes `properties`, `filter`, `datetime` and, of a single collection, its own properties; `None` of a collection
/// where none of its objects can be meant.
pub(super) fn take_selections(
    query: &mut Query,
    app: &App,
    collections: &[Arc<CollectionSnapshot>],
) -> Result<Vec<Option<TileSelection>>> {
    let choice = Choice {
        properties: query.read("properties", read_names)?,
        time: query.read("datetime", read_datetime)?.flatten(),
        conditions: take_filter(query, app)?,
        equal: match collections {
            [it] => take_properties(query, &it.collection.schema)?,
            _ => Vec::new(),
        },
    };
    choice.check(collections)?;
    collections.iter().map(|it| choice.of(it)).collect()
}

fn read_names(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split(',').map(str::to_owned).collect();
    if names.len() > NAMES_MAX {
        return Err(format!("it names more than {NAMES_MAX} properties"));
    }
    Ok(names)
}

impl Choice {
    /// Refuses a property that none of the collections has.
    fn check(&self, collections: &[Arc<CollectionSnapshot>]) -> Result<()> {
        let is_known = |name: &str| {
            name == "id"
                || collections.iter().any(|it| it.collection.schema.property(name).is_some())
        };
        let chosen = self.properties.iter().flatten().find(|name| !is_known(name));
        let compared =
            self.conditions.as_ref().and_then(|conditions| conditions.unknown(collections));
        let unknown = chosen
            .map(|name| ("properties", name.as_str()))
            .or(compared.map(|name| ("filter", name)));
        let Some((parameter, name)) = unknown else { return Ok(()) };
        let reason = format!(
            "there is no property `{}`; each collection lists its own at /schema",
            shown(name)
        );
        Err(ApiError::parameter(parameter, reason))
    }

    fn of(&self, it: &CollectionSnapshot) -> Result<Option<TileSelection>> {
        let mut filter =
            Filter { time: self.time, properties: self.equal.clone(), ..Filter::default() };
        let is_possible = match &self.conditions {
            Some(conditions) => conditions.narrow(&mut filter, it)?,
            None => true,
        };
        Ok(is_possible.then(|| TileSelection { filter, properties: self.properties.clone() }))
    }
}
