//! A file of separated values as rows of cells: what parts its cells, its header, its bytes as text.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// The largest row: a quotation mark that is never closed would otherwise read the rest of the file
/// into one cell.
const LARGEST_ROW: u64 = 4 * 1024 * 1024;
const MOST_COLUMNS: usize = 1_000;
const HEAD: usize = 64 * 1024;

/// A file and what is known of it before its rows are read.
#[derive(Debug, Clone)]
pub struct Sheet {
    path: PathBuf,
    /// What people call it: its name, or "standard input".
    pub name: String,
    /// What parts its cells.
    pub delimiter: u8,
    /// Its header's cells, clean.
    pub header: Vec<String>,
    /// How many bytes it has.
    pub size: u64,
}

impl Sheet {
    /// Looks at the head of a file.
    ///
    /// # Errors
    /// A sentence where it cannot be opened, is empty, has no header, or is no text.
    pub fn open(path: &Path, name: &str) -> Outcome<Self> {
        let unreadable = |error: io::Error| {
            Failure::machine(format!("{name} cannot be read: {error}."))
                .hint("Check the name and the rights of the file.")
        };
        let file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let mut head = Vec::with_capacity(HEAD);
        file.take(HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
        refuse_what_is_no_text(&head, name)?;
        let mut sheet = Self {
            path: path.to_owned(),
            name: name.to_owned(),
            delimiter: delimiter(&head),
            header: Vec::new(),
            size,
        };
        let mut rows = sheet.all_rows()?;
        if !rows.advance()? {
            return Err(Failure::refused("The file is empty.")
                .at(name)
                .hint("Its first line names the columns: measure,date,value."));
        }
        sheet.header = (0..rows.width()).map(|column| text::clean_line(&rows.text(column))).collect();
        if sheet.header.len() > MOST_COLUMNS {
            let what = format!("The file has {} columns; there is room for {MOST_COLUMNS}.", sheet.header.len());
            return Err(Failure::refused(what).at(name).hint("Import fewer columns."));
        }
        Ok(sheet)
    }

    /// Its rows after the header.
    ///
    /// # Errors
    /// As [`Sheet::open`].
    pub fn rows(&self) -> Outcome<Rows> {
        let mut rows = self.all_rows()?;
        rows.advance()?;
        Ok(rows)
    }

    /// A column's name in quotation marks, for a sentence.
    pub fn quoted(&self, column: usize) -> String {
        format!("“{}”", self.header.get(column).map_or("", String::as_str))
    }

    fn all_rows(&self) -> Outcome<Rows> {
        let file = File::open(&self.path).map_err(|error| {
            Failure::machine(format!("{} cannot be read: {error}.", self.name)).hint("Check the file.")
        })?;
        let since_row = Rc::new(Cell::new(0));
        let guarded = Guarded { file, since_row: Rc::clone(&since_row) };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(256 * 1024)
            .from_reader(guarded);
        Ok(Rows { reader, record: ByteRecord::new(), since_row, name: self.name.clone(), not_utf8: Cell::new(false) })
    }
}

/// The rows of a sheet, one after the other in the same memory.
pub struct Rows {
    reader: Reader<Guarded>,
    record: ByteRecord,
    since_row: Rc<Cell<u64>>,
    name: String,
    not_utf8: Cell<bool>,
}

impl Rows {
    /// Goes to the next row that is not empty; false after the last.
    ///
    /// # Errors
    /// A sentence where the file cannot be read on.
    pub fn advance(&mut self) -> Outcome<bool> {
        loop {
            self.since_row.set(0);
            let more = self.reader.read_byte_record(&mut self.record).map_err(|error| self.broken(&error))?;
            if !more {
                return Ok(false);
            }
            // Rows of nothing but separators are what a spreadsheet leaves under its last one.
            if !self.record.iter().all(<[u8]>::is_empty) {
                return Ok(true);
            }
        }
    }

    /// The line of the file on which the row starts.
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// How many bytes have been read.
    pub fn read(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::byte)
    }

    /// How many cells it has.
    pub fn width(&self) -> usize {
        self.record.len()
    }

    /// A cell without the blanks around it; empty where there is none.
    pub fn cell(&self, column: usize) -> &[u8] {
        self.record.get(column).unwrap_or(b"").trim_ascii()
    }

