//! The screen: the only room that takes the terminal over.
//!
//! The loop sleeps until something happens, drains the queue, reads what changed, and draws once.
//! There is no tick: the only timers are the look for other writers and the turn of the minute.

mod beside;
mod blank;
mod bottom;
mod clashes;
mod editor;
mod history;
mod input;
mod keeper;
mod load;
mod others;
mod overlays;
mod panes;
mod past;
mod place;
mod print;
mod runner;
mod shell;
mod signal;
mod standing;
mod syncing;
mod terminal;
#[cfg(test)]
mod tests;
pub mod wall;
pub mod widgets;
mod worker;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType};
use ratatui::layout::Rect;

use crate::app::ask::Ask;
use crate::app::conflict::Clashes;
use crate::app::effect::{Effect, Notice, Tone};
use crate::app::log::Log;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::app::news::News;
use crate::app::step::InStep;
use crate::base::clock::Clock;
use crate::base::error::{Failure, Outcome};
use crate::config::agendas::Agendas;
use crate::config::keymap::Keymap;
use crate::domain::TeamId;
use crate::domain::team::Team;
use crate::domain::template::Template;
use crate::store::{Author, Opening, Store};

pub use print::printed;

use keeper::Keeper;
use others::Others;
use runner::{Beyond, Runner};
use shell::Shell;
use syncing::{Saves, Syncing};
use worker::Message;

/// What the board is opened with.
pub struct Launch {
    /// The file.
    pub store: Store,
    /// The team to show; nothing means the first of the file.
    pub team: Option<TeamId>,
    /// Who edits are by.
    pub author: Author,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How it looks.
    pub look: Look,
    /// Its keys.
    pub keymap: Keymap,
    /// The ward templates that a new team can start from.
    pub templates: Vec<Template>,
    /// The command that opens a long text, with its words.
    pub editor: Vec<String>,
    /// What was wrong with the settings, said when the board opens.
    pub problems: Vec<String>,
    /// Where the board keeps a copy of itself every day; nothing for no copies.
    pub backups: Option<PathBuf>,
    /// Whether the wheel and clicks mean something.
    pub mouse: bool,
    /// Whether nothing moves by itself: no clock by the second, no turning wall.
    pub calm: bool,
    /// What the wall shows; `alone` where there is nothing but the wall.
    pub wall: wall::Plan,
    /// The agendas of huddles, and who is counted there.
    pub agendas: Agendas,
}

/// The look for other writers: twice a second, so that their change shows within one.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// So many seconds what was saved is said while the clock of a huddle runs.
const SAID_FOR: i64 = 2;

/// Opens the board and stays until the person leaves. Returns the exit code: 0, or 128 and the
/// signal that ended it.
///
/// # Errors
/// Where the file or the terminal does not do its part.
pub fn run(launch: Launch) -> Outcome<u8> {
    let (to_loop, inbox) = channel();
    signal::watch(&to_loop)?;
    let reader = launch.store.reader()?;
    let mut model = model(&launch);
    let keeper = Keeper::start(&launch, &to_loop)?;
    let saves = Arc::new(Saves::default());
    let opening = Opening {
        path: reader.path().to_owned(),
        create: false,
        shared_with_group: false,
        clock: launch.clock.clone(),
    };
    let syncing = Syncing::new(opening, launch.author.clone(), to_loop.clone(), saves.clone());
    let others = Others::new(syncing.with_backups(launch.backups.clone()));
    let (session, mouse) = (launch.author.session, launch.mouse);
    let (jobs, worker) = worker::spawn(launch.store, launch.author, saves.clone(), to_loop.clone());
    let mut runner = Runner::new(reader, jobs, launch.templates, saves, others).of(session);
    runner.open(&mut model)?;
    let shell = Shell::new(launch.keymap, launch.look, launch.wall, &model).calm(launch.calm);
    let guard = terminal::Guard::take(mouse)?;
    let (go_on, gate) = channel();
    let lending = shell.lending_keys();
    input::spawn(to_loop, gate, move |key| lending.contains(&key));
    let mut board = Board {
        shell,
        runner,
        model,
        screen: terminal::screen()?,
        clock: launch.clock,
        editor: launch.editor,
        go_on,
        keeper,
        backup_due: None,
        exit: None,
        said: None,
    };
    let code = board.live(&inbox, &guard);
    let syncing = board.runner.stop_syncing();
    // The jobs' sender goes with the board; the worker then ends after what it was given to write.
    drop(board);
    let _ = worker.join();
    drop(guard);
    syncing.wait();
    code
}

