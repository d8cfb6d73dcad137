//! What happens to every request before and after its handler.

mod admit;
mod cors;
mod observe;
mod panic;
mod prefix;

pub(crate) use admit::admit;
pub(crate) use cors::{cors, open_to_scripts};
pub(crate) use observe::{RequestId, observe};
pub(crate) use panic::answer_panic;
pub(crate) use prefix::without_prefix;
