//! Guessing which column is what: from the options, the header's words, and the look of the cells.

use super::day::DayReader;
use super::layout::{Layout, ValueColumn, Wanted};
use super::look::{Look, look, month_comes_first};
use super::sheet::Sheet;
use crate::base::error::{Failure, Outcome};

const DATES: &[&str] = &[
    "date",
    "day",
    "period",
    "month",
    "week",
    "quarter",
    "year",
    "week commencing",
    "week beginning",
    "week starting",
    "week ending",
    "month commencing",
    "month ending",
    "time",
    "datetime",
    "timestamp",
    "start",
    "x",
];
const VALUES: &[&str] =
    &["value", "numerator", "n", "count", "counts", "cases", "events", "number", "total", "y", "result", "amount"];
const DENOMINATORS: &[&str] = &[
    "denominator",
    "denom",
    "d",
    "of",
    "out of",
    "days",
    "bed days",
    "beddays",
    "patient days",
    "occupied bed days",
    "exposure",
    "population",
    "opportunities",
    "sample",
    "sample size",
];
/// Denominators that are time or people at risk, and not the whole of which the value is a part.
const EXPOSURES: &[&str] =
    &["days", "bed days", "beddays", "patient days", "occupied bed days", "exposure", "population"];
const MEASURES: &[&str] = &["measure", "indicator", "metric", "measure name", "indicator name", "series"];
const NOTES: &[&str] = &["note", "notes", "comment", "comments", "remark", "remarks"];
const STRATA: &[&str] = &["stratum", "subgroup"];
const ORDINALS: &[&str] = &["ordinal"];
const GHOSTS: &[&str] = &["ghost", "excluded"];

/// What is known of a file's columns so far.
pub(super) struct Guess<'a> {
    sheet: &'a Sheet,
    names: Vec<String>,
    looks: Vec<Look>,
    pub(super) layout: Layout,
    used: Vec<bool>,
}

fn plain(name: &str) -> String {
    let spaced = name.to_lowercase().replace(['_', '-', '.'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<'a> Guess<'a> {
    /// What the file and the options say together.
    pub(super) fn of(sheet: &'a Sheet, wanted: &Wanted) -> Outcome<Self> {
        let names: Vec<String> = sheet.header.iter().map(|name| plain(name)).collect();
        let mut layout = Layout { decimal_comma: sheet.delimiter == b';', ..Layout::default() };
        layout.month_first = month_comes_first(&mut sheet.rows()?, names.len())?;
        let looks = look(&mut sheet.rows()?, names.len(), &layout)?;
        let used = vec![false; names.len()];
        let mut guess = Self { sheet, names, looks, layout, used };
        guess.find_date(wanted)?;
        guess.find_asides();
        guess.find_values(wanted)?;
        guess.find_names(wanted)?;
        guess.label();
        Ok(guess)
    }

    /// The column of this name, as an option gives it.
    fn named(&self, option: &str, name: &str) -> Outcome<usize> {
        let wanted = plain(name);
        self.names.iter().position(|known| *known == wanted).ok_or_else(|| {
            let known = self.sheet.header.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
            Failure::usage(format!("There is no column “{name}” for {option}."))
                .at(self.sheet.name.clone())
                .hint(format!("The columns are: {known}."))
        })
    }

    /// The first free column whose name is one of `synonyms`, in the order of the synonyms.
    fn by_name(&self, synonyms: &[&str], fits: impl Fn(Look) -> bool) -> Option<usize> {
        synonyms.iter().find_map(|synonym| {
            self.names
                .iter()
                .enumerate()
                .position(|(column, name)| name == synonym && !self.used[column] && fits(self.looks[column]))
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
        if let (true, Some(kind), Some(frequency)) =
            (written_here, self.by_name(&["kind"], |_| true), self.by_name(&["frequency"], |_| true))
        {
            self.layout.own = Some((self.take(kind), self.take(frequency)));
        }
    }

    fn find_values(&mut self, wanted: &Wanted) -> Outcome<()> {
        let mut value = wanted.value.as_ref().map(|name| self.named("--value", name)).transpose()?;
        let mut denominator = wanted.denominator.as_ref().map(|name| self.named("--denominator", name)).transpose()?;
        let own = self.by_name(MEASURES, |_| true);
        let mostly = |look: Look| look.numbers * 2 > look.filled || look.filled == 0;
        // A column that is called “value” is one, however its cells look: they are then refused by line.
        let called_so = || self.by_name(VALUES, mostly).or_else(|| self.by_name(&["value"], |_| true));
        value = value.or_else(|| called_so().filter(|column| Some(*column) != denominator && Some(*column) != own));
        let Some(value) = value else {
            return self.find_wide(own, denominator);
        };
        self.take(value);
        denominator = denominator.or_else(|| self.by_name(DENOMINATORS, mostly)).map(|column| self.take(column));
        let divided = wanted.value.is_none() && self.names[value] == "value";
        let numerator =
            if divided { self.by_name(&["numerator"], |_| true).map(|column| self.take(column)) } else { None };
        self.layout.values = vec![ValueColumn { value, numerator, denominator, label: String::new() }];
        let beside = wanted.value.is_none()
            && own.is_none()
            && wanted.measure.is_none()
            && !matches!(self.names[value].as_str(), "value" | "numerator");
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
        let known = denominator.or_else(|| self.by_header(DENOMINATORS));
        // “Falls” beside “bed days” is one measure; “days” beside several others may be one of them.
        let others = self.layout.values.iter().filter(|column| Some(column.value) != known).count();
        let denominator = if others == 1 { known } else { denominator };
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

    /// The column of numbers that is called by one of these names.
    fn by_header(&self, names: &[&str]) -> Option<usize> {
        let named = |column: &usize| names.contains(&self.names[*column].as_str());
        self.layout.values.iter().map(|column| column.value).find(named)
    }

    fn other_numbers(&mut self) -> Vec<ValueColumn> {
        let free: Vec<usize> =
            (0..self.names.len()).filter(|column| !self.used[*column] && self.looks[*column].is_number()).collect();
        free.into_iter()
            .map(|value| ValueColumn {
                value: self.take(value),
                numerator: None,
                denominator: None,
                label: String::new(),
            })
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
        let others: Vec<usize> =
            (0..self.names.len()).filter(|column| !self.used[*column] && words(self.looks[*column])).collect();
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
        let stem = std::path::Path::new(&self.sheet.name)
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().replace(['_', '-'], " "));
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
        self.layout.exposure = self
            .layout
            .values
            .iter()
            .filter_map(|column| column.denominator)
            .any(|column| EXPOSURES.contains(&self.names[column].as_str()));
    }

    /// How the file is read, in a sentence.
    pub(super) fn said(&self) -> String {
        let layout = &self.layout;
        let list = |columns: &[usize]| {
            columns.iter().map(|column| self.sheet.quoted(*column)).collect::<Vec<_>>().join(" and ")
        };
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
        let unused: Vec<usize> =
            (0..self.names.len()).filter(|column| !self.used[*column] && self.looks[*column].filled > 0).collect();
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
