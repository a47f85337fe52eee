//! A day to come, as people type it.

use chrono::{Datelike, Days, NaiveDate};

use super::when::parse_day;
use crate::base::error::{Failure, Outcome};

/// Reads a day ahead: "23/11", "mon", "+14", "2026-11-23"; nothing where nothing was typed. Where
/// the year or the week is not said, the next such day is meant and not the last.
///
/// # Errors
/// A sentence with examples, at the field of this name.
pub fn parse_ahead(typed: &str, today: NaiveDate, place: &str) -> Outcome<Option<NaiveDate>> {
    let typed = typed.trim();
    if matches!(typed.to_lowercase().as_str(), "tomorrow" | "tom") {
        return Ok(today.succ_opt());
    }
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        let what = Failure::refused(format!("“{typed}” is not a day."));
        what.at(place).hint("Type 23/11, mon, +14 or 2026-11-23.")
    };
    if let Some(days) = typed.strip_prefix('+') {
        let day = days.trim().parse().ok().and_then(|days| today.checked_add_days(Days::new(days)));
        return day.map(Some).ok_or_else(wrong);
    }
    let day = parse_day(typed, today).map_err(|_| wrong())?;
    let says_year = typed.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() == 4)
        || typed.split(['/', '.', '-']).filter(|part| !part.is_empty()).count() > 2;
    let is_weekday = typed.parse::<chrono::Weekday>().is_ok();
    if says_year || (day >= today && !is_weekday) {
        return Ok(Some(day));
    }
    if is_weekday {
        return Ok(day.checked_add_days(Days::new(7)));
    }
    let is_day_of_year =
        typed.chars().any(|letter| letter.is_ascii_digit()) && !typed.starts_with('-') && !typed.ends_with("ago");
    Ok(if is_day_of_year { day.with_year(day.year() + 1).or(Some(day)) } else { Some(day) })
}

/// A day as the form shows it.
pub fn written(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ahead_is_the_next_one_and_not_the_last() {
        let today = "2026-11-20".parse().unwrap();
        for (typed, expected) in [
            ("", None),
            ("23/11", Some("2026-11-23")),
            ("14/11", Some("2027-11-14")),
            ("14/11/2026", Some("2026-11-14")),
            ("mon", Some("2026-11-23")),
            ("fri", Some("2026-11-27")),
            ("+14", Some("2026-12-04")),
            ("today", Some("2026-11-20")),
            ("Tomorrow", Some("2026-11-21")),
            ("2026-12-01", Some("2026-12-01")),
        ] {
            assert_eq!(
                parse_ahead(typed, today, "review").unwrap(),
                expected.map(|day| day.parse().unwrap()),
                "{typed}"
            );
        }
        for wrong in ["soonish", "31/2", "+99999999999", "+x"] {
            assert_eq!(parse_ahead(wrong, today, "review").unwrap_err().place.as_deref(), Some("review"), "{wrong}");
        }
    }
}
