//! Rows of a file brought together by day, week or month as they are read: what is kept grows with the periods and
//! not with the rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::chart::Row;
use crate::domain::frequency::Frequency;
use crate::domain::point::Start;

/// How the rows of a period become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Combine {
    /// Added up where all of them are whole numbers from nought on, as counts are; otherwise their mean.
    #[default]
    Guess,
    /// Added up.
    Sum,
    /// Their mean.
    Mean,
}

/// How the rows of a file are brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// The periods.
    pub frequency: Frequency,
    /// What becomes of their rows.
    pub combine: Combine,
}

/// The rows of each period so far.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    by: By,
    kept: BTreeMap<NaiveDate, Period>,
    /// The period of the row before: neighbours often share it.
    day: Option<NaiveDate>,
    at: NaiveDate,
    open: Period,
    has_pairs: bool,
    has_counts_only: bool,
    rows: usize,
    /// How often the day was another one than that of the row before.
    days: usize,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
}

/// The rows of one period: what they add up to, and how many had a value.
#[derive(Debug, Clone, Copy, Default)]
struct Period {
    sum: f64,
    lost: f64,
    denominator: f64,
    count: usize,
    rows: usize,
    ghosts: usize,
}

impl Period {
    fn see(&mut self, row: &Row, needs_denominator: bool) {
        self.rows += 1;
        if row.ghost {
            self.ghosts += 1;
            return;
        }
        let (Some(value), true) = (row.value, row.denominator.is_some() || !needs_denominator) else { return };
        // What rounding takes from the sum is kept beside it (Neumaier 1974).
        let sum = self.sum + value;
        let (large, small) = if self.sum.abs() >= value.abs() { (self.sum, value) } else { (value, self.sum) };
        self.lost += (large - sum) + small;
        self.sum = sum;
        self.denominator += row.denominator.unwrap_or(0.0);
        self.count += 1;
    }

    fn add(&mut self, other: &Self) {
        self.sum += other.sum;
        self.lost += other.lost;
        self.denominator += other.denominator;
        self.count += other.count;
        self.rows += other.rows;
        self.ghosts += other.ghosts;
    }
}

impl Periods {
    pub(super) fn new(by: By) -> Self {
        Self {
            by,
            kept: BTreeMap::new(),
            day: None,
            at: NaiveDate::MIN,
            open: Period::default(),
            has_pairs: false,
            has_counts_only: true,
            rows: 0,
            days: 0,
            first: None,
            last: None,
        }
    }

    /// Takes in one row; `needs_denominator`: what has none is no value.
    pub(super) fn see(&mut self, row: &Row, needs_denominator: bool) {
        let day = row.start.date();
        if self.day != Some(day) {
            let start = self.by.frequency.start_of(day);
            if start != self.at {
                self.close();
                self.at = start;
            }
            self.day = Some(day);
            self.days += 1;
            self.first = Some(self.first.map_or(day, |first| first.min(day)));
            self.last = Some(self.last.map_or(day, |last| last.max(day)));
        }
        self.rows += 1;
        self.has_pairs |= row.denominator.is_some();
        self.has_counts_only &= row.value.is_none_or(|value| value >= 0.0 && value.fract() == 0.0);
        self.open.see(row, needs_denominator);
    }

    fn close(&mut self) {
        let closed = std::mem::take(&mut self.open);
        if closed.rows > 0 {
            self.kept.entry(self.at).or_default().add(&closed);
        }
    }

    /// A row for each period, in the order of time, and what was done, in a sentence or two.
    pub(super) fn finish(mut self) -> (Vec<Row>, String) {
        self.close();
        let sums = match self.by.combine {
            _ if self.has_pairs => false,
            Combine::Guess => self.has_counts_only,
            Combine::Sum => true,
            Combine::Mean => false,
        };
        let pairs = self.has_pairs;
        let mut rows: Vec<Row> = self.kept.iter().map(|(start, period)| row(*start, period, pairs, sums)).collect();
        let said = self.said(rows.len(), sums);
        if sums {
            // What is not whole yet would look like a fall.
            let (begins_late, ends_early) = self.unfinished();
            rows.first_mut().into_iter().for_each(|row| row.ghost |= begins_late);
            rows.last_mut().into_iter().for_each(|row| row.ghost |= ends_early);
        }
        (rows, said)
    }

    /// "Brought 535 rows together by month (123 months): the values of each were added up."
    fn said(&self, periods: usize, sums: bool) -> String {
        let Self { by, rows, .. } = self;
        let how = if self.has_pairs {
            "numerators and denominators of each were added up and then divided".to_owned()
        } else if sums {
            let why = if by.combine == Combine::Guess { " because all of them are counts" } else { "" };
            format!("the values of each were added up{why}")
        } else {
            "each is the mean of its values".to_owned()
        };
        let name = by.frequency.noun(1);
        let mut said =
            format!("Brought {rows} rows together by {name} ({periods} {}): {how}.", by.frequency.noun(periods));
        if !sums {
            return said;
        }
        let (first, last) = (self.first.unwrap_or_default(), self.last.unwrap_or_default());
        let part = match self.unfinished() {
            (false, false) => String::new(),
            (true, false) => format!(" The first {name} begins on {first} in the file"),
            (false, true) => format!(" The last {name} ends on {last} in the file"),
            (true, true) => format!(" The file begins on {first} and ends on {last}"),
        };
        if !part.is_empty() {
            said.push_str(&format!("{part}: what may not be whole is shown and left out of the statistics."));
        }
        if let Some((fewest, most)) = self.uneven() {
            said.push_str(&format!(
                " A {name} has {fewest} to {most} of the file's rows, and its sum goes up and down with that alone: --combine mean compares like with like."
            ));
        }
        said
    }

