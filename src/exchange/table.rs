//! One series out of any file of separated values, for `analyse`.

use chrono::NaiveDate;

use super::csv_in::day::DayReader;
use super::csv_in::layout::{Layout, Wanted, guess};
use super::csv_in::number::{number, pair};
use super::csv_in::sheet::{Rows, Sheet, is_nothing};
use super::periods::{By, Periods};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::chart::Row;
use crate::domain::frequency::Frequency;

/// A series with how it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// Its rows in the order of the file.
    pub rows: Vec<Row>,
    /// Whether it has denominators.
    pub has_denominators: bool,
    /// Whether these are time or people at risk.
    pub has_exposure: bool,
    /// How often it looks measured.
    pub frequency: Frequency,
    /// How the file was read, in a sentence.
    pub said: String,
}

/// Reads the one series of a file; `only` is its name where the file holds several. `by` brings its rows together
/// while they are read, so that no more than the periods is kept.
///
/// # Errors
/// A sentence with line and column where a cell cannot be read, or where the file holds several series.
pub fn read(sheet: &Sheet, wanted: &Wanted, only: Option<&str>, by: Option<By>) -> Outcome<Series> {
    let (layout, said) = guess(sheet, wanted)?;
    let columns = match &layout.values[..] {
        [columns] => columns,
        several => {
            let names: Vec<&str> = several
                .iter()
                .take(8)
                .filter_map(|column| sheet.header.get(column.value))
                .map(String::as_str)
                .collect();
            return Err(Failure::usage(format!("Several columns hold numbers: {}.", names.join(", ")))
                .at(sheet.name.clone())
                .hint("Choose one with --value COLUMN, and its denominator with --denominator COLUMN."));
        }
    };
    let mut found = Series {
        name: if columns.label.is_empty() { sheet.name.clone() } else { columns.label.clone() },
        rows: Vec::new(),
        has_denominators: columns.denominator.is_some(),
        has_exposure: layout.exposure,
        frequency: Frequency::Event,
        said,
    };
    let mut reading =
        Reading { sheet, layout: &layout, days: DayReader::new(layout.month_first), names: Names::new(only) };
    let mut periods = by.map(Periods::new);
    let mut rows = sheet.rows()?;
    while rows.advance()? {
        if reading.names.takes(&rows, &layout, sheet)? {
            let row = reading.row(&rows)?;
            found.has_denominators |= row.denominator.is_some();
            match &mut periods {
                Some(periods) => periods.see(&row, columns.denominator.is_some()),
                None => found.rows.push(row),
            }
        }
    }
    if let Some((rows, said)) = periods.map(Periods::finish) {
        found.rows = rows;
        found.said = format!("{} {said}", found.said);
    }
    if found.rows.is_empty() {
        let failure = match only {
            Some(name) => {
                Failure::not_found(format!("The file has no rows of “{name}”.")).hint("Look at the names in the file.")
            }
            None => Failure::refused("The file has a header and no rows.").hint("Each row has a day and a value."),
        };
        return Err(failure.at(sheet.name.clone()));
    }
    if let Some(name) = reading.names.first {
        found.name = name;
    }
    let mut days: Vec<NaiveDate> = found.rows.iter().map(|row| row.start.date()).collect();
    days.sort_unstable();
    found.frequency = by.map_or_else(|| Frequency::guess(&days).unwrap_or(Frequency::Event), |by| by.frequency);
    Ok(found)
}

struct Reading<'a> {
    sheet: &'a Sheet,
    layout: &'a Layout,
    days: DayReader,
    names: Names,
}

impl Reading<'_> {
    fn row(&mut self, rows: &Rows) -> Outcome<Row> {
        let layout = self.layout;
        let Some(columns) = layout.values.first() else {
            return Err(self.bad(rows, layout.date, "There is no value"));
        };
        let Some((start, _)) = self.days.read(rows.cell(layout.date)) else {
            return Err(self.bad(rows, layout.date, "is not a day").hint("Write it as 2026-11-20 or 20/11/2026."));
        };
        let ghost = layout.ghost.is_some_and(|column| !is_nothing(rows.cell(column)));
        let column = columns.numerator.filter(|column| !is_nothing(rows.cell(*column))).unwrap_or(columns.value);
        if let Some((value, denominator)) = pair(rows.cell(column)) {
            return Ok(Row { start, value: Some(value), denominator: Some(denominator), ghost });
        }
        let value = self.number(rows, column)?;
        let denominator = columns.denominator.map(|column| self.number(rows, column)).transpose()?.flatten();
        Ok(Row { start, value, denominator, ghost })
    }

    fn number(&self, rows: &Rows, column: usize) -> Outcome<Option<f64>> {
        let cell = rows.cell(column);
        if is_nothing(cell) {
            return Ok(None);
        }
        number(cell, self.layout.decimal_comma).map(Some).ok_or_else(|| {
            self.bad(rows, column, "is not a number").hint("Write digits only, or leave the cell empty.")
        })
    }

    fn bad(&self, rows: &Rows, column: usize, what: &str) -> Failure {
        let name = self.sheet.header.get(column).map_or("", String::as_str);
        let cell = text::clip(&text::clean_line(&rows.text(column)), 30);
        Failure::refused(format!("“{cell}” {what}.")).at(format!(
            "{}, line {}, column {name}",
            self.sheet.name,
            rows.line()
        ))
    }
}

/// The series that the rows belong to, where columns name them.
struct Names {
    only: Option<String>,
    first: Option<String>,
    last: Vec<u8>,
    taken: bool,
}

impl Names {
    fn new(only: Option<&str>) -> Self {
        Self { only: only.map(text::slug), first: None, last: Vec::new(), taken: true }
    }

    /// Whether a row belongs to the series that is read.
    fn takes(&mut self, rows: &Rows, layout: &Layout, sheet: &Sheet) -> Outcome<bool> {
        if layout.names.is_empty() {
            return Ok(true);
        }
        let cells: Vec<u8> =
            layout.names.iter().flat_map(|column| rows.cell(*column).iter().copied().chain([b' '])).collect();
        if self.first.is_some() && cells == self.last {
            return Ok(self.taken);
        }
        let name =
            layout.names.iter().map(|column| text::clean_line(&rows.text(*column))).collect::<Vec<_>>().join(" ");
        self.taken = self.only.as_ref().is_none_or(|only| *only == text::slug(&name));
        self.last = cells;
        if !self.taken {
            return Ok(false);
        }
        match &self.first {
            Some(first) if *first != name => {
                Err(Failure::usage(format!("The file holds several measures: {first}, {name} …"))
                    .at(format!("{}, line {}", sheet.name, rows.line()))
                    .hint("Choose one with --measure NAME, or import the file and look at each on the board."))
            }
            _ => {
                self.first = Some(name);
                Ok(true)
            }
        }
    }
}
