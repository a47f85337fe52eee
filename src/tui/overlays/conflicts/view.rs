//! How conflicts are drawn: a short list, and below it the selected one with all its sides.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::{moment, panel, panel_style};
use super::Conflicts;
use crate::app::conflict::{Clash, Side, Sort};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::tui::widgets::ink;
use crate::tui::widgets::page::Page;

const WHAT_IT_IS_FOR: &str = "Where two people change the same thing on two computers before either has seen the \
    other's, both values are kept and the later one shows. They stand here until somebody says which one stays.";

/// How wide the panel is at most.
const WIDEST: u16 = 108;
/// The column in which a side's words start, behind the key that keeps it.
const WORDS: u16 = 5;

/// The conflicts on a screen.
pub(super) struct Screen<'a> {
    pub(super) conflicts: &'a Conflicts,
    pub(super) model: &'a Model,
    pub(super) look: &'a Look,
}

impl Screen<'_> {
    pub(super) fn draw(&self, area: Rect, buf: &mut Buffer) {
        let Conflicts { list, at, shown, had_any, .. } = self.conflicts;
        let title = match list.len() {
            0 => "Conflicts".to_owned(),
            1 => "1 conflict".to_owned(),
            count => format!("{count} conflicts · {} of {count}", at + 1),
        };
        let width = WIDEST.min(area.width);
        let page = self.conflicts.selected().map(|clash| self.sides(clash, width.saturating_sub(6)));
        let rows = page.as_ref().map_or(6, |page| page.height().saturating_add(1).saturating_add(self.listed(area)));
        let inside = panel(self.look, area, width, rows.saturating_add(6).max(12), &title, buf);
        let Some(page) = page else {
            let (words, role) = match (shown, had_any) {
                (None, _) => ("Reading …", Role::Dim),
                (_, true) => ("No conflicts left.", Role::Title),
                (_, false) => ("There are no conflicts.", Role::Title),
            };
            ink::put(buf, inside.x, inside.y, inside.width, words, panel_style(self.look, role));
            let below = ink::below(inside, 2);
            self.paragraph(WHAT_IT_IS_FOR, below, Role::Dim, buf);
            return self.footer(inside, buf);
        };
        let rows = self.listed(area).min(inside.height);
        self.list(Rect { height: rows, ..inside }, buf);
        let below = ink::below(inside, if rows > 0 { rows + 1 } else { 0 });
        let below = Rect { height: below.height.saturating_sub(u16::from(self.conflicts.refused.is_some())), ..below };
        self.conflicts.top.set(page.draw(self.look, below, self.conflicts.top.get(), buf));
        self.footer(inside, buf);
    }

    /// How many rows the list takes: none for a single conflict.
    fn listed(&self, area: Rect) -> u16 {
        let count = u16::try_from(self.conflicts.list.len()).unwrap_or(u16::MAX);
        if count < 2 { 0 } else { count.min((area.height / 5).max(2)) }
    }

    fn list(&self, area: Rect, buf: &mut Buffer) {
        let top = ink::scroll(self.conflicts.at, usize::from(area.height), 0);
        let rows = self.conflicts.list.iter().enumerate().skip(top);
        for (y, (index, clash)) in (area.top()..area.bottom()).zip(rows) {
            let marked = index == self.conflicts.at;
            let (plain, aside) = if marked {
                let style = self.look.style(Role::Selected);
                ink::ground(buf, Rect { y, height: 1, ..area }, style);
                (style, style)
            } else {
                (panel_style(self.look, Role::Text), panel_style(self.look, Role::Dim))
            };
            let field = if clash.sort == Sort::Deletion { "deleted and edited" } else { clash.field.as_str() };
            let wide = u16::try_from(text::width(field)).unwrap_or(0).min(area.width / 2);
            let room = area.width.saturating_sub(wide + 3);
            ink::put(buf, area.x + 1, y, room, &clash.what, plain);
            ink::put_right(buf, area.right().saturating_sub(1), y, wide, field, aside);
        }
    }

    /// The selected conflict with its sides, each with the number that keeps it.
    fn sides(&self, clash: &Clash, width: u16) -> Page {
        let mut page = Page::new(width);
        let named =
            if clash.field.is_empty() { clash.what.clone() } else { format!("{} · {}", clash.what, clash.field) };
        page.text(0, &named, Role::Title);
        let why = match clash.sort {
            Sort::Deletion => "One deleted it; another wrote in it without knowing.",
            Sort::Value | Sort::Text => "Set in two places before either had seen the other.",
        };
        let team = self.model.team_named(clash.team).filter(|team| team.id != self.model.team.id);
        let why = team.map_or_else(|| why.to_owned(), |team| format!("{}. {why}", team.name));
        page.text(0, &why, Role::Dim);
        for (index, side) in clash.sides.iter().enumerate() {
            page.space();
            self.side(clash, index, side, &mut page);
        }
        page
    }

    fn side(&self, clash: &Clash, index: usize, side: &Side, page: &mut Page) {
        let number = format!(" {} ", index + 1);
        let (words, role) = match (clash.sort, side.deletes) {
            (Sort::Deletion, true) => ("keep it deleted".to_owned(), Role::Title),
            (Sort::Deletion, false) => (format!("bring it back, with what was written:\n{}", side.words), Role::Title),
            (Sort::Value, _) => (side.words.clone(), Role::Title),
            (Sort::Text, _) => (side.words.clone(), Role::Text),
        };
        let room = usize::from(page.width().saturating_sub(WORDS));
        for (line, words) in text::wrap(&words, room.max(8)).iter().enumerate() {
            page.flow(WORDS, &[(words.as_str(), if line == 0 { role } else { Role::Text })]);
            if line == 0 {
                page.add(0, &[(number.as_str(), Role::OnAccent)]);
            }
        }
        let whose = whose(side, self.model);
        if index == 0 {
            page.flow(WORDS, &[("shows now", Role::Due), (" · ", Role::Dim), (whose.as_str(), Role::Dim)]);
        } else {
            page.flow(WORDS, &[(whose.as_str(), Role::Dim)]);
        }
    }

    fn paragraph(&self, words: &str, area: Rect, role: Role, buf: &mut Buffer) {
        let lines = text::wrap(words, usize::from(area.width).max(1));
        for (y, line) in (area.top()..area.bottom()).zip(lines) {
            ink::put(buf, area.x, y, area.width, &line, panel_style(self.look, role));
        }
    }

    fn footer(&self, inside: Rect, buf: &mut Buffer) {
        if let Some(refused) = &self.conflicts.refused {
            let y = inside.bottom().saturating_sub(1);
            let row = Rect { y, height: 1, ..inside }.intersection(inside);
            ink::clear(buf, row, self.look.style(Role::Panel));
            ink::put(buf, inside.x, y, inside.width, refused, panel_style(self.look, Role::Error));
        }
    }
}

/// Who set it and when: "nurse in charge, today 09:02".
pub(super) fn whose(side: &Side, model: &Model) -> String {
    format!("{}, {}", side.who, moment(side.at, model))
}
