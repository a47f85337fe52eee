//! How the list looks: what is old stands out by sign, word and colour; below it, all about the one under the
//! cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::domain::promise::{Promise, Sort};
use crate::domain::record::Kind;
use crate::tui::widgets::ink;
use crate::tui::widgets::page::Page;

use super::list::{self, Item};

/// From this width on, a row is one line of columns.
const WIDE: u16 = 92;
/// The widest that the columns run: who stands too far from what on a very wide screen.
const WIDEST: u16 = 140;
/// From this height on, there is room for all about the one under the cursor.
const TALL: u16 = 18;

/// The list, to be drawn.
pub(super) struct Board<'a> {
    pub(super) model: &'a Model,
    pub(super) look: &'a Look,
    pub(super) items: &'a [Item<'a>],
    pub(super) under: Option<&'a Promise>,
    pub(super) words: &'a str,
}

/// Where the columns of a wide row stand, and how wide they are.
struct Columns {
    what: u16,
    who: (u16, u16),
    by: (u16, u16),
    age: (u16, u16),
    state: (u16, u16),
}

impl Columns {
    fn of(area: Rect) -> Self {
        let wide = area.width >= 130;
        let (who, by, age, state) = if wide { (26, 14, 14, 24) } else { (21, 12, 12, 21) };
        let end = area.x + area.width.min(WIDEST).saturating_sub(1);
        let state_at = end.saturating_sub(state);
        let age_at = state_at.saturating_sub(age);
        let by_at = age_at.saturating_sub(by);
        let who_at = by_at.saturating_sub(who);
        Self {
            what: who_at.saturating_sub(area.x + 4),
            who: (who_at, who - 1),
            by: (by_at, by - 1),
            age: (age_at, age - 1),
            state: (state_at, state),
        }
    }
}

