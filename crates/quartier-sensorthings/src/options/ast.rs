use crate::{
    expression::Expr,
    path::{JsonKey, Navigation, Property},
};

/// The query options of one set of entities, or of one expanded link.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    pub filter: Option<Expr>,
    /// Each link stands here once.
    pub expand: Vec<Expand>,
    /// Empty where everything is wanted.
    pub select: Vec<Selected>,
    pub order: Vec<Order>,
    /// As the client sent it; may be larger than what a page holds.
    pub top: Option<u64>,
    pub skip: Option<u64>,
    /// `None` where the client said nothing.
    pub count: Option<bool>,
    /// Text that an answer's own link carried.
    pub skip_token: Option<String>,
    /// Of a whole answer only, never of an expanded link.
    pub format: Option<ResultFormat>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expand {
    pub link: Navigation,
    pub options: Options,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// A property, or a part of one whose value is JSON.
    Property { property: Property, keys: Vec<JsonKey> },
    /// The link, as `Things@iot.navigationLink`.
    Link(Navigation),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub by: Expr,
    pub direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    #[default]
    Ascending,
    Descending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultFormat {
    DataArray,
    GeoJson,
    Csv,
}
