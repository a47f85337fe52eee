//! The process-control board: how much work is required, and how much of it is done by now.

mod board;
mod forms;
mod hours;
mod row;
mod schedule;
mod view;
mod ward;

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use chrono::{Days, NaiveDate, NaiveDateTime};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::look::Look;
use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::app::pane::{Answer, Pane, PaneId};
use crate::domain::CompletionId;
use crate::domain::change::{Edit, RecordKey};
use crate::domain::process::{Completion, Process};
use crate::domain::record::Kind;

use board::{Item, Key};

/// How far ahead the board can be looked at: what is required next week can be set today.
const DAYS_AHEAD: i64 = 7;

/// What the process board remembers.
#[derive(Default)]
pub(crate) struct ProcessPane {
    /// What names the selected line, its place, and whether its period was open when it was selected.
    selected: Option<Key>,
    at: usize,
    was_open: bool,
    /// The hour that was gone to on its line; nothing follows the clock.
    hour: Option<NaiveDateTime>,
    /// Ticks that were sent off and may not be in the model yet, the latest last.
    sent: Vec<(Key, i64)>,
    /// The first visible line, and how many there are on a page, as they were drawn last.
    top: Cell<usize>,
    page: Cell<usize>,
}

impl ProcessPane {
    fn selected<'a>(&self, items: &[Item<'a>]) -> Option<(&'a Process, Option<&'a ProcessRow>)> {
        let found = items.iter().find(|item| item.key().is_some() && item.key() == self.selected);
        match found.or_else(|| items.iter().find(|item| item.key().is_some()))? {
            Item::Row(process, row) => Some((process, Some(row))),
            Item::Hours(process, _, hours) => Some((process, self.hour_of(hours))),
            Item::Idle(process) => Some((process, None)),
            Item::Heading(_) => None,
        }
    }

    /// The hour of a line that is meant: the one that was gone to, or the one that is open.
    fn hour_of<'a>(&self, hours: &[&'a ProcessRow]) -> Option<&'a ProcessRow> {
        let gone_to = hours.iter().find(|hour| Some(hour.span.start) == self.hour);
        let open = || hours.iter().find(|hour| hour.phase == RowPhase::Open);
        let nearest = || {
            if hours.first().is_some_and(|hour| hour.phase == RowPhase::Ahead) { hours.first() } else { hours.last() }
        };
        gone_to.or_else(open).or_else(nearest).copied()
    }

    /// Goes to the hour before or after, on a line of hours.
    fn go_hour(&mut self, model: &Model, later: bool) -> Answer {
        let items = board::items(model);
        let line = items.iter().find(|item| item.key().is_some() && item.key() == self.selected);
        let Some(Item::Hours(_, _, hours)) = line else { return Answer::Ignored };
        let at = self.hour_of(hours).and_then(|hour| hours.iter().position(|other| other.span == hour.span));
        let to =
            at.map_or(0, |at| if later { at + 1 } else { at.saturating_sub(1) }).min(hours.len().saturating_sub(1));
        self.hour = hours.get(to).filter(|hour| hour.phase != RowPhase::Open).map(|hour| hour.span.start);
        Answer::done()
    }

    /// Where the cursor stands among the lines that can be selected.
    fn place(&self, keys: &[Key]) -> usize {
        let found = self.selected.and_then(|key| keys.iter().position(|other| *other == key));
        found.unwrap_or(self.at).min(keys.len().saturating_sub(1))
    }

    fn go(&mut self, model: &Model, action: Action) -> Answer {
        let items = board::items(model);
        let keys: Vec<Key> = items.iter().filter_map(Item::key).collect();
        let last = keys.len().saturating_sub(1);
        let at = self.place(&keys);
        let to = action.travels(at, last, self.page.get()).unwrap_or(at);
        self.put(model, keys.get(to).copied(), &keys);
        Answer::done()
    }

    fn put(&mut self, model: &Model, key: Option<Key>, keys: &[Key]) {
        if self.selected != key {
            self.hour = None;
        }
        self.selected = key;
        self.at = self.place(keys);
        let mut rows = model.rows.iter().filter(|row| Some(board::key_of(row.process, row)) == key);
        self.was_open = rows.any(|row| row.phase == RowPhase::Open);
    }

    /// How many are done in a row, with the ticks that are still being written.
    fn believed(&mut self, model: &Model, row: &ProcessRow) -> i64 {
        let unsaved = self.sent.len().saturating_sub(model.saving);
        self.sent.drain(..unsaved);
        let key = (row.process, Some(row.span.start));
        let sent: i64 = self.sent.iter().filter(|(other, _)| *other == key).map(|(_, amount)| amount).sum();
        row.standing.completed.saturating_add(sent)
    }

    fn tick(&mut self, model: &Model, process: &Process, row: &ProcessRow, amount: i64) -> Answer {
        let done = self.believed(model, row).saturating_add(amount);
        if done < 0 {
            return Answer::one(Effect::hint(format!(
                "{}: none is done yet, so none can be taken back.",
                process.name
            )));
        }
        self.sent.push(((row.process, Some(row.span.start)), amount));
        let what = if amount > 0 { "one more done" } else { "one taken back" };
        let words = format!("{}: {what}, {done} of {}", forms::named(process, row), row.standing.required);
        Answer::one(Effect::commit(words, Edit::create(&completion(model, row, amount))))
    }

    fn on_row(&mut self, action: Action, model: &Model, process: &Process, row: &ProcessRow) -> Answer {
        if row.phase == RowPhase::Ahead && matches!(action, Action::OneDone | Action::SetCount | Action::Reason) {
            let words = format!("{} starts at {}: nothing is done yet.", row.span.name, row.span.clock(model.zone()));
            return Answer::one(Effect::hint(words));
        }
        let ask = match action {
            Action::OneDone => return self.tick(model, process, row, 1),
            Action::TakeBack => return self.tick(model, process, row, -1),
            Action::SetCount => {
                let seen = self.believed(model, row);
                forms::count(process, row, seen)
            }
            Action::SetRequired => forms::required(process, row),
            Action::Reason => forms::reason(model, process, row),
            Action::Countermeasure => forms::countermeasure(process, row),
            _ => return Answer::Ignored,
        };
        Answer::one(Effect::Ask(ask))
    }

    fn on_process(&mut self, action: Action, model: &Model) -> Answer {
        let items = board::items(model);
        let Some((process, row)) = self.selected(&items) else {
            return Answer::one(Effect::hint("There is no process yet. Press n to make the first one."));
        };
        match (action, row) {
            (Action::Open, _) => Answer::one(match board::linked(model, process) {
                Some(measure) => Effect::ShowChart(measure.id),
                None => Effect::hint(format!("“{}” has no chart yet. Press e and link a measure.", process.name)),
            }),
            (Action::Edit, _) => Answer::one(Effect::Ask(edit(model, process))),
            (Action::Past, _) => Answer::one(Effect::ShowPast(process.id)),
            (Action::Delete, _) => {
                let words = format!("Deleted the process “{}” from the board", process.name);
                Answer::one(Effect::commit(words, Edit::of(process).deleting()))
            }
            (Action::History, _) => {
                let record = RecordKey::Id(process.id.0);
                Answer::one(Effect::ShowHistory(Kind::Process, record, process.name.clone()))
            }
            (_, Some(row)) => self.on_row(action, model, process, row),
            (_, None) => Answer::one(Effect::hint(format!("Nothing is required of “{}” on this day.", process.name))),
        }
    }
}

