//! The store on real files: what goes in comes out, nothing is lost, and nothing is written that should not be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod backups;
mod checks;
mod concurrent;
mod copied;
mod crash;
mod edits;
mod files;
mod fixture;
mod long_ago;
mod properties;
mod reading;
mod restores;
mod support;
mod two_boards;
mod undoing;
