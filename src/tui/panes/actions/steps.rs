//! What becomes of one of them: done, stuck, answered, a tier up, dropped.

use crate::app::ask::{Ask, Form};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::PromiseId;
use crate::domain::change::{Edit, Expect};
use crate::domain::promise::{Promise, Sort, State};

use super::forms::title;
use super::list::day_words;

fn with_state(promise: &Promise, state: State, closed: Option<chrono::DateTime<chrono::Utc>>) -> Edit {
    let edit = Edit::of(promise).with("state", &state).with("closed", &closed);
    edit.expecting(Expect::Revision(promise.revision))
}

/// Marks it as done, and makes the one that comes again; of what is closed, opens it again.
pub(crate) fn done(model: &Model, promise: &Promise) -> Effect {
    if !promise.is_open() {
        let edit = with_state(promise, State::Open, None).with("answered", &None::<chrono::DateTime<chrono::Utc>>);
        return Effect::commit(format!("Open again: {}", promise.what), edit);
    }
    let mut edits = vec![with_state(promise, State::Done, Some(model.now))];
    let mut words = format!("Done: {}", promise.what);
    if let Some(next) = promise.next(PromiseId::fresh(), model.today(), model.now) {
        let by = next.by.map_or_else(String::new, |by| day_words(model.today(), by));
        words.push_str(&format!("; again by {by}"));
        edits.push(Edit::create(&next));
    }
    Effect::Commit { words, edits }
}

/// Asks what it is stuck on.
pub(crate) fn stuck(promise: &Promise) -> Ask {
    let before = promise.clone();
    let help = "What or whom it waits for, in a few words. Empty: it goes on.";
    let question = format!("Stuck on what? {}", promise.what);
    Form::prompt(question, "Stuck on", &promise.because, help, move |typed, _| {
        let because = text::clean_line(typed);
        let goes_on = because.is_empty();
        let state = if goes_on { State::Open } else { State::Stuck };
        let words =
            if goes_on { format!("Goes on: {}", before.what) } else { format!("Stuck: {} ({because})", before.what) };
        Ok(vec![Effect::commit(words, with_state(&before, state, None).with("because", &because))])
    })
}

/// Asks what the tier answered; that closes the escalation.
pub(crate) fn answer(promise: &Promise) -> Outcome<Ask> {
    if promise.sort != Sort::Escalation {
        let failure = Failure::refused("Only an escalation waits for an answer.");
        return Err(failure.hint("Press d where it is done, or s where it is stuck."));
    }
    let before = promise.clone();
    let question = format!("What did the {} answer? {}", promise.tier.code(), promise.what);
    Ok(Form::prompt(question, "Answer", &promise.answer, "In a few words.", move |typed, model| {
        let answer = text::clean_line(typed);
        if answer.is_empty() {
            return Err(Failure::refused("An answer needs a few words.").at("text").hint("Type what was said."));
        }
        let closed = before.closed.or(Some(model.now));
        let edit = with_state(&before, State::Done, closed).with("answer", &answer);
        let edit = edit.with("answered", &before.answered.or(Some(model.now)));
        Ok(vec![Effect::commit(format!("Answered: {}", before.what), edit)])
    }))
}

/// Asks the next tier up; of an action, makes it an escalation to the matron.
///
/// # Errors
/// Where nobody is above, or it is closed.
pub(crate) fn tier_up(promise: &Promise) -> Outcome<Effect> {
    if !promise.is_open() {
        return Err(Failure::refused("This is closed.").hint("Press d to open it again."));
    }
    let Some(tier) = promise.tier.above() else {
        return Err(Failure::refused("Nobody is above the executive.").hint("Press r when there is an answer."));
    };
    let mut edit = Edit::of(promise).with("tier", &tier).expecting(Expect::Revision(promise.revision));
    if promise.sort == Sort::Action {
        edit = edit.with("sort", &Sort::Escalation);
    }
    Ok(Effect::commit(format!("Escalated to {}: {}", tier.code(), promise.what), edit))
}

/// Asks why it is no longer wanted.
pub(crate) fn dropped(promise: &Promise) -> Ask {
    let before = promise.clone();
    let question = format!("No longer wanted, why? {}", promise.what);
    Form::prompt(question, "Why", "", "In a few words; empty is allowed.", move |typed, model| {
        let because = text::clean_line(typed);
        let edit = with_state(&before, State::Dropped, Some(model.now)).with("because", &because);
        Ok(vec![Effect::commit(format!("Dropped: {}", before.what), edit)])
    })
}

/// Deletes it; undo brings it back.
pub(crate) fn delete(promise: &Promise) -> Effect {
    Effect::commit(
        format!("Deleted the {} “{}”", title(promise.sort).to_lowercase(), promise.what),
        Edit::of(promise).deleting(),
    )
}
