//! The shell around the panes: who gets a key, and what it leads to.

mod frame;

use std::collections::VecDeque;

use super::blank;
use super::input::Input;
use super::overlays::{self, Around, Overlay, Took};
use super::panes;
use super::wall::{self, Plan, Wall};
use crate::app::action::{Action, Scope};
use crate::app::ask::{Ask, Choose, Reading};
use crate::app::effect::{Effect, Notice, Tone};
use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::model::Model;
use crate::app::pane::{Answer, Pane, PaneId};
use crate::base::text;
use crate::config::keymap::Keymap;
use crate::domain::{MeasureId, TeamId, cross};

/// The smallest terminal that a screen is drawn in.
const SMALLEST: (u16, u16) = (40, 10);

/// Panes, questions over them, keys and look.
pub(crate) struct Shell {
    panes: Vec<Box<dyn Pane>>,
    front: PaneId,
    overlays: Vec<Box<dyn Overlay>>,
    /// Whether nothing moves by itself.
    calm: bool,
    /// What was typed while the topmost question waited for the disk, in order.
    held: VecDeque<Input>,
    keymap: Keymap,
    look: Look,
    plan: Plan,
    /// The pane from which the chart in front was opened, to which one goes back from it.
    opened_from: Option<PaneId>,
    /// The wall, while it is up: it takes every key, and none of them edits.
    wall: Option<Wall>,
}

impl Shell {
    /// The board with the performance pane in front, or the wall where there is nothing else.
    pub(crate) fn new(keymap: Keymap, look: Look, plan: Plan, model: &Model) -> Self {
        let wall = plan.alone.then(|| Wall::new(plan.clone(), model));
        Self {
            panes: panes::all(),
            front: PaneId::Performance,
            overlays: Vec::new(),
            held: VecDeque::new(),
            keymap,
            look,
            plan,
            opened_from: None,
            wall,
            calm: false,
        }
    }

    /// The same board, of which nothing moves by itself where that is wanted.
    pub(crate) fn calm(self, calm: bool) -> Self {
        Self { calm, ..self }
    }

    /// Whether the wall is up.
    pub(crate) fn is_wall(&self) -> bool {
        self.wall.is_some()
    }

    /// Lets the wall go on to its next picture when it is time; whether it did.
    pub(crate) fn turn(&mut self, model: &Model) -> bool {
        !self.calm && self.wall.as_mut().is_some_and(|wall| wall.turn(model))
    }

    /// Whether a clock runs on the screen.
    pub(crate) fn ticks(&self, model: &Model) -> bool {
        !self.calm && self.wall.is_none() && self.pane().is_some_and(|pane| pane.ticks(model))
    }

    /// Gives the board another look.
    #[cfg(test)]
    pub(crate) fn dress(&mut self, look: Look) {
        self.look = look;
    }

    /// Draws charts in the next way: fine dots, blocks, ASCII.
    pub(crate) fn next_drawing(&mut self, model: &mut Model) {
        let (ascii, blocks, words) = match (self.look.ascii, self.look.blocks) {
            (false, false) => (false, true, "Charts are drawn with blocks."),
            (false, true) => (true, false, "Everything is drawn with ASCII signs."),
            (true, _) => (false, false, "Charts are drawn with fine dots."),
        };
        (self.look.ascii, self.look.blocks) = (ascii, blocks);
        model.notice = Some(Notice { words: words.to_owned(), tone: Tone::Hint });
    }

    /// The keys after which the terminal may be lent to another program.
    pub(crate) fn lending_keys(&self) -> Vec<Key> {
        let mut keys = self.keymap.keys(Action::Editor).to_vec();
        keys.extend([EDITOR_IN_FORM, Key::plain(Code::Enter)]);
        keys
    }

