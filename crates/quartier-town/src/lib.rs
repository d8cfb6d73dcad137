//! An invented German town, as large as one likes: the same town for the same seed and size on every machine.
//!
//! It is built quarter by quarter and never held as a whole: the first building of ten million comes at once.
//! Around a market lie an old town, a green promenade, rings of quarters between the roads out of town, works,
//! parks, a river and fields; above some 45,000 buildings there are several towns side by side.
//!
//! **Invariants:** buildings do not overlap; each stands on its parcel, the parcel in its block, the block in one
//! district of each level, all to the millimetre. No hash order and no platform's sine: bits do not depend on the
//! machine.

mod addresses;
mod building;
mod collections;
mod conurbation;
mod convex;
mod dice;
mod districts;
mod error;
mod fabric;
mod form;
mod frame;
mod houses;
mod kind;
mod landmarks;
mod lots;
mod mesh;
mod names;
mod noise;
mod objects;
mod outbuildings;
mod plan;
mod plots;
mod signals;
mod solid;
mod town;
mod warp;
mod zone;
mod zoning;

pub use error::TownError;
pub use signals::{Gauge, Quantity, Sample, Station};
pub use town::{Objects, Town};
