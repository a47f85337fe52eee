//! Replicas on real files that exchange what they have: in whatever order, all come to say the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod bundles;
mod conflicts;
mod convergence;
mod faults;
mod folders;
mod history;
mod laws;
mod mistakes;
mod model;
mod oracle;
mod redactions;
mod restored;
mod steps;
#[allow(dead_code, unused_imports, reason = "the store's own tests use all of it")]
#[path = "../store/support.rs"]
mod support;
mod telling;
mod wards;
