//! Import of a file of separated values, in two passes and the same memory whatever its length.
//!
//! The first pass learns which measures there are and what they look like; the second gives one edit
//! after the other, so that all of them, or none, go into one transaction.
//!
//! | file | what it holds |
//! |---|---|
//! | `sheet` | the file as rows of cells: separators, bytes as text |
//! | `day`, `number` | days and numbers as files write them |
//! | `layout`, `guess`, `look` | which column is what |
//! | `row` | one row as what it says |
//! | `facts` | what the first pass learns of a measure |
//! | `plan` | measures that are there, measures to be made |
//! | `edits` | the second pass |

pub mod day;
pub mod edits;
pub mod facts;
mod guess;
pub mod layout;
mod look;
pub mod number;
pub mod plan;
mod row;
pub mod sheet;

pub use edits::{Edits, Refused, Report};
pub use layout::Wanted;
pub use plan::{Into, NewMeasure, Plan};
pub use sheet::Sheet;
