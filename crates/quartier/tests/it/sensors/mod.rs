//! Sensors that write while everything around them fails.

mod away;
mod bad_input;
mod kills;
mod outside_broker;
mod publisher;
mod station;
