//! One row of a file as what it says: the same reading in both passes.

use std::collections::HashMap;

use chrono::Datelike;

use super::day::{DayReader, When};
use super::layout::{Layout, ValueColumn};
use super::number::{number, pair};
use super::sheet::{Rows, Sheet, is_nothing, without_mark};
use crate::base::text;
use crate::domain::guard;
use crate::domain::measure::Amount;

/// A cell that cannot be used: its column and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    /// The column; none where the row as a whole is wrong.
    pub(super) column: Option<usize>,
    /// A whole sentence, with what to do.
    pub(super) words: String,
}

impl Bad {
    pub(super) fn cell(column: usize, words: impl Into<String>) -> Self {
        Self { column: Some(column), words: words.into() }
    }
}

/// The measures of a file: the words of its name columns, and in a wide file the column.
#[derive(Debug, Default)]
pub(super) struct Names {
    places: HashMap<Vec<u8>, usize>,
    last: (Vec<u8>, usize),
    scratch: Vec<u8>,
    /// The words of each.
    pub(super) words: Vec<String>,
}

/// Reads rows by a layout.
pub(super) struct RowReader<'a> {
    pub(super) layout: &'a Layout,
    days: DayReader,
    width: usize,
    pub(super) names: Names,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(sheet: &Sheet, layout: &'a Layout) -> Self {
        Self { layout, days: DayReader::new(layout.month_first), width: sheet.header.len(), names: Names::default() }
    }

    /// The day of a row, where the row has the shape of the header.
    pub(super) fn when(&mut self, rows: &Rows) -> Result<When, Bad> {
        let width = rows.width();
        if width > self.width && (self.width..width).any(|column| !rows.cell(column).is_empty()) {
            let words = format!(
                "The row has {width} cells and the header {}. Put texts with commas in quotation marks.",
                self.width
            );
            return Err(Bad { column: None, words });
        }
        let column = self.layout.date;
        let cell = rows.cell(column);
        if let Some(found) = self.days.read(cell) {
            let year = found.0.date().year();
            if (1900..=2200).contains(&year) {
                return Ok(found);
            }
            return Err(Bad::cell(column, format!("The year {year} is out of reason. Write the day as 2026-11-20.")));
        }
        let words = if cell.is_empty() {
            "The day is missing.".to_owned()
        } else if self.days.month_first || DayReader::new(true).read(cell).is_none() {
            format!("“{}” is not a day. Write it as 2026-11-20 or 20/11/2026.", shown(&rows.text(column)))
        } else {
            format!(
                "“{}” is not a day: the month stands first. Write it as 2026-11-20 or 20/11/2026.",
                shown(&rows.text(column))
            )
        };
        Err(Bad::cell(column, words))
    }

    /// The place of the row's words among the file's measures.
    pub(super) fn name(&mut self, rows: &Rows) -> Result<usize, Bad> {
        let names = &mut self.names;
        names.scratch.clear();
        for column in &self.layout.names {
            names.scratch.extend_from_slice(rows.cell(*column));
            names.scratch.push(0x1f);
        }
        if names.scratch == names.last.0 && !names.words.is_empty() {
            return Ok(names.last.1);
        }
        let place = match names.places.get(&names.scratch) {
            Some(place) => *place,
            None => {
                let words: Vec<String> = self
                    .layout
                    .names
                    .iter()
                    .map(|column| text::clean_line(without_mark(&rows.text(*column))))
                    .collect();
                let words = words.join(" ").trim().to_owned();
                if words.is_empty() && !self.layout.names.is_empty() {
                    return Err(Bad::cell(self.layout.names[0], "The measure is missing. Write its name."));
                }
                names.words.push(words);
                names.places.insert(names.scratch.clone(), names.words.len() - 1);
                names.words.len() - 1
            }
        };
        names.last.0.clone_from(&names.scratch);
        names.last.1 = place;
        Ok(place)
    }

    /// The value of one column of a row; none where the cell is empty.
    pub(super) fn amount(&self, rows: &Rows, columns: &ValueColumn) -> Result<Option<Amount>, Bad> {
        let comma = self.layout.decimal_comma;
        let numerator = columns.numerator.filter(|column| !is_nothing(rows.cell(*column)));
        let column = numerator.unwrap_or(columns.value);
        let cell = rows.cell(column);
        if is_nothing(cell) {
            return Ok(None);
        }
        let Some(value) = number(cell, comma) else {
            if let Some((value, denominator)) = pair(cell) {
                return Ok(Some(Amount { value, denominator: Some(denominator) }));
            }
            return Err(Bad::cell(
                column,
                format!("“{}” is not a number. Write digits only.", shown(&rows.text(column))),
            ));
        };
        refuse_identifier(cell, column)?;
        let mut denominator = None;
        if let Some(column) = columns.denominator {
            let cell = rows.cell(column);
            if !is_nothing(cell) {
                refuse_identifier(cell, column)?;
                let words = || format!("“{}” is not a number. Write digits only.", shown(&rows.text(column)));
                denominator = Some(number(cell, comma).ok_or_else(|| Bad::cell(column, words()))?);
            }
        }
        Ok(Some(Amount { value, denominator }))
    }

    /// A text beside the value, clean and without a patient's number.
    pub(super) fn aside(&self, rows: &Rows, column: Option<usize>, most: usize) -> Result<String, Bad> {
        let Some(column) = column.filter(|column| !rows.cell(*column).is_empty()) else {
            return Ok(String::new());
        };
        let words = text::clean_line(without_mark(&rows.text(column)));
        if words.chars().count() > most {
            return Err(Bad::cell(
                column,
                format!("The text is longer than {most} characters. Say it in fewer words."),
            ));
        }
        if let Some(concern) = guard::scan(&words).iter().find(|concern| concern.blocks()) {
            return Err(Bad::cell(
                column,
                format!("{} Take it out: this board holds counts, never patients.", concern.words()),
            ));
        }
        Ok(words)
    }
}

/// A value of ten digits may be a patient's number that slipped into a column of values.
fn refuse_identifier(cell: &[u8], column: usize) -> Result<(), Bad> {
    if cell.len() < 10 || !cell.iter().filter(|byte| !byte.is_ascii_whitespace()).all(u8::is_ascii_digit) {
        return Ok(());
    }
    let concerns = std::str::from_utf8(cell).map(guard::scan).unwrap_or_default();
    match concerns.iter().find(|concern| concern.blocks()) {
        Some(concern) => {
            Err(Bad::cell(column, format!("{} Take it out: this board holds counts, never patients.", concern.words())))
        }
        None => Ok(()),
    }
}

/// A cell as it may be repeated in a sentence.
fn shown(cell: &str) -> String {
    let clean = text::clip(&text::clean_line(cell), 30);
    if guard::scan(&clean).iter().any(|concern| concern.blocks()) { "…".to_owned() } else { clean }
}
