//! A form: fields under each other, the failure under the field that it is about.

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::elsewhere::{Elsewhere, changed};
use super::several;
use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::ask::{Form, FormField, Input, Living};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::error::Failure;
use crate::base::text;
use crate::domain::guard;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// What stands in one field of the form.
enum Filled {
    Typed(Box<Field>),
    /// One of a set, by its place in it.
    Chosen(usize),
    /// Some of a set, and the place that is marked.
    Several(Vec<bool>, usize),
    Locked(String),
}

impl Filled {
    /// What stands in a field at first.
    fn of(field: &FormField) -> Self {
        match &field.input {
            Input::Line => Self::Typed(Box::new(Field::line(&field.value))),
            Input::Selected => Self::Typed(Box::new(Field::line(&field.value).selected())),
            Input::Lines => Self::Typed(Box::new(Field::lines(&field.value))),
            Input::One(options) => Self::Chosen(options.iter().position(|(code, _)| *code == field.value).unwrap_or(0)),
            Input::Some(words) => {
                let held: Vec<&str> = field.value.split(',').map(str::trim).collect();
                Self::Several(words.iter().map(|word| held.contains(word)).collect(), 0)
            }
            Input::Locked(_) => Self::Locked(field.value.clone()),
        }
    }
}

/// A form as it is being filled in.
pub(crate) struct FormOverlay {
    form: Form,
    answers: Vec<Filled>,
    at: usize,
    /// What is wrong, and with which field.
    refused: Option<(usize, String)>,
    /// Whether anything was typed: then leaving asks once.
    touched: bool,
    leaving: bool,
    waiting: bool,
    /// Whether Enter saves from any field.
    quick: bool,
    /// What others do with the record meanwhile, where it is there already.
    elsewhere: Option<Elsewhere>,
    top: Cell<usize>,
}

impl FormOverlay {
    /// The form with what stands in it at first; the first field that can be changed has the cursor.
    pub(crate) fn new(form: Form) -> Self {
        let answers: Vec<Filled> = form.fields.iter().map(Filled::of).collect();
        let at = answers.iter().position(|answer| !matches!(answer, Filled::Locked(_))).unwrap_or(0);
        let mut overlay = Self {
            form,
            answers,
            at,
            refused: None,
            touched: false,
            leaving: false,
            waiting: false,
            quick: false,
            elsewhere: None,
            top: Cell::new(0),
        };
        overlay.focus(true);
        overlay
    }

    /// The same form, which Enter saves from any field.
    pub(crate) fn quick(form: Form) -> Self {
        Self { quick: true, ..Self::new(form) }
    }

    /// The form of a record that others may change while it is open.
    pub(crate) fn living(living: Living) -> Self {
        let Living { form, kind, id, again } = living;
        let elsewhere = Elsewhere::new(kind, id, again, form.fields.len());
        Self { elsewhere: Some(elsewhere), ..Self::new(form) }
    }

    /// Puts the form right for what somebody else has made of its record: what is typed stays, what is not
    /// touched follows, and the field says so.
    fn follow(&mut self, model: &Model) {
        let Some(elsewhere) =
            self.elsewhere.as_mut().and_then(|elsewhere| elsewhere.is_stale(model).then_some(elsewhere))
        else {
            return;
        };
        let Some(fresh) = (elsewhere.again)(model) else {
            self.refused = Some((self.at, "This was deleted elsewhere while you typed.".to_owned()));
            return;
        };
        if !fresh.fields.iter().map(|field| field.name).eq(self.form.fields.iter().map(|field| field.name)) {
            self.refused =
                Some((self.at, "This has moved on elsewhere: leave the form, and open it again.".to_owned()));
            return;
        }
        let typed = self.values();
        let Some(elsewhere) = &mut self.elsewhere else { return };
        for (index, (before, now)) in self.form.fields.iter().zip(&fresh.fields).enumerate() {
            if before.value == now.value {
                continue;
            }
            let touched = typed[index] != before.value;
            elsewhere.notes[index] = (typed[index] != now.value).then(|| changed(now, touched, &elsewhere.who(model)));
            if !touched {
                self.answers[index] = Filled::of(now);
            }
        }
        self.form = fresh;
        self.focus(true);
    }

    fn focus(&mut self, focused: bool) {
        if let Some(Filled::Typed(field)) = self.answers.get_mut(self.at) {
            field.focus(focused);
        }
    }

