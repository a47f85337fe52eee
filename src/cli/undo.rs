//! `undo` and `redo`: the latest action on this file, whoever's run it was.

use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::Outcome;
use crate::store::UndoScope;

pub(super) fn undo(flags: &Flags, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
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
