//! The whole screen without a terminal: a real file, the real runner and worker, keys in, cells out.

mod actions;
mod blank;
mod board;
mod charts;
mod conflicts;
mod cross;
mod entry;
mod forms;
mod huddle;
mod log;
mod looks;
mod syncing;
mod wall;
mod work;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tempfile::TempDir;

use super::input::Input;
use super::others::Others;
use super::runner::{Beyond, Runner};
use super::shell::Shell;
use super::syncing::{Saves, Syncing};
use super::worker::{self, Message};
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::base::clock::{Clock, FixedClock};
use crate::config::keymap::Keymap;
use crate::config::templates;
use crate::domain::measure::Measure;
use crate::exchange::demo;
use crate::store::{Author, Opening, Store};

/// The demonstration ward on a desk: a screen of cells instead of a terminal.
struct Desk {
    shell: Shell,
    runner: Runner,
    model: Model,
    inbox: Receiver<Message>,
    size: (u16, u16),
    other: Store,
    left: bool,
    /// The text that the person's own editor was given last.
    in_editor: Option<String>,
    /// How much is still being read by the worker, of conflicts and of the log.
    reading: usize,
    /// Whether a sync is waited for before the next key.
    patient: bool,
    _home: TempDir,
}

fn now() -> DateTime<Utc> {
    "2026-11-20T08:42:00Z".parse().unwrap()
}

/// Whether the worker answers an effect with something that was read.
fn is_read(effect: &Effect) -> bool {
    matches!(effect, Effect::ReadClashes | Effect::ReadLog(_) | Effect::ReadAction(_) | Effect::Foretell(_))
}

fn author(role: &str, session: i64) -> Author {
    Author { role: Some(role.into()), session }
}

impl Desk {
    /// The demonstration ward at 120×40.
    fn demo() -> Self {
        Self::demo_at(now())
    }

    /// The demonstration ward at another moment.
    fn demo_at(now: DateTime<Utc>) -> Self {
        let template = templates::find("acute-ward").unwrap();
        Self::with(now, |store| {
            for batch in demo::make(&template, 7, now).unwrap() {
                store.commit(&author(batch.role, 1), &batch.words, batch.edits.into_iter().map(Ok)).unwrap();
            }
        })
    }

    /// A file with nothing in it.
    fn empty() -> Self {
        Self::with(now(), |_| {})
    }

