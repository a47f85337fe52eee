//! Drawing parts that know no pane.

mod braille;
pub mod chart;
pub mod spark;
