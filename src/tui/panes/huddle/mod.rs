//! The huddle: chosen from the ward's agendas, run item by item with a clock, and kept as a record.

mod board;
mod course;
mod forms;
mod listing;
mod promised;
mod shows;
mod signals;
mod view;

use std::cell::Cell;

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::app::pane::{Answer, Pane, PaneId};
use crate::domain::MeasureId;
use crate::domain::agenda::{Agenda, View};
use crate::domain::change::{Edit, Expect};
use crate::domain::fidelity::Fidelity;
use crate::domain::huddle::Huddle;
use crate::domain::minutes::Minutes;
use crate::domain::promise::{Promise, Sort, State};
use crate::tui::panes::actions::{forms as asked, list, steps};

use course::Course;

/// What the pane remembers.
#[derive(Default)]
pub(crate) struct HuddlePane {
    /// The huddle that goes on.
    course: Option<Course>,
    /// The agenda under the cursor, where none goes on; nothing until the pane is looked at.
    chosen: Option<usize>,
    /// How many huddles before the latest the record below is of.
    ago: usize,
    /// What the cursor of an item stands on.
    at: usize,
    /// The first line of the record that is seen, as drawn last.
    top: Cell<u16>,
}

/// The agendas of the ward: the shipped ones, the daily one with the ward's own items.
fn agendas(model: &Model) -> Vec<Agenda> {
    let mut agendas = model.agendas.clone();
    if let Some(daily) = agendas.first_mut() {
        *daily = daily.with_own(&model.team.agenda.0);
    }
    agendas
}

/// What a huddle of an agenda that is held now is called, and its day.
fn called(model: &Model, agenda: &Agenda) -> (String, NaiveDate) {
    let shift = model.team.calendar().at(model.now);
    let day = if agenda.each_shift { shift.day } else { model.today() };
    (agenda.called(&shift.name), day)
}

/// The huddle of an agenda that was begun today, or in this shift.
fn today<'a>(model: &'a Model, agenda: &Agenda) -> Option<&'a Huddle> {
    let (called, day) = called(model, agenda);
    let id = Huddle::id_of(model.team.id, &called, day);
    model.huddles.iter().find(|huddle| huddle.id == id)
}

/// The agenda that most likely is wanted: one that is going on, else the next that was not held today.
fn likeliest(model: &Model, agendas: &[Agenda]) -> usize {
    let going = |agenda: &Agenda| today(model, agenda).is_some_and(|huddle| huddle.ended.is_none());
    let open = |agenda: &Agenda| today(model, agenda).is_none();
    agendas.iter().position(going).or_else(|| agendas.iter().position(open)).unwrap_or(0)
}

/// Puts how huddles are held on the board: the measures that are not there yet, as one action.
fn counted(model: &Model) -> Effect {
    let fed = |what: Fidelity| model.measures.iter().any(|measure| measure.source == Some(what.source()));
    let edits: Vec<Edit> = (0..)
        .zip(Fidelity::ALL.iter().copied())
        .filter(|(_, what)| !fed(*what))
        .map(|(place, what)| Edit::create(&what.measure(&model.team, 100 + place)))
        .collect();
    if edits.is_empty() {
        return Effect::hint("The measures of huddles are on the board already: press 4 for their charts.");
    }
    let words = format!("{} measures of how huddles are held; 4 shows their charts", edits.len());
    Effect::Commit { words, edits }
}

impl HuddlePane {
    fn place(&self, model: &Model, agendas: &[Agenda]) -> usize {
        let chosen = self.chosen.unwrap_or_else(|| likeliest(model, agendas));
        chosen.min(agendas.len().saturating_sub(1))
    }

