//! What the panes are given to draw: read from the store by the runner, when it changed and not before.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use ratatui::layout::Rect;

use crate::base::zone::Zone;
use crate::chart::{Chart, Tile};
use crate::domain::agenda::Agenda;
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::cycle::{Cycle, Observation};
use crate::domain::due::{Due, due};
use crate::domain::huddle::Huddle;
use crate::domain::measure::Measure;
use crate::domain::point::{Point, PointKey};
use crate::domain::process::{Period, Process, Standing, Told};
use crate::domain::project::Project;
use crate::domain::promise::Promise;
use crate::domain::span::Span;
use crate::domain::team::Team;
use crate::domain::{CycleId, MeasureId, ProcessId, TeamId};
use crate::spc::ChartType;

use super::beside::Beside;
use super::conflict::Clashes;
use super::cross::CrossMonth;
use super::effect::Notice;
use super::log::Log;
use super::news::News;
use super::step::InStep;

/// How long what was done or answered stays on the screen.
pub const CLOSED_DAYS: i64 = 28;
/// How far back huddles are looked at: for 15 within 21 days, and for the weeks before.
pub const HUDDLE_DAYS: i64 = 84;

/// What the screen knows.
pub struct Model {
    /// The present instant, as of the last wake-up.
    pub now: DateTime<Utc>,
    /// The team on the screen.
    pub team: Team,
    /// Every team of the file.
    pub teams: Vec<Team>,
    /// Who edits are by.
    pub role: String,
    /// The team's measures, in the order of the board.
    pub measures: Vec<Measure>,
    /// What is known of each measure's chart; a measure that is missing here is still being read.
    pub tiles: HashMap<MeasureId, Tile>,
    /// The day that the process board shows.
    pub process_day: NaiveDate,
    /// The rows of the process board: every period of every process on its day.
    pub rows: Vec<ProcessRow>,
    /// The team's processes, in the order of the board.
    pub processes: Vec<Process>,
    /// How often each reason was given this month, most first.
    pub reasons: Vec<(String, i64)>,
    /// Projects of every team of the file.
    pub projects: Vec<Project>,
    /// Cycles of every team of the file.
    pub cycles: Vec<Cycle>,
    /// What was noted in each cycle, oldest first.
    pub observations: HashMap<CycleId, Vec<Observation>>,
    /// The team's actions, escalations and barriers that are open, and those that were closed in the last
    /// [`CLOSED_DAYS`] days; the oldest first.
    pub promises: Vec<Promise>,
    /// The team's huddles of the last [`HUDDLE_DAYS`] days, by day.
    pub huddles: Vec<Huddle>,
    /// The agendas of huddles as they are shipped; the first is the daily one.
    pub agendas: Vec<Agenda>,
    /// The role groups that are counted at a huddle.
    pub groups: Vec<String>,
    /// The chart that is open.
    pub chart: Option<OpenChart>,
    /// What stands beside it.
    pub beside: Option<Beside>,
    /// A month of a safety cross, while one is looked at.
    pub cross: Option<CrossMonth>,
    /// What stands at the place that an entry is about.
    pub peek: Option<(PointKey, Option<Point>)>,
    /// How this board stands to the others.
    pub step: InStep,
    /// What two people set unseen, read when somebody wants to see it.
    pub clashes: Clashes,
    /// The log, as far as somebody looked at it.
    pub log: Log,
    /// How often the file was found to have changed.
    pub turn: u64,
    /// How many keys were pressed.
    pub pressed: u64,
    /// What somebody else has changed just now.
    pub news: News,
    /// What is said in the status line.
    pub notice: Option<Notice>,
    /// Since when the file could not be read, where it cannot be read now.
    pub unread_since: Option<DateTime<Utc>>,
    /// Actions that are being written and are not saved yet.
    pub saving: usize,
    /// The area that panes are drawn in.
    pub body: Rect,
    /// The ward templates: code, name, whom it is for.
    pub templates: Vec<(String, String, String)>,
}

/// A period of a process on the board.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessRow {
    /// The process.
    pub process: ProcessId,
    /// The period.
    pub span: Span,
    /// What the team decided about it.
    pub period: Period,
    /// What was recorded of it.
    pub told: Told,
    /// What the period before left undone, where the process carries that over.
    pub carried: i64,
    /// How its work stands.
    pub standing: Standing,
    /// Whether it is going on, is over, or is still to come.
    pub phase: RowPhase,
}

/// Where a period stands against the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowPhase {
    /// It is over.
    Closed,
    /// It is going on.
    Open,
    /// It is still to come.
    Ahead,
}

impl RowPhase {
    /// Where a period stands at `now`.
    pub fn of(span: &Span, now: DateTime<Utc>) -> Self {
        match (now < span.opens, now < span.closes) {
            (true, _) => Self::Ahead,
            (false, true) => Self::Open,
            (false, false) => Self::Closed,
        }
    }
}

/// A measure's chart as it is open in the chart pane.
#[derive(Debug, Clone)]
pub struct OpenChart {
    /// The measure.
    pub measure: MeasureId,
    /// The chart type that was asked for, where it is not the measure's own.
    pub chosen: Option<ChartType>,
    /// The chart.
    pub chart: Chart,
    /// The points that it was made from, for editing them; in the order of time, without gaps.
    pub points: Vec<Point>,
    /// What was written on it.
    pub annotations: Vec<Annotation>,
    /// Where it was re-based.
    pub phases: Vec<Phase>,
}

impl Model {
    /// The team's time zone.
    pub fn zone(&self) -> Zone {
        self.team.time_zone()
    }

    /// What the clock on the ward's wall shows.
    pub fn wall(&self) -> NaiveDateTime {
        self.zone().wall(self.now)
    }

    /// The ward's day.
    pub fn today(&self) -> NaiveDate {
        self.wall().date()
    }

    /// The day of the shift that is going on: a night belongs to its evening.
    pub fn shift_day(&self) -> NaiveDate {
        self.team.calendar().at(self.now).day
    }

    /// The measure of this id.
    pub fn measure(&self, id: MeasureId) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// The process of this id.
    pub fn process(&self, id: ProcessId) -> Option<&Process> {
        self.processes.iter().find(|process| process.id == id)
    }

    /// The project of a cycle.
    pub fn project_of(&self, cycle: &Cycle) -> Option<&Project> {
        self.projects.iter().find(|project| project.id == cycle.project)
    }

    /// The cycle of this id.
    pub fn cycle(&self, id: CycleId) -> Option<&Cycle> {
        self.cycles.iter().find(|cycle| cycle.id == id)
    }

    /// The team of this id.
    pub fn team_named(&self, id: TeamId) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    /// How a measure's data stand today: process measures close by themselves and are never due.
    pub fn due(&self, measure: &Measure) -> Due {
        if measure.source.is_some() {
            return Due::No;
        }
        let Some(tile) = self.tiles.get(&measure.id) else { return Due::No };
        due(measure.frequency, tile.start.map(|start| start.date()), self.today())
    }

    /// How many values the round would ask for.
    pub fn values_due(&self) -> usize {
        self.measures.iter().map(|measure| self.due(measure).periods()).sum()
    }

    /// The measures whose value is due, in the order of the board.
    pub fn due_measures(&self) -> Vec<&Measure> {
        self.measures.iter().filter(|measure| self.due(measure).is_due()).collect()
    }
}
