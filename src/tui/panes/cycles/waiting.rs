//! What waits, longest first: where a visit helps most.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::look::{Look, Role};
use crate::domain::cycle::Cycle;
use crate::tui::widgets::ink;

use super::log::{Log, Selected, View, late};

/// The widths of the columns: stage, days, cycle, project, team, who leads it, why it is late.
struct Columns {
    cycle: u16,
    project: u16,
    team: u16,
    owner: u16,
    why: u16,
}

impl Columns {
    fn of(width: u16, all_teams: bool) -> Self {
        let rest = width.min(170).saturating_sub(17);
        let team = if all_teams && rest >= 50 { (rest / 7).clamp(9, 18) } else { 0 };
        let owner = if rest >= 88 { rest / 7 } else { 0 };
        let why = if rest >= 48 { (rest * 3 / 10).max(27) } else { 0 };
        let left = rest.saturating_sub(team + owner + why);
        let project = if rest >= 72 { left * 4 / 10 } else { 0 };
        Self { cycle: left.saturating_sub(project), project, team, owner, why }
    }

    /// Words for each column, with the room that it has.
    fn put(&self, buf: &mut Buffer, look: &Look, row: Rect, cells: [(&str, Role); 7]) {
        let mut x = row.x.saturating_add(2);
        let widths = [7, 8, self.cycle, self.project, self.team, self.owner, self.why];
        for ((words, role), width) in cells.into_iter().zip(widths) {
            let room = width.saturating_sub(2).min(row.right().saturating_sub(x));
            ink::put(buf, x, row.y, room, words, look.style(role));
            x = x.saturating_add(width);
        }
    }
}

/// Draws the list from its first visible line on. Returns that line for the next time.
pub(super) fn draw(
    log: &Log<'_>,
    look: &Look,
    selected: Option<Selected>,
    top: usize,
    area: Rect,
    buf: &mut Buffer,
) -> usize {
    if area.height == 0 {
        return top;
    }
    let (cycles, today) = (log.waiting(), log.model.today());
    let stuck = cycles.iter().filter(|cycle| late(cycle, today).is_some()).count();
    let whose = if log.all_teams { " · every team" } else { "" };
    let (late_words, open) = (format!("{stuck} late"), format!(" of {} not finished", cycles.len()));
    let loud = if stuck > 0 { Role::Due } else { Role::Dim };
    let parts = [
        (View::Waiting.words(), Role::Title),
        (whose, Role::Accent),
        ("   ", Role::Text),
        (late_words.as_str(), loud),
        (open.as_str(), Role::Dim),
    ];
    ink::line(
        buf,
        area.x.saturating_add(1),
        area.y,
        area.width.saturating_sub(2),
        &parts.map(|(words, role)| (words, look.style(role))),
    );
    let columns = Columns::of(area.width.saturating_sub(3), log.all_teams);
    if area.height > 2 {
        let names =
            ["STAGE", "DAYS", "CYCLE", "PROJECT", "TEAM", "LED BY", "LATE BECAUSE"].map(|name| (name, Role::Dim));
        columns.put(buf, look, Rect { y: area.y + 2, height: 1, ..area }, names);
    }
    let body = ink::below(area, 4);
    let room = usize::from(body.height);
    let at = cycles.iter().position(|cycle| selected == Some(Selected::Cycle(cycle.id))).unwrap_or(0);
    let top = ink::scroll(at, room, top).min(cycles.len().saturating_sub(room));
    for (y, (index, cycle)) in (body.top()..body.bottom()).zip(cycles.iter().enumerate().skip(top)) {
        line(log, look, &columns, cycle, index == at, Rect { y, height: 1, ..body }, buf);
    }
    top
}

fn line(log: &Log<'_>, look: &Look, columns: &Columns, cycle: &Cycle, selected: bool, row: Rect, buf: &mut Buffer) {
    let (model, today) = (log.model, log.model.today());
    if selected {
        ink::ground(buf, row, look.style(Role::Selected));
        ink::put(buf, row.x, row.y, 1, if look.ascii { ">" } else { "▌" }, look.style(Role::Accent));
    }
    let why = late(cycle, today);
    let loud = if why.is_some() { Role::Due } else { Role::Text };
    let project = model.project_of(cycle).map_or("", |project| &project.name);
    let team = model.team_named(cycle.team).map_or("", |team| &team.name);
    let (stage, days) = (cycle.stage.code().to_uppercase(), format!("{:>4}", cycle.stage_days(today)));
    let (title, late_words) = (format!("{} {}", cycle.number, cycle.title), why.unwrap_or_default());
    let cells = [
        (stage.as_str(), loud),
        (days.as_str(), loud),
        (title.as_str(), Role::Title),
        (project, Role::Dim),
        (team, Role::Dim),
        (cycle.owner.as_str(), Role::Dim),
        (late_words.as_str(), Role::Due),
    ];
    columns.put(buf, look, row, cells);
}
