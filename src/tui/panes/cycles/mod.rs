//! The PDSA log: projects with their ramps of cycles, and the worksheet of the cycle under the cursor.

mod forms;
mod list;
mod log;
mod points;
mod project_form;
mod sheet;
mod stages;
mod steps;
mod view;
mod waiting;

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::app::pane::{Answer, Pane, PaneId};
use crate::domain::cycle::{Cycle, Stage};
use crate::domain::project::Project;
use crate::domain::record::Kind;
use crate::domain::{CycleId, MeasureId, ProjectId};

use log::{Log, Selected, View};

/// From this width on the worksheet stands beside the list.
const WIDE: u16 = 100;

/// What the PDSA log remembers.
#[derive(Default)]
pub(crate) struct CyclesPane {
    /// What the cursor stands on, and its place in the view.
    selected: Option<Selected>,
    at: usize,
    view: View,
    all_teams: bool,
    /// Whether the worksheet has the whole width.
    reading: bool,
    /// What is being made: the cursor goes there as soon as it is written.
    wanted: Option<Selected>,
    /// How far the worksheet is scrolled, and the first visible line of the list, as drawn last.
    scroll: Cell<u16>,
    top: Cell<usize>,
    page: Cell<u16>,
}

/// What the cursor stands on, looked up.
#[derive(Clone, Copy)]
enum Under<'a> {
    Nothing,
    Project(&'a Project),
    Cycle(&'a Cycle),
}

impl CyclesPane {
    fn log<'a>(&self, model: &'a Model) -> Log<'a> {
        Log { model, all_teams: self.all_teams }
    }

    fn place(&self, keys: &[Selected]) -> usize {
        let found = self.selected.and_then(|selected| keys.iter().position(|key| *key == selected));
        found.unwrap_or(self.at).min(keys.len().saturating_sub(1))
    }

    fn current(&self, model: &Model) -> Option<Selected> {
        let keys = self.log(model).keys(self.view);
        keys.get(self.place(&keys)).copied()
    }

    fn under<'a>(&self, model: &'a Model) -> Under<'a> {
        let found = match self.current(model) {
            Some(Selected::Project(id)) => model.projects.iter().find(|project| project.id == id).map(Under::Project),
            Some(Selected::Cycle(id)) => model.cycle(id).map(Under::Cycle),
            None => None,
        };
        found.unwrap_or(Under::Nothing)
    }

    fn put(&mut self, to: Option<Selected>, at: usize) {
        if self.selected != to {
            self.scroll.set(0);
        }
        self.selected = to;
        self.at = at;
    }

    /// Whether the worksheet is on the screen, so that a page turns it.
    fn shows_sheet(&self, model: &Model) -> bool {
        self.reading || (self.view == View::Ramp && model.body.width >= WIDE)
    }

    fn scroll_by(&self, lines: i32) -> Answer {
        let to = i32::from(self.scroll.get()).saturating_add(lines).clamp(0, i32::from(u16::MAX));
        self.scroll.set(u16::try_from(to).unwrap_or(0));
        Answer::done()
    }

    fn go(&mut self, model: &Model, steps: i32) -> Answer {
        let keys = self.log(model).keys(self.view);
        let last = i32::try_from(keys.len()).unwrap_or(i32::MAX).saturating_sub(1).max(0);
        let from = i32::try_from(self.place(&keys)).unwrap_or(0);
        let (low, high) =
            if self.view == View::Stage && steps.abs() == 1 { self.column(model, from) } else { (0, last) };
        let to = usize::try_from(from.saturating_add(steps).clamp(low.max(0), high.max(0))).unwrap_or(0);
        self.put(keys.get(to).copied(), to);
        Answer::done()
    }

    /// The places of the first and the last card in the column of the card at `place`.
    fn column(&self, model: &Model, place: i32) -> (i32, i32) {
        let mut first = 0;
        for (_, cycles) in self.log(model).stages() {
            let count = i32::try_from(cycles.len()).unwrap_or(0);
            if place < first + count {
                return (first, first + count - 1);
            }
            first += count;
        }
        (place, place)
    }

    /// Goes to the next column that has a card.
    fn sideways(&mut self, model: &Model, forwards: bool) -> Answer {
        let log = self.log(model);
        let stages = log.stages();
        let Some(Selected::Cycle(id)) = self.current(model) else { return Answer::done() };
        let here = stages.iter().position(|(_, cycles)| cycles.iter().any(|cycle| cycle.id == id)).unwrap_or(0);
        let row = stages.get(here).and_then(|(_, cycles)| cycles.iter().position(|cycle| cycle.id == id)).unwrap_or(0);
        let mut others: Vec<_> =
            if forwards { stages.iter().skip(here + 1).collect() } else { stages.iter().take(here).rev().collect() };
        others.retain(|(_, cycles)| !cycles.is_empty());
        let target = others.first().and_then(|(_, cycles)| cycles.get(row.min(cycles.len() - 1)));
        if let Some(cycle) = target {
            let to = Selected::Cycle(cycle.id);
            let at = log.keys(self.view).iter().position(|key| *key == to).unwrap_or(0);
            self.put(Some(to), at);
        }
        Answer::done()
    }

    fn travel(&mut self, action: Action, model: &Model) -> Answer {
        let page = i32::from(self.page.get().max(2)) - 1;
        let turns = self.shows_sheet(model);
        match action {
            Action::Up if self.reading => self.scroll_by(-1),
            Action::Down if self.reading => self.scroll_by(1),
            Action::First if self.reading => self.scroll_by(-i32::from(u16::MAX)),
            Action::Last if self.reading => self.scroll_by(i32::from(u16::MAX)),
            Action::PageUp if turns => self.scroll_by(-page),
            Action::PageDown if turns => self.scroll_by(page),
            Action::Up => self.go(model, -1),
            Action::Down => self.go(model, 1),
            Action::PageUp => self.go(model, -page),
            Action::PageDown => self.go(model, page),
            Action::First => self.go(model, -i32::from(u16::MAX)),
            Action::Last => self.go(model, i32::from(u16::MAX)),
            Action::Left if self.view == View::Stage && !self.reading => self.sideways(model, false),
            Action::Right if self.view == View::Stage && !self.reading => self.sideways(model, true),
            _ => Answer::Ignored,
        }
    }

    fn new_cycle(&mut self, model: &Model) -> Answer {
        let project = match self.under(model) {
            Under::Project(project) => Some(project),
            Under::Cycle(cycle) => model.project_of(cycle),
            Under::Nothing => self.log(model).projects().first().copied(),
        };
        let Some(project) = project else { return self.new_project(model) };
        let ramp = match self.under(model) {
            Under::Cycle(cycle) => cycle.ramp.clone(),
            _ => {
                self.log(model).cycles_of(project.id).last().map_or_else(|| "A".to_owned(), |cycle| cycle.ramp.clone())
            }
        };
        let mut cycle = Cycle::blank(CycleId::fresh(), project.team);
        cycle.project = project.id;
        cycle.ramp = ramp;
        cycle.owner.clone_from(&project.owner);
        cycle.measures = project.measures.clone();
        cycle.planned = Some(model.today());
        self.plan(model, cycle, false)
    }

    /// The form of a cycle that is not there yet; the cursor goes to it once it is.
    fn plan(&mut self, model: &Model, cycle: Cycle, follows: bool) -> Answer {
        self.wanted = Some(Selected::Cycle(cycle.id));
        Answer::one(Effect::Ask(Ask::Form(forms::plan(model, cycle, forms::Making::fresh(follows)))))
    }

    fn new_project(&mut self, model: &Model) -> Answer {
        let id = ProjectId::fresh();
        self.wanted = Some(Selected::Project(id));
        Answer::one(Effect::Ask(Ask::Form(project_form::new(model, id))))
    }

    fn on_selected(&mut self, action: Action, model: &Model) -> Answer {
        match self.under(model) {
            Under::Nothing => Answer::one(Effect::hint("There is no project yet. Press P to start one.")),
            Under::Project(project) => on_project(action, model, project),
            Under::Cycle(cycle) if action == Action::NextCycle => {
                let next = cycle.following(CycleId::fresh(), model.today());
                self.plan(model, next, true)
            }
            Under::Cycle(cycle) => on_cycle(action, model, cycle),
        }
    }
}