impl Pane for ProcessPane {
    fn id(&self) -> PaneId {
        PaneId::Process
    }

    fn update(&mut self, action: Action, model: &Model) -> Answer {
        match action {
            Action::Up | Action::Down | Action::First | Action::Last | Action::PageUp | Action::PageDown => {
                self.go(model, action)
            }
            Action::Left => self.go_hour(model, false),
            Action::Right => self.go_hour(model, true),
            Action::New => Answer::one(Effect::Ask(Ask::Form(schedule::new(model)))),
            Action::EarlierPeriod => Answer::one(show_day(model, model.process_day.checked_sub_days(Days::new(1)))),
            Action::LaterPeriod => later(model),
            Action::WorkReasons => Answer::one(Effect::ShowReasons),
            Action::Ward => Answer::one(Effect::Ask(ward::ask(model))),
            Action::Back if !board::is_today(model) => Answer::one(Effect::ShowDay(None)),
            Action::OneDone
            | Action::TakeBack
            | Action::SetCount
            | Action::SetRequired
            | Action::Reason
            | Action::Countermeasure
            | Action::Open
            | Action::Past
            | Action::Edit
            | Action::Delete
            | Action::History => self.on_process(action, model),
            _ => Answer::Ignored,
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let items = board::items(model);
        let keys: Vec<Key> = items.iter().filter_map(Item::key).collect();
        let selected = keys.get(self.place(&keys)).copied();
        let hour = self.selected(&items).and_then(|(_, row)| row).map(|row| row.span.start);
        let board = view::Board { model, look, items: &items, selected, hour };
        let (top, page) = board.draw(area, self.top.get(), buf);
        self.top.set(top);
        self.page.set(page);
    }

    fn hints(&self, model: &Model) -> Vec<Action> {
        if model.processes.is_empty() {
            return vec![Action::New];
        }
        let mut hints = vec![Action::OneDone, Action::TakeBack, Action::SetCount, Action::Reason];
        hints.push(Action::Countermeasure);
        hints.push(if board::is_today(model) { Action::EarlierPeriod } else { Action::LaterPeriod });
        hints.push(Action::New);
        hints
    }

    fn as_text(&self, model: &Model) -> Option<String> {
        let items = board::items(model);
        let (process, row) = self.selected(&items)?;
        Some(row.map_or_else(|| process.name.clone(), |row| view::as_text(model, process, row)))
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        let items = board::items(model);
        let keys: Vec<Key> = items.iter().filter_map(Item::key).collect();
        let stays = self.selected.filter(|key| keys.contains(key));
        let open = |process| {
            let open = |row: &&ProcessRow| row.process == process && row.phase == RowPhase::Open;
            model.rows.iter().find(open).map(|row| board::key_of(process, row))
        };
        let next = match (stays, self.selected) {
            // The shift has changed under the cursor: it goes along into the period that opened.
            (Some(key), _) if self.was_open => open(key.0).or(Some(key)),
            (Some(key), _) => Some(key),
            // Another day, or the row is gone: the same process, or the same place.
            (None, Some(key)) => open(key.0).or_else(|| keys.iter().find(|other| other.0 == key.0).copied()),
            (None, None) => None,
        };
        let next = next.or_else(|| keys.get(self.at.min(keys.len().saturating_sub(1))).copied());
        self.put(model, next, &keys);
        Vec::new()
    }
}

/// The form of a process that others may change meanwhile.
fn edit(model: &Model, process: &Process) -> Ask {
    let id = process.id;
    Ask::living(Kind::Process, id.0, schedule::edit(model, process), move |model| {
        model.process(id).map(|process| schedule::edit(model, process))
    })
}

fn completion(model: &Model, row: &ProcessRow, amount: i64) -> Completion {
    let mut completion = Completion::blank(CompletionId::fresh(), row.period.team);
    completion.process = row.process;
    completion.start = row.span.start;
    completion.amount = amount;
    completion.at = model.now;
    completion
}

/// The effect that shows `day`; today has no date of its own, so that the board goes on at midnight.
fn show_day(model: &Model, day: Option<NaiveDate>) -> Effect {
    Effect::ShowDay(day.filter(|day| *day != board::working_day(model)))
}

fn later(model: &Model) -> Answer {
    let next = model.process_day.checked_add_days(Days::new(1));
    match next {
        Some(day) if (day - board::working_day(model)).num_days() > DAYS_AHEAD => {
            Answer::one(Effect::hint("The board shows a week ahead and no more."))
        }
        next => Answer::one(show_day(model, next)),
    }
}