    fn go(&mut self, forwards: bool) {
        self.focus(false);
        let count = self.answers.len();
        for _ in 0..count {
            self.at = if forwards { (self.at + 1) % count } else { (self.at + count - 1) % count };
            if !matches!(self.answers[self.at], Filled::Locked(_)) {
                break;
            }
        }
        self.focus(true);
    }

    fn values(&self) -> Vec<String> {
        self.answers
            .iter()
            .zip(&self.form.fields)
            .map(|(answer, field)| match (answer, &field.input) {
                (Filled::Typed(typed), _) => typed.text(),
                (Filled::Chosen(index), Input::One(options)) => {
                    options.get(*index).map(|(code, _)| code.clone()).unwrap_or_default()
                }
                (Filled::Several(held, _), Input::Some(words)) => {
                    let chosen = words.iter().zip(held).filter(|(_, held)| **held).map(|(word, _)| *word);
                    chosen.collect::<Vec<_>>().join(", ")
                }
                (Filled::Chosen(_) | Filled::Several(..), _) => String::new(),
                (Filled::Locked(value), _) => value.clone(),
            })
            .collect()
    }

    fn save(&mut self, model: &Model) -> Vec<Effect> {
        match (self.form.then)(&self.values(), model) {
            Ok(effects) => {
                self.waiting = effects.iter().any(Effect::is_answered);
                if self.waiting { effects } else { std::iter::once(Effect::Close).chain(effects).collect() }
            }
            Err(failure) => {
                self.refuse(&failure);
                Vec::new()
            }
        }
    }

    fn refuse(&mut self, failure: &Failure) {
        let place = failure.place.as_deref();
        let at = self.form.fields.iter().position(|field| Some(field.name) == place).unwrap_or(self.at);
        let words = Failure { place: None, ..failure.clone() }.to_string();
        self.focus(false);
        self.at = at;
        self.focus(true);
        self.refused = Some((at, words));
    }

    fn leave(&mut self) -> Vec<Effect> {
        if !self.touched || self.leaving {
            return vec![Effect::Close];
        }
        self.leaving = true;
        Vec::new()
    }

    /// Turns to the next or the last of a fixed set of answers.
    fn turn(&mut self, forwards: bool) -> bool {
        let Some(Input::One(options)) = self.form.fields.get(self.at).map(|field| &field.input) else { return false };
        let Some(Filled::Chosen(index)) = self.answers.get_mut(self.at) else { return false };
        let count = options.len().max(1);
        *index = if forwards { (*index + 1) % count } else { (*index + count - 1) % count };
        self.touched = true;
        true
    }

    fn type_key(&mut self, key: Key) -> bool {
        if let Some(Filled::Typed(field)) = self.answers.get_mut(self.at)
            && field.key(key)
        {
            self.touched = true;
            self.refused = None;
            return true;
        }
        if let Some(Filled::Several(held, mark)) = self.answers.get_mut(self.at) {
            self.touched |= several::key(held, mark, key.code);
            return true;
        }
        match key.code {
            Code::Left => self.turn(false),
            Code::Right | Code::Char(' ') => self.turn(true),
            Code::Char(letter) => self.jump(letter),
            _ => false,
        }
    }

    /// Goes to the answer of a fixed set that starts with this letter.
    fn jump(&mut self, letter: char) -> bool {
        let Some(Input::One(options)) = self.form.fields.get(self.at).map(|field| &field.input) else { return false };
        let Some(Filled::Chosen(index)) = self.answers.get_mut(self.at) else { return false };
        let starts = |words: &str| words.to_lowercase().starts_with(letter.to_ascii_lowercase());
        let count = options.len();
        let found = (1..=count)
            .map(|step| (*index + step) % count.max(1))
            .find(|place| options.get(*place).is_some_and(|(_, words)| starts(words)));
        if let Some(found) = found {
            *index = found;
            self.touched = true;
        }
        found.is_some()
    }

    fn takes_lines(&self) -> bool {
        matches!(self.answers.get(self.at), Some(Filled::Typed(field)) if field.takes_lines())
    }

