//! What the index answers, beside what one finds by looking at every object.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its input has failed")]

mod change;
mod city;
mod degrees;
mod digest;
mod nearest;
mod round_trip;
mod search;
