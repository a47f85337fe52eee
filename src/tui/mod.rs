//! tui

pub mod widgets;
