//! `undo` and `redo`: the latest action on this file, whoever's run it was; or any action of the log,
//! after saying what would be taken back and what depends on it.

use std::io::{IsTerminal, stdin, stdout};

use clap::Args;

use super::log;
use super::open::{Flags, Opened};
use super::out::Out;
use super::restore::agreed;
use crate::base::error::{Failure, Outcome};
use crate::store::{Extent, Part, Preview, UndoScope};

#[derive(Debug, Args)]
pub(super) struct Undo {
    /// An action of the log by its id, however long ago; without it the latest one
    id: Option<String>,
    /// Take back what nothing depends on, where something does
    #[arg(long, requires = "id")]
    rest: bool,
    /// Say what would be taken back and what depends on it, and do nothing
    #[arg(long, requires = "id")]
    dry_run: bool,
    /// Do not ask
    #[arg(long, requires = "id")]
    yes: bool,
}

pub(super) fn undo(flags: &Flags, undo: &Undo, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    if let Some(id) = &undo.id {
        return long_ago(&mut opened, id, undo, out);
    }
    let author = opened.author(opened.team().ok().as_ref());
    // Each command is a run of its own, so that a run's own actions would never be there to undo.
    let receipt = opened.store.undo(&author, UndoScope::File)?;
    out.line(&format!("Undone: {}. `huddleboard redo` brings it back.", receipt.words));
    Ok(())
}

pub(super) fn redo(flags: &Flags, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let author = opened.author(opened.team().ok().as_ref());
    let receipt = opened.store.redo(&author, UndoScope::File)?;
    out.line(&format!("Done again: {}.", receipt.words));
    Ok(())
}

fn long_ago(opened: &mut Opened, id: &str, undo: &Undo, out: &mut Out) -> Outcome<()> {
    let preview = opened.store.preview(opened.store.action_coded(id)?)?;
    foretell(opened, &preview, out)?;
    if undo.dry_run {
        out.line("Nothing was undone: this was a rehearsal.");
        return Ok(());
    }
    let extent = if undo.rest { Extent::Rest } else { Extent::All };
    let possible = preview.rest() > 0 && (undo.rest || !preview.is_depended_on());
    if possible && !undo.yes {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(Failure::usage("Without a terminal nobody can be asked whether this is to be undone.")
                .hint("Say it with --yes, or --dry-run to see what would be taken back."));
        }
        out.finish()?;
        if !agreed("Undo it? [y/N] ") {
            out.line("Nothing was undone.");
            return Ok(());
        }
    }
    let author = opened.author(opened.team().ok().as_ref());
    let receipt = opened.store.take_back(&author, &preview, extent).map_err(|failure| {
        let can_do_rest = preview.rest() > 0 && preview.is_depended_on() && !undo.rest;
        if can_do_rest { failure.hint("--rest takes back what nothing depends on.") } else { failure }
    })?;
    out.line(&format!("Undone: {}. `huddleboard redo` brings it back.", receipt.words));
    Ok(())
}

/// How many records are named before the others are only counted.
const NAMED: usize = 20;

/// Says what would be taken back, and what depends on it.
fn foretell(opened: &Opened, preview: &Preview, out: &mut Out) -> Outcome<()> {
    out.line(&log::heading(opened, &preview.entry)?);
    // What depends on it comes first: of the rest there may be screens.
    named(opened, "Changed since, and stays as it is", &preview.changed, preview.changed_count, out)?;
    for hanging in &preview.hanging {
        out.line(&format!("Is still needed by what hangs on it, and stays: {}.", opened.store.tell_hanging(hanging)?));
    }
    let goes: Vec<Part> = preview.taken.iter().filter(|part| preview.goes(part)).cloned().collect();
    named(opened, "Would be taken back", &goes, preview.rest(), out)?;
    if preview.redacted > 0 {
        out.line(&format!("A text that was redacted does not come back ({}).", records(preview.redacted)));
    }
    if preview.unknown > 0 {
        out.line(&format!("{} of its changes are of a newer version, and stay.", preview.unknown));
    }
    if preview.taken_count == 0 && preview.changed_count == 0 {
        out.line("Nothing is left to take back.");
    }
    Ok(())
}

fn named(opened: &Opened, heading: &str, parts: &[Part], count: usize, out: &mut Out) -> Outcome<()> {
    if count == 0 {
        return Ok(());
    }
    out.line(&format!("{heading} ({}):", records(count)));
    for part in parts.iter().take(NAMED) {
        // What a record held from its first moment on goes with it: its name is enough here.
        if part.is_made() { log::line(opened, part, out)? } else { log::lines(opened, part, out)? }
    }
    if count > NAMED {
        out.line(&format!("  and {} more", records(count - NAMED)));
    }
    Ok(())
}

fn records(count: usize) -> String {
    if count == 1 { "1 record".to_owned() } else { format!("{count} records") }
}
