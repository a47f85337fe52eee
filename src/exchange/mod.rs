//! Foreign formats in and out, one file or folder for each.

pub mod demo;
