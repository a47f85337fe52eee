//! One series out of any file, for `analyse`.

use huddleboard::base::error::Outcome;
use huddleboard::domain::frequency::Frequency;
use huddleboard::exchange::csv_in::{Sheet, Wanted};
use huddleboard::exchange::table::{Series, read};

use crate::support::file;

fn series(content: &str, wanted: &Wanted, only: Option<&str>) -> Outcome<Series> {
    let (_folder, path) = file(content.as_bytes());
    read(&Sheet::open(&path, "any.csv")?, wanted, only, None)
}

fn plain(content: &str) -> Series {
    series(content, &Wanted::default(), None).unwrap()
}

#[test]
fn values_and_their_denominators_are_read_with_what_is_missing() {
    let found = plain("date,value,denominator\n2026-01-01,18,20\n2026-02-01,NA,20\n2026-03-01,3,0\n");
    assert!(found.has_denominators);
    assert_eq!(found.frequency, Frequency::Month);
    let pairs: Vec<_> = found.rows.iter().map(|row| (row.value, row.denominator)).collect();
    assert_eq!(pairs, [(Some(18.0), Some(20.0)), (None, Some(20.0)), (Some(3.0), Some(0.0))]);
}

#[test]
fn one_of_several_columns_or_measures_has_to_be_chosen() {
    let failure = series("date,a,b\n2026-01-01,1,2\n", &Wanted::default(), None).unwrap_err();
    assert!(failure.hint.unwrap().contains("--value"));
    let wanted = Wanted { value: Some("b".into()), ..Wanted::default() };
    assert_eq!(series("date,a,b\n2026-01-01,1,2\n", &wanted, None).unwrap().rows[0].value, Some(2.0));
    let long = "measure,date,value\nFalls,2026-01-01,1\nUlcers,2026-01-01,2\n";
    assert!(series(long, &Wanted::default(), None).unwrap_err().hint.unwrap().contains("--measure"));
    assert_eq!(series(long, &Wanted::default(), Some("ulcers")).unwrap().rows[0].value, Some(2.0));
}

#[test]
fn a_cell_that_cannot_be_read_is_named_with_line_and_column() {
    let failure =
        series("date,value\n2026-01-01,1\n2026-01-02,x2\n2026-01-03,1\n2026-01-04,1\n", &Wanted::default(), None)
            .unwrap_err();
    assert_eq!(failure.place.as_deref(), Some("any.csv, line 3, column value"));
}
