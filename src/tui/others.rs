//! What is done about other boards: syncs are started, their outcome is told, and what only a person can
//! decide is asked.

mod ask;

use std::path::{Path, PathBuf};

use ask::{ask_folder, ask_make, ask_strangers, ask_twin, ask_which, called, several};

use super::place::shown;
use super::syncing::{Leaving, News, Request, Syncing, Wanted};
use crate::app::ask::{Ask, Question};
use crate::app::effect::{Effect, Notice, Tone};
use crate::app::model::Model;
use crate::app::step::Going;
use crate::base::error::{Failure, Outcome};
use crate::domain::TeamId;
use crate::store::Store;
use crate::sync::folder::Stranger;
use crate::sync::hub;
use crate::sync::step::{Report, leave_out};

/// The runner's dealings with other boards.
pub(crate) struct Others {
    syncing: Syncing,
    /// Teams of the folder that somebody is still to be asked about.
    strangers: Vec<Stranger>,
    /// Every team of the folder that was not on this board when the last sync was done.
    met: Vec<Stranger>,
    /// The folder that was typed last.
    typed: String,
    /// Whether the board had no ward when the sync began, so that this one is to bring it.
    joins: bool,
    /// How many conflicts there were when the sync began, and how many keys had been pressed.
    conflicts: usize,
    pressed: u64,
}

impl Others {
    /// Nothing is going on yet.
    pub(crate) fn new(syncing: Syncing) -> Self {
        Self {
            syncing,
            strangers: Vec::new(),
            met: Vec::new(),
            typed: String::new(),
            joins: false,
            conflicts: 0,
            pressed: 0,
        }
    }

    /// Brings the board into step with its folder, or asks which that is.
    pub(crate) fn sync(&mut self, database: &Path, model: &mut Model) -> Vec<Effect> {
        match hub::recall(database) {
            Some(hub) => {
                self.start(Request::step(Wanted::Known(hub.folder)), model);
                Vec::new()
            }
            None => vec![Effect::Ask(ask_folder(&self.typed))],
        }
    }

    /// Brings the board into step with a folder that was typed.
    pub(crate) fn sync_with(&mut self, folder: String, make: bool, model: &mut Model) {
        self.typed.clone_from(&folder);
        self.start(Request::step(Wanted::Typed(folder, make)), model);
    }

    /// Takes teams of the folder in, and makes two teams one where that is wanted.
    pub(crate) fn take_in(
        &mut self,
        database: &Path,
        teams: Vec<TeamId>,
        unite: Option<(TeamId, TeamId)>,
        model: &mut Model,
    ) {
        let Some(hub) = hub::recall(database) else { return };
        self.start(Request { folder: Wanted::Known(hub.folder), take_in: teams, unite }, model);
    }

    /// Leaves teams of the folder out from now on.
    ///
    /// # Errors
    /// What the disk answered.
    pub(crate) fn leave_out(&mut self, reader: &Store, teams: &[TeamId]) -> Outcome<()> {
        self.strangers.retain(|stranger| !teams.contains(&stranger.team));
        hub::recall(reader.path()).map_or(Ok(()), |hub| leave_out(reader, &hub.folder, teams))
    }

    fn start(&mut self, request: Request, model: &mut Model) {
        if model.step.going.is_some() {
            model.notice = Some(hint("It is being brought into step already."));
            return;
        }
        model.step.going = Some(Going::default());
        self.strangers.clear();
        self.joins = model.teams.is_empty();
        (self.conflicts, self.pressed) = (model.step.conflicts, model.pressed);
        self.syncing.start(request);
    }

    /// The folders in which this board's backups may stand.
    pub(crate) fn backup_folders(&self) -> Vec<PathBuf> {
        self.syncing.backup_folders()
    }

    /// Whether the sync that was started last is to bring the board its ward. The ward may be seen before the
    /// sync says that it is done.
    pub(crate) fn joins(&self) -> bool {
        self.joins
    }

    /// Asks a sync that is going on to stop.
    pub(crate) fn stop(&mut self) -> Leaving {
        self.syncing.stop()
    }

    /// What is to be said and asked after news of a sync. The model has been read anew.
    pub(crate) fn hear(&mut self, news: News, reader: &Store, model: &mut Model) -> Vec<Effect> {
        if let News::Progress(going) = news {
            model.step.going = Some(going);
            return Vec::new();
        }
        model.step.going = None;
        match news {
            News::Progress(_) => Vec::new(),
            News::Missing { typed, folder } => vec![Effect::Ask(ask_make(typed, &folder))],
            News::NoFolder { typed, failure } => vec![Effect::Ask(ask_folder(&typed)), Effect::wrong(&failure)],
            News::Done { folder, outcome, united, absent } => {
                model.step.failed = outcome.is_err();
                let mut effects: Vec<Effect> = united.map(Effect::SwitchTeam).into_iter().collect();
                effects.push(Effect::Say(match *outcome {
                    Ok(report) => {
                        let new = model.step.conflicts.saturating_sub(self.conflicts);
                        let said = self.absent(&absent, &report).map(|words| Notice { words, tone: Tone::Wrong });
                        self.strangers = unasked(&report.strangers, reader);
                        let said = said.unwrap_or_else(|| told(&report, &folder, new, reader));
                        self.met = report.strangers;
                        said
                    }
                    Err(failure) => Notice { words: format!("Not synced. {failure}"), tone: Tone::Wrong },
                }));
                effects
            }
        }
    }