    /// A cell as text. Bytes that are no UTF-8 are read as Windows-1252, which is remembered.
    pub fn text(&self, column: usize) -> Cow<'_, str> {
        let cell = self.cell(column);
        std::str::from_utf8(cell).map_or_else(
            |_| {
                self.not_utf8.set(true);
                Cow::Owned(cell.iter().map(|byte| windows_1252(*byte)).collect())
            },
            |text| Cow::Borrowed(text.trim_start_matches('\u{feff}')),
        )
    }

    /// Whether some cell was no UTF-8.
    pub fn was_not_utf8(&self) -> bool {
        self.not_utf8.get()
    }

    fn broken(&self, error: &csv::Error) -> Failure {
        let line = self.reader.position().line();
        if self.since_row.get() > LARGEST_ROW {
            return Failure::refused("A row is longer than four megabytes.")
                .at(format!("{}, line {line}", self.name))
                .hint("Look for a quotation mark that is never closed.");
        }
        Failure::machine(format!("The file cannot be read on: {error}."))
            .at(format!("{}, line {line}", self.name))
            .hint("Try it again.")
    }
}

/// Reads a file, and stops where one row has become too long.
struct Guarded {
    file: File,
    since_row: Rc<Cell<u64>>,
}

impl Read for Guarded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > LARGEST_ROW {
            return Err(io::Error::other("the row is too long"));
        }
        let count = self.file.read(buffer)?;
        self.since_row.set(self.since_row.get() + count as u64);
        Ok(count)
    }
}

/// Whether a cell is one of the ways in which people write that there is nothing.
pub fn is_nothing(cell: &[u8]) -> bool {
    match cell.len() {
        0 => true,
        1..=4 => {
            let word = cell.to_ascii_lowercase();
            matches!(&word[..], b"-" | b"na" | b"n/a" | b"#n/a" | b"nan" | b"null" | b"none" | b"." | b"\xe2\x80\x93")
        }
        _ => false,
    }
}

/// A text cell without the one mark that keeps a spreadsheet from running it as a formula.
pub fn without_mark(cell: &str) -> &str {
    if is_marked(cell) { &cell[1..] } else { cell }
}

/// Whether a cell is a formula behind one mark or several: an export adds one more, so that the import,
/// which takes one off, gives back what was there.
pub fn is_marked(cell: &str) -> bool {
    cell.starts_with('\'') && crate::exchange::starts_like_a_formula(cell.trim_start_matches('\''))
}

/// What parts the cells: whichever of comma, semicolon and tab stands most often in the first line.
fn delimiter(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(mark, _)| mark == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // The first of equals: a comma where there is none of them.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

fn refuse_what_is_no_text(head: &[u8], name: &str) -> Outcome<()> {
    let is = |start: &[u8]| head.starts_with(start);
    let what = if is(b"PK\x03\x04") || is(b"\xd0\xcf\x11\xe0") {
        "This is a spreadsheet file, not a CSV file."
    } else if is(b"\xff\xfe") || is(b"\xfe\xff") {
        "This file is written in UTF-16, not in UTF-8."
    } else if is(b"SQLite format 3") {
        "This is a database, not a CSV file."
    } else if head.contains(&0) {
        "This file holds bytes that no text has."
    } else {
        return Ok(());
    };
    Err(Failure::refused(what).at(name).hint("Save it from the spreadsheet as “CSV UTF-8” and import that."))
}

/// The character of a byte in Windows-1252, which holds Latin-1.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_between_cells_is_the_one_that_the_header_has_most_of() {
        assert_eq!(delimiter(b"measure,date,value\n1;2;3;4;5"), b',');
        assert_eq!(delimiter(b"measure;date;\"a,b,c,d\"\n"), b';');
        assert_eq!(delimiter(b"date\tvalue\n"), b'\t');
        assert_eq!(delimiter(b"date"), b',');
    }

    #[test]
    fn nothing_is_written_in_many_ways() {
        for nothing in ["", "NA", "n/a", "-", "–", "NULL", "NaN"] {
            assert!(is_nothing(nothing.as_bytes()), "{nothing}");
        }
        for something in ["0", "none today", "-1"] {
            assert!(!is_nothing(something.as_bytes()), "{something}");
        }
    }

    #[test]
    fn only_the_mark_before_a_formula_is_taken_off() {
        assert_eq!(without_mark("'=1+1"), "=1+1");
        assert_eq!(without_mark("' @x"), " @x");
        assert_eq!(without_mark("'tis so"), "'tis so");
    }
}
