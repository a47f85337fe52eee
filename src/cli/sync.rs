//! `sync`, and the bundles of `export` and `import`: changes between boards, by files.

use std::path::{Path, PathBuf};

use clap::Args;

use super::open::{Flags, Opened};
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::store::Accept;
use crate::sync::folder::{self, Gathered, Published};
use crate::sync::hub;

#[derive(Debug, Args)]
pub(super) struct Sync {
    /// The folder that the boards share; the last one where none is named
    folder: Option<PathBuf>,
    /// Say what waits, what is missing and who was last seen when, and do nothing
    #[arg(long)]
    status: bool,
    /// Take in the changes of teams that are not in this file as well
    #[arg(long)]
    any_team: bool,
}

pub(super) fn run(flags: &Flags, sync: &Sync, out: &mut Out) -> Outcome<()> {
    let nameless = Flags { db: flags.db.clone(), team: None, role: flags.role.clone(), now: flags.now.clone() };
    // A board that is not there yet is made, and joins what it finds.
    let mut opened = if sync.folder.is_some() { Opened::fresh(&nameless)? } else { Opened::existing(&nameless)? };
    let folder = match &sync.folder {
        Some(folder) => real(folder)?,
        None => hub::recall(opened.store.path()).ok_or_else(|| {
            Failure::usage("This board has no folder to sync with yet.").hint("Name it once: huddleboard sync FOLDER.")
        })?,
    };
    if sync.status {
        return status(&opened, &folder, out);
    }
    let gathered = folder::gather(&mut opened.store, &folder, accept(sync.any_team))?;
    let published = folder::publish(&opened.store, &folder)?;
    hub::remember(opened.store.path(), &folder)?;
    tell_published(&published, &folder, out);
    tell_gathered(&gathered, &folder, out);
    let missing = folder::status(&opened.store, &folder)?.missing;
    tell_missing(&missing, out);
    conclude(&gathered)
}

/// `export FOLDER`: puts there what the folder lacks.
pub(super) fn publish(flags: &Flags, folder: &Path, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    let published = folder::publish(&opened.store, &real(folder)?)?;
    tell_published(&published, folder, out);
    Ok(())
}

/// `export --bundle FILE`: all that this board has, in one file.
pub(super) fn write_one(flags: &Flags, file: &Path, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    let count = folder::write_one(&opened.store, file, &[])?;
    out.line(&format!("{} in {}.", several(count, "change is", "changes are"), file.display()));
    Ok(())
}

/// Whether `import` is to take this in as changes: a folder or a bundle.
pub(super) fn holds_changes(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("hbs"))
}

/// `import FOLDER` and `import FILE.hbs`.
pub(super) fn take_in(flags: &Flags, path: &Path, any_team: bool, out: &mut Out) -> Outcome<()> {
    let nameless = Flags { db: flags.db.clone(), team: None, role: flags.role.clone(), now: flags.now.clone() };
    let mut opened = Opened::fresh(&nameless)?;
    let gathered = if path.is_dir() {
        folder::gather(&mut opened.store, path, accept(any_team))?
    } else {
        folder::take_one(&mut opened.store, path, accept(any_team))?
    };
    tell_gathered(&gathered, path, out);
    conclude(&gathered)
}

fn accept(any_team: bool) -> Accept {
    if any_team { Accept::AnyTeam } else { Accept::KnownTeams }
}

/// The folder by its whole name, so that it is found again from anywhere. It is never made: a share
/// that is not there would be taken for an empty one.
fn real(folder: &Path) -> Outcome<PathBuf> {
    std::fs::canonicalize(folder).ok().filter(|folder| folder.is_dir()).ok_or_else(|| {
        Failure::not_found("There is no such folder.")
            .at(folder.display().to_string())
            .hint("Make it, or connect the share or the stick, and try again.")
    })
}

fn status(opened: &Opened, folder: &Path, out: &mut Out) -> Outcome<()> {
    let status = folder::status(&opened.store, folder)?;
    out.line(&format!("Folder: {}", folder.display()));
    out.line(&format!("Waiting to be sent: {}", status.to_send));
    out.line(&format!("Waiting to be taken in: {}", status.to_take));
    for have in &status.have {
        let own = if have.replica == opened.store.replica() { ", this board" } else { "" };
        let seen = have.last_seen.format("%Y-%m-%d %H:%M UTC");
        out.line(&format!("Replica {}{own}: {} changes, last seen {seen}", short(have.replica), have.upto));
    }
    tell_missing(&status.missing, out);
    Ok(())
}

fn tell_published(published: &Published, folder: &Path, out: &mut Out) {
    out.line(&match published.changes {
        0 => format!("Nothing new to send to {}.", folder.display()),
        changes => {
            let in_bundles = several(published.bundles, "bundle", "bundles");
            format!("Sent {} in {in_bundles} to {}.", several(changes, "change", "changes"), folder.display())
        }
    });
}

fn tell_gathered(gathered: &Gathered, from: &Path, out: &mut Out) {
    out.line(&match gathered.new {
        0 => format!("Nothing new in {}.", from.display()),
        new => format!("Took in {} from {}.", several(new, "change", "changes"), from.display()),
    });
    for replica in &gathered.ahead {
        say(&format!("The clock of replica {} is more than a day ahead of this machine's.", short(*replica)));
    }
    for refused in &gathered.refused {
        say(&format!("Refused: {refused}"));
    }
}

fn tell_missing(missing: &[(ReplicaId, i64, i64)], out: &mut Out) {
    for (replica, first, last) in missing {
        out.line(&format!(
            "Missing: changes {first} to {last} of replica {}. Sync a board that has them with this folder.",
            short(*replica)
        ));
    }
}

fn conclude(gathered: &Gathered) -> Outcome<()> {
    match gathered.refused.len() {
        0 => Ok(()),
        count => Err(Failure::refused(format!(
            "{} refused; everything else is in.",
            several(count, "bundle was", "bundles were")
        ))
        .hint("The reasons are above.")),
    }
}

fn short(replica: ReplicaId) -> String {
    replica.0.simple().to_string().chars().take(8).collect()
}

fn several(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