    /// What a board without a ward makes of the news: the ward that it joins, or what is in the way.
    ///
    /// # Errors
    /// A sentence for whoever wants to join.
    pub(crate) fn join(&mut self, news: News, model: &mut Model) -> Outcome<Option<Ask>> {
        if let News::Progress(going) = news {
            model.step.going = Some(going);
            return Ok(None);
        }
        model.step.going = None;
        match news {
            News::Progress(_) => Ok(None),
            News::NoFolder { failure, .. } => Err(failure),
            News::Missing { folder, .. } => Err(Failure::not_found("There is no such folder.").at(shown(&folder))),
            News::Done { outcome, folder, absent, .. } => {
                let report = (*outcome)?;
                if let Some(words) = self.absent(&absent, &report) {
                    return Err(Failure::refused(words).hint("Press Enter to be asked again."));
                }
                self.met.clone_from(&report.strangers);
                if report.strangers.is_empty() {
                    return Err(Failure::not_found("There is no ward in this folder yet.")
                        .at(shown(&folder))
                        .hint("On the computer that has the board, press S and name this folder; then try again."));
                }
                Ok(Some(ask_which(&report.strangers)))
            }
        }
    }

    /// What is said where a team did not come: it stands in the same bundles as others that are not
    /// wanted, and a bundle is taken in whole.
    fn absent(&self, absent: &[TeamId], report: &Report) -> Option<String> {
        let absent: Vec<String> =
            self.met.iter().filter(|stranger| absent.contains(&stranger.team)).map(called).collect();
        let others: Vec<String> = report.strangers.iter().map(called).filter(|name| !absent.contains(name)).collect();
        if absent.is_empty() || others.is_empty() {
            return None;
        }
        let (absent, others) = (absent.join(", "), others.join(", "));
        Some(format!("{absent} and {others} are on one computer, and only come together: take in all or none."))
    }

    /// The next question about a team of the folder.
    pub(crate) fn question(&mut self, model: &Model) -> Option<Ask> {
        if model.step.going.is_some() || self.strangers.is_empty() {
            return None;
        }
        let twin = self.strangers.iter().position(|stranger| stranger.twin.is_some());
        let folder = model.step.folder.clone().unwrap_or_default();
        let question = match twin {
            Some(at) => ask_twin(&self.strangers.remove(at), &folder),
            None => ask_strangers(&std::mem::take(&mut self.strangers), &folder),
        };
        Some(Ask::Question(Question { sudden: model.pressed != self.pressed, ..question }))
    }
}

/// Reads how the board stands to the others, from the file and what lies beside it.
///
/// # Errors
/// What the disk answered.
pub(crate) fn stand(reader: &Store, model: &mut Model) -> Outcome<()> {
    let hub = hub::recall(reader.path());
    model.step.conflicts = reader.conflict_count()?;
    model.step.waiting = hub::waiting(reader)?;
    model.step.folder = hub.as_ref().map(|hub| shown(&hub.folder));
    model.step.last = hub.and_then(|hub| hub.last);
    Ok(())
}

/// The teams that nobody has been asked about yet.
fn unasked(strangers: &[Stranger], reader: &Store) -> Vec<Stranger> {
    let left_out = hub::recall(reader.path()).map(|hub| hub.left_out).unwrap_or_default();
    strangers.iter().filter(|stranger| !left_out.contains(&stranger.team)).cloned().collect()
}

fn hint(words: &str) -> Notice {
    Notice { words: words.to_owned(), tone: Tone::Hint }
}

/// What a step came to, in a sentence or two.
fn told(report: &Report, folder: &Path, new_conflicts: usize, reader: &Store) -> Notice {
    let mut parts = Vec::new();
    if report.taken > 0 {
        parts.push(format!("{} in", several(report.taken, "change", "changes")));
    }
    match (report.taken, report.sent.changes) {
        (_, 0) => {}
        (0, out) => parts.push(format!("{} out", several(out, "change", "changes"))),
        (_, out) => parts.push(format!("{out} out")),
    }
    if new_conflicts > 0 {
        parts.push(several(new_conflicts, "new conflict", "new conflicts"));
    }
    let what = if parts.is_empty() { "nothing new".to_owned() } else { parts.join(", ") };
    let mut words = format!("Synced with {}: {what}.", shown(folder));
    let trouble = trouble(report, reader);
    let tone = if report.refused.is_empty() { Tone::Done } else { Tone::Wrong };
    trouble.iter().for_each(|sentence| {
        words.push(' ');
        words.push_str(sentence);
    });
    Notice { words, tone }
}

/// What somebody should know of besides.
fn trouble(report: &Report, reader: &Store) -> Vec<String> {
    let names = reader.replica_names().unwrap_or_default();
    let called = |replica| names.get(&replica).map_or("another computer", String::as_str).to_owned();
    let mut said = Vec::new();
    if let Some(first) = report.refused.first() {
        let count = several(report.refused.len(), "bundle was refused", "bundles were refused");
        said.push(format!("{count}; everything else is in. {first}"));
    }
    if let Some((replica, ..)) = report.missing.first() {
        let count: i64 = report.missing.iter().map(|(_, first, last)| last - first + 1).sum();
        let count = several(usize::try_from(count).unwrap_or(0), "change is missing", "changes are missing");
        said.push(format!("{count}: sync {} with this folder.", called(*replica)));
    }
    if let Some(replica) = report.ahead.first() {
        said.push(format!("The clock of {} is more than a day ahead.", called(*replica)));
    }
    if report.redacted {
        said.push("A text was redacted elsewhere; older copies of this file still hold it.".to_owned());
    }
    said
}