    /// The record that stands below the agendas, and whether there is an older one.
    fn record<'a>(&self, model: &'a Model, agenda: &Agenda) -> (Option<&'a Huddle>, usize) {
        let mut held: Vec<&Huddle> = model.huddles.iter().filter(|huddle| agenda.names(&huddle.agenda)).collect();
        held.sort_by_key(|huddle| std::cmp::Reverse((huddle.day, huddle.started)));
        let at = self.ago.min(held.len().saturating_sub(1));
        (held.get(at).copied(), held.len())
    }

    /// A key where no huddle goes on.
    fn choose(&mut self, action: Action, model: &Model) -> Answer {
        let agendas = agendas(model);
        let at = self.place(model, &agendas);
        let Some(agenda) = agendas.get(at) else { return Answer::Ignored };
        match action {
            Action::Up => (self.chosen, self.ago) = (Some(at.saturating_sub(1)), 0),
            Action::Down => (self.chosen, self.ago) = (Some(at + 1), 0),
            Action::BackItem => self.ago = (self.ago + 1).min(self.record(model, agenda).1.saturating_sub(1)),
            Action::Right => self.ago = self.ago.saturating_sub(1),
            Action::NextItem => return self.begin(model, agenda, at),
            Action::PageDown => self.top.set(self.top.get().saturating_add(8)),
            Action::PageUp => self.top.set(self.top.get().saturating_sub(8)),
            Action::Count => return Answer::one(counted(model)),
            Action::Edit if at == 0 => return Answer::one(Effect::Ask(forms::agenda(model, agenda))),
            Action::Edit => return Answer::one(Effect::hint("Only the daily huddle has an agenda of the ward's own.")),
            Action::Delete => {
                let Some(huddle) = self.record(model, agenda).0 else { return Answer::done() };
                let words = format!("Deleted the record: {}", Minutes::of(huddle, &[]).title());
                return Answer::one(Effect::commit(words, Edit::of(huddle).deleting()));
            }
            _ => return Answer::Ignored,
        }
        Answer::done()
    }

    fn begin(&mut self, model: &Model, agenda: &Agenda, at: usize) -> Answer {
        if today(model, agenda).is_some_and(|huddle| huddle.ended.is_some()) {
            return Answer::one(Effect::hint("It was held; its record stands below. n writes an action, o a note."));
        }
        let (course, effect) = Course::begin(model, agenda);
        (self.course, self.chosen, self.at) = (Some(course), Some(at), 0);
        // Whatever day somebody was looking at, the huddle is about the work of now.
        Answer::Consumed(effect.into_iter().chain([Effect::ShowDay(None)]).collect())
    }

    /// What of an item the cursor can stand on.
    fn promises<'a>(&self, model: &'a Model) -> Vec<&'a Promise> {
        self.course.as_ref().map_or_else(Vec::new, |course| listing::promises(model, course))
    }

    fn under<'a>(&self, model: &'a Model) -> Option<&'a Promise> {
        let all = self.promises(model);
        all.get(self.at.min(all.len().saturating_sub(1))).copied()
    }

    /// Goes on to the next of what was promised.
    fn go_on(&mut self, model: &Model) {
        let last = self.promises(model).len().saturating_sub(1);
        self.at = (self.at + 1).min(last);
    }

    fn on_promise(&mut self, action: Action, model: &Model) -> Answer {
        let Some(promise) = self.under(model) else {
            return Answer::one(Effect::hint("Nothing that was promised stands on this page."));
        };
        let effect = match action {
            Action::MarkDone => steps::done(model, promise),
            Action::NotYet => {
                let id = promise.id;
                let stuck = promise.state == State::Stuck;
                let edit = Edit::of(promise).with("state", &State::Open).expecting(Expect::Revision(promise.revision));
                let effect = stuck.then(|| Effect::commit(format!("Goes on: {}", promise.what), edit));
                if let Some(course) = &mut self.course {
                    course.not_yet.insert(id);
                }
                self.go_on(model);
                return effect.map_or_else(Answer::done, Answer::one);
            }
            Action::Stuck if promise.state == State::Stuck => Effect::Ask(steps::stuck(promise)),
            Action::Stuck => {
                let edit = Edit::of(promise).with("state", &State::Stuck).expecting(Expect::Revision(promise.revision));
                Effect::commit(format!("Stuck: {}  ·  Up and s says on what", promise.what), edit)
            }
            Action::Respond => return Answer::of(steps::answer(promise).map(Effect::Ask)),
            Action::TierUp => return Answer::of(steps::tier_up(promise)),
            Action::Drop => Effect::Ask(steps::dropped(promise)),
            Action::Edit => Effect::Ask(asked::edit(model, promise)),
            _ => return Answer::Ignored,
        };
        if matches!(action, Action::MarkDone | Action::Stuck) {
            self.go_on(model);
        }
        Answer::one(effect)
    }

    /// A key while a huddle goes on.
    fn run(&mut self, action: Action, model: &Model) -> Answer {
        let Some(course) = &mut self.course else { return Answer::Ignored };
        let rows = listing::rows(model, course);
        match action {
            Action::NextItem | Action::Right | Action::Skip => {
                self.at = 0;
                course.next(model, action == Action::Skip).map_or_else(Answer::done, Answer::one)
            }
            Action::BackItem => {
                self.at = 0;
                course.back(model.now);
                Answer::done()
            }
            Action::Finish => course.finish(model).map_or_else(Answer::done, Answer::one),
            Action::Pause => {
                course.pause(model.now);
                Answer::done()
            }
            Action::Up => {
                self.at = self.at.min(rows.saturating_sub(1)).saturating_sub(1);
                Answer::done()
            }
            Action::Down => {
                self.at = (self.at + 1).min(rows.saturating_sub(1));
                Answer::done()
            }
            Action::MarkDone
            | Action::NotYet
            | Action::Stuck
            | Action::Respond
            | Action::TierUp
            | Action::Drop
            | Action::Edit => self.on_promise(action, model),
            _ => Answer::Ignored,
        }
    }

    /// What can be written down in a huddle that goes on, and in one that was held today.
    fn write_down(&self, action: Action, model: &Model) -> Option<Effect> {
        let agendas = agendas(model);
        let at = self.place(model, &agendas);
        let (huddle, label) = match &self.course {
            Some(course) => (&course.huddle, course.view().label()),
            None => (today(model, agendas.get(at)?)?, "Afterwards"),
        };
        let blank = |sort| asked::blank(model, sort, Some(huddle.id));
        Some(Effect::Ask(match action {
            Action::Promise => asked::action(model, blank(Sort::Action)),
            Action::Escalate => asked::escalation(model, blank(Sort::Escalation)),
            Action::Barrier => asked::barrier(model, blank(Sort::Barrier)),
            Action::Present => forms::present(model, huddle),
            Action::Jot => forms::note(huddle, label),
            Action::Idea => forms::idea(huddle),
            Action::Thank => forms::thanks(huddle),
            _ => return None,
        }))
    }
}

