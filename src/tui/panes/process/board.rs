//! What stands on the board, in its order: what is open, what is over, what is to come, and the
//! processes of which nothing is required on this day.

use chrono::{NaiveDate, NaiveDateTime};

use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::domain::ProcessId;
use crate::domain::measure::Measure;
use crate::domain::process::{Pace, Process};

/// What names a line of the board across two readings of the model: its process, and the start of its period.
pub(super) type Key = (ProcessId, Option<NaiveDateTime>);

/// A line of the board.
pub(super) enum Item<'a> {
    /// Words over the lines that follow.
    Heading(String),
    /// A period of a process.
    Row(&'a Process, &'a ProcessRow),
    /// A process of which nothing is required on this day.
    Idle(&'a Process),
}

impl Item<'_> {
    /// What names it; a heading has no name and cannot be selected.
    pub(super) fn key(&self) -> Option<Key> {
        match self {
            Self::Heading(_) => None,
            Self::Row(process, row) => Some((process.id, Some(row.span.start))),
            Self::Idle(process) => Some((process.id, None)),
        }
    }
}

/// Everything on the board, from the top.
pub(super) fn items(model: &Model) -> Vec<Item<'_>> {
    let rows: Vec<(&Process, &ProcessRow)> =
        model.processes.iter().flat_map(|process| rows_of(model, process.id).map(move |row| (process, row))).collect();
    let mut items: Vec<Item<'_>> = rows
        .iter()
        .filter(|(_, row)| row.phase == RowPhase::Open)
        .map(|(process, row)| Item::Row(process, row))
        .collect();
    for phase in [RowPhase::Closed, RowPhase::Ahead] {
        let mut group: Vec<_> = rows.iter().filter(|(_, row)| row.phase == phase).collect();
        group.sort_by_key(|(_, row)| (row.span.start, row.span.end));
        let mut last = None;
        for (process, row) in group {
            let of = (row.span.start, row.span.end);
            if last != Some(of) {
                items.push(Item::Heading(heading(row, is_today(model))));
                last = Some(of);
            }
            items.push(Item::Row(process, row));
        }
    }
    let mut idle = model.processes.iter().filter(|process| rows_of(model, process.id).next().is_none()).peekable();
    if idle.peek().is_some() {
        items.push(Item::Heading("Not required on this day".to_owned()));
        items.extend(idle.map(Item::Idle));
    }
    items
}

fn rows_of(model: &Model, process: ProcessId) -> impl Iterator<Item = &ProcessRow> {
    model.rows.iter().filter(move |row| row.process == process)
}

fn heading(row: &ProcessRow, today: bool) -> String {
    let (from, to) = (row.span.start.format("%H:%M"), row.span.end.format("%H:%M"));
    if row.span.start.time() == row.span.end.time() {
        return format!("{} · from {from}", row.span.name);
    }
    match row.phase {
        RowPhase::Closed if today => format!("{} · closed at {to}", row.span.name),
        RowPhase::Ahead if today => format!("{} · from {from} to {to}", row.span.name),
        _ => format!("{} · {from}–{to}", row.span.name),
    }
}

/// The ward's working day: at three in the morning it is still that of the night's evening.
pub(super) fn working_day(model: &Model) -> NaiveDate {
    model.shift_day()
}

/// Whether the board shows the ward's working day.
pub(super) fn is_today(model: &Model) -> bool {
    model.process_day == working_day(model)
}

/// The measure that a process's closed periods become points of.
pub(super) fn linked<'a>(model: &'a Model, process: &Process) -> Option<&'a Measure> {
    let fed = model.measures.iter().find(|measure| measure.source == Some(process.id));
    fed.or_else(|| process.measure.and_then(|id| model.measure(id)))
}

/// How the open work stands: behind, on pace, complete.
pub(super) fn tally(model: &Model) -> (usize, usize, usize) {
    let mut tally = (0, 0, 0);
    for row in model.rows.iter().filter(|row| row.phase == RowPhase::Open) {
        match row.standing.pace {
            Pace::Behind(_) => tally.0 += 1,
            Pace::OnPace | Pace::Ahead(_) => tally.1 += 1,
            Pace::Complete => tally.2 += 1,
            Pace::Nothing => {}
        }
    }
    tally
}

/// How the work of a row stands, in a few words with their sign.
pub(super) fn standing_words(row: &ProcessRow) -> String {
    if row.phase == RowPhase::Ahead {
        return "still to come".to_owned();
    }
    if is_unfilled(row) {
        return "not filled in".to_owned();
    }
    match row.standing.pace {
        Pace::Nothing => "– nothing required".to_owned(),
        Pace::Complete if row.standing.completed > row.standing.required => {
            format!("✓ complete, {} over", row.standing.completed - row.standing.required)
        }
        Pace::Complete => "✓ complete".to_owned(),
        Pace::OnPace => "≈ on pace".to_owned(),
        Pace::Ahead(by) => format!("≈ ahead by {by}"),
        Pace::Behind(by) if row.phase == RowPhase::Open => format!("▲ BEHIND by {by}"),
        Pace::Behind(by) => format!("{by} not done"),
    }
}

/// Whether a period is over and nobody wrote anything for it: that is no nought, and makes no point.
fn is_unfilled(row: &ProcessRow) -> bool {
    row.phase == RowPhase::Closed && row.standing.completed == 0 && row.period.revision == 0
}

/// "92 %" of what was required; nothing where nothing was.
pub(super) fn per_cent(row: &ProcessRow) -> Option<String> {
    let standing = &row.standing;
    (standing.required > 0 && !is_unfilled(row))
        .then(|| format!("{} %", (standing.completed.saturating_mul(200) / standing.required + 1) / 2))
}
