//! Days as files write them: ISO, day first, a month's name, a month, a quarter, a year.

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::point::Start;

/// How exact a file's day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    /// A moment of a day.
    Time,
    /// A day.
    Day,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A year.
    Year,
}

/// A day with its grain.
pub type When = (Start, Grain);

/// Reads days, and remembers the last: neighbouring rows often share it.
#[derive(Debug, Clone, Default)]
pub struct DayReader {
    /// Whether 03/04 is 4 March: the file itself has to say so with a day above 12.
    pub month_first: bool,
    last: Vec<u8>,
    found: Option<When>,
}

impl DayReader {
    /// A reader for files that write the day before the month, or the other way round.
    pub fn new(month_first: bool) -> Self {
        Self { month_first, ..Self::default() }
    }

    /// The day that a cell says.
    pub fn read(&mut self, cell: &[u8]) -> Option<When> {
        if cell == self.last && !cell.is_empty() {
            return self.found;
        }
        self.found =
            iso(cell).or_else(|| std::str::from_utf8(cell).ok().and_then(|text| other(text.trim(), self.month_first)));
        self.last.clear();
        self.last.extend_from_slice(cell);
        self.found
    }
}

fn day(year: u32, month: u32, day: u32) -> Option<When> {
    let year = if year < 100 { year + 2000 } else { year };
    let found = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some((Start::day(found), Grain::Day))
}

/// `2026-11-20`, the way that nearly all rows are written.
fn iso(cell: &[u8]) -> Option<When> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *cell else { return None };
    let mut ok = true;
    let mut digit = |byte: u8| {
        ok &= byte.is_ascii_digit();
        u32::from(byte.wrapping_sub(b'0'))
    };
    let year = digit(y1) * 1000 + digit(y2) * 100 + digit(y3) * 10 + digit(y4);
    let (month, date) = (digit(m1) * 10 + digit(m2), digit(d1) * 10 + digit(d2));
    if ok { day(year, month, date) } else { None }
}

fn other(text: &str, month_first: bool) -> Option<When> {
    if text.len() > 40 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    numbers(text, month_first).or_else(|| moment(text, month_first)).or_else(|| quarter(text)).or_else(|| named(text))
}

/// `20/11/2026`, `20-11-26`, `2026/11/20`, `2026-11`, `11/2026`, `20261120`, `2026`.
fn numbers(text: &str, month_first: bool) -> Option<When> {
    let mut parts = [0_u32; 3];
    let mut lengths = [0_usize; 3];
    let mut count = 0;
    for part in text.split(['/', '.', '-']) {
        let slot = parts.get_mut(count)?;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *slot = part.parse().ok()?;
        lengths[count] = part.len();
        count += 1;
    }
    match (count, lengths) {
        (3, [4, _, _]) => day(parts[0], parts[1], parts[2]),
        (3, [1..=2, 1..=2, 2 | 4]) if month_first => day(parts[2], parts[0], parts[1]),
        (3, [1..=2, 1..=2, 2 | 4]) => day(parts[2], parts[1], parts[0]),
        (2, [4, 1..=2, _]) => month(parts[0], parts[1]),
        (2, [1..=2, 4, _]) => month(parts[1], parts[0]),
        (1, [8, ..]) => day(parts[0] / 10_000, parts[0] / 100 % 100, parts[0] % 100),
        (1, [4, ..]) if (1900..=2200).contains(&parts[0]) => Some((day(parts[0], 1, 1)?.0, Grain::Year)),
        _ => None,
    }
}

fn month(year: u32, month: u32) -> Option<When> {
    Some((day(year, month, 1)?.0, Grain::Month))
}

/// A day with a time behind it: `2026-11-20T07:00`, `20/11/2026 07:00:00`. Midnight says nothing more
/// than the day.
fn moment(text: &str, month_first: bool) -> Option<When> {
    let (date, time) = text.split_once(['T', ' '])?;
    let time = time.trim().trim_end_matches('Z');
    let time = time.split(['.', '+']).next()?;
    let time = chrono::NaiveTime::parse_from_str(time, "%H:%M:%S")
        .or_else(|_| chrono::NaiveTime::parse_from_str(time, "%H:%M"))
        .ok()?;
    let (start, grain) = iso(date.as_bytes()).or_else(|| numbers(date, month_first))?;
    if grain != Grain::Day {
        return None;
    }
    if time == chrono::NaiveTime::MIN {
        return Some((start, Grain::Day));
    }
    Some((Start::time(NaiveDateTime::new(start.date(), time)), Grain::Time))
}

