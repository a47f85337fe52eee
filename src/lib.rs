//! The huddle board of a hospital ward, in a terminal.

// Tests may stop at the first surprise; the program may not.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod app;
pub mod base;
pub mod chart;
pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod spc;
pub mod store;
pub mod sync;
pub mod tui;