fn model(launch: &Launch) -> Model {
    let now = launch.clock.now();
    let mut team = Team::blank(launch.team.unwrap_or_default(), launch.team.unwrap_or_default());
    team.zone = crate::base::zone::Zone::of_this_machine().name().to_owned();
    let problems = launch.problems.join(" ");
    let today = team.time_zone().day(now);
    Model {
        now,
        team,
        teams: Vec::new(),
        role: launch.author.role.clone().unwrap_or_default(),
        measures: Vec::new(),
        tiles: HashMap::new(),
        process_day: today,
        rows: Vec::new(),
        processes: Vec::new(),
        reasons: Vec::new(),
        projects: Vec::new(),
        cycles: Vec::new(),
        observations: HashMap::new(),
        promises: Vec::new(),
        huddles: Vec::new(),
        agendas: launch.agendas.agenda.clone(),
        groups: launch.agendas.groups.clone(),
        chart: None,
        cross: None,
        peek: None,
        step: InStep::default(),
        beside: None,
        clashes: Clashes::default(),
        log: Log::default(),
        news: News::default(),
        turn: 0,
        pressed: 0,
        notice: (!problems.is_empty()).then_some(Notice { words: problems, tone: Tone::Wrong }),
        unread_since: None,
        saving: 0,
        body: Rect::default(),
        templates: launch
            .templates
            .iter()
            .map(|template| (template.code.clone(), template.name.clone(), template.about.clone()))
            .collect(),
    }
}

/// The board while it is open.
struct Board {
    shell: Shell,
    runner: Runner,
    model: Model,
    screen: terminal::Screen,
    clock: Arc<dyn Clock>,
    editor: Vec<String>,
    /// Lets the input thread go on after a key that might have lent the terminal.
    go_on: Sender<()>,
    /// Makes the daily backup.
    keeper: Keeper,
    /// The moment of a backup that the keeper has not been asked for yet.
    backup_due: Option<DateTime<Utc>>,
    exit: Option<u8>,
    /// What was said when the clock of a huddle was drawn last, and since when.
    said: Option<(Notice, DateTime<Utc>)>,
}