    /// How many rows a field needs: its own, and more where it takes several lines and is being typed.
    fn height(&self, index: usize) -> u16 {
        match &self.form.fields[index].input {
            Input::Lines if self.form.fields.len() == 1 => ALONE,
            Input::Lines if index == self.at => 4,
            Input::Some(_) if index == self.at => 2,
            _ => 1,
        }
    }

    /// The same with the lines that say what is wrong with it.
    fn height_with_failure(&self, index: usize, width: u16) -> u16 {
        let lines = self.under(index, width).len();
        self.height(index) + u16::try_from(lines).unwrap_or(0)
    }

    /// What stands under a field: what somebody else made of it, and what is wrong with it.
    fn under(&self, index: usize, width: u16) -> Vec<(String, Role)> {
        let note = self.elsewhere.as_ref().and_then(|elsewhere| elsewhere.notes[index].as_ref());
        let failure = self.refused.as_ref().filter(|(at, _)| *at == index).map(|(_, words)| words);
        let wide = usize::from(width.saturating_sub(LABEL.min(width / 3) + 1)).max(10);
        let lines = |words: Option<&String>, role| {
            let lines = words.map(|words| text::wrap(words, wide)).unwrap_or_default();
            lines.into_iter().map(move |line| (line, role))
        };
        lines(note, Role::Due).chain(lines(failure, Role::Error)).collect()
    }

    fn row(&self, index: usize, look: &Look, area: Rect, buf: &mut Buffer) {
        let field = &self.form.fields[index];
        let here = index == self.at;
        let label = LABEL.min(area.width / 3);
        let role = if here { Role::Accent } else { Role::Dim };
        ink::put(buf, area.x, area.y, label, field.label, panel_style(look, role));
        let value = ink::shift_right(area, label + 1);
        let style = panel_style(look, if here { Role::Title } else { Role::Text });
        match (&self.answers[index], &field.input) {
            (Filled::Typed(typed), _) if here => typed.view(value, buf, style),
            (Filled::Typed(typed), _) => {
                let shown = typed.text().replace('\n', " / ");
                ink::put(buf, value.x, value.y, value.width, &shown, style);
            }
            (Filled::Chosen(chosen), Input::One(options)) => {
                let words = options.get(*chosen).map_or("", |(_, words)| words.as_str());
                let (left, right) = if look.ascii { ("< ", " >") } else { ("‹ ", " ›") };
                let shown = if here { format!("{left}{words}{right}") } else { words.to_owned() };
                ink::put(buf, value.x, value.y, value.width, &shown, style);
            }
            (Filled::Several(held, mark), Input::Some(words)) => {
                several::row(words, held, here.then_some(*mark), look, value, buf);
            }
            (Filled::Chosen(_) | Filled::Several(..), _) => {}
            (Filled::Locked(words), _) => {
                ink::put(buf, value.x, value.y, value.width, &words.replace('\n', " / "), panel_style(look, Role::Dim));
            }
        }
    }

    fn footer(&self) -> (String, Role) {
        if self.leaving {
            return ("Esc again throws away what was typed. Any other key goes on.".to_owned(), Role::Error);
        }
        let Some(field) = self.form.fields.get(self.at) else { return (String::new(), Role::Dim) };
        // Said while it can still be taken out: what is saved stays in the log.
        if let Some(Filled::Typed(typed)) = self.answers.get(self.at)
            && let Some(concern) = guard::scan(&typed.text()).first()
        {
            return (format!("{} This board holds counts and roles, never patients.", concern.words()), Role::Due);
        }
        (about(field), Role::Dim)
    }
}

/// What is known of a field here and now, and what belongs there.
fn about(field: &FormField) -> String {
    if field.note.is_empty() { field.help.to_owned() } else { format!("{} {}", field.note, field.help) }
}

/// How many rows a text of several lines has that stands in its form alone.
const ALONE: u16 = 14;

/// Width of the labels, in cells.
const LABEL: u16 = 18;

