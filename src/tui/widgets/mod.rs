//! Drawing parts that know no pane: they are given values and draw them.

pub mod field;
pub mod ink;
