//! The worker thread: whatever may take long or waits for the disk, away from the drawing.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::{self, JoinHandle};

use chrono::{DateTime, NaiveDate, Utc};

use super::blank::{self, Blanked};
use super::clashes::{self, Read};
use super::history;
use super::input::Input;
use super::load;
use super::syncing::{News, Saves};
use crate::app::log::{Account, Done, LogAsk};
use crate::base::error::Outcome;
use crate::base::zone::Zone;
use crate::chart::Tile;
use crate::domain::MeasureId;
use crate::domain::change::Edit;
use crate::domain::measure::Measure;
use crate::store::{Author, Conflict, Extent, Found, Keep, Preview, Receipt, Store, UndoScope};

/// Work for the worker.
pub(crate) enum Job {
    /// Write an action.
    Commit {
        /// What it is, in words.
        words: String,
        /// Its edits.
        edits: Vec<Edit>,
    },
    /// Undo this run's last action.
    Undo,
    /// Redo what was undone last.
    Redo,
    /// Settle a conflict.
    Settle {
        /// The conflict, as it was seen.
        conflict: Box<Conflict>,
        /// What stays.
        keep: Keep,
    },
    /// Find the records that hold a text.
    FindText(String),
    /// Blank what was found, and the backups in these folders.
    Blank {
        /// Where the text stands.
        found: Vec<Found>,
        /// The folders of backups.
        folders: Vec<PathBuf>,
    },
    /// Read the conflicts of the file, for this turn of the model.
    Clashes(u64),
    /// Read who did what.
    Log(LogAsk),
    /// Read an action in full.
    Action {
        /// Its code.
        code: String,
        /// The turn of the model in which it was asked for.
        turn: u64,
        /// By which clock times are told.
        zone: Zone,
    },
    /// Find out what undoing an action would do.
    Foretell {
        /// Its code.
        code: String,
        /// By which clock times are told.
        zone: Zone,
    },
    /// Undo an action that was looked at.
    TakeBack {
        /// What was said of it.
        preview: Box<Preview>,
        /// How much of it.
        extent: Extent,
    },
    /// Read the tiles of these measures.
    Tiles {
        /// The measures.
        measures: Vec<Measure>,
        /// The ward's day.
        today: NaiveDate,
        /// The present instant.
        now: DateTime<Utc>,
    },
}

/// What reaches the loop.
pub(crate) enum Message {
    /// A person did something; whether the input thread waits until it is carried out.
    Input(Input, bool),
    /// An action was written, or was not.
    Written(Outcome<Receipt>),
    /// Tiles were read.
    Tiles(Vec<(MeasureId, Tile)>),
    /// A sync has come further, or is done.
    Sync(News),
    /// The conflicts were read, for this turn of the model.
    Clashes(u64, Vec<Read>),
    /// A text was looked for.
    Found(Vec<Found>),
    /// A text was blanked, or was not.
    Blanked(Outcome<Blanked>),
    /// The log was read.
    Log(LogAsk, Vec<Done>),
    /// An action was read in full, for this turn of the model.
    Action(u64, Account),
    /// What undoing an action would do, and that in words.
    Foretold(Box<Preview>, Vec<String>),
    /// The worker met a failure while reading.
    Failed(crate::base::error::Failure),
    /// The day's backup could not be made.
    NotBackedUp(crate::base::error::Failure),
    /// The operating system asks the program to end, with this signal.
    Signal(i32),
    /// The terminal is gone.
    TerminalGone,
    /// The worker broke down; nobody would write any more.
    WorkerGone,
}

/// Tells the loop when a thread that writes breaks down: a board that cannot save must not stay open.
pub(crate) struct Alarm(pub(crate) Sender<Message>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Message::WorkerGone);
        }
    }
}

/// How many tiles are read before they are shown and other work has its turn.
const TILES_AT_ONCE: usize = 16;