fn edit_project(model: &Model, project: &Project) -> Ask {
    let id = project.id;
    Ask::living(Kind::Project, id.0, project_form::edit(model, project), move |model| {
        let now = model.projects.iter().find(|project| project.id == id);
        now.map(|project| project_form::edit(model, project))
    })
}

fn edit_cycle(model: &Model, cycle: &Cycle) -> Ask {
    let id = cycle.id;
    Ask::living(Kind::Cycle, id.0, forms::edit(model, cycle), move |model| {
        model.cycle(id).map(|cycle| forms::edit(model, cycle))
    })
}

fn on_project(action: Action, model: &Model, project: &Project) -> Answer {
    match action {
        Action::Edit => Answer::one(Effect::Ask(edit_project(model, project))),
        Action::Delete => Answer::one(steps::delete_project(model, project)),
        Action::History => Answer::one(steps::history(project, &project.name)),
        Action::CycleChart => Answer::one(steps::chart(model, &project.measures.0)),
        Action::Editor => Answer::one(steps::write_project(project)),
        _ => Answer::one(Effect::hint("This works on a cycle: go down to one first.")),
    }
}

fn on_cycle(action: Action, model: &Model, cycle: &Cycle) -> Answer {
    match action {
        Action::NextStage => Answer::of(steps::advance(model, cycle)),
        Action::Decide => Answer::of(steps::decide(model, cycle)),
        Action::Note => Answer::of(steps::note(cycle)),
        Action::Edit => Answer::one(Effect::Ask(edit_cycle(model, cycle))),
        Action::Editor => Answer::one(steps::write(cycle)),
        Action::CycleChart => Answer::one(steps::chart(model, &cycle.measures.0)),
        Action::Delete => Answer::one(steps::delete(cycle)),
        Action::History => Answer::one(steps::history(cycle, &cycle.title)),
        _ => Answer::Ignored,
    }
}

