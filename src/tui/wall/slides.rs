//! Which pictures there are: what fits on one, and what stays off the wall.

use ratatui::layout::Rect;

use super::plan::{Plan, Screen};
use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::domain::guard;
use crate::domain::measure::Measure;
use crate::domain::process::Pace;
use crate::domain::promise::{Promise, Sort, State};
use crate::domain::{MeasureId, ProcessId};
use crate::spc::Verdict;

/// One picture of the wall.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Slide {
    /// So many tiles of what matters today.
    Board(Vec<MeasureId>),
    /// Rows of the work that is going on.
    Work(Vec<(ProcessId, chrono::NaiveDateTime)>),
    /// One measure, large.
    Chart(MeasureId),
    /// What was promised.
    Promises(Vec<crate::domain::PromiseId>),
    /// There is nothing to show yet.
    Nothing,
}

impl Slide {
    /// What it is.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Board(_) => "What matters today",
            Self::Work(_) => "Work now",
            Self::Chart(_) => "Charts",
            Self::Promises(_) => "Actions",
            Self::Nothing => "Nothing to show yet",
        }
    }
}

/// Every picture, in the order of the plan.
pub(super) fn all(plan: &Plan, model: &Model, room: Rect) -> Vec<Slide> {
    let mut slides = Vec::new();
    for screen in &plan.screens {
        match screen {
            Screen::Performance => {
                let ids: Vec<MeasureId> = matters(model).iter().map(|measure| measure.id).collect();
                slides.extend(pages(&ids, tiles_on(room)).map(Slide::Board));
            }
            Screen::Process => {
                let keys: Vec<_> = work(model).iter().map(|row| (row.process, row.span.start)).collect();
                slides.extend(pages(&keys, rows_on(room)).map(Slide::Work));
            }
            Screen::Charts => slides.extend(matters(model).iter().map(|measure| Slide::Chart(measure.id))),
            Screen::Actions => {
                let ids: Vec<_> = promises(model).iter().map(|promise| promise.id).collect();
                slides.extend(pages(&ids, promises_on(room)).map(Slide::Promises));
            }
        }
    }
    if slides.is_empty() {
        slides.push(Slide::Nothing);
    }
    slides
}

/// Even pages of at most so many: five in pages of four are three and two.
fn pages<T: Clone>(all: &[T], most: usize) -> impl Iterator<Item = Vec<T>> {
    let count = all.len().div_ceil(most.max(1)).max(1);
    all.chunks(all.len().div_ceil(count).max(1)).map(<[T]>::to_vec)
}

/// The least size of a tile that is read from three metres.
pub(super) const TILE: (u16, u16) = (38, 9);
/// More tiles than this on one picture, and none of them is read.
const TILES_AT_MOST: usize = 6;

fn tiles_on(room: Rect) -> usize {
    let (across, down) = ((room.width / TILE.0).max(1), (room.height.saturating_sub(2) / TILE.1).max(1));
    (usize::from(across.min(3)) * usize::from(down)).min(TILES_AT_MOST)
}

/// How many rows a line of work takes.
pub(super) fn work_height(room: Rect) -> u16 {
    if room.height >= 40 { 9 } else { 5 }
}

fn rows_on(room: Rect) -> usize {
    usize::from((room.height.saturating_sub(2) / work_height(room)).max(1)).min(6)
}

/// How many rows a promise takes.
pub(super) fn promise_height(room: Rect) -> u16 {
    if room.width >= 150 && room.height >= 40 { 9 } else { 4 }
}

fn promises_on(room: Rect) -> usize {
    usize::from((room.height.saturating_sub(2) / promise_height(room)).max(1)).min(6)
}

/// The measures that the wall shows: those in focus and those where something changed, or all of them where
/// that is none. What the ward marked private is never among them.
pub(super) fn matters(model: &Model) -> Vec<&Measure> {
    let public: Vec<&Measure> =
        model.measures.iter().filter(|measure| !measure.private && model.tiles.contains_key(&measure.id)).collect();
    let verdict = |measure: &Measure| {
        let tile = model.tiles.get(&measure.id).filter(|tile| !tile.early);
        tile.map_or(Verdict::Common, |tile| tile.verdict)
    };
    let mut chosen: Vec<&Measure> =
        public.iter().copied().filter(|measure| measure.focus || verdict(measure) != Verdict::Common).collect();
    if chosen.is_empty() {
        chosen = public;
    }
    let rank = |measure: &Measure| match verdict(measure) {
        Verdict::Concern => 0,
        _ if measure.focus => 1,
        _ => 2,
    };
    chosen.sort_by_key(|measure| rank(measure));
    chosen
}

/// The work that is going on, behind first; what feeds a private measure stays off the wall like it.
pub(super) fn work(model: &Model) -> Vec<&ProcessRow> {
    let is_private = |row: &ProcessRow| {
        let linked = model.process(row.process).and_then(|process| process.measure);
        let mut feeds = model.measures.iter().filter(|measure| measure.source == Some(row.process));
        feeds.any(|measure| measure.private) || linked.and_then(|id| model.measure(id)).is_some_and(|of| of.private)
    };
    let mut rows: Vec<&ProcessRow> =
        model.rows.iter().filter(|row| row.phase == RowPhase::Open && !is_private(row)).collect();
    rows.sort_by_key(|row| !matches!(row.standing.pace, Pace::Behind(_)));
    rows
}

/// What is open of what was promised: late and unanswered first, then stuck, then by its day.
pub(super) fn promises(model: &Model) -> Vec<&Promise> {
    let mut open: Vec<&Promise> =
        model.promises.iter().filter(|promise| promise.is_open() && promise.sort != Sort::Barrier).collect();
    open.sort_by_key(|promise| {
        let old = promise.late_days(model.today()).is_some() || promise.is_unanswered(model.zone(), model.now);
        (!old, promise.state != State::Stuck, promise.by.is_none(), promise.by)
    });
    open
}

/// A text for a screen that anybody passes: one that may name somebody is not shown on it.
pub(super) fn public(text: &str) -> &str {
    if guard::scan(text).is_empty() { text } else { "Not shown on the wall: it may name somebody." }
}
