//! What stands in the log, in the order of its views: by ramp, by stage, by how long it waits.

use chrono::{Datelike, NaiveDate};

use crate::app::model::Model;
use crate::domain::cycle::{Cycle, Stage};
use crate::domain::project::Project;
use crate::domain::{CycleId, ProjectId, TeamId};

/// A test that runs longer than this has lost its study.
const LONG_DO: i64 = 21;
/// A study that is not written after so many days is waiting for somebody.
const LONG_STUDY: i64 = 7;

/// What the cursor stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selected {
    /// A project.
    Project(ProjectId),
    /// A cycle.
    Cycle(CycleId),
}

/// How the log is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum View {
    /// Projects with their ramps.
    #[default]
    Ramp,
    /// A board of four columns.
    Stage,
    /// What waits, longest first.
    Waiting,
}

impl View {
    /// The view after this one.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Ramp => Self::Stage,
            Self::Stage => Self::Waiting,
            Self::Waiting => Self::Ramp,
        }
    }

    /// What it is called.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Ramp => "By ramp",
            Self::Stage => "By stage",
            Self::Waiting => "Waiting longest",
        }
    }
}

/// A line of the view by ramp.
pub(super) enum Entry<'a> {
    /// Another team's name over its projects.
    Team(&'a str),
    /// A project.
    Project(&'a Project),
    /// A ramp of cycles.
    Ramp(&'a str),
    /// A cycle.
    Cycle(&'a Cycle),
    /// Words where something could stand.
    Words(&'static str),
    /// Space.
    Space,
}

impl Entry<'_> {
    /// What the cursor stands on here; words and space have none.
    pub(super) fn selected(&self) -> Option<Selected> {
        match self {
            Self::Project(project) => Some(Selected::Project(project.id)),
            Self::Cycle(cycle) => Some(Selected::Cycle(cycle.id)),
            _ => None,
        }
    }
}

/// The part of the file that is looked at: one team's cycles, or everybody's.
#[derive(Clone, Copy)]
pub(super) struct Log<'a> {
    pub(super) model: &'a Model,
    pub(super) all_teams: bool,
}

impl<'a> Log<'a> {
    fn shows(&self, team: TeamId) -> bool {
        self.all_teams || team == self.model.team.id
    }

    /// The projects, this team's first and the closed ones last.
    pub(super) fn projects(&self) -> Vec<&'a Project> {
        let mut projects: Vec<&Project> =
            self.model.projects.iter().filter(|project| self.shows(project.team)).collect();
        let team = |project: &Project| self.model.teams.iter().position(|team| team.id == project.team);
        projects.sort_by_key(|project| (project.team != self.model.team.id, team(project), project.closed.is_some()));
        projects
    }

    /// The cycles of a project, ramp by ramp.
    pub(super) fn cycles_of(&self, project: ProjectId) -> Vec<&'a Cycle> {
        let mut cycles: Vec<&Cycle> = self.model.cycles.iter().filter(|cycle| cycle.project == project).collect();
        cycles.sort_by(|left, right| (&left.ramp, left.number, left.id).cmp(&(&right.ramp, right.number, right.id)));
        cycles
    }

    /// The cycles that are not finished.
    fn open(&self) -> impl Iterator<Item = &'a Cycle> {
        let log = *self;
        self.model.cycles.iter().filter(move |cycle| log.shows(cycle.team) && !cycle.is_finished())
    }

    /// The lines of the view by ramp.
    pub(super) fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        let mut team = None;
        for project in self.projects() {
            if !entries.is_empty() {
                entries.push(Entry::Space);
            }
            if self.all_teams && team != Some(project.team) {
                team = Some(project.team);
                entries
                    .push(Entry::Team(self.model.team_named(project.team).map_or("Another team", |team| &team.name)));
            }
            entries.push(Entry::Project(project));
            self.ramps(&self.cycles_of(project.id), &mut entries);
        }
        let orphan = |cycle: &&Cycle| self.shows(cycle.team) && self.model.project_of(cycle).is_none();
        let orphans: Vec<&Cycle> = self.model.cycles.iter().filter(orphan).collect();
        if !orphans.is_empty() {
            entries.extend([Entry::Space, Entry::Words("Without a project")]);
            self.ramps(&orphans, &mut entries);
        }
        entries
    }

    fn ramps(&self, cycles: &[&'a Cycle], entries: &mut Vec<Entry<'a>>) {
        if cycles.is_empty() {
            entries.push(Entry::Words("no cycles yet"));
        }
        let mut ramp = None;
        for cycle in cycles {
            if ramp != Some(&cycle.ramp) {
                ramp = Some(&cycle.ramp);
                entries.push(Entry::Ramp(&cycle.ramp));
            }
            entries.push(Entry::Cycle(cycle));
        }
    }

    /// The unfinished cycles of each stage, those that wait longest first.
    pub(super) fn stages(&self) -> Vec<(Stage, Vec<&'a Cycle>)> {
        let waiting = self.waiting();
        let of = |stage: Stage| waiting.iter().copied().filter(|cycle| cycle.stage == stage).collect();
        Stage::ALL.iter().map(|stage| (*stage, of(*stage))).collect()
    }

    /// The unfinished cycles: the late ones first, and each by how long it waits in its stage.
    pub(super) fn waiting(&self) -> Vec<&'a Cycle> {
        let today = self.model.today();
        let mut cycles: Vec<&Cycle> = self.open().collect();
        cycles.sort_by_key(|cycle| (late(cycle, today).is_none(), -cycle.stage_days(today), cycle.id));
        cycles
    }

    /// How many cycles are finished.
    pub(super) fn finished(&self) -> usize {
        self.model.cycles.iter().filter(|cycle| self.shows(cycle.team) && cycle.is_finished()).count()
    }

    /// What the cursor can stand on in a view, in its order.
    pub(super) fn keys(&self, view: View) -> Vec<Selected> {
        match view {
            View::Ramp => self.entries().iter().filter_map(Entry::selected).collect(),
            View::Stage => self
                .stages()
                .iter()
                .flat_map(|(_, cycles)| cycles.iter().map(|cycle| Selected::Cycle(cycle.id)))
                .collect(),
            View::Waiting => self.waiting().iter().map(|cycle| Selected::Cycle(cycle.id)).collect(),
        }
    }
}

