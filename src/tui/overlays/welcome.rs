//! The first run: what the board is for, and two answers that make the ward, or one that joins it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::tui::place;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// What is being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// What the team is called.
    Name,
    /// What the board starts with.
    Start,
    /// Which folder the ward that it joins stands in.
    Folder,
}

/// Where the welcome stands.
pub(crate) struct Welcome {
    step: Step,
    name: Field,
    folder: Field,
    /// The place in the list: the templates, and to join after them.
    at: usize,
    refused: Option<String>,
    waiting: bool,
}

const JOIN: &str = "Join a ward that has a board already";
const ABOUT_JOIN: &str = "On another computer: this board then shows the same, and both are brought into step \
                          through a folder.";

impl Welcome {
    /// The welcome with an empty name.
    pub(crate) fn new() -> Self {
        let mut name = Field::line("");
        name.focus(true);
        let folder = Field::line("");
        Self { step: Step::Name, name, folder, at: 0, refused: None, waiting: false }
    }

    fn go(&mut self, step: Step) {
        self.step = step;
        self.refused = None;
        self.name.focus(step == Step::Name);
        self.folder.focus(step == Step::Folder);
    }

    fn enter(&mut self, model: &Model) -> Vec<Effect> {
        match self.step {
            Step::Name if self.name.text().trim().is_empty() => self.ask_name(),
            Step::Name => self.go(Step::Start),
            Step::Start if self.at >= model.templates.len() => self.go(Step::Folder),
            Step::Start => return self.make(model),
            Step::Folder => return self.join(),
        }
        Vec::new()
    }

    fn ask_name(&mut self) {
        self.go(Step::Name);
        self.refused = Some("The board needs a name: type what everybody calls the team.".to_owned());
    }

    fn make(&mut self, model: &Model) -> Vec<Effect> {
        let name = self.name.text().trim().to_owned();
        if name.is_empty() {
            self.ask_name();
            return Vec::new();
        }
        let Some((template, ..)) = model.templates.get(self.at) else { return Vec::new() };
        self.waiting = true;
        vec![Effect::MakeTeam { name, template: template.clone() }]
    }

    fn join(&mut self) -> Vec<Effect> {
        let folder = self.folder.text();
        if folder.trim().is_empty() {
            self.refused = Some("Type the folder that the other computer uses.".to_owned());
            return Vec::new();
        }
        self.refused = None;
        self.waiting = true;
        vec![Effect::SyncWith { folder, make: false }]
    }

    fn back(&mut self) -> Vec<Effect> {
        match self.step {
            Step::Name => return vec![Effect::Quit],
            Step::Start => self.go(Step::Name),
            Step::Folder => self.go(Step::Start),
        }
        Vec::new()
    }

    /// The field that is being typed into.
    fn field(&mut self) -> Option<&mut Field> {
        match self.step {
            Step::Name => Some(&mut self.name),
            Step::Folder => Some(&mut self.folder),
            Step::Start => None,
        }
    }
}

impl Overlay for Welcome {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        if self.waiting {
            return Took::Key(Vec::new());
        }
        let last = around.model.templates.len();
        match (key.code, self.step) {
            (Code::Enter, _) => return Took::Key(self.enter(around.model)),
            (Code::Esc, _) => return Took::Key(self.back()),
            (Code::Tab | Code::Down, Step::Name) => {
                // Without a name there is only one thing to look for in the list.
                self.at = if self.name.text().trim().is_empty() { last } else { 0 };
                self.go(Step::Start);
            }
            (Code::Up, Step::Start) if self.at == 0 => self.go(Step::Name),
            (Code::Up, Step::Start) => self.at -= 1,
            (Code::Down, Step::Start) => self.at = (self.at + 1).min(last),
            (Code::End, Step::Start) => self.at = last,
            (Code::Home, Step::Start) => self.at = 0,
            (Code::Tab, Step::Start) => return Took::Key(self.enter(around.model)),
            _ if self.field().is_some_and(|field| field.key(key)) => self.refused = None,
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        if !self.waiting
            && let Some(field) = self.field()
        {
            field.paste(text);
        }
        Vec::new()
    }

    fn written(&mut self, failure: Option<&str>, model: &Model) -> Vec<Effect> {
        self.waiting = false;
        if let Some(words) = failure {
            self.refused = Some(words.to_owned());
            return Vec::new();
        }
        let words = if self.step == Step::Folder {
            format!("This board shows {} now. S brings it into step again, ? shows every key.", model.team.name)
        } else {
            "The board is yours. Press a to add the first value, ? for every key.".to_owned()
        };
        vec![Effect::Close, Effect::hint(words)]
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let inside = panel(look, area, 78, 22, "Welcome to your huddle board", buf);
        let drawing = Drawing { welcome: self, model, look, inside };
        drawing.draw(buf);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        match self.step {
            Step::Name if self.name.text().is_empty() => {
                vec![("Enter", "next"), ("Tab", "join a ward"), ("Esc", "leave")]
            }
            Step::Name => vec![("Enter", "next"), ("Esc", "leave")],
            Step::Start => vec![("Up Down", "choose"), ("Enter", "start"), ("Esc", "back")],
            Step::Folder => vec![("Enter", "join"), ("Esc", "back")],
        }
    }
}

