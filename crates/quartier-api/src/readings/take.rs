use quartier_twin::sensors::{PropertyNames, Reader, Sensors};
use time::OffsetDateTime;

use crate::{
    App,
    auth::Visitor,
    error::{ApiError, Result, shown},
    query::Query,
};

/// Takes `readings`: what is measured of these properties is to stand among those of the objects. Refused to those who
/// may not read sensors.
pub(crate) fn take_readings(
    query: &mut Query,
    app: &App,
    visitor: Visitor,
) -> Result<Option<PropertyNames>> {
    if query.has("readings") {
        app.guard().shows_to(visitor)?;
    }
    take_names(query, "readings", app.twin.sensors())
}

/// Takes a parameter that names observed properties that there are; `None` where it is not there.
pub(crate) fn take_names(
    query: &mut Query,
    parameter: &'static str,
    sensors: &Sensors,
) -> Result<Option<PropertyNames>> {
    let Some(names) = query.value::<PropertyNames>(parameter)? else { return Ok(None) };
    let catalogue = sensors.catalogue().ok_or(quartier_twin::Error::Loading)?;
    match names.unknown(&catalogue) {
        Some(name) => {
            let reason = format!(
                "there is no observed property `{}`; /twin/v1/observedProperties lists them",
                shown(name)
            );
            Err(ApiError::parameter(parameter, reason))
        }
        None => Ok(Some(names)),
    }
}

/// Reads what is measured now.
pub(crate) fn reader(names: &PropertyNames, sensors: &Sensors) -> Result<Reader> {
    let reader = sensors.reader(names, OffsetDateTime::now_utc());
    Ok(reader.ok_or(quartier_twin::Error::Loading)?)
}