/// Starts the worker; it ends when the sender of jobs is dropped.
/// Each save that was announced to `saves` is reported there as done.
pub(crate) fn spawn(
    store: Store,
    author: Author,
    saves: Arc<Saves>,
    to: Sender<Message>,
) -> (Sender<Job>, JoinHandle<()>) {
    let (jobs, inbox) = channel();
    let handle = thread::spawn(move || {
        let _alarm = Alarm(to.clone());
        work(store, &author, &saves, &inbox, &to);
    });
    (jobs, handle)
}

fn work(mut store: Store, author: &Author, saves: &Saves, inbox: &Receiver<Job>, to: &Sender<Message>) {
    // Tiles still to be read: taken up a few at a time, so that a save never waits behind them.
    let mut waiting: Vec<(Vec<Measure>, NaiveDate, DateTime<Utc>)> = Vec::new();
    loop {
        let job = if waiting.is_empty() {
            match inbox.recv() {
                Ok(job) => Some(job),
                Err(_) => return,
            }
        } else {
            match inbox.try_recv() {
                Ok(job) => Some(job),
                Err(TryRecvError::Empty) => None,
                // All is written, and nobody looks at tiles any more.
                Err(TryRecvError::Disconnected) => return,
            }
        };
        let answer = match job {
            Some(Job::Commit { words, edits }) => {
                Message::Written(store.commit(author, &words, edits.into_iter().map(Ok)))
            }
            Some(Job::Undo) => Message::Written(store.undo(author, UndoScope::Session)),
            Some(Job::Redo) => Message::Written(store.redo(author, UndoScope::Session)),
            Some(Job::Settle { conflict, keep }) => Message::Written(store.settle(author, &conflict, &keep)),
            Some(Job::FindText(text)) => or_failed(store.find_text(&text), Message::Found),
            Some(Job::Blank { found, folders }) => Message::Blanked(blank::blank(&mut store, author, &found, &folders)),
            Some(Job::TakeBack { preview, extent }) => Message::Written(store.take_back(author, &preview, extent)),
            Some(Job::Clashes(turn)) => or_failed(clashes::read(&store), |read| Message::Clashes(turn, read)),
            Some(Job::Log(ask)) => or_failed(history::list(&store, &ask), |list| Message::Log(ask, list)),
            Some(Job::Action { code, turn, zone }) => {
                or_failed(history::account(&store, &code, zone), |account| Message::Action(turn, account))
            }
            Some(Job::Foretell { code, zone }) => or_failed(foretell(&store, &code, zone), |told| told),
            Some(Job::Tiles { measures, today, now }) => {
                waiting.push((measures, today, now));
                continue;
            }
            None => match read_some(&store, &mut waiting) {
                Ok(tiles) => Message::Tiles(tiles),
                Err(failure) => {
                    waiting.clear();
                    Message::Failed(failure)
                }
            },
        };
        if matches!(answer, Message::Written(_) | Message::Blanked(_)) {
            saves.end();
        }
        if to.send(answer).is_err() {
            return;
        }
    }
}

fn or_failed<T>(read: Outcome<T>, message: impl FnOnce(T) -> Message) -> Message {
    read.map_or_else(Message::Failed, message)
}

fn foretell(store: &Store, code: &str, zone: Zone) -> Outcome<Message> {
    let preview = store.preview(store.action_coded(code)?)?;
    let words = history::foretell(store, &preview, zone)?;
    Ok(Message::Foretold(Box::new(preview), words))
}

fn read_some(
    store: &Store,
    waiting: &mut Vec<(Vec<Measure>, NaiveDate, DateTime<Utc>)>,
) -> Outcome<Vec<(MeasureId, Tile)>> {
    let Some((measures, today, now)) = waiting.first_mut() else { return Ok(Vec::new()) };
    let some: Vec<Measure> = measures.drain(..measures.len().min(TILES_AT_ONCE)).collect();
    let tiles = some
        .iter()
        .map(|measure| load::tile(store, measure, *today, *now).map(|tile| (measure.id, tile)))
        .collect::<Outcome<Vec<_>>>();
    if measures.is_empty() {
        waiting.remove(0);
    }
    tiles
}
