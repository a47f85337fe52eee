//! Foreign formats in and out, and the demonstration ward.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod demo;
mod files;
mod round_trip;
mod support;
mod tables;
