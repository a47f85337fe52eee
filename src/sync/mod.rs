//! Changes between replicas, by files.
//!
//! What a file says is in [`bundle`]; where the files stand, and who puts there and takes in what, in
//! [`folder`]; one call for all of it in [`step`]. What becomes of a change that is taken in is the
//! store's own rule, the same as for one that is made here.
#![doc = include_str!("FORMAT.md")]

pub mod about;
mod ahead;
pub mod bundle;
mod draft;
mod file;
pub mod folder;
mod gather;
pub mod hub;
mod listing;
mod publish;
pub mod step;
mod tidy;
pub mod unite;
