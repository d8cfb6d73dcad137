//! Entities as JSON has them (18-088, 8), written straight into bytes.

mod area;
mod json;
mod property;
mod row;
mod shape;
mod view;
mod write;

pub(crate) use area::observed_area;
pub(crate) use json::{Json, push_whole};
pub(crate) use property::{Manner, number_text, part, property_json, write_property};
pub(crate) use row::Row;
pub(crate) use shape::{Field, Shape};
pub(crate) use view::View;
pub(crate) use write::{push_link, push_self_link, write_entity};
