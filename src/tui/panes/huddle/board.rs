//! The huddle's screen while none goes on: the agendas, and the record of the one that was held.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::domain::agenda::{Agenda, days_of};
use crate::domain::fidelity::{EMBEDDED, Facts};
use crate::domain::huddle::Huddle;
use crate::domain::minutes::Minutes;
use crate::tui::panes::actions::list::day_words;
use crate::tui::widgets::ink;
use crate::tui::widgets::page::Page;

use super::{called, today};

/// The agendas and a record, to be drawn.
pub(super) struct Choosing<'a> {
    pub(super) model: &'a Model,
    pub(super) look: &'a Look,
    pub(super) agendas: &'a [Agenda],
    pub(super) at: usize,
    /// The record below.
    pub(super) record: Option<&'a Huddle>,
    /// How many records of this agenda there are, and how many before the latest this one is.
    pub(super) held: usize,
    pub(super) ago: usize,
    /// The first line of the record that is seen.
    pub(super) top: u16,
}

impl Choosing<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    /// Draws it. Returns the first line of the record that was drawn.
    pub(super) fn draw(&self, area: Rect, buf: &mut Buffer) -> u16 {
        let area = area.intersection(*buf.area());
        if area.is_empty() {
            return 0;
        }
        let bold = self.style(Role::Title).add_modifier(Modifier::BOLD);
        ink::put(buf, area.x + 1, area.y, area.width, "Which huddle?", bold);
        let (words, role) = self.habit();
        let rows = 1 + u16::from(area.height >= 14);
        ink::put(buf, area.x + 1, area.y + 1, area.width.saturating_sub(2), &words, self.style(role));
        let body = ink::below(area, rows + u16::from(area.height >= 14));
        let airy = body.height >= 26;
        let high = 1 + u16::from(area.width < 80) + u16::from(airy);
        for (place, agenda) in self.agendas.iter().enumerate() {
            let y = body.y + u16::try_from(place).unwrap_or(0) * high;
            if y < body.bottom() {
                self.agenda(agenda, place == self.at, Rect { y, height: high, ..body }, buf);
            }
        }
        let used = u16::try_from(self.agendas.len()).unwrap_or(0) * high + 1;
        let place = ink::below(body, used);
        if place.height < 4 {
            return 0;
        }
        ink::ground(buf, place, self.style(Role::Panel));
        let inside = Rect { x: place.x + 2, width: place.width.saturating_sub(4), ..ink::below(place, 1) };
        match self.record {
            Some(huddle) => self.page(huddle, inside.width).draw(self.look, inside, self.top, buf),
            None => {
                let words = "It has not been held yet. Enter begins it; its record will stand here.";
                for (y, line) in (inside.top()..inside.bottom()).zip(text::wrap(words, usize::from(inside.width))) {
                    ink::put(buf, inside.x, y, inside.width, &line, self.style(Role::Dim));
                }
                0
            }
        }
    }

    /// How the daily huddle was held in the last three weeks, in a line.
    fn habit(&self) -> (String, Role) {
        let model = self.model;
        let days = days_of(&model.team.agenda.0);
        let facts = Facts { huddles: &model.huddles, promises: &model.promises, days: &days, zone: model.zone() };
        let tomorrow = model.today().succ_opt().unwrap_or(model.today());
        let held = facts.held_before(tomorrow);
        if held == 0 {
            return ("No daily huddle was held in the last 21 days.".to_owned(), Role::Dim);
        }
        let from = tomorrow - chrono::TimeDelta::days(i64::try_from(EMBEDDED.1).unwrap_or(21));
        let lately: Vec<&Huddle> = facts.held().filter(|huddle| huddle.day >= Some(from)).collect();
        let punctual = lately.iter().filter(|huddle| huddle.is_on_time(model.zone()) == Some(true)).count();
        let end = if held >= EMBEDDED.0 { ": a habit" } else { "; from 15 on it is a habit" };
        let role = if held >= EMBEDDED.0 { Role::Improvement } else { Role::Text };
        (format!("{held} daily huddles in 21 days{end}  ·  {punctual} of {} on time", lately.len()), role)
    }

    fn agenda(&self, agenda: &Agenda, here: bool, area: Rect, buf: &mut Buffer) {
        let two = area.width < 80;
        let ground = if here { self.style(Role::Selected) } else { Style::new() };
        ink::ground(buf, Rect { height: 1 + u16::from(two), ..area }, ground);
        let on = |role: Role| self.style(role).patch(ground);
        let mark = if here { "▶" } else { " " };
        ink::put(buf, area.x + 1, area.y, 1, mark, on(Role::Accent));
        let name = on(Role::Title).add_modifier(Modifier::BOLD);
        ink::put(buf, area.x + 3, area.y, 24, &called(self.model, agenda).0, name);
        let at = if agenda.at.is_empty() { String::new() } else { format!("{}  ", agenda.at) };
        let size = format!("{at}{} items, {} min", agenda.items.len(), agenda.seconds().div_ceil(60));
        let (state, role) = self.state(agenda);
        if two {
            ink::put(buf, area.x + 28, area.y, area.width.saturating_sub(29), &size, on(Role::Dim));
            ink::put(buf, area.x + 3, area.y + 1, area.width.saturating_sub(4), &state, on(role));
        } else {
            ink::put(buf, area.x + 28, area.y, 26, &size, on(Role::Dim));
            ink::put(buf, area.x + 56, area.y, area.width.saturating_sub(57), &state, on(role));
        }
    }

    /// How the huddle of an agenda stands today.
    fn state(&self, agenda: &Agenda) -> (String, Role) {
        let zone = self.model.zone();
        if let Some(huddle) = today(self.model, agenda) {
            let began = huddle.started.map(|at| zone.wall(at).format("%H:%M").to_string()).unwrap_or_default();
            return match huddle.minutes() {
                Some(minutes) => (format!("✓ held today, {began}, {minutes:.0} min"), Role::Saved),
                None => {
                    let done = huddle.items.0.len();
                    (format!("▶ goes on since {began}: {done} of {} done", agenda.items.len()), Role::Due)
                }
            };
        }
        let held = self.model.huddles.iter().filter(|huddle| agenda.names(&huddle.agenda)).filter_map(|one| one.day);
        match held.max() {
            Some(day) => (format!("last held {}", day_words(self.model.today(), day)), Role::Dim),
            None => ("not held yet".to_owned(), Role::Dim),
        }
    }

    /// The record of a huddle.
    fn page(&self, huddle: &Huddle, width: u16) -> Page {
        let minutes = Minutes::of(huddle, &self.model.promises);
        let mut page = Page::new(width);
        page.heading(&minutes.title(), Role::Title);
        if self.held > 1 {
            let words = format!("   {} of {}  ← → others", self.ago + 1, self.held);
            let column = u16::try_from(text::width(&minutes.title())).unwrap_or(30);
            page.add(column, &[(words.as_str(), Role::Faint)]);
        }
        for line in minutes.held(self.model.zone()) {
            page.text(0, &line, Role::Dim);
        }
        for (heading, lines) in minutes.sections() {
            page.space();
            page.heading(heading, Role::Dim);
            for line in lines {
                // The times of the items stand under each other: their lines are not broken anew.
                if heading == "ITEMS" {
                    page.flow(2, &[(line.as_str(), Role::Text)]);
                } else {
                    page.text(2, &line, Role::Text);
                }
            }
        }
        page
    }
}
