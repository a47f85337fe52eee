//! Drawing parts that know no pane: they are given values and draw them.

pub mod ascii;
pub mod bar;
pub mod bars;
pub mod big;
mod braille;
pub mod chart;
pub mod field;
pub mod ink;
pub mod letters;
pub mod page;
pub mod poster;
pub mod spark;
