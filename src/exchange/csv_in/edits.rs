//! The second pass: each value as an edit, and each row that is refused with its line and reason.

use std::collections::{HashMap, VecDeque};

use chrono::NaiveDate;

use super::facts::DaySet;
use super::layout::ValueColumn;
use super::plan::{Plan, Target};
use super::row::{Bad, RowReader};
use super::sheet::Rows;
use crate::base::error::{Failure, Outcome};
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Amount, check_amount};
use crate::domain::point::{PointKey, Start};
use crate::domain::record::Value;
use crate::domain::{MeasureId, TeamId};

/// How many refused rows are kept with their reason; the others are counted.
pub const SHOWN: usize = 20;

/// So many edits are read ahead and given out measure by measure: a file that goes day by day through
/// hundreds of measures would otherwise have each of them looked up anew for every row.
const WAITING: usize = 32_768;

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The line of the file.
    pub line: u64,
    /// The column's name; empty where it is the whole row.
    pub column: String,
    /// Why, and what to do.
    pub words: String,
}

/// What became of the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many data points were given out.
    pub points: u64,
    /// How many periods are known to have no value.
    pub empty: u64,
    /// How many values were left out because the process board counts their measure itself.
    pub computed: u64,
    /// How many values are for days that are still to come.
    pub ahead: u64,
    /// The first refused rows.
    pub refused: Vec<Refused>,
    /// How many were refused in all.
    pub refused_count: u64,
}

/// The values of one measure, stratum, ordinal and time of day: each day once.
type Series = (MeasureId, String, u32, u32);

/// The edits of a plan, one by one.
///
/// Where a row is refused and refused rows are not to be skipped, the rest is read on for the report
/// alone, and the last item is a failure: nothing of the file is then committed.
pub struct Edits<'a> {
    plan: &'a Plan,
    reader: RowReader<'a>,
    rows: Rows,
    waiting: VecDeque<Edit>,
    /// What became of the rows so far.
    report: &'a mut Report,
    skip_refused: bool,
    progress: &'a dyn Fn(u64),
    seen: HashMap<Series, DaySet>,
    last_series: Option<Series>,
    events: HashMap<(MeasureId, NaiveDate), u32>,
    ended: bool,
    count: u64,
}

/// What stands beside the values of a row.
struct Beside {
    note: String,
    stratum: String,
    ordinal: Option<u32>,
    ghost: String,
}

impl Plan {
    /// The edits of the file: first those that make measures, then one for each value.
    ///
    /// # Errors
    /// A sentence where the file cannot be read again.
    pub fn edits<'a>(
        &'a self,
        report: &'a mut Report,
        skip_refused: bool,
        progress: &'a dyn Fn(u64),
    ) -> Outcome<Edits<'a>> {
        Ok(Edits {
            plan: self,
            reader: RowReader::new(&self.sheet, &self.layout),
            rows: self.sheet.rows()?,
            waiting: self.making().into(),
            report,
            skip_refused,
            progress,
            seen: HashMap::new(),
            last_series: None,
            events: HashMap::new(),
            ended: false,
            count: 0,
        })
    }

    fn team(&self) -> TeamId {
        self.team
    }
}

impl Iterator for Edits<'_> {
    type Item = Outcome<Edit>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.waiting.is_empty()
            && !self.ended
            && let Err(failure) = self.fill()
        {
            self.ended = true;
            return Some(Err(failure));
        }
        self.waiting.pop_front().map(Ok)
    }
}