    /// What an input leads to.
    pub(crate) fn input(&mut self, input: Input, model: &Model) -> Vec<Effect> {
        match input {
            Input::Resized => Vec::new(),
            Input::Key(key) if is_force_quit(key) => vec![Effect::Quit],
            input if self.is_waiting() => {
                self.held.push_back(input);
                Vec::new()
            }
            // The wheel is the arrows: it works wherever they do.
            Input::Wheel(down) => self.key(Key::plain(if down { Code::Down } else { Code::Up }), model),
            Input::Pointed(x, y) => self.pointed(x, y, model),
            Input::Paste(text) => self.paste(&text, model),
            Input::Key(key) => self.key(key, model),
        }
    }

    /// What was typed while a question waited for the disk, one by one; nothing while it still waits.
    pub(crate) fn next_held(&mut self) -> Option<Input> {
        if self.is_waiting() { None } else { self.held.pop_front() }
    }

    fn is_waiting(&self) -> bool {
        self.overlays.last().is_some_and(|top| top.is_waiting())
    }

    fn key(&mut self, key: Key, model: &Model) -> Vec<Effect> {
        if self.wall.is_some() {
            return self.key_at_the_wall(key, model);
        }
        if let Some(top) = self.overlays.last_mut() {
            if key == EDITOR_IN_FORM && top.long_text().is_some() {
                return vec![Effect::EditText {
                    text: top.long_text().unwrap_or_default(),
                    then: Box::new(|_, _| Ok(Vec::new())),
                }];
            }
            return match top.key(key, &Around { model, keymap: &self.keymap }) {
                Took::Key(effects) => effects,
                Took::Run(action) => {
                    self.overlays.pop();
                    self.act(action, model)
                }
                // A question that has no use for the letter of help has no field that it could be typed into.
                Took::Nothing if self.keymap.action(Scope::Everywhere, key) == Some(Action::Help) => keys_of(&**top),
                Took::Nothing => Vec::new(),
            };
        }
        match self.keymap.action(self.front.scope(), key) {
            Some(action) => self.act(action, model),
            None => Vec::new(),
        }
    }

    /// What a click leads to: a tab comes to the front, and a pane takes what is its own.
    fn pointed(&mut self, x: u16, y: u16, model: &Model) -> Vec<Effect> {
        if self.wall.is_some() || !self.overlays.is_empty() {
            return Vec::new();
        }
        if y == 1 {
            return frame::tab_at(x).map(Effect::Show).into_iter().collect();
        }
        let front = self.front;
        match self.pane_mut(front).map(|pane| pane.pointed(x, y, model)) {
            Some(Answer::Consumed(effects)) => effects,
            _ => Vec::new(),
        }
    }

    /// A key at the wall: the keys of the panes have no meaning there.
    fn key_at_the_wall(&mut self, key: Key, model: &Model) -> Vec<Effect> {
        let Some(action) = self.keymap.action(Scope::Everywhere, key) else { return Vec::new() };
        let answer = self.wall.as_mut().map(|wall| wall.act(action, model));
        if answer != Some(wall::Answer::Leave) {
            return Vec::new();
        }
        if self.plan.alone {
            return vec![Effect::Quit];
        }
        self.wall = None;
        if pane_of(action).is_some() { self.act(action, model) } else { Vec::new() }
    }

    fn paste(&mut self, text: &str, model: &Model) -> Vec<Effect> {
        if self.wall.is_some() {
            return Vec::new();
        }
        match self.overlays.last_mut() {
            Some(top) => top.paste(text, &Around { model, keymap: &self.keymap }),
            None => vec![Effect::hint("To paste a value, press a first.")],
        }
    }

