//! The round: everything that is due, one field after the other; empty skips.

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, entry, panel, panel_style};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::MeasureId;
use crate::domain::due::{ASKED_AT_MOST, Due};
use crate::domain::entry::{Entry, take_apart};
use crate::domain::measure::parse_amount;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// One value of the round.
struct Stop {
    measure: MeasureId,
    day: NaiveDate,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Waiting,
    Saved(String),
    Skipped,
}

/// Where the round stands.
pub(crate) struct Round {
    stops: Vec<Stop>,
    at: usize,
    field: Field,
    refused: Option<String>,
    pending: Option<String>,
}

impl Round {
    /// A round through everything that is due.
    pub(crate) fn new(model: &Model) -> Self {
        let mut stops = Vec::new();
        for measure in model.due_measures() {
            let (mut day, missing) = match model.due(measure) {
                Due::No => continue,
                Due::Now(day) => (day, 1),
                Due::Late { from, missing } => (from, missing),
            };
            for _ in 0..missing.saturating_sub(ASKED_AT_MOST) {
                day = measure.frequency.next(day).unwrap_or(day);
            }
            for _ in 0..missing.min(ASKED_AT_MOST) {
                stops.push(Stop { measure: measure.id, day, state: State::Waiting });
                day = measure.frequency.next(day).unwrap_or(day);
            }
        }
        let mut field = Field::line("");
        field.focus(true);
        Self { stops, at: 0, field, refused: None, pending: None }
    }

    fn understood(&self, model: &Model) -> Option<Outcome<Entry>> {
        let stop = self.stops.get(self.at)?;
        let measure = model.measure(stop.measure)?;
        let typed = self.field.text();
        let parts = take_apart(&typed);
        let amount = parse_amount(measure.kind, if parts.value.is_empty() { &parts.name } else { parts.value });
        Some(amount.map(|amount| Entry { measure: stop.measure, amount, day: stop.day, note: parts.note.to_owned() }))
    }

    fn enter(&mut self, model: &Model) -> Vec<Effect> {
        if self.pending.is_some() {
            return Vec::new();
        }
        if self.at >= self.stops.len() {
            return vec![Effect::Close];
        }
        if self.field.text().trim().is_empty() {
            self.stops[self.at].state = State::Skipped;
            return self.go(self.at + 1);
        }
        match self.understood(model) {
            Some(Ok(entry)) => match entry::commit(&entry, model) {
                Ok(effect) => {
                    self.pending = Some(self.field.text().trim().to_owned());
                    vec![effect]
                }
                Err(failure) => self.refuse(failure.to_string()),
            },
            Some(Err(failure)) => self.refuse(failure.to_string()),
            None => self.go(self.at + 1),
        }
    }

    fn refuse(&mut self, words: String) -> Vec<Effect> {
        self.refused = Some(words);
        Vec::new()
    }

    fn go(&mut self, to: usize) -> Vec<Effect> {
        self.at = to.min(self.stops.len());
        self.field.set("");
        self.refused = None;
        Vec::new()
    }

    fn row(&self, index: usize, stop: &Stop, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let Some(measure) = model.measure(stop.measure) else { return };
        let here = index == self.at;
        let (mark, role) = match &stop.state {
            State::Saved(_) => (if look.ascii { "v" } else { "✓" }, Role::Saved),
            State::Skipped => ("-", Role::Faint),
            State::Waiting if here => (if look.ascii { ">" } else { "▸" }, Role::Accent),
            State::Waiting => (" ", Role::Dim),
        };
        let y = area.y;
        ink::put(buf, area.x, y, 2, mark, panel_style(look, role));
        let name_role = if here { Role::Title } else { Role::Text };
        ink::put(buf, area.x + 2, y, 26, &measure.name, panel_style(look, name_role));
        let period = measure.frequency.period_words(stop.day);
        ink::put(buf, area.x + 29, y, 15, &period, panel_style(look, Role::Dim));
        let value = Rect { x: area.x + 46, width: area.width.saturating_sub(46), y, height: 1 };
        match &stop.state {
            State::Saved(typed) => {
                ink::put(buf, value.x, y, value.width, typed, panel_style(look, Role::Text));
            }
            _ if here => self.field.view(value, buf, panel_style(look, Role::Title)),
            State::Waiting => {
                let example = if measure.has_denominator() { "… / …" } else { "…" };
                ink::put(buf, value.x, y, value.width, example, panel_style(look, Role::Faint));
            }
            State::Skipped => {
                ink::put(buf, value.x, y, value.width, "skipped", panel_style(look, Role::Faint));
            }
        }
    }
}

