//! How a huddle that goes on looks: where it stands, the clock, the question in large letters, and what the item
//! is about, for ten people who stand three metres away.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::domain::agenda::{Topic, View};
use crate::domain::minutes::{Minutes, clock};
use crate::tui::widgets::ink;
use crate::tui::widgets::letters::{self, Size};

use super::course::Course;
use super::shows;

/// From this width on the agenda stands beside the item.
const WIDE: u16 = 100;
/// How wide the agenda is there.
const AGENDA: u16 = 34;

/// A huddle that goes on, to be drawn.
pub(super) struct Running<'a> {
    pub(super) model: &'a Model,
    pub(super) look: &'a Look,
    pub(super) course: &'a Course,
    pub(super) at: usize,
}

impl Running<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    fn bold(&self, role: Role) -> Style {
        self.style(role).add_modifier(Modifier::BOLD)
    }

    /// Draws it.
    pub(super) fn draw(&self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(*buf.area());
        if area.is_empty() {
            return;
        }
        self.head(area, buf);
        let body = ink::below(area, 1 + u16::from(area.height >= 20));
        let main = if body.width >= WIDE {
            self.agenda(Rect { width: AGENDA, ..body }, buf);
            ink::shift_right(body, AGENDA + 2)
        } else {
            self.steps(Rect { height: body.height.min(1), ..body }, buf);
            ink::shift_right(ink::below(body, 1 + u16::from(body.height >= 18)), 1)
        };
        let main = Rect { width: main.width.saturating_sub(1), ..main };
        let rest = self.topic(main, buf);
        let written = self.written(rest.height);
        let foot = u16::try_from(written.len()).unwrap_or(0);
        let gap = u16::from(foot > 0);
        let content = Rect { height: rest.height.saturating_sub(foot + gap), ..rest };
        shows::draw(self, content, buf);
        for (place, (words, role)) in (0_u16..).zip(&written) {
            let y = rest.bottom().saturating_sub(foot) + place;
            ink::put(buf, rest.x, y, rest.width, words, self.style(*role));
        }
    }

    /// The huddle, who is there, and the clock of the whole.
    fn head(&self, area: Rect, buf: &mut Buffer) {
        let course = self.course;
        let planned = i64::from(course.agenda.seconds());
        let whole = course.whole(self.model.now);
        let time = format!("{} of {}", clock(whole), clock(planned));
        let role = if whole > planned { Role::Concern } else { Role::Text };
        let paused = if course.is_paused() { "PAUSED  " } else { "" };
        ink::put_right(buf, area.right().saturating_sub(1), area.y, 16, &time, self.bold(role));
        let wide = u16::try_from(text::width(&time)).unwrap_or(12);
        let right = area.right().saturating_sub(wide + 3);
        ink::put_right(buf, right, area.y, 8, paused, self.bold(Role::Due));
        let room = area.width.saturating_sub(wide + 12);
        let end = ink::put(buf, area.x + 1, area.y, room, &course.huddle.agenda, self.bold(Role::Title));
        let there = match course.huddle.attendance() {
            0 => "nobody counted yet".to_owned(),
            count => format!("{count} here"),
        };
        let led =
            if course.huddle.led.is_empty() { String::new() } else { format!(" · led by {}", course.huddle.led) };
        let words = format!("  {there}{led}");
        ink::put(buf, end, area.y, room.saturating_sub(end - area.x), &words, self.style(Role::Dim));
    }

    /// The agenda beside the item: what was talked about and for how long, what is to come.
    fn agenda(&self, area: Rect, buf: &mut Buffer) {
        ink::ground(buf, area, self.style(Role::Panel));
        let here = self.course.at();
        let gap = if usize::from(area.height) > self.course.agenda.items.len() * 2 { 2 } else { 1 };
        for (place, topic) in self.course.agenda.items.iter().enumerate() {
            let y = area.y + 1 + u16::try_from(place).unwrap_or(0) * gap;
            if y >= area.bottom() {
                break;
            }
            let (sign, time, role) = self.step(place, topic);
            let role = if place == here { Role::Accent } else { role };
            let style = if place == here { self.bold(role) } else { self.style(role) };
            ink::put(buf, area.x + 1, y, 2, sign, style);
            ink::put(buf, area.x + 3, y, area.width.saturating_sub(12), &topic.title, style);
            ink::put_right(buf, area.right().saturating_sub(1), y, 8, &time, self.style(Role::Dim));
        }
    }

    /// How an item stands: its sign, its time, its colour.
    fn step(&self, place: usize, topic: &Topic) -> (&'static str, String, Role) {
        let item = self.course.huddle.items.0.get(place);
        if place == self.course.at() {
            return ("▶", clock(i64::from(topic.seconds)), Role::Accent);
        }
        match item {
            Some(item) if item.skipped => ("–", "skipped".to_owned(), Role::Faint),
            Some(item) => ("✓", clock(i64::from(item.took)), Role::Text),
            None => (" ", clock(i64::from(topic.seconds)), Role::Dim),
        }
    }

    /// The agenda in one line, where there is no room beside the item.
    fn steps(&self, area: Rect, buf: &mut Buffer) {
        let items = &self.course.agenda.items;
        let here = self.course.at();
        let place = format!("{} of {}  ", here + 1, items.len());
        let mut x = ink::put(buf, area.x + 1, area.y, area.width, &place, self.style(Role::Dim));
        for (place, topic) in items.iter().enumerate() {
            let (_, _, role) = self.step(place, topic);
            let sign = if place == here { "▶ " } else { "━ " };
            let role = if place > here && role == Role::Dim { Role::Faint } else { role };
            x = ink::put(buf, x, area.y, area.right().saturating_sub(x), sign, self.style(role));
        }
        if let Some(next) = items.get(here + 1) {
            let words = format!("  then {}", next.title);
            ink::put(buf, x, area.y, area.right().saturating_sub(x + 1), &words, self.style(Role::Dim));
        }
    }

    /// The item's title and clock, and what is read out. Returns what is left of the area.
    fn topic(&self, area: Rect, buf: &mut Buffer) -> Rect {
        let Some(topic) = self.course.topic() else { return area };
        let elapsed = self.course.elapsed(self.model.now);
        let given = i64::from(topic.seconds);
        let time = clock(elapsed);
        let role = if elapsed > given { Role::Concern } else { Role::Accent };
        let of =
            if elapsed > given { format!("{} over", clock(elapsed - given)) } else { format!("of {}", clock(given)) };
        let most = if area.height >= 20 { Size::Three } else { Size::Plain };
        // Two digits more than there are: the title does not jump at the tenth minute.
        let clock_wide = letters::cells("00:00", most).unwrap_or(5).max(10);
        let room = area.width.saturating_sub(clock_wide + 2);
        let clock_size = if most == Size::Three && !self.look.ascii { Size::Three } else { Size::Plain };
        let known = letters::cells(&topic.title, clock_size).is_some();
        let size = if known { clock_size } else { Size::Plain };
        // Where only what is said stands below, the question may fill more of the screen.
        let talk = matches!(topic.view, View::Question | View::Ideas | View::Thanks) && area.height >= 30;
        let most_lines = if talk {
            4
        } else if area.height >= 26 {
            2
        } else {
            1
        };
        let lines = letters::wrap(&topic.title, size, room, most_lines);
        // A title that is cut says less than a small one.
        let (size, lines) = match lines.last() {
            Some(last) if last.ends_with("...") || lines.iter().any(|line| too_wide(line, size, room)) => {
                (Size::Plain, text::wrap(&topic.title, usize::from(room.max(10))))
            }
            _ => (size, lines),
        };
        let mut y = area.y;
        for line in lines {
            let place = Rect { y, width: room, height: area.bottom().saturating_sub(y), ..area };
            letters::draw(&line, size, place, self.style(Role::Title), self.look, buf);
            y += size.rows() + u16::from(size == Size::Three);
        }
        let digits = letters::cells(&time, clock_size).unwrap_or(5).min(area.width);
        let place = Rect { x: area.right().saturating_sub(digits), width: digits, ..area };
        if clock_size == Size::Three {
            letters::draw(&time, clock_size, place, self.style(role), self.look, buf);
            ink::put_right(buf, area.right(), area.y + 3, 12, &of, self.style(Role::Dim));
        } else {
            let words = format!("{time} {of}");
            ink::put_right(buf, area.right(), area.y, area.width, &words, self.bold(role));
        }
        let asked = text::wrap(&topic.ask, usize::from(room.max(20)));
        for line in asked.iter().filter(|line| !line.is_empty()).take(2) {
            ink::put(buf, area.x, y, room, line, self.style(Role::Text));
            y += 1;
        }
        let least = if clock_size == Size::Three { area.y + 5 } else { y };
        ink::below(area, y.max(least) - area.y + u16::from(area.height >= 14))
    }

    /// What was written down in this huddle: what was decided, then what was noted.
    fn written(&self, height: u16) -> Vec<(String, Role)> {
        let minutes = Minutes::of(&self.course.huddle, &self.model.promises);
        let mut lines: Vec<(String, Role)> = Vec::new();
        for (heading, under) in minutes.sections() {
            let role = match heading {
                "DECIDED" => Role::Text,
                "NOTED" | "THANKS" => Role::Dim,
                _ => continue,
            };
            lines.extend(under.into_iter().map(|line| (line, role)));
        }
        if lines.is_empty() {
            return lines;
        }
        let heading = (format!("WRITTEN DOWN  {}", lines.len()), Role::Faint);
        let room = usize::from(height / 4).min(6);
        if room < 2 {
            let last = lines.pop().into_iter();
            return last.map(|(words, _)| (format!("Written down: {words}"), Role::Dim)).collect();
        }
        let skip = lines.len().saturating_sub(room - 1);
        std::iter::once(heading).chain(lines.into_iter().skip(skip)).collect()
    }
}

/// Whether a line of letters of this size would be cut: one word alone can be too long.
fn too_wide(line: &str, size: Size, room: u16) -> bool {
    letters::cells(line, size).is_none_or(|wide| wide > room)
}