impl Board<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    /// Draws it. Returns the first visible line and how many rows a page has, for the next time.
    pub(super) fn draw(&self, area: Rect, top: usize, buf: &mut Buffer) -> (usize, usize) {
        let area = area.intersection(*buf.area());
        if area.is_empty() {
            return (0, 0);
        }
        let body = self.head(area, buf);
        if self.items.is_empty() {
            self.empty(body, buf);
            return (0, 0);
        }
        let about = self.under.filter(|_| body.height >= TALL).map(|promise| self.about(promise, body.width));
        let most = body.height / 3;
        let foot = about.as_ref().map_or(0, |page| (page.height() + 2).min(most));
        let list = Rect { height: body.height - foot, ..body };
        let drawn = self.list(list, top, buf);
        if let Some(page) = about {
            let place = Rect { y: list.bottom(), height: foot, ..body };
            ink::ground(buf, place, self.style(Role::Panel));
            let inside = Rect { x: place.x + 2, width: place.width.saturating_sub(4), ..ink::below(place, 1) };
            page.draw(self.look, inside, 0, buf);
        }
        drawn
    }

    /// The line that says what matters, and the warning signs. Returns what is left below it.
    fn head(&self, area: Rect, buf: &mut Buffer) -> Rect {
        let (words, role) = list::summary(self.model);
        let end = ink::put(buf, area.x + 1, area.y, area.width.saturating_sub(2), &words, self.style(role));
        if !self.words.is_empty() {
            let filter = format!("only with “{}”", self.words);
            ink::put_right(
                buf,
                area.right().saturating_sub(1),
                area.y,
                area.right().saturating_sub(end + 2),
                &filter,
                self.style(Role::Due),
            );
        }
        let mut rows = 1;
        if let Some(warning) = list::escalating(self.model) {
            let room = usize::from(area.width.saturating_sub(2)).max(1);
            for line in text::wrap(&format!("▲ {warning}"), room).into_iter().take(2) {
                ink::put(buf, area.x + 1, area.y + rows, area.width.saturating_sub(2), &line, self.style(Role::Due));
                rows += 1;
            }
        }
        ink::below(area, rows + u16::from(area.height >= 16))
    }

    fn empty(&self, area: Rect, buf: &mut Buffer) {
        let lines: &[(&str, Role)] = if self.words.is_empty() {
            &[
                ("Nothing is promised and nothing is asked for yet.", Role::Title),
                ("", Role::Text),
                ("n  writes an action down: its words, and Enter.", Role::Text),
                ("!  asks the matron, the division or the executive for something.", Role::Text),
                ("b  notes what stands in the way of improvement.", Role::Text),
            ]
        } else {
            &[("Nothing contains these words. Press / and Enter to show all.", Role::Text)]
        };
        for (y, (words, role)) in (area.y + 1..area.bottom()).zip(lines) {
            ink::put(buf, area.x + 2, y, area.width.saturating_sub(4), words, self.style(*role));
        }
    }

    /// How many rows an item takes: a heading has air above it, a narrow row has two lines.
    fn height(&self, area: Rect, item: &Item<'_>, airy: bool) -> u16 {
        match item {
            Item::Heading(..) => 2,
            Item::Row(_) if area.width < WIDE => 2,
            Item::Row(_) => 1 + u16::from(airy),
        }
    }

    fn list(&self, area: Rect, top: usize, buf: &mut Buffer) -> (usize, usize) {
        let total = |airy| self.items.iter().map(|item| self.height(area, item, airy)).sum::<u16>();
        let airy = total(true) <= area.height;
        let heights: Vec<u16> = self.items.iter().map(|item| self.height(area, item, airy)).collect();
        let under = self.under.map(|promise| promise.id);
        let at = self.items.iter().position(|item| item.id().is_some() && item.id() == under).unwrap_or(0);
        let mut top = top.min(at);
        // The heading of the first group belongs to its first row.
        if at == 1 {
            top = 0;
        }
        while top < at && heights[top..=at].iter().sum::<u16>() > area.height {
            top += 1;
        }
        let (mut y, mut rows) = (area.y, 0);
        for (item, height) in self.items.iter().zip(&heights).skip(top) {
            let first = y == area.y && matches!(item, Item::Heading(..));
            let height = if first { 1 } else { *height };
            if y + height > area.bottom() {
                break;
            }
            self.item(item, Rect { y, height, ..area }, buf);
            rows += usize::from(item.id().is_some());
            y += height;
        }
        let below = self.items.iter().skip(top).filter(|item| item.id().is_some()).count().saturating_sub(rows);
        if below > 0 && area.height > 0 {
            let words = format!(" ↓ {below} more ");
            ink::put_right(buf, area.right(), area.bottom() - 1, 12, &words, self.style(Role::Dim));
        }
        (top, rows.max(1))
    }

    fn item(&self, item: &Item<'_>, area: Rect, buf: &mut Buffer) {
        match item {
            Item::Heading(words, count) => {
                let y = area.bottom().saturating_sub(1);
                let bold = self.style(Role::Dim).add_modifier(Modifier::BOLD);
                let end = ink::put(buf, area.x + 1, y, area.width, words, bold);
                ink::put(
                    buf,
                    end + 2,
                    y,
                    area.right().saturating_sub(end + 2),
                    &count.to_string(),
                    self.style(Role::Faint),
                );
            }
            Item::Row(promise) => self.row(promise, area, buf),
        }
    }

    fn row(&self, promise: &Promise, area: Rect, buf: &mut Buffer) {
        let here = self.under.is_some_and(|under| under.id == promise.id);
        let lines = if area.width < WIDE { 2 } else { 1 };
        if here {
            ink::ground(buf, Rect { height: lines.min(area.height), ..area }, self.style(Role::Selected));
        }
        let ground = if here { self.style(Role::Selected) } else { Style::new() };
        let on = |role: Role| self.style(role).patch(ground);
        let standing = list::standing(self.model, promise);
        let bold = |role: Role| on(role).add_modifier(if here { Modifier::BOLD } else { Modifier::empty() });
        ink::put(buf, area.x + 1, area.y, 1, standing.sign, on(standing.role));
        if self.model.news.of(Kind::Promise, promise.id.0).is_some() {
            ink::mark_new(buf, area.right(), area.y, self.look, on(Role::Accent));
        }
        let words_role = if promise.is_open() { if here { Role::Title } else { Role::Text } } else { Role::Dim };
        let (who, by, age) = (list::who(promise), list::by(self.model, promise), list::age(self.model, promise));
        if area.width < WIDE {
            ink::put(buf, area.x + 3, area.y, area.width.saturating_sub(4), &promise.what, bold(words_role));
            let y = area.y + 1;
            let end = ink::put(buf, area.x + 3, y, area.width.saturating_sub(4), &standing.words, on(standing.role));
            let by = if by.is_empty() { by } else { format!("by {by}") };
            let rest: Vec<&str> =
                [who.as_str(), by.as_str(), age.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            let rest = format!(" · {}", rest.join(" · "));
            ink::put(buf, end, y, area.right().saturating_sub(end + 1), &rest, on(Role::Dim));
            return;
        }
        let columns = Columns::of(area);
        ink::put(buf, area.x + 3, area.y, columns.what, &promise.what, bold(words_role));
        ink::put(buf, columns.who.0, area.y, columns.who.1, &who, on(Role::Dim));
        ink::put(buf, columns.by.0, area.y, columns.by.1, &by, on(words_role));
        ink::put(buf, columns.age.0, area.y, columns.age.1, &age, on(Role::Dim));
        ink::put(buf, columns.state.0, area.y, columns.state.1, &standing.words, on(standing.role));
    }

    /// All about one of them.
    fn about(&self, promise: &Promise, width: u16) -> Page {
        let mut page = Page::new(width.saturating_sub(4));
        page.heading(&promise.what, Role::Title);
        let standing = list::standing(self.model, promise);
        let by = list::by(self.model, promise);
        let by = if by.is_empty() { by } else { format!("  ·  by {by}") };
        let again = promise.every.map_or_else(String::new, |every| format!("  ·  comes again, {}", every.code()));
        let state = format!("{} {}", standing.sign, standing.words);
        let rest = format!("  ·  {}{by}  ·  {}{again}", list::who(promise), list::age(self.model, promise));
        page.flow(0, &[(state.as_str(), standing.role), (rest.as_str(), Role::Dim)]);
        let project = promise.project.and_then(|id| self.model.projects.iter().find(|project| project.id == id));
        let huddle = promise.huddle.and_then(|id| self.model.huddles.iter().find(|huddle| huddle.id == id));
        let from = huddle.and_then(|huddle| Some(format!("{}, {}", huddle.agenda, huddle.day?.format("%a %-d %b"))));
        for (label, words) in [
            ("Stuck on", promise.because.as_str()),
            ("Reason", &promise.reason),
            ("Situation", &promise.situation),
            ("Background", &promise.background),
            ("Assessment", &promise.assessment),
            ("Recommended", &promise.recommendation),
            ("Answer", &promise.answer),
            ("Project", project.map_or("", |project| project.name.as_str())),
            ("From", from.as_deref().unwrap_or("")),
        ] {
            if !words.is_empty() {
                page.field(label, words, Role::Text, "");
            }
        }
        if promise.sort == Sort::Escalation && promise.situation.is_empty() {
            page.field("SBAR", "e writes situation, background, assessment and recommendation.", Role::Faint, "");
        }
        page
    }
}