impl Board {
    /// Sleeps, drains, reads, draws, until somebody leaves.
    fn live(&mut self, inbox: &Receiver<Message>, guard: &terminal::Guard) -> Outcome<u8> {
        self.resize();
        self.backup_due = Some(self.model.now);
        if self.model.teams.is_empty() && !self.shell.is_wall() {
            self.shell.ask(Ask::Welcome, &self.model);
        }
        let effects = self.shell.refresh(&self.model);
        self.carry_out(effects, guard);
        self.runner.settle(&mut self.model);
        self.draw()?;
        let mut looked = Instant::now();
        loop {
            let mut dirty = false;
            let mut waiting = 0;
            let patience = LOOK_EVERY.saturating_sub(looked.elapsed());
            match inbox.recv_timeout(patience) {
                Ok(message) => {
                    dirty = self.take(message, &mut waiting, guard);
                    // Everything that has arrived meanwhile belongs to the same picture.
                    while self.exit.is_none()
                        && let Ok(message) = inbox.try_recv()
                    {
                        dirty |= self.take(message, &mut waiting, guard);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
            if let Some(code) = self.exit {
                return Ok(code);
            }
            let ticked = self.turn_clock(&mut dirty) && self.shell.ticks(&self.model);
            if looked.elapsed() >= LOOK_EVERY {
                looked = Instant::now();
                dirty |= stir(&mut self.shell, &mut self.runner, &mut self.model);
            }
            if dirty {
                self.runner.settle(&mut self.model);
                if !self.shell.is_wall() {
                    self.runner.ask(&mut self.shell, &self.model);
                }
                let effects = self.shell.refresh(&self.model);
                self.carry_out(effects, guard);
                self.runner.settle(&mut self.model);
                self.draw()?;
            } else if ticked {
                self.fade();
                // Only the cells of the clock differ, and only they are sent.
                self.draw()?;
            }
            for _ in 0..waiting {
                let _ = self.go_on.send(());
            }
            self.back_up_where_due();
        }
    }

    /// Takes one message in; whether the screen must be drawn.
    fn take(&mut self, message: Message, waiting: &mut usize, guard: &terminal::Guard) -> bool {
        match message {
            Message::Input(input, waits) => {
                *waiting += usize::from(waits);
                self.input(input, guard);
            }
            Message::Written(outcome) => {
                let effects = self.runner.written(outcome, &mut self.shell, &mut self.model);
                self.carry_out(effects, guard);
                while let Some(input) = self.shell.next_held() {
                    self.input(input, guard);
                }
            }
            Message::Tiles(tiles) => self.model.tiles.extend(tiles),
            Message::Sync(news) => {
                let effects = self.runner.heard(news, &mut self.shell, &mut self.model);
                self.carry_out(effects, guard);
            }
            Message::Found(found) => {
                let effect = self.runner.text_found(found, &self.shell);
                self.carry_out(vec![effect], guard);
            }
            Message::Blanked(outcome) => self.runner.blanked(outcome, &mut self.shell, &mut self.model),
            Message::Clashes(turn, read) => self.runner.clashes_read(turn, read, &mut self.model),
            Message::Log(asked, list) => runner::Runner::log_read(asked, list, &mut self.model),
            Message::Action(turn, account) => runner::Runner::action_read(turn, account, &mut self.model),
            Message::Foretold(preview, words) => {
                self.runner.foretold(preview, &words, &mut self.shell, &mut self.model);
            }
            Message::Failed(failure) => runner::say_wrong(&mut self.model, &failure),
            Message::NotBackedUp(failure) => self.say_not_backed_up(&failure),
            Message::Signal(number) => return self.obey(number, guard),
            Message::TerminalGone => self.exit = Some(129),
            Message::WorkerGone => self.exit = Some(101),
        }
        true
    }

    fn input(&mut self, input: input::Input, guard: &terminal::Guard) {
        self.model.notice = None;
        self.model.pressed += 1;
        if input == input::Input::Resized {
            self.resize();
        }
        let effects = self.shell.input(input, &self.model);
        self.carry_out(effects, guard);
    }

    /// What a signal asks for: to end, or to stop and go on later.
    fn obey(&mut self, number: i32, guard: &terminal::Guard) -> bool {
        if number == signal::STOP {
            let _ = guard.lend(signal::stop_here);
            self.draw_anew();
            return true;
        }
        self.exit = Some(u8::try_from(128 + number).unwrap_or(1));
        false
    }

    fn carry_out(&mut self, effects: Vec<Effect>, guard: &terminal::Guard) {
        for effect in effects {
            match self.runner.run(effect, &mut self.shell, &mut self.model) {
                Some(Beyond::Quit) => self.exit = Some(0),
                Some(Beyond::Redraw) => {
                    #[cfg(debug_assertions)]
                    fall_over_where_asked();
                    self.draw_anew();
                }
                Some(Beyond::Copy(text)) => self.copy(&text),
                Some(Beyond::Edit { text, then }) => self.edit(&text, &then, guard),
                None => {}
            }
        }
    }

    /// Copies through the terminal itself (OSC 52), so that it works over SSH.
    fn copy(&mut self, text: &str) {
        let copied = execute!(std::io::stdout(), CopyToClipboard::to_clipboard_from(text.as_bytes()));
        self.model.notice = Some(match copied {
            Ok(()) => Notice { words: "Copied, if your terminal allows it.".to_owned(), tone: Tone::Done },
            Err(error) => Notice { words: format!("Not copied: {error}."), tone: Tone::Wrong },
        });
    }

    fn edit(&mut self, text: &str, then: &crate::app::ask::Then, guard: &terminal::Guard) {
        let edited = guard.lend(|| editor::edit(&self.editor, text)).and_then(|edited| edited);
        self.draw_anew();
        match edited {
            Ok(Some(new)) => {
                self.shell.set_long_text(&new);
                match then(&[new], &self.model) {
                    Ok(effects) => self.carry_out(effects, guard),
                    Err(failure) => runner::say_wrong(&mut self.model, &failure),
                }
            }
            Ok(None) => self.model.notice = Some(Notice { words: "Nothing was changed.".to_owned(), tone: Tone::Hint }),
            Err(failure) => runner::say_wrong(&mut self.model, &failure),
        }
    }

    /// Moves the model's clock; whether the second turned. A minute that turned makes the screen dirty.
    fn turn_clock(&mut self, dirty: &mut bool) -> bool {
        let now = self.clock.now();
        let before = std::mem::replace(&mut self.model.now, now);
        let turned = before.timestamp().div_euclid(60) != now.timestamp().div_euclid(60);
        if turned {
            self.runner.minute(before, &mut self.model);
        }
        // By UTC, as the keeper counts days.
        if before.date_naive() != now.date_naive() {
            self.backup_due = Some(now);
        }
        *dirty |= turned;
        before.timestamp() != now.timestamp()
    }

    /// Takes away what was said, some seconds later: in a huddle the keys are wanted again.
    fn fade(&mut self) {
        let said = self.model.notice.as_ref().filter(|notice| notice.tone == Tone::Done);
        match (&self.said, said) {
            (Some((before, at)), Some(now)) if before == now => {
                if self.model.now - *at >= chrono::TimeDelta::seconds(SAID_FOR) {
                    (self.model.notice, self.said) = (None, None);
                }
            }
            (_, now) => self.said = now.map(|now| (now.clone(), self.model.now)),
        }
    }

    /// Asks for the day's backup, once the worker has read what the screen shows: on a large board both
    /// together would slow a save down.
    fn back_up_where_due(&mut self) {
        let read = self.model.tiles.len() >= self.model.measures.len();
        if let Some(now) = self.backup_due.take_if(|_| read) {
            self.keeper.make(now);
        }
    }

    /// Says that there is no backup of today, and what to do; saving goes on.
    fn say_not_backed_up(&mut self, failure: &Failure) {
        self.model.notice = Some(Notice { words: format!("No backup was made. {failure}"), tone: Tone::Wrong });
    }

    /// Forgets what stands on the terminal, so that the next picture is drawn whole. ratatui's own
    /// `clear` asks the terminal where its cursor is, and waits two seconds for those that do not say.
    fn draw_anew(&mut self) {
        let _ = execute!(std::io::stdout(), Clear(ClearType::All));
        if let Ok(screen) = terminal::screen() {
            self.screen = screen;
        }
    }

    fn resize(&mut self) {
        if let Ok(size) = self.screen.size() {
            self.model.body = Shell::body(Rect::new(0, 0, size.width, size.height));
        }
    }

    fn draw(&mut self) -> Outcome<()> {
        let (shell, model) = (&self.shell, &self.model);
        self.screen
            .draw(|frame| shell.view(model, frame.area(), frame.buffer_mut()))
            .map(|_| ())
            .map_err(|error| Failure::machine(format!("The terminal cannot be written to: {error}.")))
    }
}

/// What happens when nobody does anything: others may have changed the file, and the wall goes on. Whether a
/// picture is to be drawn.
pub(crate) fn stir(shell: &mut Shell, runner: &mut Runner, model: &mut Model) -> bool {
    let changed = runner.look(model);
    shell.is_wall() && (runner.come_back(model) | shell.turn(model)) || changed
}

/// Breaks down on purpose, in test builds only: the terminal must be given back even then.
#[cfg(debug_assertions)]
fn fall_over_where_asked() {
    #[allow(clippy::panic, reason = "this is what is tested")]
    if std::env::var_os("HUDDLEBOARD_FALL_OVER").is_some() {
        panic!("fallen over as asked");
    }
}
