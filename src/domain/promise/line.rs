//! An action in one line, as somebody says it at the huddle: "low beds from the library @charge nurse by mon".

use chrono::NaiveDate;

use crate::base::text;
use crate::domain::ahead;

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is to be done.
    pub what: String,
    /// The role after an `@`, where one is said.
    pub who: Option<String>,
    /// The day after the last "by", where one is said.
    pub by: Option<NaiveDate>,
}

/// Takes a line apart. What follows the last "by" and is no day belongs to the words: "stand by the door".
pub fn parse_line(typed: &str, today: NaiveDate) -> Line {
    let line = text::clean_line(typed);
    let (rest, by) = match line.rsplit_once(" by ") {
        Some((before, after)) => match ahead::parse_ahead(after, today, "by") {
            Ok(Some(day)) => (before.to_owned(), Some(day)),
            _ => (line.clone(), None),
        },
        None => (line.clone(), None),
    };
    let (what, who) = match rest.rsplit_once(" @") {
        Some((before, role)) if !role.trim().is_empty() => (before.to_owned(), Some(role.trim().to_owned())),
        _ => (rest, None),
    };
    Line { what: what.trim().to_owned(), who, by }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_and_where_it_differs_who_and_by_when() {
        let today = "2026-11-20".parse().unwrap();
        for (typed, what, who, by) in [
            ("two low beds", "two low beds", None, None),
            ("two low beds by mon", "two low beds", None, Some("2026-11-23")),
            ("two low beds @charge nurse by today", "two low beds", Some("charge nurse"), Some("2026-11-20")),
            ("two low beds @therapy", "two low beds", Some("therapy"), None),
            ("stand by the door", "stand by the door", None, None),
            ("socks back in stock by +3", "socks back in stock", None, Some("2026-11-23")),
        ] {
            let line = parse_line(typed, today);
            let expected =
                Line { what: what.into(), who: who.map(str::to_owned), by: by.map(|day| day.parse().unwrap()) };
            assert_eq!(line, expected, "{typed}");
        }
    }
}
