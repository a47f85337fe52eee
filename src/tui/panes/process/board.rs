//! What stands on the board, in its order: what is open, what is over, what is to come, and the
//! processes of which nothing is required on this day.

use chrono::{NaiveDate, NaiveDateTime};

use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::domain::ProcessId;
use crate::domain::measure::Measure;
use crate::domain::process::{Flow, Pace, Process, Standing};

/// What names a line of the board across two readings of the model: its process, and the start of its period.
pub(super) type Key = (ProcessId, Option<NaiveDateTime>);

/// A line of the board.
pub(super) enum Item<'a> {
    /// Words over the lines that follow.
    Heading(String),
    /// A period of a process.
    Row(&'a Process, &'a ProcessRow),
    /// The hours of a shift: all of them together, and each.
    Hours(&'a Process, Box<ProcessRow>, Vec<&'a ProcessRow>),
    /// A process of which nothing is required on this day.
    Idle(&'a Process),
}

impl Item<'_> {
    /// What names it; a heading has no name and cannot be selected.
    pub(super) fn key(&self) -> Option<Key> {
        match self {
            Self::Heading(_) => None,
            Self::Row(process, row) => Some(key_of(process.id, row)),
            Self::Hours(process, sum, _) => Some(key_of(process.id, sum)),
            Self::Idle(process) => Some((process.id, None)),
        }
    }
}

/// What names the line that a row stands on: an hour stands on that of its shift.
pub(super) fn key_of(process: ProcessId, row: &ProcessRow) -> Key {
    (process, Some(row.span.whole().0))
}

/// A line of the board that has numbers, with its period or all of its hours together.
type Line<'a> = (&'a Process, &'a ProcessRow, Vec<&'a ProcessRow>);

/// The lines of a process on this day: one for each period, and one for all the hours of a shift.
fn lines_of<'a>(model: &'a Model, process: &'a Process) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    for row in rows_of(model, process.id) {
        match lines.last_mut() {
            Some((_, first, hours)) if row.span.hour_of.is_some() && first.span.hour_of == row.span.hour_of => {
                hours.push(row);
            }
            _ => lines.push((process, row, if row.span.hour_of.is_some() { vec![row] } else { Vec::new() })),
        }
    }
    lines
}

/// The phase of a line: open while one of its hours is.
fn phase_of((_, row, hours): &Line<'_>) -> RowPhase {
    let is_open = hours.iter().any(|hour| hour.phase == RowPhase::Open);
    if is_open { RowPhase::Open } else { hours.last().map_or(row.phase, |last| last.phase) }
}

fn item<'a>((process, row, hours): Line<'a>) -> Item<'a> {
    let phase = phase_of(&(process, row, hours.clone()));
    let (Some(of), Some(last)) = (&row.span.hour_of, hours.last()) else { return Item::Row(process, row) };
    let mut sum = row.clone();
    sum.span.name.clone_from(&of.name);
    (sum.span.end, sum.span.closes, sum.span.due) = (of.end, last.span.closes, last.span.closes);
    let standings: Vec<Standing> = hours.iter().map(|hour| hour.standing).collect();
    sum.standing = Standing::together(&standings, process.flow);
    sum.told.recorded = hours.iter().any(|hour| hour.told.recorded);
    sum.phase = phase;
    Item::Hours(process, Box::new(sum), hours)
}