impl Pane for CyclesPane {
    fn id(&self) -> PaneId {
        PaneId::Cycles
    }

    fn update(&mut self, action: Action, model: &Model) -> Answer {
        match action {
            Action::Open if matches!(self.under(model), Under::Nothing) => self.on_selected(action, model),
            Action::Open => {
                self.reading = true;
                Answer::done()
            }
            Action::Back if self.reading => {
                self.reading = false;
                Answer::done()
            }
            Action::View => {
                self.selected = self.current(model);
                // A project has no place in the other views: there the cursor starts at the top.
                self.at = 0;
                self.view = self.view.next();
                self.reading = false;
                self.refresh(model);
                Answer::done()
            }
            Action::AllTeams if model.teams.len() < 2 => {
                Answer::one(Effect::hint("This file has one team: these are all its cycles."))
            }
            Action::AllTeams => {
                self.all_teams = !self.all_teams;
                self.refresh(model);
                Answer::done()
            }
            Action::New => self.new_cycle(model),
            Action::NewProject => self.new_project(model),
            Action::NextStage
            | Action::Decide
            | Action::NextCycle
            | Action::Note
            | Action::Edit
            | Action::Editor
            | Action::CycleChart
            | Action::Delete
            | Action::History => self.on_selected(action, model),
            _ => self.travel(action, model),
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        view::draw(self, model, look, area, buf);
    }

    fn hints(&self, model: &Model) -> Vec<Action> {
        let first = if self.reading { Action::Back } else { Action::Open };
        let own = match self.under(model) {
            Under::Nothing => return vec![Action::NewProject],
            Under::Project(_) => {
                return vec![first, Action::New, Action::Edit, Action::View, Action::AllTeams, Action::NewProject];
            }
            Under::Cycle(cycle) if cycle.is_finished() => [Action::NextCycle, Action::New, Action::Edit],
            Under::Cycle(cycle) => match cycle.stage {
                Stage::Plan => [Action::Edit, Action::NextStage, Action::New],
                Stage::Do => [Action::Note, Action::NextStage, Action::Edit],
                Stage::Study => [Action::Edit, Action::NextStage, Action::Editor],
                Stage::Act => [Action::Decide, Action::Edit, Action::Editor],
            },
        };
        [first].into_iter().chain(own).chain([Action::CycleChart, Action::View, Action::AllTeams]).collect()
    }

    fn selected_measure(&self, model: &Model) -> Option<MeasureId> {
        let measures = match self.under(model) {
            Under::Cycle(cycle) => &cycle.measures.0,
            Under::Project(project) => &project.measures.0,
            Under::Nothing => return None,
        };
        measures.iter().copied().find(|id| model.measure(*id).is_some_and(|measure| measure.source.is_none()))
    }

    fn as_text(&self, model: &Model) -> Option<String> {
        match self.under(model) {
            Under::Cycle(cycle) => Some(sheet::cycle(model, cycle, 100).words()),
            Under::Project(project) => Some(sheet::project(&self.log(model), project, 100).words()),
            Under::Nothing => None,
        }
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        let keys = self.log(model).keys(self.view);
        if let Some(at) = self.wanted.and_then(|wanted| keys.iter().position(|key| *key == wanted)) {
            let wanted = self.wanted.take();
            self.put(wanted, at);
            return Vec::new();
        }
        let at = self.place(&keys);
        let to = keys.get(at).copied();
        self.put(to, at);
        if to.is_none() {
            self.reading = false;
        }
        Vec::new()
    }
}
