//! What is asked about one period: how many, how many of, why not, and what is done about it.

use crate::app::ask::{Ask, Choose, Form};
use crate::app::effect::Effect;
use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::base::error::{Failure, Outcome};
use crate::domain::change::{Edit, Expect};
use crate::domain::process::{Period, Process};

/// The most that one period can require: beyond it, somebody typed a telephone number.
pub(super) const MOST: i64 = 100_000;

/// A process as an action's words name it: with its period, where that is not the open one.
pub(super) fn named(process: &Process, row: &ProcessRow) -> String {
    if row.phase == RowPhase::Open {
        return process.name.clone();
    }
    format!("{} ({} {})", process.name, row.span.name, row.span.day.format("%-d %b"))
}

/// Asks how many are done, and records the difference from what was `seen`: ticks that others make
/// meanwhile are not overwritten.
pub(super) fn count(process: &Process, row: &ProcessRow, seen: i64) -> Ask {
    let title = format!("{}: how many are done of {}?", named(process, row), row.standing.required);
    let (process, row) = (process.clone(), row.clone());
    Form::prompt(
        title,
        "Done",
        seen.to_string(),
        "A whole number; the difference is added to what others tick.",
        move |typed, model| {
            let wanted = whole(typed)?;
            let difference = wanted - seen;
            if difference == 0 {
                return Ok(vec![Effect::hint(format!("{}: {seen} were done already.", process.name))]);
            }
            let words = format!("{}: set to {wanted} of {}", named(&process, &row), row.standing.required);
            Ok(vec![Effect::commit(words, Edit::create(&super::completion(model, &row, difference)))])
        },
    )
}

/// Asks how many are required in this period after all.
pub(super) fn required(process: &Process, row: &ProcessRow) -> Ask {
    let title = format!("{}: how many are required?", named(process, row));
    let planned = row.span.required;
    let (process, row) = (process.clone(), row.clone());
    let value = row.standing.required.to_string();
    Form::prompt(title, "Required", value, "For this period only; empty goes back to the plan.", move |typed, _| {
        let wanted = if typed.trim().is_empty() { None } else { Some(whole(typed)?) };
        let mut after = row.period.clone();
        after.required = wanted.filter(|wanted| *wanted != i64::from(planned));
        let words = match after.required {
            Some(wanted) => format!("{}: {wanted} required instead of {planned}", named(&process, &row)),
            None => format!("{}: {planned} required, as planned", named(&process, &row)),
        };
        Ok(decided(words, &row.period, &after))
    })
}

/// Asks why less was done than required, from the ward's own list or in a word of one's own.
pub(super) fn reason(model: &Model, process: &Process, row: &ProcessRow) -> Ask {
    let reasons = &model.team.reasons.0;
    let mut options: Vec<(String, String)> = reasons.iter().map(|reason| (reason.clone(), reason.clone())).collect();
    let given = row.period.reason.clone();
    if let Some(given) = given.as_ref().filter(|given| !reasons.contains(given)) {
        options.push((given.clone(), given.clone()));
    }
    let marked = given.as_ref().and_then(|given| options.iter().position(|(code, _)| code == given)).unwrap_or(0);
    if given.is_some() {
        options.push((String::new(), "no reason after all".to_owned()));
    }
    let title = format!("{}: why was less done than required?", named(process, row));
    let (process, row) = (process.clone(), row.clone());
    Ask::Choose(Choose {
        title,
        options,
        marked,
        free: true,
        then: Box::new(move |answers, _| {
            let reason = answers.first().map(|answer| answer.trim().to_owned()).filter(|answer| !answer.is_empty());
            let words = match &reason {
                Some(reason) => format!("{}: {reason}", named(&process, &row)),
                None => format!("{}: no reason", named(&process, &row)),
            };
            Ok(decided(words, &row.period, &Period { reason, ..row.period.clone() }))
        }),
    })
}

/// Asks what is done about it.
pub(super) fn countermeasure(process: &Process, row: &ProcessRow) -> Ask {
    let title = format!("{}: what is done about it?", named(process, row));
    let (process, row) = (process.clone(), row.clone());
    let value = row.period.countermeasure.clone();
    Form::prompt(title, "Action", value, "What is done about it now, and by which role.", move |typed, _| {
        let countermeasure = typed.trim().to_owned();
        let words = format!("{}: {countermeasure}", named(&process, &row));
        Ok(decided(words, &row.period, &Period { countermeasure, ..row.period.clone() }))
    })
}

/// Writes what was decided about a period; nobody else's decision is overwritten unseen.
fn decided(words: String, before: &Period, after: &Period) -> Vec<Effect> {
    let edit = if before == after {
        None
    } else if before.revision == 0 {
        Some(Edit::create(after).expecting(Expect::Absent))
    } else {
        Edit::between(before, after, before.revision)
    };
    match edit {
        Some(edit) => vec![Effect::commit(words, edit)],
        None => vec![Effect::hint("Nothing was changed.")],
    }
}

/// A whole number as typed.
fn whole(typed: &str) -> Outcome<i64> {
    let number = typed.trim().parse::<i64>().ok().filter(|number| (0..=MOST).contains(number));
    number.ok_or_else(|| {
        Failure::refused(format!("“{}” is not a whole number, 0 or more.", typed.trim()))
            .at("text")
            .hint("Type digits: 12.")
    })
}
