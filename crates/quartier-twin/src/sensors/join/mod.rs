//! Which object a thing belongs to, decided from where it stood.
//!
//! In this order: the object that the thing names; the storey that it is on, where polygons lie above each other; the
//! most specific polygon around it; the nearest object within its collection's tolerance. **Invariant:** pure. The same
//! entities and the same city give the same links, in whatever order they came.

mod around;
mod cover;
mod near;
mod reason;
mod reference;
mod resolve;
mod rule;
mod spot;
mod stays;

pub(crate) use around::{Found, around};
pub(crate) use cover::covers;
pub use reason::Reason;
pub(crate) use reference::{Reference, reference};
pub(crate) use resolve::{Placed, Resolution, resolve};
pub use rule::{DEFAULT_TOLERANCE_M, JoinRule, JoinRules};
pub(crate) use spot::{Spot, representative};
pub(crate) use stays::{Stay, stays};