impl Overlay for Round {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        match key.code {
            Code::Esc => Took::Key(vec![Effect::Close]),
            Code::Enter | Code::Tab => Took::Key(self.enter(around.model)),
            Code::Up | Code::BackTab if self.pending.is_none() => Took::Key(self.go(self.at.saturating_sub(1))),
            Code::Down if self.pending.is_none() => Took::Key(self.go(self.at + 1)),
            _ if self.pending.is_some() => Took::Key(Vec::new()),
            _ if self.field.key(key) => {
                self.refused = None;
                let peek = self.understood(around.model).and_then(Result::ok);
                Took::Key(peek.map(|entry| vec![Effect::Peek(entry::place(&entry))]).unwrap_or_default())
            }
            _ => Took::Nothing,
        }
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        self.field.paste(text);
        Vec::new()
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        let Some(typed) = self.pending.take() else { return Vec::new() };
        match failure {
            Some(words) => self.refuse(words.to_owned()),
            None => {
                if let Some(stop) = self.stops.get_mut(self.at) {
                    stop.state = State::Saved(typed);
                }
                self.go(self.at + 1)
            }
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let rows = u16::try_from(self.stops.len()).unwrap_or(u16::MAX).saturating_add(8).min(area.height);
        let saved = self.stops.iter().filter(|stop| matches!(stop.state, State::Saved(_))).count();
        let title = format!("The round · {saved} of {} saved", self.stops.len());
        let inside = panel(look, area, 78, rows.max(9), &title, buf);
        if self.stops.is_empty() {
            ink::put(buf, inside.x, inside.y, inside.width, nothing_due(model), panel_style(look, Role::Text));
            return;
        }
        let visible = usize::from(inside.height.saturating_sub(3)).max(1);
        let top = ink::scroll(self.at.min(self.stops.len() - 1), visible, 0);
        for (line, (index, stop)) in (0_u16..).zip(self.stops.iter().enumerate().skip(top).take(visible)) {
            self.row(index, stop, model, look, Rect { y: inside.y + line, height: 1, ..inside }, buf);
        }
        let (words, role) = match (&self.refused, self.stops.get(self.at)) {
            (Some(refused), _) => (refused.clone(), Role::Error),
            (None, None) => ("That was all. Enter closes the round.".to_owned(), Role::Saved),
            (None, Some(stop)) => self.about(stop, model),
        };
        let y = inside.bottom().saturating_sub(2);
        let lines = text::wrap(&words, usize::from(inside.width));
        for (line, words) in (0_u16..2).zip(&lines) {
            let more = line == 1 && lines.len() > 2;
            let words =
                if more { text::clip(&format!("{words} …"), usize::from(inside.width)) } else { words.clone() };
            ink::put(buf, inside.x, y + line, inside.width, &words, panel_style(look, role));
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Enter", "save and next"), ("empty Enter", "skip"), ("Up", "back"), ("Esc", "leave")]
    }
}

/// Why the round has nowhere to go.
fn nothing_due(model: &Model) -> &'static str {
    if model.measures.is_empty() {
        "There is no measure yet. Leave with Esc; n makes the first one."
    } else {
        "Nothing is due. Everything is up to date."
    }
}

impl Round {
    /// What helps while a value is typed: what it will save, or how it is defined.
    fn about(&self, stop: &Stop, model: &Model) -> (String, Role) {
        if !self.field.text().trim().is_empty() {
            return match self.understood(model) {
                Some(Ok(entry)) => (entry::describe(&entry, model), Role::Text),
                Some(Err(failure)) => (failure.to_string(), Role::Dim),
                None => (String::new(), Role::Dim),
            };
        }
        let definition = model.measure(stop.measure).map(|measure| measure.definition.clone()).unwrap_or_default();
        (definition, Role::Dim)
    }
}
