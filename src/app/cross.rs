//! A month of a safety cross, as the screen has read it.

use chrono::NaiveDate;

use crate::domain::MeasureId;
use crate::domain::cross::Cell;

/// The cells of a measure's month.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossMonth {
    /// The measure.
    pub measure: MeasureId,
    /// The first day of the month.
    pub first: NaiveDate,
    /// A cell for each of its days.
    pub cells: Vec<Cell>,
    /// The day of the last event, in this month or before it.
    pub last: Option<NaiveDate>,
}
