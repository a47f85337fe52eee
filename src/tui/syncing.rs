//! Bringing the board into step, on a thread of its own.
//!
//! The thread has its own door to the file, so that the worker goes on saving: SQLite lets one writer
//! in at a time, and a bundle is one transaction. Between two bundles the thread lets every save that
//! waits go first; a save therefore waits for one bundle at most.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::place::{self, Place};
use super::worker::{Alarm, Message};
use crate::app::step::Going;
use crate::base::error::Outcome;
use crate::domain::TeamId;
use crate::store::backup::backup_folder;
use crate::store::{Accept, Author, Opening, Store};
use crate::sync::folder::Progress;
use crate::sync::step::{Report, accept, step};
use crate::sync::unite::unite;

/// What is to be done with the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Which folder.
    pub(crate) folder: Wanted,
    /// Teams that are taken in from now on.
    pub(crate) take_in: Vec<TeamId>,
    /// Two teams that become one, the first of which is taken in.
    pub(crate) unite: Option<(TeamId, TeamId)>,
}

/// A folder as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The one that is known.
    Known(PathBuf),
    /// One that was typed, and whether it is made where it is missing.
    Typed(String, bool),
}

impl Request {
    /// Nothing but a step with this folder.
    pub(crate) fn step(folder: Wanted) -> Self {
        Self { folder, take_in: Vec::new(), unite: None }
    }
}

/// What the loop hears of it.
pub(crate) enum News {
    /// So far it is.
    Progress(Going),
    /// The folder that was typed is not there, and could be made.
    Missing {
        /// As it was typed.
        typed: String,
        /// By its whole name.
        folder: PathBuf,
    },
    /// The folder that was typed is none.
    NoFolder {
        /// As it was typed.
        typed: String,
        /// What is wrong with it.
        failure: crate::base::error::Failure,
    },
    /// It is done, or was given up.
    Done {
        /// The folder.
        folder: PathBuf,
        /// What became of it.
        outcome: Box<Outcome<Report>>,
        /// The team that stayed, where two became one.
        united: Option<TeamId>,
        /// Teams that were to be taken in and did not come.
        absent: Vec<TeamId>,
    },
}

/// Saves that wait for their turn.
#[derive(Debug, Default)]
pub(crate) struct Saves {
    waiting: Mutex<usize>,
    none: Condvar,
}

impl Saves {
    /// A save is on its way to the worker.
    pub(crate) fn begin(&self) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    /// A save is done.
    pub(crate) fn end(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_sub(1);
        if *waiting == 0 {
            self.none.notify_all();
        }
    }

