//! `tick`: work that is done, in the period that is open now.

use clap::Args;

use super::find::find;
use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::domain::CompletionId;
use crate::domain::change::Edit;
use crate::domain::process::{Completion, Pace, Period, Process, Span, Standing};
use crate::domain::team::Team;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Tick {
    /// The process, or the start of its name
    process: String,
    /// How many are done; below nought takes back
    #[arg(default_value_t = 1, allow_negative_numbers = true)]
    count: i64,
}

pub(super) fn run(flags: &Flags, tick: &Tick, out: &mut Out) -> Outcome<()> {
    if tick.count == 0 || tick.count.abs() > 100_000 {
        return Err(Failure::usage("The count has to be a number such as 1, 4 or -1.")
            .hint("Say how many were done: tick observations 4."));
    }
    let mut opened = Opened::existing(flags)?;
    let team = opened.team()?;
    let processes: Vec<Process> = opened.store.records(Some(team.id))?;
    let process = find("process", &tick.process, &processes)?;
    let now = opened.now();
    let wall = team.time_zone().wall(now);
    let span = process.span_at(wall, &team.shifts.0).ok_or_else(|| {
        Failure::refused(format!("No work of “{}” is required now.", process.name))
            .hint("`huddleboard show work` says when it is.")
    })?;
    let before = done(&opened.store, process, &span)?;
    if before + tick.count < 0 {
        return Err(Failure::refused(format!(
            "Only {before} are counted in this period, so {} cannot be taken back.",
            -tick.count
        ))
        .hint("Take back fewer."));
    }
    let mut completion = Completion::blank(CompletionId::fresh(), team.id);
    completion.process = process.id;
    completion.start = span.start;
    completion.amount = tick.count;
    completion.at = now;
    let author = opened.author(Some(&team));
    opened.store.commit(&author, &format!("{} {:+}", process.name, tick.count), [Ok(Edit::create(&completion))])?;
    let standing = standing(&opened, &team, process, &span)?.0;
    out.line(&format!("{}, {}: {}", process.name, span.name, sentence(&standing)));
    Ok(())
}

/// How much of a period is done.
pub(super) fn done(store: &Store, process: &Process, span: &Span) -> Outcome<i64> {
    let sums = store.completed(process.id, span.start, span.end)?;
    Ok(sums.iter().filter(|(start, _)| *start == span.start).map(|(_, sum)| sum).sum())
}

/// How the work of a period stands now, and what the team has decided about it.
pub(super) fn standing(
    opened: &Opened,
    team: &Team,
    process: &Process,
    span: &Span,
) -> Outcome<(Standing, Option<Period>)> {
    let period: Option<Period> = opened.store.record(Period::id_of(process.id, span.start).0)?;
    let required = period.as_ref().and_then(|period| period.required);
    let done = done(&opened.store, process, span)?;
    Ok((process.standing(span, required, done, team.time_zone(), opened.now()), period))
}

/// A standing in one sentence.
pub(super) fn sentence(standing: &Standing) -> String {
    let expected = crate::base::text::number(standing.expected, 0);
    let pace = match standing.pace {
        Pace::Nothing => return "nothing is required.".to_owned(),
        Pace::Complete => return format!("{} of {} done: complete.", standing.completed, standing.required),
        Pace::OnPace => "on pace".to_owned(),
        Pace::Ahead(by) => format!("ahead by {by}"),
        Pace::Behind(by) => format!("behind by {by}"),
    };
    let Standing { completed, required, outstanding, .. } = standing;
    format!("{completed} of {required} done, {expected} expected by now: {pace}; {outstanding} still to do.")
}
