//! Things in a small town over a real store: what belongs where, and what is answered of it.

mod around;
mod fenced;
mod linked;
mod measured;
mod real;
mod shapes;
mod summed;
mod town;