/// The welcome as it is drawn.
struct Drawing<'a> {
    welcome: &'a Welcome,
    model: &'a Model,
    look: &'a Look,
    inside: Rect,
}

impl Drawing<'_> {
    fn draw(&self, buf: &mut Buffer) {
        self.say(0, "It holds counts, never patients, in one file on this machine.", Role::Text, buf);
        self.say(1, "Every number comes with its verdict in words; every entry can be undone.", Role::Text, buf);
        if self.welcome.step == Step::Folder {
            self.folder(buf);
        } else {
            self.name(buf);
            self.list(7, buf);
        }
        let words = match &self.welcome.refused {
            Some(refused) => text::wrap(refused, usize::from(self.inside.width).max(1)),
            None => return,
        };
        let first = self.inside.height.saturating_sub(u16::try_from(words.len()).unwrap_or(1));
        for (row, line) in (first..).zip(words) {
            self.say(row, &line, Role::Error, buf);
        }
    }

    /// Words in a row of the panel.
    fn say(&self, row: u16, words: &str, role: Role, buf: &mut Buffer) {
        if row < self.inside.height {
            ink::put(buf, self.inside.x, self.inside.y + row, self.inside.width, words, panel_style(self.look, role));
        }
    }

    fn row(&self, row: u16) -> Rect {
        Rect { y: self.inside.y.saturating_add(row), height: 1, ..self.inside }.intersection(self.inside)
    }

    fn name(&self, buf: &mut Buffer) {
        let here = self.welcome.step == Step::Name;
        self.say(3, "What is the team called?", if here { Role::Accent } else { Role::Dim }, buf);
        self.typed(4, &self.welcome.name, "Ward 7A", buf);
    }

    fn typed(&self, row: u16, field: &Field, example: &str, buf: &mut Buffer) {
        let at = self.row(row);
        field.view(at, buf, panel_style(self.look, Role::Title));
        if field.text().is_empty() && !at.is_empty() {
            let style = panel_style(self.look, Role::Faint);
            ink::put(buf, at.x + 2, at.y, at.width.saturating_sub(2), example, style);
        }
    }

    fn list(&self, top: u16, buf: &mut Buffer) {
        let here = self.welcome.step == Step::Start;
        let role = if here { Role::Accent } else { Role::Dim };
        self.say(top - 1, "What does it start with? Everything can be changed later.", role, buf);
        let templates = self.model.templates.iter().map(|(_, name, about)| (name.as_str(), about.as_str()));
        let mut row = top;
        let mut under = "";
        for (index, (name, about)) in templates.chain([(JOIN, ABOUT_JOIN)]).enumerate() {
            let marked = here && index == self.welcome.at;
            let joins = index == self.model.templates.len();
            let style = match (marked, here) {
                (true, _) => self.look.style(Role::Selected),
                (false, true) => panel_style(self.look, Role::Text),
                (false, false) if joins => panel_style(self.look, Role::Dim),
                (false, false) => panel_style(self.look, Role::Faint),
            };
            row += u16::from(joins);
            let at = self.row(row);
            ink::ground(buf, at, style);
            if !at.is_empty() {
                ink::put(buf, at.x + 1, at.y, at.width.saturating_sub(1), name, style);
            }
            if marked {
                under = about;
            }
            row += 1;
        }
        // Whom the marked one is for stands under the list, whole.
        if self.welcome.refused.is_none() {
            for (row, line) in (row + 1..).zip(text::wrap(under, usize::from(self.inside.width).max(1))) {
                self.say(row, &line, Role::Dim, buf);
            }
        }
    }

    fn folder(&self, buf: &mut Buffer) {
        self.say(3, "Which folder do the two computers share?", Role::Accent, buf);
        self.typed(4, &self.welcome.folder, "", buf);
        let how = "On the computer that has the board, press S first and name the same folder.";
        let lines = text::wrap(&format!("{}\n\n{how}", place::HELP), usize::from(self.inside.width).max(1));
        for (row, line) in (6..).zip(&lines) {
            self.say(row, line, Role::Dim, buf);
        }
        if let Some(going) = self.model.step.going {
            let words = match going.of {
                0 => "Looking …".to_owned(),
                of => format!("Joining … {} of {of}", going.done.min(of)),
            };
            let row = 7_u16.saturating_add(u16::try_from(lines.len()).unwrap_or(0));
            self.say(row, &words, Role::Accent, buf);
        }
    }
}