/// Why a cycle is late, in a few words; nothing where it is not.
pub(super) fn late(cycle: &Cycle, today: NaiveDate) -> Option<String> {
    let days = cycle.stage_days(today);
    if cycle.is_finished() {
        return None;
    }
    match cycle.stage {
        Stage::Plan if days > LONG_DO => return Some(format!("not begun for {days} days")),
        Stage::Do if days > LONG_DO => return Some(format!("in Do for {days} days")),
        Stage::Study if days > LONG_STUDY => return Some(format!("no study for {days} days")),
        _ => {}
    }
    let review = cycle.review.filter(|review| *review < today)?;
    Some(format!("its review was due {}", day_words(review, today)))
}

/// How a cycle stands: what was decided, or its stage and the days it has been there.
pub(super) fn standing_words(cycle: &Cycle, today: NaiveDate) -> String {
    if let Some(decision) = cycle.decision {
        return decision.code().to_owned();
    }
    let (stage, days) = (cycle.stage.code().to_uppercase(), cycle.stage_days(today));
    if late(cycle, today).is_some() { format!("{stage} {days} d late") } else { format!("{stage} · {days} d") }
}

/// A day as it is read: with its year only where that is another one.
pub(super) fn day_words(day: NaiveDate, today: NaiveDate) -> String {
    let format = if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" };
    day.format(format).to_string()
}

/// A stage as a title.
pub(super) fn stage_title(stage: Stage) -> &'static str {
    match stage {
        Stage::Plan => "Plan",
        Stage::Do => "Do",
        Stage::Study => "Study",
        Stage::Act => "Act",
    }
}

/// The name of a ramp as a heading: a letter alone says nothing.
pub(super) fn ramp_words(ramp: &str) -> String {
    if ramp.trim().is_empty() { "Ramp".to_owned() } else { format!("Ramp {ramp}") }
}
