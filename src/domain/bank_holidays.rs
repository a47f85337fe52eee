//! The bank holidays of the United Kingdom by rule: the Banking and Financial Dealings Act 1971 and the days
//! that are proclaimed every year. Days that are proclaimed once, as for a coronation, a ward adds by hand.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::calendar::Holiday;
use crate::codes;

codes! {
    /// Whose bank holidays they are.
    Nation {
        /// England and Wales.
        EnglandAndWales = "england-and-wales",
        /// Scotland.
        Scotland = "scotland",
        /// Northern Ireland.
        NorthernIreland = "northern-ireland",
    }
}

impl Nation {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::EnglandAndWales => "England and Wales",
            Self::Scotland => "Scotland",
            Self::NorthernIreland => "Northern Ireland",
        }
    }

    /// Its bank holidays of a year, in order; none of a year that no calendar has.
    pub fn bank_holidays(self, year: i32) -> Vec<Holiday> {
        let mut found: Vec<Holiday> = self.of_year(year).unwrap_or_default();
        found.sort_by_key(|holiday| holiday.day);
        found
    }

    fn of_year(self, year: i32) -> Option<Vec<Holiday>> {
        let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let easter = easter(year)?;
        let mut found = vec![
            named("Good Friday", easter.checked_sub_days(Days::new(2))?),
            named("Early May bank holiday", first_monday(on(5, 1)?)),
            named("Spring bank holiday", last_monday(on(5, 31)?)),
        ];
        if self == Self::Scotland {
            found.extend(both(("New Year's Day", on(1, 1)?), "2nd January"));
            found.push(named("Summer bank holiday", first_monday(on(8, 1)?)));
            found.push(or_monday("St Andrew's Day", on(11, 30)?));
        } else {
            found.push(or_monday("New Year's Day", on(1, 1)?));
            found.push(named("Easter Monday", easter.succ_opt()?));
            found.push(named("Summer bank holiday", last_monday(on(8, 31)?)));
        }
        if self == Self::NorthernIreland {
            found.push(or_monday("St Patrick's Day", on(3, 17)?));
            found.push(or_monday("Battle of the Boyne", on(7, 12)?));
        }
        found.extend(both(("Christmas Day", on(12, 25)?), "Boxing Day"));
        Some(found)
    }
}

fn named(name: &str, day: NaiveDate) -> Holiday {
    Holiday { day, name: name.to_owned() }
}

/// The day, or the Monday after a weekend that it falls on.
fn or_monday(name: &str, day: NaiveDate) -> Holiday {
    match day.weekday() {
        Weekday::Sat => moved(name, day, 2),
        Weekday::Sun => moved(name, day, 1),
        _ => named(name, day),
    }
}

/// Two days that follow each other: what falls on a weekend goes to the Monday and the Tuesday after it.
fn both((first, day): (&str, NaiveDate), second: &str) -> [Holiday; 2] {
    let next = day.succ_opt().unwrap_or(day);
    match day.weekday() {
        Weekday::Fri => [named(first, day), moved(second, next, 2)],
        Weekday::Sat => [moved(first, day, 2), moved(second, next, 2)],
        Weekday::Sun => [moved(first, day, 2), named(second, next)],
        _ => [named(first, day), named(second, next)],
    }
}

fn moved(name: &str, day: NaiveDate, by: u64) -> Holiday {
    named(&format!("{name} (substitute day)"), day.checked_add_days(Days::new(by)).unwrap_or(day))
}

/// The first Monday from `day` on.
fn first_monday(day: NaiveDate) -> NaiveDate {
    let ahead = Weekday::Mon.days_since(day.weekday());
    day.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(day)
}

/// The last Monday up to `day`.
fn last_monday(day: NaiveDate) -> NaiveDate {
    let back = day.weekday().num_days_from_monday();
    day.checked_sub_days(Days::new(u64::from(back))).unwrap_or(day)
}

/// Easter Sunday by the Gregorian calendar ("To find Easter", Nature 13, 1876).
fn easter(year: i32) -> Option<NaiveDate> {
    let (cycle, century, of_century) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let corrected = century - (century + 8) / 25 + 1;
    let moon = (19 * cycle + century - century / 4 - corrected / 3 + 15).rem_euclid(30);
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let late = (cycle + 11 * moon + 22 * weekday) / 451;
    let days = moon + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(nation: Nation, year: i32) -> Vec<String> {
        nation.bank_holidays(year).iter().map(|holiday| holiday.day.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn the_bank_holidays_are_those_that_were_published() {
        let england = Nation::EnglandAndWales;
        assert_eq!(days(england, 2021), ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"]);
        assert_eq!(days(england, 2024), ["01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"]);
        assert_eq!(days(england, 2026), ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]);
        let scotland = days(Nation::Scotland, 2025);
        assert_eq!(
            scotland,
            ["01-01", "01-02", "04-18", "05-05", "05-26", "08-04", "12-01", "12-25", "12-26"],
            "St Andrew's Day of 2025 is a Sunday"
        );
        let ireland = days(Nation::NorthernIreland, 2025);
        assert!(["03-17", "07-14", "04-21"].iter().all(|day| ireland.contains(&(*day).to_owned())), "{ireland:?}");
    }

    #[test]
    fn easter_is_right_at_both_of_its_ends() {
        for (year, day) in [(1818, "03-22"), (1943, "04-25"), (2000, "04-23"), (2027, "03-28"), (2038, "04-25")] {
            assert_eq!(easter(year).unwrap().format("%m-%d").to_string(), day, "{year}");
        }
    }
}
