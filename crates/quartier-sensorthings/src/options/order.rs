use quartier_model::EntityKind;

use super::{Direction, OptionError, Order};
use crate::expression::parse_order;

/// More keys than this sort nothing further.
const KEYS_MAX: usize = 16;

/// `phenomenonTime desc,@iot.id`.
pub(super) fn parse_keys(text: &str, kind: EntityKind) -> Result<Vec<Order>, OptionError> {
    let keys = parse_order(text, kind)
        .map_err(|reason| OptionError::new("$orderby", reason.to_string()))?;
    if keys.len() > KEYS_MAX {
        let reason = format!("it has more than {KEYS_MAX} keys");
        return Err(OptionError::new("$orderby", reason));
    }
    let order = |(by, is_descending)| {
        let direction = if is_descending { Direction::Descending } else { Direction::Ascending };
        Order { by, direction }
    };
    Ok(keys.into_iter().map(order).collect())
}
