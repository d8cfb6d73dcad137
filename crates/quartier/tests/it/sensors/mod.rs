//! Sensors that write while everything around them fails.

mod away;
mod bad_input;
mod kills;
mod one_file;
mod outside_broker;
mod publisher;
mod station;
