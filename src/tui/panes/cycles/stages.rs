//! The board of four columns: which cycles stand in which stage.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::look::{Look, Role};
use crate::base::text;
use crate::domain::cycle::{Cycle, Stage};
use crate::domain::record::Kind;
use crate::tui::widgets::ink;

use super::log::{Log, Selected, View, late, standing_words};

/// The widest that a card becomes.
const WIDEST: u16 = 44;
/// Below this width a title takes two lines.
const NARROW: u16 = 26;

/// Draws the board.
pub(super) fn draw(log: &Log<'_>, look: &Look, selected: Option<Selected>, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let whose = if log.all_teams { " · every team" } else { "" };
    let finished = format!("   {} finished", log.finished());
    let parts = [(View::Stage.words(), Role::Title), (whose, Role::Accent), (finished.as_str(), Role::Dim)];
    let parts = parts.map(|(words, role)| (words, look.style(role)));
    ink::line(buf, area.x.saturating_add(1), area.y, area.width.saturating_sub(2), &parts);
    let body = ink::below(area, 2);
    let width = (area.width.saturating_sub(2) / 4).min(WIDEST);
    for (index, (stage, cycles)) in (0_u16..).zip(log.stages()) {
        let x = body.x.saturating_add(1 + index * width);
        let column = Column { log, look, selected, stage, cycles: &cycles };
        column.draw(Rect { x, width: width.saturating_sub(1), ..body }, buf);
    }
}

struct Column<'a> {
    log: &'a Log<'a>,
    look: &'a Look,
    selected: Option<Selected>,
    stage: Stage,
    cycles: &'a [&'a Cycle],
}

impl Column<'_> {
    fn draw(&self, area: Rect, buf: &mut Buffer) {
        let count = self.cycles.len().to_string();
        let heading = format!("{} ", self.stage.code().to_uppercase());
        let parts = [(heading.as_str(), self.look.style(Role::Dim)), (count.as_str(), self.look.style(Role::Title))];
        ink::line(buf, area.x, area.y, if area.height > 0 { area.width } else { 0 }, &parts);
        let body = ink::below(area, 2);
        let room = usize::from(body.height / 4);
        let at = self.cycles.iter().position(|cycle| self.selected == Some(Selected::Cycle(cycle.id)));
        let top = at.map_or(0, |at| ink::scroll(at, room, 0));
        let shown = self.cycles.iter().skip(top).take(room.max(1));
        for (index, cycle) in (0_u16..).zip(shown) {
            let y = body.y.saturating_add(index * 4);
            let height = 3.min(body.bottom().saturating_sub(y));
            self.card(cycle, at == Some(top + usize::from(index)), Rect { y, height, ..body }, buf);
        }
        let below = self.cycles.len().saturating_sub(top + room);
        if below > 0 && area.height > 1 {
            let words = format!("↓ {below} more");
            ink::put(buf, area.x, area.y + 1, area.width, &words, self.look.style(Role::Faint));
        }
    }

    fn card(&self, cycle: &Cycle, selected: bool, area: Rect, buf: &mut Buffer) {
        let (model, today) = (self.log.model, self.log.model.today());
        ink::ground(buf, area, self.look.style(if selected { Role::Selected } else { Role::Panel }));
        let is_late = late(cycle, today).is_some();
        let edge = match (selected, is_late) {
            (true, _) => Some((if self.look.ascii { ">" } else { "▌" }, Role::Accent)),
            (false, true) => Some((if self.look.ascii { "|" } else { "▌" }, Role::Due)),
            (false, false) => None,
        };
        if model.news.of(Kind::Cycle, cycle.id.0).is_some() {
            let ground = self.look.style(if selected { Role::Selected } else { Role::Panel });
            ink::mark_new(buf, area.right(), area.y, self.look, ground.patch(self.look.style(Role::Accent)));
        }
        let standing = standing_words(cycle, today);
        let days = standing.trim_start_matches(&cycle.stage.code().to_uppercase()).trim_start_matches([' ', '·']);
        let project = model.project_of(cycle).map_or("", |project| &project.name);
        let team = model.team_named(cycle.team).filter(|team| team.id != model.team.id).map_or("", |team| &team.name);
        let from = if team.is_empty() { project.to_owned() } else { format!("{team} · {project}") };
        let title = format!("{} {}", cycle.number, cycle.title);
        let wrapped = text::wrap(&title, usize::from(area.width.saturating_sub(3)).max(1));
        // In a narrow column a title that goes on says more than the project's name.
        let (title, second) = match &wrapped[..] {
            [first, rest @ ..] if !rest.is_empty() && area.width < NARROW => {
                (first.clone(), (rest.join(" "), Role::Title))
            }
            _ => (title, (from, Role::Dim)),
        };
        let last = (days, if is_late { Role::Due } else { Role::Text });
        let lines = [(title.as_str(), Role::Title), (second.0.as_str(), second.1), last];
        for (y, (words, role)) in (area.top()..area.bottom()).zip(lines) {
            if let Some((sign, role)) = edge {
                ink::put(buf, area.x, y, 1.min(area.width), sign, self.look.style(role));
            }
            ink::put(buf, area.x.saturating_add(2), y, area.width.saturating_sub(3), words, self.look.style(role));
        }
        self.owner(cycle, days, area, buf);
    }

    fn owner(&self, cycle: &Cycle, days: &str, area: Rect, buf: &mut Buffer) {
        let taken = u16::try_from(text::width(days)).unwrap_or(u16::MAX).saturating_add(4);
        let room = area.width.saturating_sub(taken.saturating_add(1));
        if area.height == 3 && usize::from(room) >= text::width(&cycle.owner) {
            ink::put_right(
                buf,
                area.right().saturating_sub(1),
                area.y + 2,
                room,
                &cycle.owner,
                self.look.style(Role::Dim),
            );
        }
    }
}
