use quartier_model::{Observation, ResultValue};
use quartier_store::{KeyValue, ObservationKey, ObservationOrder, OrderBy};

use crate::{
    expression::{Base, Expr, ValuePath},
    options::{Direction, Order},
    path::Property,
};

/// The order in which the store gives what is asked for, where it can: by one of its keys, then by id.
pub(super) fn store_order(order: &[Order]) -> Option<ObservationOrder> {
    let (first, then) = match order {
        [] => return Some(ObservationOrder::default()),
        [first] => (first, None),
        [first, then] => (first, Some(then)),
        _ => return None,
    };
    let is_tie_by_id = then.is_none_or(|then| {
        store_key(&then.by) == Some(OrderBy::Id) && then.direction == first.direction
    });
    let by = store_key(&first.by).filter(|_| is_tie_by_id)?;
    Some(ObservationOrder { by, is_descending: first.direction == Direction::Descending })
}

fn store_key(by: &Expr) -> Option<OrderBy> {
    let Expr::Path(ValuePath { base: Base::Entity, links, property, keys }) = by else {
        return None;
    };
    if !links.is_empty() || !keys.is_empty() {
        return None;
    }
    match property {
        Property::Id => Some(OrderBy::Id),
        Property::PhenomenonTime => Some(OrderBy::PhenomenonTime),
        Property::ResultTime => Some(OrderBy::ResultTime),
        Property::Result => Some(OrderBy::Result),
        _ => None,
    }
}

/// An observation's place in an order.
pub(super) fn place(observation: &Observation, order: ObservationOrder) -> ObservationKey {
    let value = match order.by {
        OrderBy::Id => KeyValue::Id,
        OrderBy::PhenomenonTime => KeyValue::Time(Some(observation.phenomenon_time.start())),
        OrderBy::ResultTime => KeyValue::Time(observation.result_time),
        OrderBy::Result => match &observation.result {
            ResultValue::Number(number) => KeyValue::Number(*number),
            ResultValue::Other(other) => KeyValue::Text(other.to_string()),
        },
    };
    ObservationKey { value, id: observation.id }
}
