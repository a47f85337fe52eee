//! `redact`: blanks a text that somebody should not have typed, everywhere it can be reached.
//!
//! The text is read from the terminal or standard input and never from the command line, which other
//! programs keep and show.

use std::io::{IsTerminal, Write, stderr, stdin};

use clap::Args;

use super::open::{Flags, Opened};
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::domain::team::Team;
use crate::store::Found;
use crate::sync::about;

#[derive(Debug, Args)]
pub(super) struct Redact {
    /// Say what would be blanked, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
    /// Why, for the log; never the text itself
    #[arg(long, value_name = "WORDS", default_value = "a patient's detail")]
    reason: String,
}

pub(super) fn run(flags: &Flags, redact: &Redact, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let text = typed()?;
    let found = opened.store.find_text(&text)?;
    if found.is_empty() {
        return Err(Failure::not_found("This text stands nowhere on this board.")
            .hint("Type it as it was typed then, or a part of it; nothing was blanked."));
    }
    for (kind, count) in counted(&found) {
        out.line(&format!("Found in {count}: {kind}."));
    }
    if redact.dry_run {
        out.line("Nothing was blanked: this was a rehearsal.");
        return Ok(());
    }
    if !redact.yes && !agreed()? {
        out.line("Nothing was blanked.");
        return Ok(());
    }
    let author = opened.author(opened.team().ok().as_ref());
    for place in &found {
        let record = (place.kind, &place.record);
        opened.store.redact(&author, place.team, record, &place.fields, &redact.reason)?;
    }
    out.line("Blanked in this file and in its log. The log keeps that something was, by whom and when.");
    match opened.redact_backups()? {
        0 => {}
        count => out
            .line(&format!("Blanked in {}.", if count == 1 { "1 backup".into() } else { format!("{count} backups") })),
    }
    unreached(&opened, out)
}

/// The text, from the terminal or standard input.
fn typed() -> Outcome<String> {
    if stdin().is_terminal() {
        let _ = write!(stderr(), "The text to blank, or a part of it: ").and_then(|()| stderr().flush());
    }
    let mut line = String::new();
    stdin().read_line(&mut line).map_err(|error| Failure::machine(format!("The text cannot be read: {error}.")))?;
    let text = line.trim().to_owned();
    if text.chars().count() < 3 {
        return Err(Failure::usage("Too little to look for.")
            .hint("Type at least three letters, or pipe the text in: huddleboard redact < file."));
    }
    Ok(text)
}

fn agreed() -> Outcome<bool> {
    if !stdin().is_terminal() {
        return Err(Failure::usage("Blanking cannot be undone, and nobody is there to ask.")
            .hint("Say --yes to do it, or --dry-run to see what would be blanked."));
    }
    let _ = write!(stderr(), "This cannot be undone. Blank it? [y/N] ").and_then(|()| stderr().flush());
    let mut answer = String::new();
    Ok(stdin().read_line(&mut answer).is_ok() && answer.trim().eq_ignore_ascii_case("y"))
}

/// How many records of each kind, in words that do not repeat the text.
fn counted(found: &[Found]) -> Vec<(String, usize)> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for place in found {
        let words = format!("{} ({})", place.kind.code(), place.fields.join(", "));
        match counted.iter_mut().find(|(other, _)| *other == words) {
            Some((_, count)) => *count += 1,
            None => counted.push((words, 1)),
        }
    }
    counted
}

/// Says where the text may still stand.
fn unreached(opened: &Opened, out: &mut Out) -> Outcome<()> {
    let teams: Vec<Team> = opened.store.teams()?;
    match about::others(&opened.store) {
        Some(others) => {
            out.line("The next `huddleboard sync` blanks the bundles in the folder and tells the other boards.");
            for about in others {
                let (board, at) = (about.called(), about.at.format("%Y-%m-%d %H:%M UTC"));
                out.line(&format!("Until it has synced, it still stands on: {board}, last at the folder {at}."));
            }
        }
        None if teams.is_empty() => {}
        None => out.line("This board syncs with no folder: nobody else is told."),
    }
    say("What nobody can reach from here: exports, bundles sent by e-mail, copies of the file, and what was printed.");
    Ok(())
}
