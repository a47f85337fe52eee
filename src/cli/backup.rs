//! `backup`: a copy of the board, made while others go on writing, and checked from end to end.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;

use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::store::backup::holding;
use crate::store::drive::size;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to make, or a folder to make it in; without it, where the board keeps its own
    file: Option<PathBuf>,
}

pub(super) fn run(flags: &Flags, backup: &Backup, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    let busy = busy("Copying the board, and checking the copy.");
    let made = match &backup.file {
        Some(folder) if folder.is_dir() => opened.store.back_up(&folder.join(name(&opened)))?,
        Some(file) => opened.store.back_up(file)?,
        None => {
            let folder = opened.home.backups(opened.store.path()).ok_or_else(|| {
                Failure::usage("The settings say that no backups are made.")
                    .hint("Name a file: huddleboard backup FILE; or set `backups` in the settings.")
            })?;
            opened.store.back_up_into(&folder, opened.now())?
        }
    };
    busy.finish_and_clear();
    let changes = holding(&made.path)?.changes;
    out.line(&format!("{changes} changes, {}, in {}.", size(made.bytes), made.path.display()));
    out.line("The copy is whole, and holds what the board held.");
    Ok(())
}

/// What a copy in a folder of the person's own is called: after the board and the moment.
fn name(opened: &Opened) -> String {
    let stem = opened.store.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    format!("{stem}-{}.db", opened.now().format("%Y-%m-%dT%H%M%SZ"))
}

/// Something that moves on a terminal while long work is done, and nothing elsewhere.
pub(super) fn busy(words: &str) -> ProgressBar {
    use std::io::IsTerminal;
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(words.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
