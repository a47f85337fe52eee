//! Changes between replicas, by files that are written once and never changed.
//!
//! What a file says is in [`bundle`]; where the files stand, and who puts there and takes in what, in
//! [`folder`]. What becomes of a change that is taken in is the store's own rule, the same as for one
//! that is made here.

pub mod about;
pub mod bundle;
mod file;
pub mod folder;
pub mod hub;
mod listing;
pub mod step;
mod tidy;
pub mod unite;