    fn with(now: DateTime<Utc>, fill: impl FnOnce(&mut Store)) -> Self {
        let home = TempDir::new().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now));
        let path = home.path().canonicalize().unwrap().join("ward.db");
        let opening = Opening { path, create: true, shared_with_group: false, clock: clock.clone() };
        let mut store = Store::open(&opening).unwrap();
        fill(&mut store);
        let other = Store::open(&opening).unwrap();
        let (keymap, _) = Keymap::load(None);
        let launch = super::Launch {
            store,
            team: None,
            author: author("nurse in charge", 77),
            clock,
            look: Look::dark(),
            keymap,
            templates: templates::all(),
            editor: Vec::new(),
            problems: Vec::new(),
            backups: None,
            mouse: false,
            calm: false,
            wall: super::wall::Plan::default(),
            agendas: crate::config::agendas::shipped(),
        };
        let mut model = super::model(&launch);
        let (to, inbox) = channel();
        let reader = launch.store.reader().unwrap();
        let saves = Arc::new(Saves::default());
        let others = Others::new(Syncing::new(opening, launch.author.clone(), to.clone(), saves.clone()));
        let (jobs, _) = worker::spawn(launch.store, launch.author, saves.clone(), to);
        let mut runner = Runner::new(reader, jobs, launch.templates, saves, others).of(77);
        runner.open(&mut model).unwrap();
        let shell = Shell::new(launch.keymap, launch.look, launch.wall, &model);
        let mut desk = Self {
            shell,
            runner,
            model,
            inbox,
            size: (120, 40),
            other,
            left: false,
            in_editor: None,
            reading: 0,
            patient: true,
            _home: home,
        };
        desk.resize((120, 40));
        if desk.model.teams.is_empty() {
            desk.shell.ask(Ask::Welcome, &desk.model);
        }
        desk.refresh();
        desk
    }

    fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        self.model.body = Shell::body(Rect::new(0, 0, size.0, size.1));
    }

    fn refresh(&mut self) {
        self.runner.settle(&mut self.model);
        self.runner.ask(&mut self.shell, &self.model);
        let effects = self.shell.refresh(&self.model);
        self.carry_out(effects);
        self.runner.settle(&mut self.model);
        // On a busy machine the first picture leaves more tiles to the worker.
        while self.model.tiles.len() < self.model.measures.len() {
            self.take_one();
        }
        // What was read may lead to more that is to be read.
        loop {
            while self.reading > 0 {
                self.take_one();
            }
            let effects = self.shell.refresh(&self.model);
            self.carry_out(effects);
            if self.reading == 0 {
                break;
            }
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.reading += usize::from(is_read(&effect));
            match self.runner.run(effect, &mut self.shell, &mut self.model) {
                Some(Beyond::Quit) => self.left = true,
                Some(Beyond::Edit { text, .. }) => self.in_editor = Some(text),
                _ => {}
            }
        }
    }

    /// Presses keys by name ("a 2 Enter"); `"…"` types the letters. Waits for what they save.
    fn press(&mut self, keys: &str) {
        for name in keys.split(' ') {
            match name.strip_prefix('"') {
                Some(text) => text
                    .trim_end_matches('"')
                    .replace('_', " ")
                    .chars()
                    .for_each(|letter| self.key(&letter.to_string())),
                None => self.key(name),
            }
        }
    }

    fn key(&mut self, name: &str) {
        let name = if name == " " { "Space" } else { name };
        let key = Key::parse(name).unwrap_or_else(|| panic!("no key {name:?}"));
        self.input(Input::Key(key));
        while self.model.saving > 0 || (self.patient && self.model.step.going.is_some()) {
            self.take_one();
        }
        self.refresh();
    }

    fn input(&mut self, input: Input) {
        self.model.notice = None;
        self.model.pressed += 1;
        let effects = self.shell.input(input, &self.model);
        self.carry_out(effects);
    }

    fn take_one(&mut self) {
        match self.inbox.recv_timeout(Duration::from_secs(20)).expect("the worker answers") {
            Message::Written(outcome) => {
                let effects = self.runner.written(outcome, &mut self.shell, &mut self.model);
                self.carry_out(effects);
                while let Some(input) = self.shell.next_held() {
                    self.input(input);
                }
            }
            Message::Tiles(tiles) => self.model.tiles.extend(tiles),
            Message::Clashes(turn, read) => {
                self.reading -= 1;
                self.runner.clashes_read(turn, read, &mut self.model);
            }
            Message::Found(found) => {
                let effect = self.runner.text_found(found, &self.shell);
                self.carry_out(vec![effect]);
            }
            Message::Blanked(outcome) => self.runner.blanked(outcome, &mut self.shell, &mut self.model),
            Message::Log(asked, list) => {
                self.reading -= 1;
                Runner::log_read(asked, list, &mut self.model);
            }
            Message::Action(turn, account) => {
                self.reading -= 1;
                Runner::action_read(turn, account, &mut self.model);
            }
            Message::Foretold(preview, words) => {
                self.reading -= 1;
                self.runner.foretold(preview, &words, &mut self.shell, &mut self.model);
            }
            Message::Sync(news) => {
                let effects = self.runner.heard(news, &mut self.shell, &mut self.model);
                self.carry_out(effects);
            }
            _ => {}
        }
    }

    /// The screen as lines of text.
    fn text(&self) -> String {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut buf = Buffer::empty(area);
        self.shell.view(&self.model, area, &mut buf);
        let row = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
        (0..area.height).map(|y| row(y).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    fn shows(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(words), "{words:?} is not on the screen:\n{text}");
    }

    fn measure(&self, name: &str) -> Measure {
        self.model.measures.iter().find(|measure| measure.name == name).unwrap().clone()
    }

    fn last_value(&self, name: &str) -> f64 {
        let points = self.other.points(&self.measure(name), now()).unwrap();
        points.last().and_then(|point| point.value).unwrap()
    }
}

#[test]
fn what_another_terminal_saved_shows_without_a_key() {
    let mut desk = Desk::demo();
    let falls = desk.measure("Falls");
    let key = crate::domain::point::PointKey::whole(falls.id, "2026-11-16".parse().unwrap());
    let amount = crate::domain::measure::Amount { value: 8.0, denominator: None };
    let edit = crate::domain::change::Edit::put_point(falls.team, key, amount, "");
    desk.other.commit(&author("night nurse", 5), "Falls 8", [Ok(edit)]).unwrap();
    assert!(desk.runner.look(&mut desk.model), "the look sees it");
    desk.refresh();
    assert_eq!(desk.model.tiles[&falls.id].value, "8");
}

#[test]
fn the_help_and_the_palette_know_every_action_of_the_screen() {
    use crate::app::action::{Action, Scope};
    let mut desk = Desk::demo();
    desk.resize((120, 60));
    desk.press("?");
    let help = desk.text();
    for action in Action::ALL.iter().filter(|action| matches!(action.scope(), Scope::Everywhere | Scope::Performance)) {
        assert!(help.contains(action.help()), "{}", action.name());
    }
    desk.press("Esc : \"focus Enter");
    desk.shows("Falls out of focus");
}

