use axum::{extract::State, response::Response};
use quartier_twin::sensors::{
    AggregateError, AggregateQuery, Aggregates, Aggregation, Span, ZoneAggregate,
};
use serde_json::{Value, json};
use time::{Duration, format_description::well_known::Rfc3339};

use crate::{
    App,
    ask::{Ask, json},
    auth::SensorReader,
    city::City,
    error::{ApiError, Result, shown},
    format::Format,
    params::datetime::read_instant,
    query::Query,
    readings::unit,
};

/// The window where none is asked for: what city people call "now".
const WINDOW_DEFAULT: Duration = Duration::HOUR;

const AGGREGATIONS: [(&str, Aggregation); 6] = [
    ("mean", Aggregation::Mean),
    ("min", Aggregation::Min),
    ("max", Aggregation::Max),
    ("sum", Aggregation::Sum),
    ("count", Aggregation::Count),
    ("last", Aggregation::Last),
];

/// One number for each object of a collection: what was measured in it during a window of time.
pub(crate) async fn aggregate(
    State(app): State<App>,
    mut ask: Ask,
    city: City,
    _reader: SensorReader,
) -> Result<Response> {
    let query = take(&mut ask.query, &city)?;
    let format = ask.settle(&[Format::Json])?;
    let sums = app.twin.sensors().aggregate(&city.snapshot, &query).await.map_err(refused)?;
    Ok(json(format, &describe(&query, &sums)))
}

fn take(query: &mut Query, city: &City) -> Result<AggregateQuery> {
    let zones = query.text("zones");
    let zones = zones.ok_or_else(|| ApiError::parameter("zones", "name a collection"))?;
    let zones = city.collection(&zones).map_err(|error| ApiError::parameter("zones", error))?;
    let property = query.text("property");
    Ok(AggregateQuery {
        zones: zones.collection.id.clone(),
        property: property
            .ok_or_else(|| ApiError::parameter("property", "name an observed property"))?,
        aggregation: query.read("agg", read_aggregation)?.unwrap_or(Aggregation::Mean),
        window: query.read("window", read_window)?.unwrap_or(WINDOW_DEFAULT),
        as_of: query.read("asOf", read_instant)?,
    })
}

fn read_aggregation(text: &str) -> Result<Aggregation, String> {
    let found = AGGREGATIONS.iter().find(|(name, _)| *name == text);
    found.map(|(_, it)| *it).ok_or_else(|| {
        let names = AGGREGATIONS.map(|(name, _)| name).join(", ");
        format!("`{}` is none of {names}", shown(text))
    })
}

fn read_window(text: &str) -> Result<Duration, String> {
    let span: Span =
        text.parse().map_err(|error: quartier_twin::sensors::SpanError| error.to_string())?;
    // What is longer than any window is refused by its length.
    Ok(Duration::try_from(span.0).unwrap_or(Duration::MAX))
}

fn refused(error: AggregateError) -> ApiError {
    match error {
        AggregateError::Twin(error) => error.into(),
        AggregateError::UnknownZones(_) => ApiError::parameter("zones", error),
        AggregateError::Window | AggregateError::TooMuch => ApiError::parameter("window", error),
        AggregateError::MixedUnits { .. } => ApiError::Unprocessable(error.to_string()),
        _ => ApiError::parameter("property", error),
    }
}

fn describe(query: &AggregateQuery, sums: &Aggregates) -> Value {
    let aggregation = AGGREGATIONS.iter().find(|(_, it)| *it == query.aggregation);
    let is_count = query.aggregation == Aggregation::Count;
    json!({
        "zones": query.zones,
        "property": query.property,
        "agg": aggregation.map(|(name, _)| name),
        "unit": sums.unit.as_ref().filter(|_| !is_count).and_then(unit),
        "window": {
            "from": sums.start.format(&Rfc3339).ok(),
            "to": sums.end.format(&Rfc3339).ok(),
        },
        "values": sums.zones.iter().map(zone).collect::<Vec<Value>>(),
    })
}

fn zone(it: &ZoneAggregate) -> Value {
    json!({
        "id": it.object,
        "fid": it.fid,
        "value": it.value,
        "n": it.n,
        "n_stale": it.n_stale,
        "n_linked": it.n_linked,
        "n_readings": it.n_readings,
        "coverage": it.coverage,
    })
}
