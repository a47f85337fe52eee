//! The contract of the interface: what a key can mean, what a pane may ask for, and what it is given.
//!
//! A pane turns an [`action::Action`] into [`effect::Effect`]s and draws a [`model::Model`]; it never
//! sees the store, a file or the wall clock. Nothing here draws, reads or writes.

pub mod action;
pub mod ask;
pub mod beside;
pub mod conflict;
pub mod cross;
pub mod effect;
pub mod exceptions;
pub mod key;
pub mod log;
pub mod look;
pub mod model;
pub mod news;
pub mod pane;
pub mod step;
