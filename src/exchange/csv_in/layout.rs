//! Which column is what: what the options say, then what the header says, then what the cells look like.

use super::day::DayReader;
use super::number::{number, pair};
use super::sheet::{Rows, Sheet, is_nothing};
use crate::base::error::{Failure, Outcome};

/// How many rows are looked at before the columns are told.
const SAMPLE: usize = 1_000;

const DATES: &[&str] = &[
    "date", "day", "period", "month", "week", "quarter", "year", "week commencing", "week beginning", "week starting", "week ending",
    "month commencing", "month ending", "time", "datetime", "timestamp", "start", "x",
];
const VALUES: &[&str] = &["value", "numerator", "n", "count", "counts", "cases", "events", "number", "total", "y", "result", "amount"];
const DENOMINATORS: &[&str] = &[
    "denominator", "denom", "d", "of", "out of", "days", "bed days", "beddays", "patient days", "occupied bed days", "exposure", "population",
    "opportunities", "sample", "sample size",
];
/// Denominators that are time or people at risk, and not the whole of which the value is a part.
const EXPOSURES: &[&str] = &["days", "bed days", "beddays", "patient days", "occupied bed days", "exposure", "population"];
const MEASURES: &[&str] = &["measure", "indicator", "metric", "measure name", "indicator name", "series"];
const NOTES: &[&str] = &["note", "notes", "comment", "comments", "remark", "remarks"];
const STRATA: &[&str] = &["stratum", "subgroup"];
const ORDINALS: &[&str] = &["ordinal"];
const GHOSTS: &[&str] = &["ghost", "excluded"];

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

/// What a column's cells look like.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    filled: usize,
    numbers: usize,
    days: usize,
}

impl Look {
    /// All of its cells are numbers, but for a slip here and there: those rows are refused by line.
    fn is_number(self) -> bool {
        let slips = if self.filled < 3 { 0 } else { (self.filled / 20).max(1) };
        self.numbers > 0 && self.numbers + slips >= self.filled
    }

    fn is_day(self) -> bool {
        self.filled > 0 && self.days == self.filled
    }
}

struct Guess<'a> {
    sheet: &'a Sheet,
    names: Vec<String>,
    looks: Vec<Look>,
    layout: Layout,
    used: Vec<bool>,
}

/// Guesses which column is what, and says so in a sentence.
///
/// # Errors
/// A sentence with the options that settle it, where no column holds days or none holds numbers.
pub fn guess(sheet: &Sheet, wanted: &Wanted) -> Outcome<(Layout, String)> {
    let names: Vec<String> = sheet.header.iter().map(|name| plain(name)).collect();
    let mut layout = Layout { decimal_comma: sheet.delimiter == b';', ..Layout::default() };
    layout.month_first = month_comes_first(&mut sheet.rows()?, names.len())?;
    let looks = look(&mut sheet.rows()?, names.len(), &layout)?;
    let used = vec![false; names.len()];
    let mut guess = Guess { sheet, names, looks, layout, used };
    guess.find_date(wanted)?;
    guess.find_asides();
    guess.find_values(wanted)?;
    guess.find_names(wanted)?;
    guess.label();
    let said = guess.said();
    Ok((guess.layout, said))
}

