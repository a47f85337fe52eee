//! What the cells of a file's columns look like.

use super::day::DayReader;
use super::layout::Layout;
use super::number::{number, pair};
use super::sheet::{Rows, is_nothing};
use crate::base::error::Outcome;

/// How many rows are looked at before the columns are told.
const SAMPLE: usize = 1_000;

/// What a column's cells look like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    pub(super) filled: usize,
    pub(super) numbers: usize,
    pub(super) days: usize,
}

impl Look {
    /// All of its cells are numbers, but for a slip here and there: those rows are refused by line.
    pub(super) fn is_number(self) -> bool {
        let slips = if self.filled < 3 { 0 } else { (self.filled / 20).max(1) };
        self.numbers > 0 && self.numbers + slips >= self.filled
    }

    pub(super) fn is_day(self) -> bool {
        self.filled > 0 && self.days == self.filled
    }
}

/// Looks at the first rows.
pub(super) fn look(rows: &mut Rows, width: usize, layout: &Layout) -> Outcome<Vec<Look>> {
    let mut looks = vec![Look::default(); width];
    let mut days = DayReader::new(layout.month_first);
    for _ in 0..SAMPLE {
        if !rows.advance()? {
            break;
        }
        for (column, look) in looks.iter_mut().enumerate() {
            let cell = rows.cell(column);
            if is_nothing(cell) {
                continue;
            }
            look.filled += 1;
            look.numbers += usize::from(number(cell, layout.decimal_comma).is_some() || pair(cell).is_some());
            look.days += usize::from(days.read(cell).is_some());
        }
    }
    Ok(looks)
}

/// Whether days such as 11/20/2026 occur and days such as 20/11/2026 do not.
pub(super) fn month_comes_first(rows: &mut Rows, width: usize) -> Outcome<bool> {
    let (mut day_first, mut month_first) = (0, 0);
    for _ in 0..SAMPLE {
        if !rows.advance()? {
            break;
        }
        for cell in (0..width).map(|column| rows.cell(column)).filter(|cell| (6..=20).contains(&cell.len())) {
            let mut parts = cell
                .split(|byte| b"/.- ".contains(byte))
                .map(|part| std::str::from_utf8(part).ok()?.parse::<u32>().ok());
            if let (Some(Some(first @ 1..=31)), Some(Some(second @ 1..=31)), Some(Some(_))) =
                (parts.next(), parts.next(), parts.next())
            {
                day_first += usize::from(first > 12);
                month_first += usize::from(second > 12);
            }
        }
    }
    Ok(month_first > 0 && day_first == 0)
}
