//! Which object a thing belongs to, decided from where it stood.

mod reason;
mod rule;

pub use reason::Reason;
pub use rule::{DEFAULT_TOLERANCE_M, JoinRule, JoinRules};