#[test]
fn the_first_run_makes_a_ward_from_a_template() {
    let mut desk = Desk::empty();
    desk.shows("Welcome");
    desk.press("\"Ward_9 Enter Enter");
    desk.shows("Ward 9");
    desk.shows("Falls");
    desk.shows("no data yet");
}

#[test]
fn a_measure_that_is_deleted_comes_back_by_undo() {
    let mut desk = Desk::demo();
    let count = desk.model.measures.len();
    desk.press("x");
    assert_eq!(desk.model.measures.len(), count - 1);
    desk.press("u");
    assert_eq!(desk.model.measures.len(), count);
}

#[test]
fn a_chart_is_annotated_re_based_and_its_point_left_out_by_keyboard() {
    let mut desk = Desk::demo();
    desk.press("Enter");
    desk.shows("Falls");
    desk.press("Left m \"new_rota Enter");
    desk.shows("new rota");
    desk.press("g \"counted_twice Enter");
    assert!(desk.model.chart.as_ref().unwrap().chart.points.last().unwrap().ghost.is_some());
    desk.press("b Enter");
    desk.shows("needs its reason");
    desk.press("\"low_beds Enter");
    assert_eq!(desk.model.chart.as_ref().unwrap().phases.len(), 1);
}

#[test]
fn control_c_leaves_even_out_of_a_field() {
    let mut desk = Desk::demo();
    desk.press("a \"fal Ctrl-c");
    assert!(desk.left);
}

#[test]
fn an_action_is_found_by_its_name_before_it_is_found_by_anothers_help() {
    let mut desk = Desk::demo();
    let (count, before) = (desk.model.measures.len(), desk.last_value("Falls"));
    desk.press("a 9 Enter : \"undo Enter");
    assert_eq!(desk.last_value("Falls"), before);
    assert_eq!(desk.model.measures.len(), count, "help speaks of undo where it deletes");
}

#[test]
fn a_board_without_data_claims_nothing() {
    let mut desk = Desk::empty();
    desk.press("\"Ward_9 Enter Enter");
    desk.shows("14 too early to tell");
    assert!(!desk.text().contains("no change") && !desk.text().contains("unchanged"), "{}", desk.text());
}

#[test]
fn work_of_a_shift_that_is_still_to_come_cannot_be_done() {
    let mut desk = Desk::demo();
    desk.press("2 ] +");
    desk.shows("nothing is done yet");
}

#[test]
fn the_history_of_a_tile_tells_its_values_and_who_saved_them() {
    let mut desk = Desk::demo();
    desk.press("a 9 Enter i");
    desk.shows("History · Falls");
    desk.shows("nurse in charge  Falls 9, week of 16 Nov");
    desk.shows("today 08:42");
}

#[test]
fn a_file_that_was_taken_away_is_missed_at_once_and_nothing_is_called_saved() {
    let mut desk = Desk::demo();
    std::fs::remove_file(desk.other.path()).unwrap();
    assert!(desk.runner.look(&mut desk.model), "the next look says so");
    desk.shows("moved, deleted or replaced");
    desk.press("a 9 Enter");
    desk.shows("moved, deleted or replaced");
}

#[test]
fn a_decision_is_made_once_and_a_finished_cycle_takes_no_notes() {
    let mut desk = Desk::demo();
    desk.press("3 j d");
    desk.shows("This cycle is finished: adopt.");
    desk.press("o");
    desk.shows("This cycle is finished");
}

#[test]
fn a_filter_is_cleared_by_an_empty_one() {
    let mut desk = Desk::demo();
    desk.press("/ \"hand Enter");
    assert!(!desk.text().contains("Length of stay"));
    desk.press("/ Enter");
    desk.shows("Length of stay");
}

#[test]
fn after_midnight_the_board_still_shows_the_night_that_began_in_the_evening() {
    let mut desk = Desk::demo_at("2026-11-21T00:19:00Z".parse().unwrap());
    desk.press("2");
    desk.shows("Night shift 21:00–07:00");
    assert!(!desk.text().contains("nothing is required now"), "{}", desk.text());
    desk.press("+");
    desk.shows("Saved: Observations");
}

#[test]
fn the_key_of_help_tells_the_keys_of_a_list_that_is_open() {
    let mut desk = Desk::demo();
    desk.press("I ?");
    desk.shows("The keys here");
    desk.press("?");
    assert!(!desk.text().contains("The keys here"), "the same key takes it away");
    assert!(desk.shell.is_asking(), "the list is still there");
}