    /// Whether the first and the last period may not be whole.
    fn unfinished(&self) -> (bool, bool) {
        let (Some(first), Some(last)) = (self.first, self.last) else { return (false, false) };
        let starts = |day: NaiveDate| self.by.frequency.start_of(day) == day;
        (!starts(first), !last.succ_opt().is_none_or(starts))
    }

    /// The fewest and the most rows of a period, where each row is a day of its own (a weekly value, say) and so few
    /// make a period that one more or less shows.
    fn uneven(&self) -> Option<(usize, usize)> {
        let inner = || self.kept.values().skip(1).take(self.kept.len().saturating_sub(2)).map(|period| period.rows);
        let (fewest, most) = (inner().min()?, inner().max()?);
        (self.days == self.rows && 8 * most > 9 * fewest).then_some((fewest, most))
    }
}

fn row(start: NaiveDate, period: &Period, pairs: bool, sums: bool) -> Row {
    let sum = period.sum + period.lost;
    #[allow(clippy::cast_precision_loss, reason = "a number of rows")]
    let count = period.count as f64;
    let value = if pairs || sums { sum } else { sum / count };
    Row {
        start: Start::day(start),
        value: (period.count > 0 && value.is_finite()).then_some(value),
        denominator: (pairs && period.count > 0).then_some(period.denominator),
        ghost: period.ghosts == period.rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn together(combine: Combine, rows: &[(&str, Option<f64>, Option<f64>)]) -> (Vec<(String, Option<f64>)>, String) {
        let mut periods = Periods::new(By { frequency: Frequency::Month, combine });
        for (day, value, denominator) in rows {
            let start = Start::parse(day).unwrap();
            periods.see(&Row { start, value: *value, denominator: *denominator, ghost: false }, denominator.is_some());
        }
        let (rows, said) = periods.finish();
        (rows.into_iter().map(|row| (row.start.text(), row.value)).collect(), said)
    }

    #[test]
    fn counts_are_added_up_and_measured_values_are_averaged() {
        let counts =
            [("2026-01-01", Some(2.0), None), ("2026-02-28", Some(4.0), None), ("2026-01-31", Some(1.0), None)];
        let (rows, said) = together(Combine::Guess, &counts);
        assert_eq!(rows, [("2026-01-01".to_owned(), Some(3.0)), ("2026-02-01".to_owned(), Some(4.0))]);
        assert_eq!(
            said,
            "Brought 3 rows together by month (2 months): the values of each were added up because all of them are counts."
        );
        let (rows, said) =
            together(Combine::Guess, &[("2026-01-01", Some(2.5), None), ("2026-01-09", Some(3.5), None)]);
        assert_eq!((rows[0].1, said.ends_with("each is the mean of its values.")), (Some(3.0), true));
        assert_eq!(together(Combine::Mean, &counts).0[0].1, Some(1.5));
    }

    #[test]
    fn parts_and_wholes_are_added_up_by_themselves() {
        let mut periods = Periods::new(By { frequency: Frequency::Month, combine: Combine::Guess });
        for (value, denominator, ghost) in [(1.0, Some(10.0), false), (9.0, Some(30.0), false), (7.0, Some(7.0), true)]
        {
            let start = Start::parse("2026-01-05").unwrap();
            periods.see(&Row { start, value: Some(value), denominator, ghost }, true);
        }
        let (rows, said) = periods.finish();
        assert_eq!((rows[0].value, rows[0].denominator, rows[0].ghost), (Some(10.0), Some(40.0), false));
        assert!(said.contains("added up and then divided"));
    }

    #[test]
    fn a_period_that_is_not_whole_is_left_out_where_values_are_added_up_and_that_is_said() {
        let mut periods = Periods::new(By { frequency: Frequency::Month, combine: Combine::Sum });
        for day in ["2026-01-10", "2026-02-03", "2026-03-03"] {
            let start = Start::parse(day).unwrap();
            periods.see(&Row { start, value: Some(2.0), denominator: None, ghost: false }, false);
        }
        let (rows, said) = periods.finish();
        assert_eq!(rows.iter().map(|row| row.ghost).collect::<Vec<_>>(), [true, false, true]);
        let left_out =
            "The file begins on 2026-01-10 and ends on 2026-03-03: what may not be whole is shown and left out";
        assert!(said.contains(left_out), "{said}");
    }

    #[test]
    fn months_of_four_and_five_weekly_counts_are_said_to_be_uneven() {
        let mut periods = Periods::new(By { frequency: Frequency::Month, combine: Combine::Guess });
        let first = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();
        for week in 0..40 {
            let start = Start::day(first + chrono::Days::new(7 * week));
            periods.see(&Row { start, value: Some(5.0), denominator: None, ghost: false }, false);
        }
        assert!(periods.finish().1.contains("A month has 4 to 5 of the file's rows"));
    }

    #[test]
    fn a_period_of_rows_without_a_value_is_a_gap_and_no_nought() {
        let (rows, _) = together(Combine::Sum, &[("2026-01-01", None, None), ("2026-02-28", Some(1e308), None)]);
        assert_eq!(rows, [("2026-01-01".to_owned(), None), ("2026-02-01".to_owned(), Some(1e308))]);
    }

    #[test]
    fn what_rounding_takes_from_a_sum_comes_back() {
        let mut rows = vec![("2026-01-01", Some(1e16), None)];
        rows.extend([("2026-01-02", Some(1.0), None)].repeat(10));
        rows.push(("2026-01-31", Some(-1e16), None));
        assert_eq!(together(Combine::Sum, &rows).0[0].1, Some(10.0));
    }
}
