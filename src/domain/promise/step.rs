//! What becomes of a promise: done, stuck, answered, a tier up, dropped; the same from a key and from the
//! command line.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Promise, Sort, State};
use crate::base::error::{Failure, Outcome};
use crate::domain::PromiseId;
use crate::domain::change::{Edit, Expect};

impl Promise {
    fn with_state(&self, state: State, closed: Option<DateTime<Utc>>) -> Edit {
        let edit = Edit::of(self).with("state", &state).with("closed", &closed);
        edit.expecting(Expect::Revision(self.revision))
    }

    /// Opens again what was closed.
    pub fn opened_again(&self) -> Edit {
        self.with_state(State::Open, None).with("answered", &None::<DateTime<Utc>>)
    }

    /// Marks it as done, and makes the one that comes again, whose day is given back beside.
    pub fn done(&self, today: NaiveDate, now: DateTime<Utc>) -> (Vec<Edit>, Option<NaiveDate>) {
        let mut edits = vec![self.with_state(State::Done, Some(now))];
        let next = self.next(PromiseId::fresh(), today, now);
        edits.extend(next.as_ref().map(Edit::create));
        (edits, next.and_then(|next| next.by))
    }

    /// Says what it is stuck on; without words, that it goes on.
    pub fn stuck(&self, because: &str) -> Edit {
        let state = if because.is_empty() { State::Open } else { State::Stuck };
        self.with_state(state, None).with("because", &because.to_owned())
    }

    /// Writes down what the tier answered, which closes it.
    ///
    /// # Errors
    /// Where it is no escalation, or nothing is said.
    pub fn answered(&self, answer: &str, now: DateTime<Utc>) -> Outcome<Edit> {
        if self.sort != Sort::Escalation {
            let failure = Failure::refused("Only an escalation waits for an answer.");
            return Err(failure.hint("Mark it as done, or say what it is stuck on."));
        }
        if answer.is_empty() {
            return Err(Failure::refused("An answer needs a few words.").at("text").hint("Type what was said."));
        }
        let edit = self.with_state(State::Done, self.closed.or(Some(now))).with("answer", &answer.to_owned());
        Ok(edit.with("answered", &self.answered.or(Some(now))))
    }

    /// Asks the next tier up; makes an action an escalation to the matron.
    ///
    /// # Errors
    /// Where nobody is above, or it is closed.
    pub fn tier_up(&self) -> Outcome<(super::Tier, Edit)> {
        if !self.is_open() {
            return Err(Failure::refused("This is closed.").hint("Open it again first."));
        }
        let Some(tier) = self.tier.above() else {
            return Err(Failure::refused("Nobody is above the executive.").hint("Write down what is answered."));
        };
        let mut edit = Edit::of(self).with("tier", &tier).expecting(Expect::Revision(self.revision));
        if self.sort == Sort::Action {
            edit = edit.with("sort", &Sort::Escalation);
        }
        Ok((tier, edit))
    }

    /// Says that it is no longer wanted, and why.
    pub fn dropped(&self, because: &str, now: DateTime<Utc>) -> Edit {
        self.with_state(State::Dropped, Some(now)).with("because", &because.to_owned())
    }
}
