//! Export of data points as separated values, in the layout that the import knows by its header.

use std::io::{self, Write};

use super::csv_in::sheet::is_marked;
use super::starts_like_a_formula;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::measure::Measure;
use crate::domain::point::Point;

/// The columns. Kind and frequency let an empty file make the same measures again.
pub const HEADER: [&str; 10] =
    ["measure", "date", "value", "denominator", "note", "stratum", "ordinal", "ghost", "kind", "frequency"];

/// Writes points, one row each.
pub struct CsvOut<W: Write> {
    to: csv::Writer<W>,
}

impl<W: Write> CsvOut<W> {
    /// Starts with the header.
    ///
    /// # Errors
    /// What the disk or the pipe answered.
    pub fn start(to: W) -> Outcome<Self> {
        let mut to = csv::Writer::from_writer(to);
        to.write_record(HEADER).map_err(failed)?;
        Ok(Self { to })
    }

    /// Writes one point.
    ///
    /// # Errors
    /// As [`CsvOut::start`].
    pub fn point(&mut self, measure: &Measure, point: &Point) -> Outcome<()> {
        let cells = [
            guarded(&measure.name),
            point.key.start.text(),
            number(point.value),
            number(point.denominator),
            guarded(&point.note),
            guarded(&point.key.stratum),
            point.key.ordinal.to_string(),
            guarded(point.ghost.as_deref().unwrap_or_default()),
        ];
        let own = [measure.kind.code(), measure.frequency.code()];
        let record = cells.iter().map(String::as_str).chain(own);
        self.to.write_record(record).map_err(failed)
    }

    /// Sends everything on its way.
    ///
    /// # Errors
    /// As [`CsvOut::start`].
    pub fn finish(mut self) -> Outcome<()> {
        self.to.flush().map_err(|error| failed(error.into()))
    }
}

fn failed(error: csv::Error) -> Failure {
    let words = match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::StorageFull => "The disk is full.".to_owned(),
        _ => format!("The export cannot be written: {error}."),
    };
    Failure::machine(words).hint("Make room, or choose another place.")
}

/// A number as it reads back to the same bits; never a text, so that a spreadsheet counts with it.
fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A text that no spreadsheet runs as a formula, and that the import reads back as it was.
pub fn guarded(cell: &str) -> String {
    let clean = text::clean_line(cell);
    if starts_like_a_formula(&clean) || is_marked(&clean) { format!("'{clean}") } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::csv_in::sheet::without_mark;

    #[test]
    fn what_a_spreadsheet_would_run_is_written_as_text_and_reads_back() {
        for payload in [
            "=1+1",
            "+44",
            "-2",
            "@SUM(A1)",
            "=HYPERLINK(\"http://x\")",
            "'=1+1",
            "''=1",
            "＝1+1",
            "=cmd|' /C calc'!A0",
        ] {
            let written = guarded(payload);
            assert!(written.starts_with('\''), "{written}");
            assert_eq!(without_mark(&written), payload);
        }
        for plain in ["Falls", "'tis", "4AT in 24 h", "18/20", ""] {
            assert_eq!(guarded(plain), plain);
        }
    }

    #[test]
    fn numbers_stay_numbers() {
        assert_eq!(number(Some(-2.5)), "-2.5");
        assert_eq!(number(Some(3.0)), "3");
        assert_eq!(number(Some(0.1 + 0.2)), "0.30000000000000004");
        assert_eq!(number(None), "");
    }
}
