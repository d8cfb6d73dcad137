//! The server and the client of outside brokers against the real things, over loopback.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod bad_input;
mod board;
mod broker;
mod device;
mod mapping;
mod messages;
mod pressure;
mod raw;
mod safety;
mod sessions;
