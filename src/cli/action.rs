//! `action`: what the team decided, written down and closed by scripts and by people without a screen.

use clap::{Args, Subcommand};

use super::find::find;
use super::no_such;
use super::open::{Flags, Opened};
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::PromiseId;
use crate::domain::ahead::parse_ahead;
use crate::domain::change::Edit;
use crate::domain::promise::{Promise, Sort, Tier, parse_line};
use crate::domain::team::Team;

#[derive(Debug, Args)]
pub(super) struct Action {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Write an action down: add low beds from the library @therapy by mon
    Add(New),
    /// Ask another tier for something: escalate second nurse tonight --tier division
    Escalate(Escalate),
    /// Mark an action as done; what comes again is made anew
    Done(Which),
    /// Say what an action is stuck on; without words, that it goes on
    Stuck(Saying),
    /// Write down what the tier answered, which closes an escalation
    Answer(Saying),
    /// Ask the next tier up; an action becomes an escalation to the matron
    Up(Which),
    /// Say that it is no longer wanted, and why
    Drop(Saying),
}

#[derive(Debug, Args)]
struct New {
    /// What is to be done; "@role" and "by day" may stand at its end
    #[arg(required = true)]
    words: Vec<String>,
    /// The role that does it: never a person's name
    #[arg(long, value_name = "ROLE")]
    who: Option<String>,
    /// The day: tomorrow, mon, +7, 23/11 or 2026-11-23; tomorrow where nothing is said
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    by: Option<String>,
}

#[derive(Debug, Args)]
struct Escalate {
    #[command(flatten)]
    new: New,
    /// Who is asked: team, matron, division or executive
    #[arg(long, default_value = "matron")]
    tier: String,
    /// Why, in a word or two: staffing, equipment, estates
    #[arg(long, value_name = "WORDS", default_value = "")]
    reason: String,
    /// SBAR: what is happening now; counts, never patients
    #[arg(long, value_name = "TEXT", default_value = "")]
    situation: String,
    /// SBAR: what led to it
    #[arg(long, value_name = "TEXT", default_value = "")]
    background: String,
    /// SBAR: what the team makes of it
    #[arg(long, value_name = "TEXT", default_value = "")]
    assessment: String,
    /// SBAR: what is asked for
    #[arg(long, value_name = "TEXT", default_value = "")]
    recommendation: String,
}

#[derive(Debug, Args)]
struct Which {
    /// Words of it, or its id
    #[arg(required = true)]
    name: Vec<String>,
}

#[derive(Debug, Args)]
struct Saying {
    /// Words of it, or its id
    name: String,
    /// What is said
    words: Vec<String>,
}

pub(super) fn run(flags: &Flags, action: &Action, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let team = opened.team()?;
    match &action.step {
        Step::Add(new) => {
            let promise = made(&opened, &team, Sort::Action, new)?;
            let words = format!("Action: {}", promise.what);
            commit(&mut opened, &team, &words, vec![Edit::create(&promise)], out)
        }
        Step::Escalate(asked) => {
            let mut promise = made(&opened, &team, Sort::Escalation, &asked.new)?;
            let tiers: Vec<&str> = Tier::ALL.iter().map(|tier| tier.code()).collect();
            promise.tier = Tier::parse(&asked.tier).ok_or_else(|| no_such("tier", &asked.tier, &tiers))?;
            promise.reason = text::clean_line(&asked.reason);
            promise.situation = text::clean_lines(&asked.situation);
            promise.background = text::clean_lines(&asked.background);
            promise.assessment = text::clean_lines(&asked.assessment);
            promise.recommendation = text::clean_lines(&asked.recommendation);
            let words = format!("Escalated to {}: {}", promise.tier.code(), promise.what);
            commit(&mut opened, &team, &words, vec![Edit::create(&promise)], out)
        }
        Step::Done(which) => {
            let promise = open_one(&opened, &team, &which.name.join(" "))?;
            let (edits, again) = promise.done(opened.today(&team), opened.now());
            let again = again.map_or_else(String::new, |by| format!("; again by {}", by.format("%a %-d %b")));
            commit(&mut opened, &team, &format!("Done: {}{again}", promise.what), edits, out)
        }
        Step::Stuck(said) => {
            let promise = open_one(&opened, &team, &said.name)?;
            let because = said.words.join(" ");
            let words = if because.is_empty() { "Goes on" } else { "Stuck" };
            let edit = promise.stuck(&text::clean_line(&because));
            commit(&mut opened, &team, &format!("{words}: {}", promise.what), vec![edit], out)
        }
        Step::Answer(said) => {
            let promise = open_one(&opened, &team, &said.name)?;
            let edit = promise.answered(&text::clean_line(&said.words.join(" ")), opened.now())?;
            commit(&mut opened, &team, &format!("Answered: {}", promise.what), vec![edit], out)
        }
        Step::Up(which) => {
            let promise = open_one(&opened, &team, &which.name.join(" "))?;
            let (tier, edit) = promise.tier_up()?;
            let words = format!("Escalated to {}: {}", tier.code(), promise.what);
            commit(&mut opened, &team, &words, vec![edit], out)
        }
        Step::Drop(said) => {
            let promise = open_one(&opened, &team, &said.name)?;
            let edit = promise.dropped(&text::clean_line(&said.words.join(" ")), opened.now());
            commit(&mut opened, &team, &format!("Dropped: {}", promise.what), vec![edit], out)
        }
    }
}

/// The new one that the words say.
fn made(opened: &Opened, team: &Team, sort: Sort, new: &New) -> Outcome<Promise> {
    let today = opened.today(team);
    let line = parse_line(&new.words.join(" "), today);
    if line.what.is_empty() {
        return Err(Failure::usage("Nothing is said that is to be done.").hint("action add low beds by mon"));
    }
    let mut promise = Promise::blank(PromiseId::fresh(), team.id);
    (promise.sort, promise.what, promise.raised) = (sort, line.what, Some(opened.now()));
    let who = new.who.as_deref().map(text::clean_line).or(line.who);
    promise.who = match (who, sort) {
        (Some(who), _) => who,
        (None, Sort::Action) if !team.role.is_empty() => team.role.clone(),
        (None, _) => String::new(),
    };
    promise.by = match &new.by {
        Some(typed) => parse_ahead(typed, today, "--by")?,
        None => line.by.or_else(|| today.succ_opt()),
    };
    Ok(promise)
}

/// The one that is open and that these words mean.
fn open_one(opened: &Opened, team: &Team, typed: &str) -> Outcome<Promise> {
    let mut all: Vec<Promise> = opened.store.records(Some(team.id))?;
    all.retain(Promise::is_open);
    all.sort_by_key(|one| (one.by, one.id));
    find("open action", typed, &all).cloned()
}

fn commit(opened: &mut Opened, team: &Team, words: &str, edits: Vec<Edit>, out: &mut Out) -> Outcome<()> {
    let author = opened.author(Some(team));
    let receipt = opened.store.commit(&author, words, edits.into_iter().map(Ok))?;
    let end = if receipt.changes == 0 { " It was so already." } else { "" };
    out.line(&format!("{words}.{end}"));
    for concern in &receipt.warnings {
        say(&format!("{} This board holds counts, never patients.", concern.words()));
    }
    Ok(())
}
