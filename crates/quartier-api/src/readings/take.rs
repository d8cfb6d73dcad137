use quartier_twin::sensors::{PropertyNames, Sensors};

use crate::{
    error::{ApiError, Result, shown},
    query::Query,
};

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
