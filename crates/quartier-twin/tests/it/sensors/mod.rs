//! Sensors over real stores: what is acknowledged is there, and what is there is shown.

mod away;
mod entities;
mod groups;
mod joined;
mod line;
mod order;
mod retention;
mod world;