    /// Carries an action out: the pane in front first, then what works everywhere.
    pub(crate) fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        let pane = self.panes.iter_mut().find(|pane| pane.id() == self.front);
        if let Some(Answer::Consumed(effects)) = pane.map(|pane| pane.update(action, model)) {
            if effects.iter().any(|effect| matches!(effect, Effect::ShowChart(_) | Effect::ShowReasons)) {
                self.opened_from = Some(self.front);
            }
            return effects;
        }
        match action {
            action if pane_of(action).is_some() => pane_of(action).map(Effect::Show).into_iter().collect(),
            Action::NextFocus => vec![Effect::Show(self.next_pane())],
            Action::QuickEntry => vec![Effect::Ask(Ask::QuickEntry(self.selected_measure(model)))],
            Action::Round => vec![Effect::Ask(Ask::Round)],
            Action::Wall => {
                self.wall = Some(Wall::new(self.plan.clone(), model));
                // The wall shows the work of now, whatever day somebody was looking at.
                vec![Effect::ShowDay(None)]
            }
            Action::Cross => self.cross(model),
            Action::Palette => vec![Effect::Ask(Ask::Palette)],
            Action::Help => vec![Effect::Ask(Ask::Help)],
            Action::Redact => vec![Effect::Ask(blank::ask_text())],
            Action::Undo => vec![Effect::Undo],
            Action::Redo => vec![Effect::Redo],
            Action::Team => vec![Effect::Ask(choose_team(model))],
            Action::Copy => match self.pane().and_then(|pane| pane.as_text(model)) {
                Some(text) => vec![Effect::Copy(text)],
                None => vec![Effect::hint("Nothing is selected to copy.")],
            },
            Action::Sync => vec![Effect::Sync],
            Action::Conflicts => vec![Effect::Ask(Ask::Conflicts)],
            Action::Log => vec![Effect::Ask(Ask::Log(None))],
            Action::Drawing => vec![Effect::NextDrawing],
            Action::Redraw => vec![Effect::Redraw],
            Action::Quit => vec![Effect::Quit],
            Action::Back if self.front == PaneId::Charts => match self.opened_from.take() {
                Some(pane) => vec![Effect::Show(pane)],
                // Whoever came by the pane's own key stays: on another board the next key means something else.
                None => vec![Effect::hint("There is nothing to go back to. 1 shows the performance board.")],
            },
            Action::Back if self.front != PaneId::Performance => vec![Effect::Show(PaneId::Performance)],
            Action::Editor => vec![Effect::hint("Long texts are written in forms: press e, then Ctrl-e on the field.")],
            Action::Back
            | Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::First
            | Action::Last
            | Action::PageUp
            | Action::PageDown => Vec::new(),
            _ => vec![Effect::hint(format!("There is nothing to {} here.", action.short()))],
        }
    }

    fn pane(&self) -> Option<&dyn Pane> {
        self.panes.iter().find(|pane| pane.id() == self.front).map(AsRef::as_ref)
    }

    fn selected_measure(&self, model: &Model) -> Option<MeasureId> {
        self.pane().and_then(|pane| pane.selected_measure(model))
    }

    /// The cross of the selected measure, or of the first for which there can be one.
    fn cross(&self, model: &Model) -> Vec<Effect> {
        let selected = self.selected_measure(model).and_then(|id| model.measure(id));
        match selected {
            Some(measure) if cross::fits(measure) => vec![Effect::Ask(Ask::Cross(measure.id))],
            Some(measure) if matches!(self.front, PaneId::Performance | PaneId::Charts) => {
                vec![Effect::hint(format!(
                    "{} has no safety cross: that is for harms which are counted one by one or by the day. e changes it.",
                    measure.name
                ))]
            }
            _ => match model.measures.iter().find(|measure| cross::fits(measure)) {
                Some(measure) => vec![Effect::Ask(Ask::Cross(measure.id))],
                None => vec![Effect::hint("No measure counts a harm one by one or by the day: n makes one.")],
            },
        }
    }

    fn next_pane(&self) -> PaneId {
        // From the huddle, which has no tab, to the first.
        let next = PaneId::ALL.iter().position(|id| *id == self.front).map_or(0, |at| at + 1);
        PaneId::ALL[next % PaneId::ALL.len()]
    }

    /// Brings a pane to the front.
    pub(crate) fn show(&mut self, id: PaneId, model: &Model) -> Vec<Effect> {
        self.front = id;
        if id != PaneId::Charts {
            self.opened_from = None;
        }
        self.refresh(model)
    }

    /// Lets a pane other than the one in front know what it should show, by an action of its own.
    pub(crate) fn pane_mut(&mut self, id: PaneId) -> Option<&mut Box<dyn Pane>> {
        self.panes.iter_mut().find(|pane| pane.id() == id)
    }

    /// The model was read anew: the pane in front and the questions over it put themselves right.
    pub(crate) fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        let front = self.front;
        let mut effects = self.pane_mut(front).map(|pane| pane.refresh(model)).unwrap_or_default();
        effects.extend(self.overlays.iter_mut().flat_map(|overlay| overlay.refresh(model)));
        effects
    }

    /// Has the pane in front show only what contains these words.
    pub(crate) fn filter(&mut self, words: &str) {
        let front = self.front;
        if let Some(pane) = self.pane_mut(front) {
            pane.filter(words);
        }
    }

    /// Puts a question over the screen.
    pub(crate) fn ask(&mut self, ask: Ask, model: &Model) {
        let overlay = overlays::of(ask, self.front, &Around { model, keymap: &self.keymap });
        self.overlays.push(overlay);
    }

    /// Takes the topmost question away.
    pub(crate) fn close(&mut self) {
        self.overlays.pop();
    }

    /// Tells the topmost question that what it asked for was written, or was refused.
    pub(crate) fn written(&mut self, failure: Option<&str>, model: &Model) -> Vec<Effect> {
        self.overlays.last_mut().map(|top| top.written(failure, model)).unwrap_or_default()
    }

    /// Whether a question stands over the screen.
    pub(crate) fn is_asking(&self) -> bool {
        !self.overlays.is_empty()
    }

    /// Gives the topmost question the text that came back from the editor.
    pub(crate) fn set_long_text(&mut self, text: &str) {
        if let Some(top) = self.overlays.last_mut() {
            top.set_long_text(text);
        }
    }
}

