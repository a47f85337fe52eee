//! The runner's part in what passes between boards: syncs, and the conflicts that come of them.

use super::{Runner, say_wrong};
use crate::app::ask::Ask;
use crate::app::conflict::{Clashes, Keep};
use crate::app::effect::{Effect, Notice, Tone};
use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::domain::TeamId;
use crate::store::{self, Found};
use crate::tui::blank::{self, Blanked};
use crate::tui::clashes::{self, Read};
use crate::tui::others;
use crate::tui::shell::Shell;
use crate::tui::syncing::{Leaving, News};
use crate::tui::worker::Job;

impl Runner {
    /// Has the worker settle a conflict that was read. One that is no more is refused like any that
    /// somebody else has settled meanwhile.
    pub(super) fn settle_clash(&mut self, code: &str, keep: Keep, shell: &mut Shell, model: &mut Model) {
        let Some(conflict) = self.conflicts.iter().find(|conflict| conflict.code() == code) else {
            let words = clashes::gone().to_string();
            shell.written(Some(&words), model);
            return;
        };
        let keep = match keep {
            Keep::Side(0) => store::Keep::Shown,
            Keep::Side(place) => store::Keep::Other(place - 1),
            Keep::Merged(text) => store::Keep::Merged(text),
        };
        let conflict = Box::new(conflict.clone());
        self.write(Job::Settle { conflict, keep }, shell, model);
    }

    /// The worker has read the conflicts.
    pub(crate) fn clashes_read(&mut self, turn: u64, read: Vec<Read>, model: &mut Model) {
        let list;
        (self.conflicts, list) = read.into_iter().unzip();
        model.clashes = Clashes { turn: Some(turn), list };
    }

    /// A sync has come further, or is done.
    pub(crate) fn heard(&mut self, news: News, shell: &mut Shell, model: &mut Model) -> Vec<Effect> {
        let joins = self.others.joins();
        if matches!(news, News::Done { .. }) {
            self.look(model);
            self.settle(model);
            self.stand(model);
        }
        if !joins {
            return self.others.hear(news, &self.reader, model);
        }
        if !model.teams.is_empty() && !matches!(news, News::Progress(_)) {
            model.step.going = None;
            let mut effects = shell.written(None, model);
            if matches!(&news, News::Done { outcome, .. } if outcome.is_err()) {
                effects.extend(self.others.hear(news, &self.reader, model));
            }
            return effects;
        }
        match self.others.join(news, model) {
            Ok(None) => Vec::new(),
            Ok(Some(which)) => {
                let effects = shell.written(Some("The folder holds several wards."), model);
                shell.ask(which, model);
                effects
            }
            Err(failure) => shell.written(Some(&failure.to_string()), model),
        }
    }

    /// The worker has looked for a text: asks whether it is blanked.
    pub(crate) fn text_found(&mut self, found: Vec<Found>, shell: &Shell) -> Effect {
        self.found = found;
        blank::ask_whether(&self.found, shell.is_asking())
    }

    /// Has the worker blank what was found.
    pub(super) fn blank(&mut self, shell: &Shell, model: &mut Model) {
        let (found, folders) = (std::mem::take(&mut self.found), self.others.backup_folders());
        self.write(Job::Blank { found, folders }, shell, model);
    }

    /// A text was blanked, or was not: says where it may still stand.
    pub(crate) fn blanked(&mut self, outcome: Outcome<Blanked>, shell: &mut Shell, model: &mut Model) {
        model.saving = model.saving.saturating_sub(1);
        self.pending.pop_front();
        self.look(model);
        self.settle(model);
        match outcome {
            Ok(blanked) => shell.ask(Ask::Read(blank::told(&blanked, &self.reader, model)), model),
            Err(failure) => {
                let words = format!("Not everything was blanked; do it again. {failure}");
                model.notice = Some(Notice { words, tone: Tone::Wrong });
            }
        }
    }

    /// Asks what only a person can decide about other boards, as soon as nothing else is being asked.
    pub(crate) fn ask(&mut self, shell: &mut Shell, model: &Model) {
        if !shell.is_asking()
            && let Some(question) = self.others.question(model)
        {
            shell.ask(question, model);
        }
    }

    /// Asks a sync that is going on to stop.
    pub(crate) fn stop_syncing(&mut self) -> Leaving {
        self.others.stop()
    }

    pub(super) fn leave_out(&mut self, teams: &[TeamId], model: &mut Model) {
        if let Err(failure) = self.others.leave_out(&self.reader, teams) {
            say_wrong(model, &failure);
        }
    }

    pub(super) fn stand(&self, model: &mut Model) {
        if let Err(failure) = others::stand(&self.reader, model) {
            say_wrong(model, &failure);
        }
    }
}
