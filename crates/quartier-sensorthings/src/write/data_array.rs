//! `CreateObservations`: many observations in rows (18-088, 13.3).

use std::fmt::Write as _;

use quartier_model::{EntityId, EntityKind, NewObservation, Repeats};
use quartier_twin::sensors::{Catalogue, Patience, Source};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    links::Node,
    members::{Linked, Members, json},
    observations,
    reading::Reading,
    transaction::refusal,
    work::unknown,
};
use crate::{Answer, Error, JSON, Kind, Request, Result, Service};

/// The members of an observation that a row may give.
const COMPONENTS: [&str; 8] = [
    "phenomenonTime",
    "resultTime",
    "result",
    "resultQuality",
    "validTime",
    "parameters",
    "FeatureOfInterest/id",
    "FeatureOfInterest/@iot.id",
];

/// Rows of one datastream.
#[derive(Debug)]
struct DataArray {
    datastream: Node,
    components: Vec<String>,
    rows: Vec<Value>,
}

impl Service {
    /// Answers with a link or the word `error` for each row; a row that cannot be taken keeps none of the others.
    pub(super) async fn create_observations(
        &self,
        request: Request<'_>,
        body: &[u8],
    ) -> Result<Answer> {
        let Value::Array(list) = json(body)? else {
            return Err(Error::bad("the body is to be a list, with an object for each datastream"));
        };
        let catalogue = self.catalogue()?;
        let mut rows = Vec::new();
        for (place, entry) in list.into_iter().enumerate() {
            let array = data_array(Members::of(format!("[{place}]"), entry)?)?;
            rows.extend(array.read(&catalogue));
        }
        let wrong = rows.iter().filter(|row| row.is_err()).count();
        self.sensors().count_rejected(&Source::Http, wrong as u64);
        let ids = self.taken(rows).await?;
        Ok(Answer { kind: Kind::Created, ..Answer::ok(JSON, links(request.base, &ids)) })
    }

    /// The number of each observation that was taken.
    async fn taken(&self, rows: Vec<Result<NewObservation>>) -> Result<Vec<Option<EntityId>>> {
        let mut ids = vec![None; rows.len()];
        let (places, good): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .enumerate()
            .filter_map(|(place, row)| row.ok().map(|row| (place, row)))
            .unzip();
        if good.is_empty() {
            return Ok(ids);
        }
        match self.sensors().observe(good.clone(), &Source::Http, Patience::Refuse).await {
            Ok(appended) => {
                for (place, appended) in places.into_iter().zip(appended) {
                    ids[place] = Some(appended.id);
                }
            }
            Err(error) if error.is_temporary() => return Err(refusal(error)),
            // Somebody deleted what a row refers to, or a row cannot be stored: the others are not to suffer.
            Err(_blames_a_row) => {
                for (place, row) in places.into_iter().zip(good) {
                    let one = self.observe(vec![row]).await.ok();
                    ids[place] = one.and_then(|it| it.first().map(|it| it.id));
                }
            }
        }
        Ok(ids)
    }
}

fn data_array(mut body: Members) -> Result<DataArray> {
    let single = body.one("Datastream")?.map(|it| (EntityKind::Datastream, it));
    let multi = body.one("MultiDatastream")?.map(|it| (EntityKind::MultiDatastream, it));
    let datastream = match single.or(multi) {
        Some((kind, Linked::Existing(id))) => (kind, id),
        _ => return Err(body.missing("Datastream/@iot.id")),
    };
    let components = body.list("components")?.ok_or_else(|| body.missing("components"))?;
    let components = components.into_iter().map(|name| component(&body, &name));
    let components = components.collect::<Result<_>>()?;
    let rows = body.list("dataArray")?.ok_or_else(|| body.missing("dataArray"))?;
    body.finish()?;
    Ok(DataArray { datastream, components, rows })
}

fn component(body: &Members, name: &Value) -> Result<String> {
    let known = name.as_str().filter(|name| COMPONENTS.contains(name));
    known.map(str::to_owned).ok_or_else(|| {
        let names = COMPONENTS.join("`, `");
        Error::bad(format!("`{}` may name `{names}`", body.name("components")))
    })
}

impl DataArray {
    fn read(self, catalogue: &Catalogue) -> impl Iterator<Item = Result<NewObservation>> + '_ {
        let Self { datastream, components, rows } = self;
        let now = OffsetDateTime::now_utc();
        rows.into_iter().map(move |row| read(catalogue, datastream, &components, row, now))
    }
}

fn read(
    catalogue: &Catalogue,
    datastream: Node,
    components: &[String],
    row: Value,
    now: OffsetDateTime,
) -> Result<NewObservation> {
    let Value::Array(values) = row else { return Err(Error::bad("a row is to be a list")) };
    if values.len() != components.len() {
        return Err(Error::bad("a row has as many values as there are components"));
    }
    let mut feature = None;
    let mut members = Map::new();
    for (name, value) in components.iter().zip(values) {
        if name.starts_with("FeatureOfInterest") {
            feature = value.as_u64().map(EntityId);
            let is_there = feature.is_some_and(|id| catalogue.features.contains_key(&id));
            if !is_there && !value.is_null() {
                let id = feature.unwrap_or_default();
                return Err(unknown((EntityKind::FeatureOfInterest, id)));
            }
        } else {
            members.insert(name.clone(), value);
        }
    }
    let datastream = observations::named(catalogue, datastream)?;
    let reading = Reading::new(&mut Members::of(String::new(), Value::Object(members))?, now)?;
    observations::new(catalogue, datastream, feature, reading, Repeats::Merged)
}

fn links(base: &str, ids: &[Option<EntityId>]) -> String {
    let mut text = String::from("[");
    for (place, id) in ids.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let _never_fails = match id {
            Some(id) => write!(text, "{comma}\"{base}/Observations({id})\""),
            None => write!(text, "{comma}\"error\""),
        };
    }
    text.push(']');
    text
}
