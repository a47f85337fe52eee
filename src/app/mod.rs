//! The contract of the interface.

pub mod look;
