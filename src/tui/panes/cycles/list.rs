//! The list of projects, ramps and cycles.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};
use crate::base::text;
use crate::domain::cycle::Cycle;
use crate::domain::project::Project;
use crate::tui::widgets::ink;

use super::log::{Entry, Log, Selected, View, late, ramp_words, standing_words};

/// Draws the list from its first visible line on, so that what is selected is in view. Returns that
/// line for the next time.
pub(super) fn draw(
    log: &Log<'_>,
    look: &Look,
    selected: Option<Selected>,
    top: usize,
    area: Rect,
    buf: &mut Buffer,
) -> usize {
    let list = List { log, look };
    ink::ground(buf, area, look.style(Role::Panel));
    let entries = log.entries();
    if area.height > 0 {
        list.title(Rect { height: 1, ..area }, buf);
    }
    let rows = ink::below(area, 2);
    let at = entries.iter().position(|entry| entry.selected().is_some() && entry.selected() == selected).unwrap_or(0);
    let room = usize::from(rows.height);
    let mut top = ink::scroll(at, room, top).min(entries.len().saturating_sub(room));
    // What stands over the line at the top comes into view with it.
    while top > 0 && top == at && room > 2 && at - top < room - 1 && entries[top - 1].selected().is_none() {
        top -= 1;
        if matches!(entries[top], Entry::Space) {
            break;
        }
    }
    for (y, entry) in (rows.top()..rows.bottom()).zip(entries.iter().skip(top)) {
        let row = Rect { y, height: 1, ..area };
        list.entry(entry, entry.selected().is_some() && entry.selected() == selected, row, buf);
    }
    let below = entries.iter().skip(top + room).filter(|entry| entry.selected().is_some()).count();
    if below > 0 && area.height > 1 {
        let words = format!("↓ {below} more");
        ink::put_right(buf, area.right().saturating_sub(1), area.y + 1, 12, &words, look.style(Role::Faint));
    }
    top
}

struct List<'a> {
    log: &'a Log<'a>,
    look: &'a Look,
}

impl List<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    fn title(&self, area: Rect, buf: &mut Buffer) {
        let (x, width) = (area.x.saturating_add(1), area.width.saturating_sub(2));
        let whose = if self.log.all_teams { " · every team" } else { "" };
        ink::line(
            buf,
            x,
            area.y,
            width,
            &[(View::Ramp.words(), self.style(Role::Dim)), (whose, self.style(Role::Accent))],
        );
        let today = self.log.model.today();
        let late = self.log.waiting().iter().filter(|cycle| late(cycle, today).is_some()).count();
        if late > 0 {
            ink::put_right(
                buf,
                area.right().saturating_sub(1),
                area.y,
                12,
                &format!("{late} late"),
                self.style(Role::Due),
            );
        }
    }

    fn entry(&self, entry: &Entry<'_>, selected: bool, row: Rect, buf: &mut Buffer) {
        if selected {
            ink::ground(buf, row, self.style(Role::Selected));
            ink::put(buf, row.x, row.y, 1, if self.look.ascii { ">" } else { "▌" }, self.style(Role::Accent));
        }
        let (x, width) = (row.x.saturating_add(1), row.width.saturating_sub(2));
        match entry {
            Entry::Space => {}
            Entry::Team(name) => {
                let style = self.style(Role::Accent).add_modifier(Modifier::BOLD);
                ink::put(buf, x, row.y, width, &name.to_uppercase(), style);
            }
            Entry::Project(project) => self.project(project, row, buf),
            Entry::Ramp(ramp) => {
                ink::put(
                    buf,
                    x.saturating_add(1),
                    row.y,
                    width.saturating_sub(1),
                    &ramp_words(ramp),
                    self.style(Role::Dim),
                );
            }
            Entry::Words(words) => {
                ink::put(buf, x.saturating_add(1), row.y, width.saturating_sub(1), words, self.style(Role::Faint));
            }
            Entry::Cycle(cycle) => self.cycle(cycle, row, buf),
        }
    }

    fn project(&self, project: &Project, row: Rect, buf: &mut Buffer) {
        let score = match (project.score, project.closed) {
            (_, Some(_)) => "closed".to_owned(),
            (Some(score), None) => format!("{score:.1}"),
            (None, None) => String::new(),
        };
        let role = if project.closed.is_some() { Role::Dim } else { Role::Title };
        self.pair(&project.name, 1, role, &score, Role::Text, row, buf);
    }

    fn cycle(&self, cycle: &Cycle, row: Rect, buf: &mut Buffer) {
        let today = self.log.model.today();
        let standing = standing_words(cycle, today);
        let (name, said) = match (late(cycle, today).is_some(), cycle.is_finished()) {
            (true, _) => (Role::Text, Role::Due),
            (false, true) => (Role::Dim, Role::Dim),
            (false, false) => (Role::Text, Role::Text),
        };
        self.pair(&format!("{:>2} {}", cycle.number, cycle.title), 3, name, &standing, said, row, buf);
    }

    /// A name on the left and what is said of it on the right; the name gives way.
    #[allow(clippy::too_many_arguments, reason = "two texts, each with its place and role")]
    fn pair(&self, name: &str, indent: u16, role: Role, said: &str, said_role: Role, row: Rect, buf: &mut Buffer) {
        let end = row.right().saturating_sub(1);
        let wide = u16::try_from(text::width(said)).unwrap_or(0).min(row.width / 2);
        let x = row.x.saturating_add(indent);
        let room = end.saturating_sub(x).saturating_sub(if wide > 0 { wide + 1 } else { 0 });
        ink::put(buf, x, row.y, room, name, self.style(role));
        ink::put_right(buf, end, row.y, wide, said, self.style(said_role));
    }
}