impl Pane for HuddlePane {
    fn id(&self) -> PaneId {
        PaneId::Huddle
    }

    fn update(&mut self, action: Action, model: &Model) -> Answer {
        if let Some(effect) = self.write_down(action, model) {
            return Answer::one(effect);
        }
        if self.course.is_some() { self.run(action, model) } else { self.choose(action, model) }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        match &self.course {
            Some(course) => view::Running { model, look, course, at: self.at }.draw(area, buf),
            None => {
                let agendas = agendas(model);
                let at = self.place(model, &agendas);
                let (record, held) = agendas.get(at).map_or((None, 0), |agenda| self.record(model, agenda));
                let (ago, top) = (self.ago, self.top.get());
                let board = board::Choosing { model, look, agendas: &agendas, at, record, held, ago, top };
                self.top.set(board.draw(area, buf));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Action> {
        let Some(course) = &self.course else {
            let agendas = agendas(model);
            let held = agendas.get(self.place(model, &agendas)).and_then(|agenda| today(model, agenda));
            return match held.is_some_and(|huddle| huddle.ended.is_some()) {
                true => vec![Action::Promise, Action::Jot, Action::Copy, Action::Count, Action::Edit],
                false => vec![Action::NextItem, Action::Count, Action::Edit, Action::Copy],
            };
        };
        let own: &[Action] = match course.view() {
            View::Promises => &[Action::MarkDone, Action::NotYet, Action::Stuck],
            View::Escalate => &[Action::Escalate, Action::Respond, Action::TierUp],
            View::Ideas => &[Action::Idea],
            View::Thanks => &[Action::Thank],
            View::Capacity => &[Action::Present],
            View::Harm => &[Action::Cross, Action::QuickEntry, Action::Jot],
            View::Question => &[Action::Jot],
            View::Work | View::Signals | View::Test => &[Action::Jot],
        };
        let common = [Action::Promise, Action::Escalate, Action::Jot, Action::Present, Action::Skip, Action::Pause];
        let common = common.into_iter().filter(|action| !own.contains(action));
        [Action::NextItem].into_iter().chain(own.iter().copied()).chain(common).collect()
    }

    fn ticks(&self, model: &Model) -> bool {
        self.course.as_ref().is_some_and(|course| course.ticks(model.now))
    }

    fn selected_measure(&self, model: &Model) -> Option<MeasureId> {
        self.course.as_ref().and_then(|course| listing::measure(model, course, self.at))
    }

    fn as_text(&self, model: &Model) -> Option<String> {
        if let Some(promise) = self.under(model) {
            return Some(list::as_text(model, promise));
        }
        let agendas = agendas(model);
        let (record, _) = self.record(model, agendas.get(self.place(model, &agendas))?);
        record.map(|huddle| Minutes::of(huddle, &model.promises).text(model.zone()))
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        let left = |course: &Course| course.huddle.team != model.team.id || course.is_forgotten(model);
        let elsewhere = self.course.as_ref().is_some_and(left);
        if elsewhere || self.course.as_mut().is_some_and(|course| !course.follow(model) || course.over) {
            (self.course, self.ago) = (None, 0);
        }
        let Some(course) = &self.course else { return Vec::new() };
        self.at = self.at.min(listing::rows(model, course).saturating_sub(1));
        let wanted = listing::chart(model, course, self.at);
        let shown = model.chart.as_ref().map(|open| open.measure);
        wanted.filter(|id| shown != Some(*id)).map(|id| Effect::LoadChart(id, None)).into_iter().collect()
    }
}