impl Overlay for FormOverlay {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        if key.code != Code::Esc {
            self.leaving = false;
        }
        let last = self.at + 1 == self.answers.len();
        match key.code {
            Code::Esc => Took::Key(self.leave()),
            Code::Char('s') if key.ctrl => Took::Key(self.save(around.model)),
            Code::Tab => {
                self.go(true);
                Took::Key(Vec::new())
            }
            Code::BackTab => {
                self.go(false);
                Took::Key(Vec::new())
            }
            Code::Enter if !self.takes_lines() && (last || self.quick) => Took::Key(self.save(around.model)),
            Code::Enter if !self.takes_lines() => {
                self.go(true);
                Took::Key(Vec::new())
            }
            Code::Up | Code::Down if !self.takes_lines() => {
                self.go(key.code == Code::Down);
                Took::Key(Vec::new())
            }
            _ if self.type_key(key) => Took::Key(Vec::new()),
            _ => Took::Nothing,
        }
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        if let Some(Filled::Typed(field)) = self.answers.get_mut(self.at) {
            field.paste(text);
            self.touched = true;
        }
        Vec::new()
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        if !self.waiting {
            self.follow(model);
        }
        Vec::new()
    }

    fn is_waiting(&self) -> bool {
        self.waiting
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        if !std::mem::take(&mut self.waiting) {
            return Vec::new();
        }
        match failure {
            Some(words) => {
                self.refused = Some((self.at, words.to_owned()));
                Vec::new()
            }
            None => vec![Effect::Close],
        }
    }

    fn view(&self, _model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let count = self.form.fields.len();
        let width = 92.min(area.width).saturating_sub(4);
        let high = |index: usize| self.height_with_failure(index, width);
        let rows: u16 = (0..count).map(high).sum();
        // As many rows as the longest help needs, so that nothing moves from field to field.
        let needed = |field: &FormField| text::wrap(&about(field), usize::from(width).max(1)).len();
        let most = self.form.fields.iter().map(needed).max().unwrap_or(0).clamp(2, 5);
        let footer = u16::try_from(most).unwrap_or(2);
        let inside = panel(look, area, 92, rows.saturating_add(footer + 5), &self.form.title, buf);
        let footer = footer.min(inside.height.saturating_sub(2));
        let fields = Rect { height: inside.height.saturating_sub(footer + 1), ..inside };
        let mut top = self.top.get().min(self.at);
        while top < self.at && (top..=self.at).map(high).sum::<u16>() > fields.height {
            top += 1;
        }
        self.top.set(top);
        let mut y = fields.y;
        for index in top..count {
            let height = self.height(index).min(fields.bottom().saturating_sub(y));
            if height == 0 {
                break;
            }
            self.row(index, look, Rect { y, height, ..fields }, buf);
            y += height;
            let under = ink::shift_right(fields, LABEL.min(fields.width / 3) + 1);
            for (row, (words, role)) in (y..fields.bottom()).zip(self.under(index, width)) {
                ink::put(buf, under.x, row, under.width, &words, panel_style(look, role));
                y = row + 1;
            }
        }
        if y == fields.bottom() && top + 1 < count && (top..count).map(high).sum::<u16>() > fields.height {
            ink::put_right(
                buf,
                fields.right(),
                fields.bottom(),
                6,
                if look.ascii { "more" } else { "↓ more" },
                panel_style(look, Role::Faint),
            );
        }
        let (words, role) = self.footer();
        let lines = text::wrap(&words, usize::from(inside.width).max(1));
        for (line, words) in (0..footer).zip(lines) {
            ink::put(buf, inside.x, inside.bottom() - footer + line, inside.width, &words, panel_style(look, role));
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let mut hints = vec![("Ctrl-s", "save"), ("Esc", "leave")];
        if self.form.fields.len() > 1 {
            hints.insert(0, ("Tab", "next field"));
        }
        match self.form.fields.get(self.at).map(|field| &field.input) {
            Some(Input::One(_)) => hints.insert(0, ("Left Right", "choose")),
            Some(Input::Some(_)) => hints.insert(0, ("1-9", "in or out")),
            Some(Input::Lines) => hints.insert(hints.len() - 2, ("Ctrl-e", "editor")),
            _ if self.quick || self.at + 1 == self.form.fields.len() => hints.insert(0, ("Enter", "save")),
            _ => hints.insert(0, ("Enter", "next")),
        }
        hints
    }

    fn long_text(&self) -> Option<String> {
        match self.answers.get(self.at) {
            Some(Filled::Typed(field)) if field.takes_lines() => Some(field.text()),
            _ => None,
        }
    }

    fn set_long_text(&mut self, text: &str) {
        if let Some(Filled::Typed(field)) = self.answers.get_mut(self.at) {
            field.set(text);
            self.touched = true;
        }
    }
}