/// The key that hands a form's long text over to the editor.
const EDITOR_IN_FORM: Key = Key { code: Code::Char('e'), ctrl: true, alt: false };

/// The keys of a question, to read.
fn keys_of(top: &dyn Overlay) -> Vec<Effect> {
    let hints = top.hints();
    let wide = hints.iter().map(|(key, _)| text::width(key)).max().unwrap_or(0);
    let line = |(key, words): &(&str, &str)| format!("{key}{}  {words}", " ".repeat(wide - text::width(key)));
    let lines = hints.iter().map(line).collect();
    vec![Effect::Ask(Ask::Read(Reading { title: "The keys here".to_owned(), lines }))]
}

/// The pane that an action shows.
pub(crate) fn pane_of(action: Action) -> Option<PaneId> {
    match action {
        Action::ShowPerformance => Some(PaneId::Performance),
        Action::ShowProcess => Some(PaneId::Process),
        Action::ShowCycles => Some(PaneId::Cycles),
        Action::ShowCharts => Some(PaneId::Charts),
        Action::ShowActions => Some(PaneId::Actions),
        Action::ShowHuddle => Some(PaneId::Huddle),
        _ => None,
    }
}

/// Control-C leaves from anywhere, even out of a field.
fn is_force_quit(key: Key) -> bool {
    key.ctrl && key.code == Code::Char('c')
}

fn choose_team(model: &Model) -> Ask {
    let options: Vec<(String, String)> =
        model.teams.iter().map(|team| (team.id.to_string(), format!("{}  {}", team.name, team.speciality))).collect();
    let marked = model.teams.iter().position(|team| team.id == model.team.id).unwrap_or(0);
    Ask::Choose(Choose {
        title: "Which team?".to_owned(),
        options,
        marked,
        free: false,
        then: Box::new(|answers, _| {
            let id = answers.first().and_then(|id| uuid::Uuid::parse_str(id).ok()).map(TeamId);
            Ok(id.map(Effect::SwitchTeam).into_iter().collect())
        }),
    })
}