fn plain(name: &str) -> String {
    let spaced = name.to_lowercase().replace(['_', '-', '.'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn look(rows: &mut Rows, width: usize, layout: &Layout) -> Outcome<Vec<Look>> {
    let mut looks = vec![Look::default(); width];
    let mut days = DayReader::new(layout.month_first);
    for _ in 0..SAMPLE {
        if !rows.advance()? {
            break;
        }
        for (column, look) in looks.iter_mut().enumerate() {
            let cell = rows.cell(column);
            if is_nothing(cell) {
                continue;
            }
            look.filled += 1;
            look.numbers += usize::from(number(cell, layout.decimal_comma).is_some() || pair(cell).is_some());
            look.days += usize::from(days.read(cell).is_some());
        }
    }
    Ok(looks)
}

/// Whether days such as 11/20/2026 occur and days such as 20/11/2026 do not.
fn month_comes_first(rows: &mut Rows, width: usize) -> Outcome<bool> {
    let (mut day_first, mut month_first) = (0, 0);
    for _ in 0..SAMPLE {
        if !rows.advance()? {
            break;
        }
        for cell in (0..width).map(|column| rows.cell(column)).filter(|cell| (6..=20).contains(&cell.len())) {
            let mut parts = cell.split(|byte| b"/.- ".contains(byte)).map(|part| std::str::from_utf8(part).ok()?.parse::<u32>().ok());
            if let (Some(Some(first @ 1..=31)), Some(Some(second @ 1..=31)), Some(Some(_))) = (parts.next(), parts.next(), parts.next()) {
                day_first += usize::from(first > 12);
                month_first += usize::from(second > 12);
            }
        }
    }
    Ok(month_first > 0 && day_first == 0)
}

impl Guess<'_> {
    /// The column of this name, as an option gives it.
    fn named(&self, option: &str, name: &str) -> Outcome<usize> {
        let wanted = plain(name);
        self.names.iter().position(|known| *known == wanted).ok_or_else(|| {
            let known = self.sheet.header.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
            Failure::usage(format!("There is no column “{name}” for {option}.")).at(self.sheet.name.clone()).hint(format!("The columns are: {known}."))
        })
    }

    /// The first free column whose name is one of `synonyms`, in the order of the synonyms.
    fn by_name(&self, synonyms: &[&str], fits: impl Fn(Look) -> bool) -> Option<usize> {
        synonyms.iter().find_map(|synonym| {
            self.names.iter().enumerate().position(|(column, name)| name == synonym && !self.used[column] && fits(self.looks[column]))
        })
    }

    fn take(&mut self, column: usize) -> usize {
        self.used[column] = true;
        column
    }

    fn find_date(&mut self, wanted: &Wanted) -> Outcome<()> {
        let found = match &wanted.date {
            Some(name) => Some(self.named("--date", name)?),
            None => self
                .by_name(DATES, Look::is_day)
                .or_else(|| self.looks.iter().position(|look| look.is_day() && !look.is_number()))
                // Some cells may be wrong: those rows are then refused one by one.
                .or_else(|| self.by_name(DATES, |look| look.days * 2 > look.filled || look.filled == 0)),
        };
        let Some(column) = found.filter(|_| !self.has_no_header()) else {
            return Err(self.no_date());
        };
        self.layout.date = self.take(column);
        Ok(())
    }

    /// Whether the first line holds a day where a name should be.
    fn has_no_header(&self) -> bool {
        let mut days = DayReader::default();
        self.sheet.header.iter().any(|cell| cell.len() > 7 && days.read(cell.as_bytes()).is_some())
    }

    fn no_date(&self) -> Failure {
        let failure = if self.has_no_header() {
            Failure::refused("The first line holds values and not the names of the columns.")
                .hint("Put a line such as measure,date,value above it.")
        } else {
            Failure::refused("No column holds days.")
                .hint("Name it with --date COLUMN; days are written 2026-11-20 or 20/11/2026.")
        };
        failure.at(format!("{}, line 1", self.sheet.name))
    }

    fn find_asides(&mut self) {
        self.layout.note = self.by_name(NOTES, |_| true).map(|column| self.take(column));
        self.layout.stratum = self.by_name(STRATA, |_| true).map(|column| self.take(column));
        self.layout.ordinal = self.by_name(ORDINALS, |_| true).map(|column| self.take(column));
        self.layout.ghost = self.by_name(GHOSTS, |_| true).map(|column| self.take(column));
        let written_here = self.layout.ordinal.is_some() && self.by_name(MEASURES, |_| true).is_some();
        if let (true, Some(kind), Some(frequency)) = (written_here, self.by_name(&["kind"], |_| true), self.by_name(&["frequency"], |_| true)) {
            self.layout.own = Some((self.take(kind), self.take(frequency)));
        }
    }

    fn find_values(&mut self, wanted: &Wanted) -> Outcome<()> {
        let mut value = wanted.value.as_ref().map(|name| self.named("--value", name)).transpose()?;
        let mut denominator = wanted.denominator.as_ref().map(|name| self.named("--denominator", name)).transpose()?;
        let own = self.by_name(MEASURES, |_| true);
        let mostly = |look: Look| look.numbers * 2 > look.filled || look.filled == 0;
        value = value.or_else(|| self.by_name(VALUES, mostly).filter(|column| Some(*column) != denominator && Some(*column) != own));
        let Some(value) = value else {
            return self.find_wide(own, denominator);
        };
        self.take(value);
        denominator = denominator.or_else(|| self.by_name(DENOMINATORS, mostly)).map(|column| self.take(column));
        let divided = wanted.value.is_none() && self.names[value] == "value";
        let numerator = if divided { self.by_name(&["numerator"], |_| true).map(|column| self.take(column)) } else { None };
        self.layout.values = vec![ValueColumn { value, numerator, denominator, label: String::new() }];
        let beside = wanted.value.is_none() && own.is_none() && wanted.measure.is_none() && !matches!(self.names[value].as_str(), "value" | "numerator");
        if beside {
            // “n” beside other numbers is one measure of several.
            let others = self.other_numbers();
            self.layout.values.extend(others);
        }
        self.layout.long = self.layout.values.len() == 1;
        Ok(())
    }

    /// One column of values for each measure.
    fn find_wide(&mut self, own: Option<usize>, denominator: Option<usize>) -> Outcome<()> {
        if let Some(own) = own {
            self.used[own] = true;
        }
        self.layout.values = self.other_numbers();
        self.layout.values.retain(|column| Some(column.value) != denominator);
        if let Some(own) = own {
            self.used[own] = false;
        }
        if let (Some(denominator), [only]) = (denominator, &mut self.layout.values[..]) {
            only.denominator = Some(denominator);
            self.used[denominator] = true;
        }
        if self.layout.values.is_empty() {
            return Err(Failure::refused("No column holds numbers.")
                .at(format!("{}, line 1", self.sheet.name))
                .hint("Name it with --value COLUMN, and its denominator with --denominator COLUMN."));
        }
        self.layout.long = own.is_some() && self.layout.values.len() == 1;
        Ok(())
    }

    fn other_numbers(&mut self) -> Vec<ValueColumn> {
        let free: Vec<usize> = (0..self.names.len()).filter(|column| !self.used[*column] && self.looks[*column].is_number()).collect();
        free.into_iter()
            .map(|value| ValueColumn { value: self.take(value), numerator: None, denominator: None, label: String::new() })
            .collect()
    }

    fn find_names(&mut self, wanted: &Wanted) -> Outcome<()> {
        if let Some(name) = &wanted.measure {
            let column = self.named("--measure", name)?;
            self.used[column] = true;
            self.layout.names = vec![column];
            return Ok(());
        }
        if let Some(own) = self.by_name(MEASURES, |_| true) {
            self.used[own] = true;
            self.layout.names.push(own);
        }
        let words = |look: Look| look.filled > 0 && !look.is_number() && !look.is_day();
        let others: Vec<usize> = (0..self.names.len()).filter(|column| !self.used[*column] && words(self.looks[*column])).collect();
        for column in others {
            self.used[column] = true;
            self.layout.names.push(column);
        }
        Ok(())
    }

    /// Names each column of values: by its header where that says something, else by the file.
    fn label(&mut self) {
        let alone = self.layout.values.len() == 1;
        let named = !self.layout.names.is_empty();
        let stem = std::path::Path::new(&self.sheet.name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().replace(['_', '-'], " "));
        for column in &mut self.layout.values {
            let header = &self.sheet.header[column.value];
            let says_nothing = VALUES.contains(&self.names[column.value].as_str());
            column.label = match (alone && named, says_nothing) {
                (true, _) => String::new(),
                (false, true) if named => String::new(),
                (false, true) => stem.clone(),
                (false, false) => header.clone(),
            };
        }
        self.layout.exposure =
            self.layout.values.iter().filter_map(|column| column.denominator).any(|column| EXPOSURES.contains(&self.names[column].as_str()));
    }

    fn said(&self) -> String {
        let layout = &self.layout;
        let list = |columns: &[usize]| columns.iter().map(|column| self.sheet.quoted(*column)).collect::<Vec<_>>().join(" and ");
        let mut parts = vec![format!("the day from {}", self.sheet.quoted(layout.date))];
        if !layout.names.is_empty() {
            parts.push(format!("the measure from {}", list(&layout.names)));
        }
        if let [only] = &layout.values[..] {
            parts.push(format!("the value from {}", self.sheet.quoted(only.numerator.unwrap_or(only.value))));
            parts.extend(only.denominator.map(|column| format!("its denominator from {}", self.sheet.quoted(column))));
        } else {
            let all: Vec<usize> = layout.values.iter().map(|column| column.value).collect();
            let shown = list(&all[..all.len().min(6)]);
            let more = if all.len() > 6 { format!(" and {} more", all.len() - 6) } else { String::new() };
            parts.push(format!("{} measures from {shown}{more}", all.len()));
        }
        let unused: Vec<usize> = (0..self.names.len()).filter(|column| !self.used[*column] && self.looks[*column].filled > 0).collect();
        let mut said = format!("Read {}.", parts.join(", "));
        if layout.month_first {
            said.push_str(" Its days are written month first.");
        }
        if !unused.is_empty() {
            said.push_str(&format!(" Not used: {}.", list(&unused[..unused.len().min(6)])));
        }
        said
    }
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
        assert_eq!(layout.values.iter().map(|column| column.label.as_str()).collect::<Vec<_>>(), ["Falls", "Hand hygiene"]);
        assert_eq!((layout.note, layout.long, layout.names.is_empty()), (Some(3), false, true));
    }

    #[test]
    fn words_beside_the_numbers_become_part_of_the_measures_name() {
        let infections = layout("hospital,infection,month,n,days\nAHH,BAC,2015-01-01,17,17233.6\n");
        assert_eq!((infections.names, infections.date, infections.exposure), (vec![0, 1], 2, true));
        assert_eq!((infections.values[0].value, infections.values[0].denominator), (3, Some(4)));
        let attendances = layout("period,org_code,type,attendances,breaches\n2017-03-01,RF4,1,21289,2879\n2017-03-01,RF4,other,5,0\n");
        assert_eq!(attendances.names, [1, 2]);
        assert_eq!(attendances.values.iter().map(|column| column.label.as_str()).collect::<Vec<_>>(), ["attendances", "breaches"]);
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
    fn months_come_first_where_the_file_shows_it() {
        assert!(layout("date,n\n01/05/2026,1\n01/20/2026,1\n").month_first);
        assert!(!layout("date,n\n01/05/2026,1\n20/01/2026,1\n").month_first);
    }
}
