//! What becomes of one of them: done, stuck, answered, a tier up, dropped.

use crate::app::ask::{Ask, Form};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::change::Edit;
use crate::domain::promise::{Promise, Sort};

use super::forms::title;
use super::list::day_words;

/// Marks it as done, and makes the one that comes again; of what is closed, opens it again.
pub(crate) fn done(model: &Model, promise: &Promise) -> Effect {
    if !promise.is_open() {
        return Effect::commit(format!("Open again: {}", promise.what), promise.opened_again());
    }
    let (edits, again) = promise.done(model.today(), model.now);
    let mut words = format!("Done: {}", promise.what);
    if let Some(by) = again {
        words.push_str(&format!("; again by {}", day_words(model.today(), by)));
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
        let words = if because.is_empty() {
            format!("Goes on: {}", before.what)
        } else {
            format!("Stuck: {} ({because})", before.what)
        };
        Ok(vec![Effect::commit(words, before.stuck(&because))])
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
        let edit = before.answered(&text::clean_line(typed), model.now)?;
        Ok(vec![Effect::commit(format!("Answered: {}", before.what), edit)])
    }))
}

/// Asks the next tier up; of an action, makes it an escalation to the matron.
///
/// # Errors
/// Where nobody is above, or it is closed.
pub(crate) fn tier_up(promise: &Promise) -> Outcome<Effect> {
    let (tier, edit) = promise.tier_up()?;
    Ok(Effect::commit(format!("Escalated to {}: {}", tier.code(), promise.what), edit))
}

/// Asks why it is no longer wanted.
pub(crate) fn dropped(promise: &Promise) -> Ask {
    let before = promise.clone();
    let question = format!("No longer wanted, why? {}", promise.what);
    Form::prompt(question, "Why", "", "In a few words; empty is allowed.", move |typed, model| {
        let edit = before.dropped(&text::clean_line(typed), model.now);
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
