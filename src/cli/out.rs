//! What is printed: tables on a terminal, plain rows in a pipe, and never a control character.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use serde_json::Value;

use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// Standard output.
pub(super) struct Out {
    to: BufWriter<Stdout>,
    /// Whether a person looks at it.
    pub(super) terminal: bool,
    closed: bool,
    broken: Option<io::Error>,
}

impl Out {
    pub(super) fn standard() -> Self {
        let to = io::stdout();
        Self { terminal: to.is_terminal(), to: BufWriter::with_capacity(64 * 1024, to), closed: false, broken: None }
    }

    /// One line.
    pub(super) fn line(&mut self, line: &str) {
        self.write(&visible(line, false));
        self.write("\n");
    }

    /// An object or an array, with a line for each entry of an array: the same bytes for the same records.
    pub(super) fn json(&mut self, value: &Value) {
        match value {
            Value::Array(entries) if !entries.is_empty() => {
                for (index, entry) in entries.iter().enumerate() {
                    self.write(if index == 0 { "[" } else { ",\n " });
                    self.entry(entry);
                }
                self.write("]\n");
            }
            other => {
                self.write(&visible(&other.to_string(), true));
                self.write("\n");
            }
        }
    }

    /// One entry of an array that is written piece by piece.
    pub(super) fn entry(&mut self, entry: &Value) {
        self.write(&visible(&entry.to_string(), true));
    }

    /// Rows under their headings: in columns on a terminal, parted by tabs in a pipe.
    pub(super) fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) {
        if !self.terminal {
            for row in std::iter::once(headings.iter().map(|heading| (*heading).to_owned()).collect())
                .chain(rows.iter().cloned())
            {
                let cells: Vec<String> = row.iter().map(|cell| text::clean_line(cell)).collect();
                self.line(&cells.join("\t"));
            }
            return;
        }
        let widths: Vec<usize> = (0..headings.len())
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| text::width(cell));
                cells.chain([text::width(headings[column])]).max().unwrap_or(0).min(60)
            })
            .collect();
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded: Vec<String> =
                cells.zip(&widths).map(|(cell, width)| text::pad(&text::clean_line(cell), *width)).collect();
            padded.join("  ").trim_end().to_owned()
        };
        let head = line(&mut headings.iter().copied());
        self.line(&head);
        for row in rows {
            let row = line(&mut row.iter().map(String::as_str));
            self.line(&row);
        }
    }

    /// Text that is clean already, a piece of it.
    pub(super) fn write(&mut self, piece: &str) {
        if self.closed || self.broken.is_some() {
            return;
        }
        if let Err(error) = self.to.write_all(piece.as_bytes()) {
            self.note(error);
        }
    }

    /// Whether anybody still reads; where nobody does, long work may stop.
    pub(super) fn is_open(&self) -> bool {
        !self.closed && self.broken.is_none()
    }

    /// Sends everything on its way.
    pub(super) fn finish(&mut self) -> Outcome<()> {
        if self.is_open()
            && let Err(error) = self.to.flush()
        {
            self.note(error);
        }
        match self.broken.take() {
            Some(error) => {
                Err(Failure::machine(format!("The output cannot be written: {error}."))
                    .hint("Check the disk or the pipe."))
            }
            None => Ok(()),
        }
    }

    /// `head` and `less` close a pipe when they have seen enough: no error.
    fn note(&mut self, error: io::Error) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            self.closed = true;
        } else {
            self.broken = Some(error);
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_open()
            && let Err(error) = self.to.write_all(bytes)
        {
            self.note(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text as it may reach a terminal: what could steer it is shown as a mark, in JSON as its number.
fn visible(line: &str, json: bool) -> String {
    if line.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    for letter in line.chars() {
        if !text::is_unsafe(letter) || letter == '\t' || (letter == '\n' && !json) {
            out.push(letter);
        } else if json {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push('\u{fffd}');
        }
    }
    out
}

/// A sentence beside the answer, on standard error.
pub(super) fn say(words: &str) {
    // Where even that cannot be said there is nobody to say it to.
    let _ = writeln!(io::stderr(), "{}", visible(words, false));
}

/// What went wrong, and what to do about it.
pub(super) fn say_failure(failure: &Failure) {
    let mut failure = failure.clone();
    // Hints that name a key are for the board.
    if failure.hint.as_ref().is_none_or(|hint| hint.starts_with("Press ")) {
        failure.hint = Some("Try `huddleboard --help`, or do it on the board.".to_owned());
    }
    say(&format!("huddleboard: {failure}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_printed() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c", false), "a\u{fffd}[31mb\u{fffd}c");
        let json = visible(&serde_json::json!({ "name": "a\u{9b}\u{e0001}b\u{7f}" }).to_string(), true);
        assert!(json.is_ascii(), "{json}");
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["name"], "a\u{9b}\u{e0001}b\u{7f}");
    }
}
