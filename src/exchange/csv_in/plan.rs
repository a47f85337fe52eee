//! The first pass: which measures of the file are there, and how those look that have to be made.

use chrono::NaiveDate;

use super::facts::Facts;
use super::layout::{Layout, Wanted, guess};
use super::row::{Names, RowReader};
use super::sheet::{Rows, Sheet};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::change::{Edit, validate};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind};
use crate::domain::record::Record;
use crate::domain::team::Team;
use crate::domain::{MeasureId, TeamId};

/// Where a file's values go.
#[derive(Debug, Clone, Copy)]
pub struct Into<'a> {
    /// The team.
    pub team: &'a Team,
    /// The measures that it has.
    pub measures: &'a [Measure],
    /// The team's day.
    pub today: NaiveDate,
    /// Whether a measure that is not there is refused and not made.
    pub strict: bool,
}

/// A measure that the import makes.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMeasure {
    /// The measure.
    pub measure: Measure,
    /// How many values the file has for it.
    pub values: u64,
}

/// Where the values of one measure of the file go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) id: MeasureId,
    pub(super) kind: MeasureKind,
    pub(super) frequency: Frequency,
    /// Whether the process board counts it: what a file says of it is left out, and said.
    pub(super) computed: bool,
}

/// What is to be done with a file.
pub struct Plan {
    pub(super) sheet: Sheet,
    pub(super) layout: Layout,
    pub(super) team: TeamId,
    pub(super) today: NaiveDate,
    /// For each measure of the file, by its words and its column: where its values go, or why not.
    pub(super) targets: Vec<Vec<Option<Result<Target, String>>>>,
    /// How the file was read, in sentences.
    pub said: Vec<String>,
    /// The measures that are made.
    pub new: Vec<NewMeasure>,
    /// How many rows the file has.
    pub rows: u64,
    /// How many measures the file has.
    pub measures: usize,
}

impl Plan {
    /// Reads a file once to see what is in it. `progress` hears how many bytes have been read.
    ///
    /// # Errors
    /// A sentence where the file cannot be read or understood.
    pub fn of(sheet: Sheet, wanted: &Wanted, into: Into<'_>, progress: &dyn Fn(u64)) -> Outcome<Self> {
        let (layout, said) = guess(&sheet, wanted)?;
        let mut seen: Vec<Vec<Option<Facts>>> = Vec::new();
        let mut reader = RowReader::new(&sheet, &layout);
        let mut rows = sheet.rows()?;
        let mut count = 0_u64;
        while rows.advance()? {
            count += 1;
            if count.is_multiple_of(8_192) {
                progress(rows.read());
            }
            // In this order, as the second pass asks: a row without a day names no measure.
            let Ok((start, grain)) = reader.when(&rows) else { continue };
            let Ok(name) = reader.name(&rows) else { continue };
            if seen.len() <= name {
                seen.resize_with(name + 1, || vec![None; layout.values.len()]);
            }
            for (columns, facts) in layout.values.iter().zip(&mut seen[name]) {
                let amount = reader.amount(&rows, columns);
                if facts.is_none() && (layout.long || matches!(amount, Ok(Some(_)))) {
                    *facts = Some(Facts::stating(stated(&rows, &layout)));
                }
                if let (Ok(Some(amount)), Some(facts)) = (amount, facts) {
                    facts.see(amount.value, amount.denominator, start.date(), grain);
                }
            }
        }
        let names = reader.names;
        let mut said = vec![said];
        if rows.was_not_utf8() {
            said.push(
                "It is not written in UTF-8: it was read as Windows-1252. Look at the letters with accents.".to_owned(),
            );
        }
        if layout.decimal_comma {
            said.push("Its cells are parted by semicolons: a comma was read as a decimal point.".to_owned());
        }
        let mut plan = Self {
            today: into.today,
            team: into.team.id,
            targets: Vec::new(),
            said,
            new: Vec::new(),
            rows: count,
            measures: 0,
            sheet,
            layout,
        };
        plan.aim(&seen, &names, into)?;
        Ok(plan)
    }