/// `2026 Q1`, `Q1 2026`, `2026-Q1`.
fn quarter(text: &str) -> Option<When> {
    let upper = text.to_ascii_uppercase();
    let mut parts = upper.split([' ', '-', '/']).filter(|part| !part.is_empty());
    let (first, second) = (parts.next()?, parts.next()?);
    let (year, quarter) = if first.starts_with('Q') { (second, first) } else { (first, second) };
    let number: u32 = quarter.strip_prefix('Q')?.parse().ok().filter(|number| (1..=4).contains(number))?;
    let year: u32 = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
    Some((day(year, number * 3 - 2, 1)?.0, Grain::Quarter))
}

/// `20 Nov 2026`, `20-Nov-26`, `November 20, 2026`, `Nov 2026`, `Nov-26`.
fn named(text: &str) -> Option<When> {
    let mut numbers: Vec<&str> = Vec::new();
    let mut found = None;
    for part in text.split([' ', '-', '/', ',', '.']).filter(|part| !part.is_empty()) {
        if part.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            numbers.push(part.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()));
        } else if let (Some(month), None) = (month_of(part), found) {
            found = Some(month);
        } else if weekday_of(part).is_none() {
            return None;
        }
    }
    match numbers[..] {
        [year] => {
            let year: u32 = year.parse().ok()?;
            month(year, found?)
        }
        [first, second] => {
            let (date, year) = if first.len() == 4 { (second, first) } else { (first, second) };
            day(year.parse().ok()?, found?, date.parse().ok()?)
        }
        _ => None,
    }
}

fn month_of(word: &str) -> Option<u32> {
    word.parse::<chrono::Month>().ok().map(|month| month.number_from_month())
}

fn weekday_of(word: &str) -> Option<chrono::Weekday> {
    word.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_files_write_them() {
        let mut reader = DayReader::default();
        for (cell, expected, grain) in [
            ("2026-11-20", "2026-11-20", Grain::Day),
            ("20/11/2026", "2026-11-20", Grain::Day),
            ("03/04/2026", "2026-04-03", Grain::Day),
            ("3-4-26", "2026-04-03", Grain::Day),
            ("20.11.2026", "2026-11-20", Grain::Day),
            ("2026/11/20", "2026-11-20", Grain::Day),
            ("20261120", "2026-11-20", Grain::Day),
            ("2026-11", "2026-11-01", Grain::Month),
            ("11/2026", "2026-11-01", Grain::Month),
            ("Jan 2020", "2020-01-01", Grain::Month),
            ("January-20", "2020-01-01", Grain::Month),
            ("20 Nov 2026", "2026-11-20", Grain::Day),
            ("20-Nov-26", "2026-11-20", Grain::Day),
            ("Fri 20 Nov 2026", "2026-11-20", Grain::Day),
            ("November 20th, 2026", "2026-11-20", Grain::Day),
            ("2026 Q2", "2026-04-01", Grain::Quarter),
            ("2026", "2026-01-01", Grain::Year),
            ("2026-11-20 00:00:00", "2026-11-20", Grain::Day),
            ("2026-11-20T07:00", "2026-11-20T07:00", Grain::Time),
            ("20/11/2026 07:00", "2026-11-20T07:00", Grain::Time),
        ] {
            let expected = Start::parse(expected).unwrap();
            assert_eq!(reader.read(cell.as_bytes()), Some((expected, grain)), "{cell}");
        }
        for wrong in [
            "",
            "falls",
            "31/02/2026",
            "13/13/2026",
            "2026-13-01",
            "7",
            "12",
            "1.5",
            "20-",
            "Nov",
            "9 beds 2026",
            "99999999",
        ] {
            assert_eq!(reader.read(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_that_writes_the_month_first_is_read_so() {
        assert_eq!(DayReader::new(true).read(b"11/20/2026"), Some((Start::parse("2026-11-20").unwrap(), Grain::Day)));
    }
}
