//! A day in words, as people type it: `today`, `y`, `-2`, `mon`, `14/11`, `2026-11-14`, `3 days ago`.

use chrono::{Datelike, Days, Month, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use interim::{Dialect, parse_date_string};

use crate::base::error::{Failure, Outcome};

/// The day that `typed` means on `today`. A weekday means the latest one, today included; a day
/// without a year means the latest one that is not in the future.
///
/// # Errors
/// A sentence with examples, where it is no day.
pub fn parse_day(typed: &str, today: NaiveDate) -> Outcome<NaiveDate> {
    let text = typed.trim().trim_start_matches('@').to_lowercase().replace('_', " ");
    let found = match text.as_str() {
        "" | "t" | "today" | "now" => Some(today),
        "y" | "yesterday" => today.checked_sub_days(Days::new(1)),
        _ => steps_back(&text, today)
            .or_else(|| numbers(&text, today))
            .or_else(|| weekday(&text, today))
            .or_else(|| in_words(&text, today)),
    };
    found.ok_or_else(|| {
        Failure::refused(format!("“{}” is not a day.", typed.trim()))
            .hint("Type today, yesterday, -2, mon, 14/11 or 2026-11-14.")
    })
}

/// `-2`: so many days back.
fn steps_back(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let days: u64 = text.strip_prefix('-')?.parse().ok()?;
    today.checked_sub_days(Days::new(days))
}

/// `2026-11-14`, `14/11/2026`, `14/11`, `14.11.`, and `2026-11` for a month.
fn numbers(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(day);
    }
    let parts: Vec<u32> =
        text.trim_end_matches('.').split(['/', '.', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts[..] {
        [day, month, year] if year < 100 => NaiveDate::from_ymd_opt(2000 + i32::try_from(year).ok()?, month, day),
        [day, month, year] if year >= 1000 => NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day),
        [year, month] if year >= 1000 => NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1),
        [day, month] => {
            let this_year = NaiveDate::from_ymd_opt(today.year(), month, day);
            this_year.filter(|found| *found <= today).or_else(|| NaiveDate::from_ymd_opt(today.year() - 1, month, day))
        }
        _ => None,
    }
}

fn weekday(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let weekday: Weekday = text.strip_prefix("last ").unwrap_or(text).parse().ok()?;
    let back = today.weekday().days_since(weekday);
    let back = if back == 0 && text.starts_with("last ") { 7 } else { back };
    today.checked_sub_days(Days::new(u64::from(back)))
}

/// How many of the words that follow a first one belong to the same day: `23` and `nov 2026`, `last` and
/// `week`, `3` and `days ago`.
pub fn words_of_day(first: &str, next: &[&str]) -> usize {
    let word = |at: usize| next.get(at).map(|word| word.to_lowercase()).unwrap_or_default();
    let is_day = first.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).parse::<u32>().is_ok();
    if first.eq_ignore_ascii_case("last") && word(0).chars().all(char::is_alphabetic) {
        return usize::from(!next.is_empty());
    }
    if is_day && word(0).parse::<Month>().is_ok() {
        return if word(1).len() == 4 && word(1).parse::<u32>().is_ok() { 2 } else { 1 };
    }
    if is_day && word(1) == "ago" { 2 } else { 0 }
}

/// Everything else that English has for a day: "3 days ago", "14 november".
fn in_words(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    // Only words: numbers alone were read above, and "9" alone is no day.
    if !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let noon = Utc.from_utc_datetime(&today.and_time(NaiveTime::from_hms_opt(12, 0, 0)?));
    // "3rd dec" as "3 dec".
    let plain: Vec<&str> = text
        .split(' ')
        .map(|word| match word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']) {
            number if !number.is_empty() && number.chars().all(|sign| sign.is_ascii_digit()) => number,
            _ => word,
        })
        .collect();
    let found = parse_date_string(&plain.join(" "), noon, Dialect::Uk).ok()?.date_naive();
    // A day of a month without its year is the latest one.
    let without_year = plain.len() == 2 && plain.iter().any(|word| word.parse::<Month>().is_ok());
    if without_year && found > today { found.with_year(today.year() - 1) } else { Some(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_type_them() {
        let today: NaiveDate = "2026-11-20".parse().unwrap();
        for (typed, expected) in [
            ("today", "2026-11-20"),
            ("@y", "2026-11-19"),
            ("-3", "2026-11-17"),
            ("mon", "2026-11-16"),
            ("fri", "2026-11-20"),
            ("last fri", "2026-11-13"),
            ("14/11", "2026-11-14"),
            ("24/12", "2025-12-24"),
            ("14/11/2025", "2025-11-14"),
            ("1.2.26", "2026-02-01"),
            ("2026-11-14", "2026-11-14"),
            ("2026-10", "2026-10-01"),
            ("3 days ago", "2026-11-17"),
            ("14 nov", "2026-11-14"),
            ("24th december", "2025-12-24"),
            ("last week", "2026-11-13"),
        ] {
            assert_eq!(parse_day(typed, today).ok(), expected.parse().ok(), "{typed}");
        }
        for wrong in ["31/2", "soonish", "9", "-x", "2026-13-01"] {
            assert!(parse_day(wrong, today).is_err(), "{wrong}");
        }
    }
}