    /// Finds or makes the measure for each name of the file.
    fn aim(&mut self, seen: &[Vec<Option<Facts>>], names: &Names, into: Into<'_>) -> Outcome<()> {
        let mut position = into.measures.iter().map(|measure| measure.position).max().unwrap_or(0);
        for (words, facts) in names.words.iter().zip(seen) {
            let mut row = Vec::with_capacity(facts.len());
            for (column, facts) in facts.iter().enumerate() {
                let Some(facts) = facts else {
                    row.push(None);
                    continue;
                };
                self.measures += 1;
                let label = &self.layout.values[column].label;
                let name = [label.as_str(), words.as_str()]
                    .iter()
                    .filter(|part| !part.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join(" ");
                position += 1;
                row.push(Some(self.target(&name, facts, into, position)));
            }
            self.targets.push(row);
        }
        let made: Vec<&str> = self.new.iter().map(|new| new.measure.name.as_str()).collect();
        if into.strict && !made.is_empty() {
            let shown = made[..made.len().min(5)].join(", ");
            let more = if made.len() > 5 { " …" } else { "" };
            return Err(Failure::refused(format!("{} has no measure for: {shown}{more}.", into.team.name))
                .at(self.sheet.name.clone())
                .hint("Correct the names, or leave out --strict to have the measures made."));
        }
        Ok(())
    }

    fn target(&mut self, name: &str, facts: &Facts, into: Into<'_>, position: i64) -> Result<Target, String> {
        if let Some(found) = known(name, into.measures) {
            let computed = found.source.is_some();
            return Ok(Target { id: found.id, kind: found.kind, frequency: found.frequency, computed });
        }
        // Two columns or rows whose names differ in nothing that counts are one measure.
        if let Some(made) = self.new.iter_mut().find(|new| new.measure.slug() == text::slug(name)) {
            made.values += facts.count;
            let Measure { id, kind, frequency, .. } = made.measure;
            return Ok(Target { id, kind, frequency, computed: false });
        }
        let measure = self.make(name, facts, into.team, position);
        validate(&mut Edit::create(&measure), &mut Vec::new())
            .map_err(|failure| format!("“{}” cannot be a measure's name: {}", text::clip(name, 40), failure.what))?;
        let target = Target { id: measure.id, kind: measure.kind, frequency: measure.frequency, computed: false };
        self.new.push(NewMeasure { measure, values: facts.count });
        Ok(target)
    }

    fn make(&self, name: &str, facts: &Facts, team: &Team, position: i64) -> Measure {
        let mut measure = Measure::blank(MeasureId::fresh(), team.id);
        measure.name = text::clean_line(name);
        measure.position = position;
        measure.column = team.columns.0.first().cloned().unwrap_or_default();
        measure.kind = facts.kind(self.layout.exposure);
        measure.frequency = facts.frequency();
        let file = text::clip(&self.sheet.name, 80);
        measure.definition = format!("Imported from {file}. Write here who counts what, when, and what is left out.");
        if measure.kind == MeasureKind::Rate {
            measure.per = facts.per();
            measure.unit = measure.per.map_or_else(String::new, |per| format!("per {}", thousands(per)));
        }
        measure
    }

    /// What people call the file.
    pub fn name(&self) -> &str {
        &self.sheet.name
    }

    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.sheet.size
    }

    /// The edits that make the new measures.
    pub(super) fn making(&self) -> Vec<Edit> {
        self.new.iter().map(|new| Edit::create(&new.measure)).collect()
    }
}

/// The kind and the frequency of a measure, as a file that this program wrote says them.
fn stated(rows: &Rows, layout: &Layout) -> Option<(MeasureKind, Frequency)> {
    let (kind, frequency) = layout.own?;
    Some((MeasureKind::parse(&rows.text(kind))?, Frequency::parse(&rows.text(frequency))?))
}

/// The measure of exactly this name, slug or id: an import does not guess like a person at a field.
fn known<'a>(name: &str, measures: &'a [Measure]) -> Option<&'a Measure> {
    let slug = text::slug(name);
    measures
        .iter()
        .find(|measure| measure.slug() == slug)
        .or_else(|| measures.iter().find(|measure| measure.key().to_string() == name))
}

fn thousands(number: f64) -> &'static str {
    if number > 1_000.0 { "100,000" } else { "1,000" }
}
