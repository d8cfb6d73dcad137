use quartier_model::EntityId;
use time::OffsetDateTime;

/// Which observations are meant: those that fulfil every condition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservationFilter {
    pub ids: Option<Vec<EntityId>>,
    pub datastreams: Option<Vec<EntityId>>,
    pub features: Option<Vec<EntityId>>,
    /// Of the start of the phenomenon time.
    pub phenomenon_start: Bounds<OffsetDateTime>,
    /// Of the end of the phenomenon time.
    pub phenomenon_end: Bounds<OffsetDateTime>,
    /// An observation without result time fulfils no bound.
    pub result_time: Bounds<OffsetDateTime>,
    /// A result that is no number fulfils no bound.
    pub result: Bounds<f64>,
}

/// From a lowest to a highest value, both included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds<T> {
    pub min: Option<T>,
    pub max: Option<T>,
}

/// Where a page starts, which order it is in, and how long it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationQuery {
    pub filter: ObservationFilter,
    pub order: ObservationOrder,
    /// Only what comes after this one in the order: a page costs the same wherever it starts.
    pub after: Option<ObservationKey>,
    /// Passed over after that.
    pub skip: u64,
    pub limit: u32,
    /// The first so many of each datastream, one datastream after the other by id; `skip`, `limit` and `after` then
    /// hold within each.
    pub for_each_datastream: bool,
}

/// Ties are in the order of the ids, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ObservationOrder {
    pub by: OrderBy,
    pub is_descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderBy {
    #[default]
    Id,
    /// By its start.
    PhenomenonTime,
    /// Those without come last when ascending.
    ResultTime,
    /// Numbers by size, then whatever is no number, by its text.
    Result,
}

/// An observation's place in an order.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationKey {
    pub value: KeyValue,
    pub id: EntityId,
}

/// What stands at the place, beside the id.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyValue {
    /// In the order of ids there is nothing more.
    Id,
    Time(Option<OffsetDateTime>),
    Number(f64),
    Text(String),
}

impl<T> Default for Bounds<T> {
    fn default() -> Self {
        Self { min: None, max: None }
    }
}

impl Default for ObservationQuery {
    fn default() -> Self {
        Self {
            filter: ObservationFilter::default(),
            order: ObservationOrder::default(),
            after: None,
            skip: 0,
            limit: u32::MAX,
            for_each_datastream: false,
        }
    }
}
