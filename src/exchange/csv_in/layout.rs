//! Which column is what, once it is known.

use super::guess::Guess;
use super::sheet::Sheet;
use crate::base::error::Outcome;

/// The columns that the options name.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `--date`
    pub date: Option<String>,
    /// `--value`
    pub value: Option<String>,
    /// `--denominator`
    pub denominator: Option<String>,
    /// `--measure`
    pub measure: Option<String>,
}

/// A column of values with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueColumn {
    /// The value; the numerator where there is a denominator.
    pub value: usize,
    /// A numerator beside a value that is already divided.
    pub numerator: Option<usize>,
    /// The denominator.
    pub denominator: Option<usize>,
    /// What it adds to the measure's name.
    pub label: String,
}

/// Which column is what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The day.
    pub date: usize,
    /// The columns whose texts make the measure's name.
    pub names: Vec<usize>,
    /// The columns of values.
    pub values: Vec<ValueColumn>,
    /// The note.
    pub note: Option<usize>,
    /// The stratum.
    pub stratum: Option<usize>,
    /// The place among several events of a day.
    pub ordinal: Option<usize>,
    /// Why the point is left out of the statistics.
    pub ghost: Option<usize>,
    /// The kind and the frequency of the measure, in a file that this program wrote.
    pub own: Option<(usize, usize)>,
    /// Whether denominators are time or people at risk.
    pub exposure: bool,
    /// Whether each row is one value: then an empty one is a period that is known to have none.
    pub long: bool,
    /// Whether the month stands before the day.
    pub month_first: bool,
    /// Whether a comma is a decimal point.
    pub decimal_comma: bool,
}

/// Guesses which column is what, and says so in a sentence: what the options say, then what the header
/// says, then what the cells look like.
///
/// # Errors
/// A sentence with the options that settle it, where no column holds days or none holds numbers.
pub fn guess(sheet: &Sheet, wanted: &Wanted) -> Outcome<(Layout, String)> {
    let guess = Guess::of(sheet, wanted)?;
    let said = guess.said();
    Ok((guess.layout, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(content: &str, wanted: &Wanted) -> Outcome<(Layout, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ward_data.csv");
        std::fs::write(&path, content).unwrap();
        guess(&Sheet::open(&path, "ward_data.csv").unwrap(), wanted)
    }

    fn layout(content: &str) -> Layout {
        guessed(content, &Wanted::default()).unwrap().0
    }

    #[test]
    fn our_own_long_layout_is_known_by_its_header() {
        let layout = layout("measure,date,value,denominator,note,stratum,ordinal,ghost\nFalls,2026-01-05,3,,,,0,\n");
        assert_eq!((layout.date, layout.names, layout.long), (1, vec![0], true));
        assert_eq!((layout.values[0].value, layout.values[0].denominator), (2, Some(3)));
        assert_eq!((layout.note, layout.stratum, layout.ordinal, layout.ghost), (Some(4), Some(5), Some(6), Some(7)));
    }

    #[test]
    fn a_wide_layout_has_a_measure_for_each_column_of_numbers() {
        let layout = layout("Week commencing,Falls,Hand hygiene,Comment\n05/01/2026,3,18/20,ok\n12/01/2026,,19/20,\n");
        assert_eq!(
            layout.values.iter().map(|column| column.label.as_str()).collect::<Vec<_>>(),
            ["Falls", "Hand hygiene"]
        );
        assert_eq!((layout.note, layout.long, layout.names.is_empty()), (Some(3), false, true));
    }

    #[test]
    fn words_beside_the_numbers_become_part_of_the_measures_name() {
        let infections = layout("hospital,infection,month,n,days\nAHH,BAC,2015-01-01,17,17233.6\n");
        assert_eq!((infections.names, infections.date, infections.exposure), (vec![0, 1], 2, true));
        assert_eq!((infections.values[0].value, infections.values[0].denominator), (3, Some(4)));
        let attendances = layout(
            "period,org_code,type,attendances,breaches\n2017-03-01,RF4,1,21289,2879\n2017-03-01,RF4,other,5,0\n",
        );
        assert_eq!(attendances.names, [1, 2]);
        assert_eq!(
            attendances.values.iter().map(|column| column.label.as_str()).collect::<Vec<_>>(),
            ["attendances", "breaches"]
        );
    }

    #[test]
    fn a_single_column_without_a_name_of_its_own_is_named_by_the_file() {
        let layout = layout("date,counts\n2010-01-08,12968\n");
        assert_eq!(layout.values[0].label, "ward data");
    }

    #[test]
    fn the_options_settle_what_the_header_leaves_open() {
        let wanted = Wanted { value: Some("b".into()), denominator: Some("c".into()), ..Wanted::default() };
        let (layout, _) = guessed("when,a,b,c\n2026-01-05,1,2,3\n", &wanted).unwrap();
        assert_eq!((layout.values[0].value, layout.values[0].denominator), (2, Some(3)));
        let wrong = Wanted { date: Some("nowhere".into()), ..Wanted::default() };
        assert!(guessed("date,n\n2026-01-05,1\n", &wrong).unwrap_err().hint.unwrap().contains("date, n"));
    }

    #[test]
    fn a_file_without_days_or_without_a_header_is_refused_with_what_to_do() {
        let failure = guessed("a,b\n1,2\n", &Wanted::default()).unwrap_err();
        assert!(failure.hint.unwrap().contains("--date"));
        let failure = guessed("Falls,2026-01-05,3\nFalls,2026-01-12,2\n", &Wanted::default()).unwrap_err();
        assert!(failure.what.contains("first line"), "{failure}");
    }

    #[test]
    fn one_column_of_numbers_beside_an_exposure_is_one_measure() {
        let falls = layout("week,Falls,Bed days\n2026-01-05,3,512\n2026-01-12,2,498\n");
        assert_eq!((falls.values.len(), falls.values[0].value, falls.values[0].denominator), (1, 1, Some(2)));
        assert!(falls.exposure);
        let several = layout("week,Falls,Ulcers,Bed days\n2026-01-05,3,1,512\n2026-01-12,2,0,498\n");
        assert_eq!(several.values.len(), 3);
    }

    #[test]
    fn months_come_first_where_the_file_shows_it() {
        assert!(layout("date,n\n01/05/2026,1\n01/20/2026,1\n").month_first);
        assert!(!layout("date,n\n01/05/2026,1\n20/01/2026,1\n").month_first);
    }
}