    /// Waits until no save waits.
    pub(crate) fn let_pass(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while *waiting > 0 {
            waiting = self.none.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Starts syncs, one at a time.
pub(crate) struct Syncing {
    opening: Opening,
    author: Author,
    to: Sender<Message>,
    saves: Arc<Saves>,
    stop: Arc<AtomicBool>,
    /// Where the board's backups are, where that is not beside it.
    backups: Option<PathBuf>,
    /// Hears when the thread has ended.
    ended: Option<Receiver<()>>,
}

impl Syncing {
    /// Syncs the file of `opening`; what is written is by `author`.
    pub(crate) fn new(opening: Opening, author: Author, to: Sender<Message>, saves: Arc<Saves>) -> Self {
        Self { opening, author, to, saves, stop: Arc::new(AtomicBool::new(false)), backups: None, ended: None }
    }

    /// The same, with the board's backups in this folder.
    pub(crate) fn with_backups(self, backups: Option<PathBuf>) -> Self {
        Self { backups, ..self }
    }

    /// The folders in which the board's backups may stand.
    pub(crate) fn backup_folders(&self) -> Vec<PathBuf> {
        backup_folders(&self.opening.path, self.backups.as_deref())
    }

    /// Does what is asked for. Call it only when the last request is done.
    pub(crate) fn start(&mut self, request: Request) {
        let (end, ended) = channel();
        self.ended = Some(ended);
        let errand = Errand {
            opening: self.opening.clone(),
            author: self.author.clone(),
            to: self.to.clone(),
            saves: self.saves.clone(),
            stop: self.stop.clone(),
            backups: self.backups.clone(),
        };
        thread::spawn(move || {
            let _alarm = Alarm(errand.to.clone());
            let _end = end;
            errand.run(&request);
        });
    }

    /// Asks the thread to stop after its bundle.
    pub(crate) fn stop(&mut self) -> Leaving {
        self.stop.store(true, Ordering::SeqCst);
        Leaving(self.ended.take())
    }
}

/// The folder beside the database, and the one that was set where that is another.
fn backup_folders(database: &Path, set: Option<&Path>) -> Vec<PathBuf> {
    let beside = backup_folder(database);
    set.filter(|folder| *folder != beside).map(Path::to_owned).into_iter().chain([beside.clone()]).collect()
}

/// A sync that was asked to stop.
pub(crate) struct Leaving(Option<Receiver<()>>);

/// So long the bundle in hand has to come to its end. Where a folder does not answer, the program ends
/// all the same: a bundle is taken in whole or not at all.
const PATIENCE: Duration = Duration::from_secs(2);

impl Leaving {
    /// Waits for the end, though not for ever.
    pub(crate) fn wait(self) {
        if let Some(ended) = self.0 {
            let _ = ended.recv_timeout(PATIENCE);
        }
    }
}

/// What became of the teams that were to be taken in.
#[derive(Default)]
struct Came {
    united: Option<TeamId>,
    absent: Vec<TeamId>,
}

/// One run of the thread.
struct Errand {
    opening: Opening,
    author: Author,
    to: Sender<Message>,
    saves: Arc<Saves>,
    stop: Arc<AtomicBool>,
    backups: Option<PathBuf>,
}

impl Errand {
    fn run(&self, request: &Request) {
        let (folder, typed) = match &request.folder {
            Wanted::Known(folder) => (Ok(Place::Folder(folder.clone())), None),
            Wanted::Typed(typed, make) => (place::find(typed, *make), Some(typed.clone())),
        };
        let news = match (folder, typed) {
            (Ok(Place::Folder(folder)), _) => self.go(&folder, request),
            (Ok(Place::Missing(folder)), typed) => News::Missing { typed: typed.unwrap_or_default(), folder },
            (Err(failure), typed) => News::NoFolder { typed: typed.unwrap_or_default(), failure },
        };
        self.tell(news);
    }

    fn go(&self, folder: &Path, request: &Request) -> News {
        let mut came = Came::default();
        let outcome = self.bring_into_step(folder, request, &mut came);
        let outcome = Box::new(outcome.map_err(|failure| place::explain(failure, folder)));
        News::Done { folder: folder.to_owned(), outcome, united: came.united, absent: came.absent }
    }

    fn bring_into_step(&self, folder: &Path, request: &Request, came: &mut Came) -> Outcome<Report> {
        place::check(folder)?;
        let mut store = Store::open(&self.opening)?;
        if !request.take_in.is_empty() {
            accept(&store, folder, &request.take_in)?;
        }
        let report = self.step(&mut store, folder)?;
        if report.stopped {
            return Ok(report);
        }
        let known = store.known_teams()?;
        came.absent = request.take_in.iter().copied().filter(|team| !known.contains(team)).collect();
        let Some((one, other)) = request.unite.filter(|_| came.absent.is_empty()) else { return Ok(report) };
        self.saves.let_pass();
        came.united = Some(unite(&mut store, &self.author, one, other)?.0);
        // What the two have become goes to the others at once.
        let after = self.step(&mut store, folder)?;
        Ok(Report { taken: report.taken + after.taken, ..after })
    }

    fn step(&self, store: &mut Store, folder: &Path) -> Outcome<Report> {
        let report = step(store, folder, Accept::KnownTeams, &mut |progress| {
            self.saves.let_pass();
            let (Progress::Reading { done, of } | Progress::Writing { done, of }) = progress;
            self.tell(News::Progress(Going { done, of }));
            !self.stop.load(Ordering::SeqCst)
        })?;
        if report.redacted {
            self.redact_backups(store);
        }
        Ok(report)
    }

    /// What somebody blanked elsewhere must not stay in this board's backups.
    fn redact_backups(&self, store: &Store) {
        for folder in backup_folders(store.path(), self.backups.as_deref()) {
            let failures = store.redact_backups(&folder).map_or_else(|failure| vec![failure], |(_, failures)| failures);
            for failure in failures {
                let _ = self.to.send(Message::Failed(failure));
            }
        }
    }

    fn tell(&self, news: News) {
        // Nobody hears it where the board has been left.
        let _ = self.to.send(Message::Sync(news));
    }
}
