//! How the log is drawn: the actions in columns, and below them the selected one in full.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::{moment, panel, panel_style};
use super::LogList;
use crate::app::log::{Account, Done};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::tui::widgets::ink;
use crate::tui::widgets::page::Page;

/// How wide the panel is at most.
const WIDEST: u16 = 120;
/// How wide the moment of an action is.
const WHEN: u16 = 18;
/// In what column a record's fields stand.
const FIELDS: u16 = 2;

/// The log on a screen.
pub(super) struct Screen<'a> {
    pub(super) log: &'a LogList,
    pub(super) model: &'a Model,
    pub(super) look: &'a Look,
}

impl Screen<'_> {
    pub(super) fn draw(&self, area: Rect, buf: &mut Buffer) {
        let title = match &self.log.about {
            Some(about) => about.title.clone(),
            None => format!("Who did what · {}", self.model.team.name),
        };
        let inside = panel(self.look, area, WIDEST.min(area.width), area.height, &title, buf);
        let inside = self.filter(inside, buf);
        let body = Rect { height: inside.height.saturating_sub(u16::from(self.log.refused.is_some())), ..inside };
        let Some(done) = self.log.selected() else { return self.nothing(body, buf) };
        let page = page(done, self.log.account(), self.model, inside.width);
        let rows = if self.log.whole { 0 } else { self.listed(body.height, page.height()) };
        self.list(Rect { height: rows, ..body }, buf);
        let below = ink::below(body, if rows > 0 { rows + 1 } else { 0 });
        self.log.top.set(page.draw(self.look, below, self.log.top.get(), buf));
        if let Some(refused) = &self.log.refused {
            let y = inside.bottom().saturating_sub(1);
            ink::put(buf, inside.x, y, inside.width, refused, panel_style(self.look, Role::Error));
        }
    }

    /// How many rows the list takes: all that the action below leaves, and never less than half.
    fn listed(&self, height: u16, page: u16) -> u16 {
        let count = u16::try_from(self.log.list.len()).unwrap_or(u16::MAX);
        let room = height.saturating_sub(page.saturating_add(1)).max(height / 2);
        count.min(room)
    }

    /// The line of the filter, where there is one; what is left below it.
    fn filter(&self, inside: Rect, buf: &mut Buffer) -> Rect {
        if self.log.typing.is_none() && self.log.words.is_empty() {
            return inside;
        }
        let line = Rect { height: 1.min(inside.height), ..inside };
        ink::put(buf, line.x, line.y, 2, "/ ", panel_style(self.look, Role::Accent));
        let behind = ink::shift_right(line, 2);
        match &self.log.typing {
            Some(field) => field.view(behind, buf, panel_style(self.look, Role::Title)),
            None => {
                ink::put(buf, behind.x, behind.y, behind.width, &self.log.words, panel_style(self.look, Role::Title));
            }
        }
        ink::below(inside, 2)
    }

    fn nothing(&self, area: Rect, buf: &mut Buffer) {
        let words = match (self.log.fresh, self.log.words.is_empty()) {
            (false, _) => "Reading …",
            (true, false) => "Nobody did anything with these words.",
            (true, true) => "Nobody has written anything here.",
        };
        ink::put(buf, area.x, area.y, area.width, words, panel_style(self.look, Role::Dim));
    }

    fn list(&self, area: Rect, buf: &mut Buffer) {
        let top = ink::scroll(self.log.at, usize::from(area.height), 0);
        let who = self.log.list.iter().map(|done| text::width(&done.who)).max().unwrap_or(0);
        let who = u16::try_from(who).unwrap_or(u16::MAX).min(area.width / 4) + 2;
        for (y, (index, done)) in (area.top()..area.bottom()).zip(self.log.list.iter().enumerate().skip(top)) {
            let (plain, aside) = if index == self.log.at {
                let style = self.look.style(Role::Selected);
                ink::ground(buf, Rect { y, height: 1, ..area }, style);
                (style, style)
            } else {
                (panel_style(self.look, Role::Text), panel_style(self.look, Role::Dim))
            };
            let words = area.x + 1 + WHEN + who;
            ink::put(buf, area.x + 1, y, WHEN.min(area.width), &moment(done.at, self.model), aside);
            ink::put(buf, area.x + 1 + WHEN, y, who.saturating_sub(2), &done.who, aside);
            ink::put(buf, words, y, area.right().saturating_sub(words), &done.words, plain);
        }
    }
}

/// The action in words, to be copied.
pub(super) fn words(log: &LogList, model: &Model) -> String {
    log.selected().map(|done| page(done, log.account(), model, WIDEST).words()).unwrap_or_default()
}

fn page(done: &Done, account: Option<&Account>, model: &Model, width: u16) -> Page {
    let mut page = Page::new(width);
    page.text(0, &done.words, Role::Title);
    let changes = if done.changes == 1 { "1 change".to_owned() } else { format!("{} changes", done.changes) };
    page.text(0, &format!("{} · {} · {changes} · id {}", done.who, moment(done.at, model), done.code), Role::Dim);
    let Some(account) = account else { return page };
    for did in &account.did {
        page.space();
        let role = if did.stands { Role::Text } else { Role::Dim };
        page.text(0, &format!("{}, {}", did.what, did.standing), role);
        for (field, change) in &did.fields {
            page.text(FIELDS, &format!("{field}: {change}"), role);
        }
    }
    if !account.aside.is_empty() {
        page.space();
    }
    account.aside.iter().for_each(|line| page.text(0, line, Role::Dim));
    page
}