/// Everything on the board, from the top.
pub(super) fn items(model: &Model) -> Vec<Item<'_>> {
    let mut lines: Vec<Line<'_>> = model.processes.iter().flat_map(|process| lines_of(model, process)).collect();
    let mut items: Vec<Item<'_>> = lines.extract_if(.., |line| phase_of(line) == RowPhase::Open).map(item).collect();
    for phase in [RowPhase::Closed, RowPhase::Ahead] {
        let mut group: Vec<_> = lines.extract_if(.., |line| phase_of(line) == phase).collect();
        group.sort_by_key(|(_, row, _)| row.span.whole());
        let mut last = None;
        for line in group {
            let of = line.1.span.whole();
            if last != Some(of) {
                items.push(Item::Heading(heading(line.1, phase, is_today(model))));
                last = Some(of);
            }
            items.push(item(line));
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

fn heading(row: &ProcessRow, phase: RowPhase, today: bool) -> String {
    let (name, (start, end)) = (row.span.shift(), row.span.whole());
    let (from, to) = (start.format("%H:%M"), end.format("%H:%M"));
    if start.time() == end.time() {
        return format!("{name} · from {from}");
    }
    match phase {
        RowPhase::Closed if today => format!("{name} · closed at {to}"),
        RowPhase::Ahead if today => format!("{name} · from {from} to {to}"),
        _ => format!("{name} · {from}–{to}"),
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

/// How the open work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) behind: usize,
    pub(super) on_pace: usize,
    pub(super) complete: usize,
    /// Where more comes in than can be done.
    pub(super) short: usize,
}

/// Counts how the open work stands.
pub(super) fn tally(model: &Model, items: &[Item<'_>]) -> Tally {
    let mut tally = Tally::default();
    for item in items {
        let (process, row) = match item {
            Item::Row(process, row) => (process, *row),
            Item::Hours(process, sum, _) => (process, &**sum),
            _ => continue,
        };
        match row.standing.pace {
            _ if row.phase != RowPhase::Open => {}
            _ if process.flow != Flow::Work => tally.short += usize::from(is_loud(model, process, row)),
            Pace::Behind(_) => tally.behind += 1,
            Pace::Complete => tally.complete += 1,
            Pace::OnPace | Pace::Ahead(_) => tally.on_pace += 1,
            Pace::Nothing => {}
        }
    }
    tally
}

/// How much more can be done than comes in over the shift of `row`; below nought where more comes in than can
/// be done. A row of demand stands over its row of capacity.
fn room(model: &Model, process: &Process, row: &ProcessRow) -> Option<i64> {
    let mut after = model.processes.iter().skip_while(|other| other.id != process.id).skip(1);
    let capacity = after.find(|other| other.flow != Flow::Work).filter(|other| other.flow == Flow::Capacity)?;
    let whole = row.span.whole();
    let mut of_capacity = rows_of(model, capacity.id).filter(|other| other.span.whole() == whole).peekable();
    of_capacity.peek()?;
    let can = of_capacity.map(|other| other.standing.required).sum::<i64>();
    Some(can - row.standing.required.max(row.standing.completed))
}

/// Whether a line calls for somebody: work is behind, or more comes in than can be done.
pub(super) fn is_loud(model: &Model, process: &Process, row: &ProcessRow) -> bool {
    let short = || process.flow == Flow::Demand && room(model, process, row).is_some_and(|room| room < 0);
    row.phase == RowPhase::Open && (matches!(row.standing.pace, Pace::Behind(_)) || short())
}

/// How a line stands, in words.
pub(super) fn words(model: &Model, process: &Process, row: &ProcessRow) -> String {
    let over = row.phase == RowPhase::Closed;
    match (process.flow, room(model, process, row)) {
        _ if is_unfilled(row) => "not filled in".to_owned(),
        (Flow::Demand, Some(room)) if room < 0 => {
            format!("▲ SHORT by {}: can do {}", -room, row.standing.required.max(row.standing.completed) + room)
        }
        (Flow::Demand, Some(0)) => "≈ just enough can be done".to_owned(),
        (Flow::Demand, Some(room)) => format!("✓ {room} more can be done"),
        (Flow::Demand, None) => if over { "came in" } else { "came in so far" }.to_owned(),
        (Flow::Capacity, _) => if over { "was used" } else { "used so far" }.to_owned(),
        (Flow::Work, _) => standing_words(row),
    }
}

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
    row.phase == RowPhase::Closed && !row.told.recorded
}

/// "92 %" of what was required; nothing where nothing was.
pub(super) fn per_cent(row: &ProcessRow) -> Option<String> {
    let standing = &row.standing;
    (standing.required > 0 && !is_unfilled(row))
        .then(|| format!("{} %", (standing.completed.saturating_mul(200) / standing.required + 1) / 2))
}
