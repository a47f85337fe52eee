//! `tick`: work that is done, in the period that is open now.

use clap::Args;

use super::find::find;
use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::domain::CompletionId;
use crate::domain::change::Edit;
use crate::domain::process::{Completion, Pace, Process, Standing};
use crate::domain::team::Team;
use crate::store::Work;

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
    let work = open_work(&opened, &team, process)?.ok_or_else(|| {
        Failure::refused(format!("No work of “{}” is required now.", process.name))
            .hint("`huddleboard show work` says when it is.")
    })?;
    let before = work.spell.told.completed;
    if before + tick.count < 0 {
        return Err(Failure::refused(format!(
            "Only {before} are counted in this period, so {} cannot be taken back.",
            -tick.count
        ))
        .hint("Take back fewer."));
    }
    let mut completion = Completion::blank(CompletionId::fresh(), team.id);
    completion.process = process.id;
    completion.start = work.spell.span.start;
    completion.amount = tick.count;
    completion.at = now;
    let author = opened.author(Some(&team));
    opened.store.commit(&author, &format!("{} {:+}", process.name, tick.count), [Ok(Edit::create(&completion))])?;
    if let Some(work) = open_work(&opened, &team, process)? {
        let standing = work.standing(process, now);
        out.line(&format!("{}, {}: {}", process.name, work.spell.span.name, sentence(&standing)));
    }
    Ok(())
}

/// The period of a process that is open now, with what is known of it.
pub(super) fn open_work(opened: &Opened, team: &Team, process: &Process) -> Outcome<Option<Work>> {
    let (now, calendar) = (opened.now(), team.calendar());
    let day = calendar.at(now).day;
    let work = opened.store.work(process, &calendar, day, day)?;
    Ok(work.into_iter().find(|work| work.spell.span.opens <= now && now < work.spell.span.closes))
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
    let Standing { completed, required, outstanding, carried, .. } = standing;
    let of = if *carried > 0 { format!("{required} ({carried} of them carried over)") } else { required.to_string() };
    format!("{completed} of {of} done, {expected} expected by now: {pace}; {outstanding} still to do.")
}