impl Edits<'_> {
    /// Reads on until some edits wait, or the file ends.
    fn fill(&mut self) -> Outcome<()> {
        while self.waiting.len() < WAITING {
            if !self.rows.advance()? {
                self.ended = true;
                break;
            }
            self.read_row();
            if self.gives_nothing() {
                self.waiting.clear();
            }
        }
        if self.ended && self.gives_nothing() {
            return Err(self.verdict());
        }
        self.waiting.make_contiguous().sort_by(|left, right| left.record.cmp(&right.record));
        Ok(())
    }

    /// Whether the file is read on for its report alone.
    fn gives_nothing(&self) -> bool {
        !self.skip_refused && self.report.refused_count > 0
    }

    fn verdict(&self) -> Failure {
        let count = self.report.refused_count;
        let rows = if count == 1 { "value is" } else { "values are" };
        Failure::refused(format!("{count} {rows} refused, so nothing of this file was imported."))
            .at(self.plan.sheet.name.clone())
            .hint("Correct them, or import the rest with --skip-refused.")
    }

    fn refuse(&mut self, bad: Bad) {
        self.report.refused_count += 1;
        if self.report.refused.len() < SHOWN {
            let column = bad.column.and_then(|column| self.plan.sheet.header.get(column)).cloned().unwrap_or_default();
            self.report.refused.push(Refused { line: self.rows.line(), column, words: bad.words });
        }
    }

    fn read_row(&mut self) {
        self.count += 1;
        if self.count.is_multiple_of(8_192) {
            (self.progress)(self.rows.read());
        }
        let read = self.reader.when(&self.rows).and_then(|(start, _)| {
            let name = self.reader.name(&self.rows)?;
            Ok((start, name, self.beside()?))
        });
        let (start, name, beside) = match read {
            Ok(read) => read,
            Err(bad) => return self.refuse(bad),
        };
        let plan = self.plan;
        for (column, columns) in plan.layout.values.iter().enumerate() {
            if let Err(bad) =
                self.read_value(columns, plan.targets.get(name).and_then(|row| row[column].as_ref()), start, &beside)
            {
                self.refuse(bad);
            }
        }
    }

    fn beside(&self) -> Result<Beside, Bad> {
        let layout = &self.plan.layout;
        let (reader, rows) = (&self.reader, &self.rows);
        let ordinal = match layout.ordinal.map(|column| (column, rows.cell(column))) {
            Some((_, b"")) | None => None,
            Some((column, cell)) => {
                let number = std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok());
                Some(number.ok_or_else(|| {
                    Bad::cell(column, "The ordinal is not a whole number. Write 0, 1, 2 … or leave it empty.")
                })?)
            }
        };
        Ok(Beside {
            note: reader.aside(rows, layout.note, 400)?,
            stratum: reader.aside(rows, layout.stratum, 80)?,
            ghost: reader.aside(rows, layout.ghost, 160)?,
            ordinal,
        })
    }

    fn read_value(
        &mut self,
        columns: &ValueColumn,
        target: Option<&Result<Target, String>>,
        start: Start,
        beside: &Beside,
    ) -> Result<(), Bad> {
        let amount = self.reader.amount(&self.rows, columns)?;
        let target = match target {
            Some(Ok(target)) => *target,
            Some(Err(words)) => {
                return Err(Bad { column: self.plan.layout.names.first().copied(), words: words.clone() });
            }
            None => return Ok(()),
        };
        if target.computed {
            self.report.computed += 1;
            return Ok(());
        }
        if amount.is_none() && !self.plan.layout.long {
            return Ok(());
        }
        if let Some(amount) = amount {
            check_amount(target.kind, amount).map_err(|failure| {
                let hint = failure.hint.map_or_else(String::new, |hint| format!(" {hint}"));
                Bad::cell(columns.value, format!("{}{hint}", failure.what))
            })?;
        }
        let key = self.place(target, start, beside)?;
        self.report.ahead += u64::from(key.start.date() > self.plan.today);
        self.report.points += u64::from(amount.is_some());
        self.report.empty += u64::from(amount.is_none());
        self.waiting.push_back(edit(self.plan.team(), key, amount, beside));
        Ok(())
    }

    /// The place of a value: the first day of its period, or the next event of its day.
    fn place(&mut self, target: Target, start: Start, beside: &Beside) -> Result<PointKey, Bad> {
        let at_a_time = start != Start::day(start.date());
        let start = if at_a_time { start } else { Start::day(target.frequency.start_of(start.date())) };
        let day = start.date();
        let mut ordinal = beside.ordinal.unwrap_or(0);
        if beside.ordinal.is_none() && target.frequency == Frequency::Event && beside.stratum.is_empty() && !at_a_time {
            let next = self.events.entry((target.id, day)).or_insert(0);
            ordinal = *next;
            *next += 1;
        } else {
            let minute = if at_a_time { 1 + minute_of(start) } else { 0 };
            let same = |series: &Series| {
                series.0 == target.id && series.1 == beside.stratum && series.2 == ordinal && series.3 == minute
            };
            let series = match self.last_series.take() {
                Some(series) if same(&series) => series,
                _ => (target.id, beside.stratum.clone(), ordinal, minute),
            };
            let fresh = match self.seen.get_mut(&series) {
                Some(days) => days.insert(day),
                None => self.seen.entry(series.clone()).or_default().insert(day),
            };
            self.last_series = Some(series);
            if !fresh {
                let period = if target.frequency == Frequency::Day { "day" } else { target.frequency.noun(1) };
                let words = format!(
                    "This measure has another value for the same {period} ({}) in this file. Keep one of them.",
                    start.text()
                );
                return Err(Bad::cell(self.plan.layout.date, words));
            }
        }
        Ok(PointKey { measure: target.id, start, stratum: beside.stratum.clone(), ordinal })
    }
}

fn minute_of(start: Start) -> u32 {
    use chrono::Timelike;
    start.wall().num_seconds_from_midnight() / 60
}

fn edit(team: TeamId, key: PointKey, amount: Option<Amount>, beside: &Beside) -> Edit {
    let mut edit = Edit::put_point(team, key, amount.unwrap_or(Amount { value: 0.0, denominator: None }), &beside.note);
    for (name, value) in &mut edit.fields {
        match *name {
            "value" if amount.is_none() => *value = Value::Null,
            "ghost" if !beside.ghost.is_empty() => *value = Value::Text(beside.ghost.clone()),
            _ => {}
        }
    }
    edit
}
