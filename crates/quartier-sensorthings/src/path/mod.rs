//! Which entities, and which part of them: names of sets, properties and links, and the paths made of them
//! (OGC 18-088, 8 and 9.2).

mod navigation;
mod parse;
mod property;
mod resource;
mod resource_error;
mod segment;

pub use navigation::{
    Cardinality, Navigation, entity_name, entity_set, navigate, navigations, set_name,
};
pub use property::{JsonKey, Property, properties, property};
pub use resource::{PathEnd, Resource, ResourcePath, Step};
pub use resource_error::PathError;
pub(crate) use segment::{json_keys, split_places};
