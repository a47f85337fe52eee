//! `sync`, and the bundles of `export` and `import`: changes between boards, by files.

use std::collections::HashMap;
use std::io::{IsTerminal, Write, stderr, stdin};
use std::path::{Path, PathBuf};

use clap::Args;

use super::open::{Flags, Opened};
use super::out::{Out, say};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::store::{Accept, Store};
use crate::sync::folder::{self, Gathered, Published, Stranger};
use crate::sync::step::{Report, accept, step};
use crate::sync::unite::unite;
use crate::sync::{about, hub};

#[derive(Debug, Args)]
pub(super) struct Sync {
    /// The folder that the boards share; the last one where none is named
    folder: Option<PathBuf>,
    /// Say what waits, what is missing and who was last seen when, and do nothing
    #[arg(long)]
    status: bool,
    /// Take in the changes of this team, which is not in this file, from now on
    #[arg(long, value_name = "NAME")]
    accept: Vec<String>,
    /// Take in the changes of every team
    #[arg(long)]
    any_team: bool,
    /// Make a team of the same name that another board made by itself one with the team of this file
    #[arg(long)]
    unite: bool,
}

pub(super) fn run(flags: &Flags, sync: &Sync, out: &mut Out) -> Outcome<()> {
    let nameless = Flags { db: flags.db.clone(), team: None, role: flags.role.clone(), now: flags.now.clone() };
    // A board that is not there yet is made, and joins what it finds.
    let mut opened = if sync.folder.is_some() { Opened::fresh(&nameless)? } else { Opened::existing(&nameless)? };
    let folder = match &sync.folder {
        Some(folder) => real(folder)?,
        None => hub::recall(opened.store.path()).map(|hub| hub.folder).ok_or_else(|| {
            Failure::usage("This board has no folder to sync with yet.").hint("Name it once: huddleboard sync FOLDER.")
        })?,
    };
    if sync.status {
        return status(&opened, &folder, out);
    }
    opened.name_this_board()?;
    let teams = if sync.any_team { Accept::AnyTeam } else { Accept::KnownTeams };
    let mut report = step(&mut opened.store, &folder, teams, &mut |_| true)?;
    tell(&opened.store, &report, &folder, out)?;
    if report.redacted {
        opened.redact_backups()?;
    }
    let chosen = flags.team.iter().chain(&sync.accept).map(|name| text::slug(name)).collect::<Vec<_>>();
    if decide(&mut opened, &folder, &report.strangers, &chosen, sync.unite)? {
        report = step(&mut opened.store, &folder, teams, &mut |_| true)?;
        tell(&opened.store, &report, &folder, out)?;
    }
    left_out(&report.strangers, opened.store.known_teams()?.is_empty())?;
    conclude(&report.refused)
}

/// Settles what is to become of teams that are not in this file: as the command line says, or as
/// somebody at a terminal answers. Answers whether there is more to take in or to send now.
fn decide(opened: &mut Opened, folder: &Path, strangers: &[Stranger], chosen: &[String], joins: bool) -> Outcome<bool> {
    let mut more = false;
    for stranger in strangers {
        let twin = stranger.twin;
        let unites = twin.is_some() && (joins || asks(&twins_question(stranger)));
        let takes = unites
            || chosen.contains(&text::slug(&stranger.name))
            || (twin.is_none() && asks(&format!("Take in {} as well?", named(stranger))));
        if !takes {
            continue;
        }
        more = true;
        accept(&opened.store, folder, &[stranger.team])?;
        if let (true, Some(twin)) = (unites, twin) {
            step(&mut opened.store, folder, Accept::KnownTeams, &mut |_| true)?;
            let author = opened.author(None);
            let (_, receipt) = unite(&mut opened.store, &author, stranger.team, twin)?;
            say(&format!("{}. `huddleboard undo` takes it back.", receipt.words));
        }
    }
    Ok(more)
}

fn twins_question(stranger: &Stranger) -> String {
    format!("Another board has made a “{}” of its own. Is it the same ward: make them one?", stranger.name)
}

fn named(stranger: &Stranger) -> String {
    let name = if stranger.name.is_empty() { "a team without a name" } else { &stranger.name };
    format!("“{name}” ({})", several(stranger.changes, "change", "changes"))
}

/// Asks at a terminal; elsewhere nobody is there to say yes.
fn asks(question: &str) -> bool {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return false;
    }
    let _ = write!(stderr(), "{question} [y/N] ").and_then(|()| stderr().flush());
    let mut answer = String::new();
    stdin().read_line(&mut answer).is_ok() && answer.trim().eq_ignore_ascii_case("y")
}

/// Says which teams were left where they are. A board that has none yet cannot choose by itself.
fn left_out(strangers: &[Stranger], is_new: bool) -> Outcome<()> {
    let names: Vec<String> = strangers.iter().map(named).collect();
    if is_new && !strangers.is_empty() {
        return Err(Failure::usage(format!("This folder holds several teams: {}.", names.join(", ")))
            .hint("Say which one this board is for: huddleboard sync FOLDER --accept NAME; or --any-team for all."));
    }
    for (stranger, name) in strangers.iter().zip(&names) {
        say(&match stranger.twin {
            Some(_) => format!(
                "Left out: {name}, made by another board. If it is the same ward, `huddleboard sync --unite` makes them one."
            ),
            None => {
                format!("Left out: {name}, which is not in this file. `huddleboard sync --accept NAME` takes it in.")
            }
        });
    }
    Ok(())
}

fn tell(store: &Store, report: &Report, folder: &Path, out: &mut Out) -> Outcome<()> {
    tell_published(&report.sent, folder, out);
    tell_taken(report.taken, folder, out);
    tell_trouble(&report.ahead, &report.refused);
    tell_missing(&report.missing, &store.replica_names()?, out);
    let conflicts = store.conflict_count()?;
    if conflicts > 0 {
        let are = if conflicts == 1 { "holds a conflict" } else { "hold conflicts" };
        out.line(&format!("{} {are}: see `huddleboard conflicts`.", several(conflicts, "record", "records")));
    }
    Ok(())
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
    let teams = if any_team { Accept::AnyTeam } else { Accept::KnownTeams };
    let gathered = if path.is_dir() {
        folder::gather(&mut opened.store, &real(path)?, teams)?
    } else {
        folder::take_one(&mut opened.store, path, teams)?
    };
    tell_gathered(&gathered, path, out);
    left_out(&gathered.strangers, opened.store.known_teams()?.is_empty())?;
    conclude(&gathered.refused)
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
    let names = opened.store.replica_names()?;
    out.line(&format!("Folder: {}", folder.display()));
    out.line(&match hub::recall(opened.store.path()).and_then(|hub| hub.last) {
        Some(last) => format!("Last sync: {}", last.format("%Y-%m-%d %H:%M UTC")),
        None => "Last sync: never".to_owned(),
    });
    out.line(&format!("Waiting to be sent: {}", status.to_send));
    out.line(&format!("Waiting to be taken in: {}", status.to_take));
    let visits = about::all(folder)?;
    let own = opened.store.replica();
    let rows: Vec<Vec<String>> = status
        .have
        .iter()
        .map(|have| {
            let visit = visits.iter().find(|visit| visit.replica == have.replica);
            let own_changes = status.have.iter().find(|have| have.replica == own).map_or(0, |have| have.upto);
            let behind = visit.map(|visit| own_changes - visit.have.get(&own).copied().unwrap_or(0));
            vec![
                called(have.replica, &names),
                if have.replica == own { "this board".to_owned() } else { String::new() },
                have.upto.to_string(),
                have.last_seen.format("%Y-%m-%d %H:%M").to_string(),
                visit.map_or_else(|| "never".to_owned(), |visit| visit.at.format("%Y-%m-%d %H:%M").to_string()),
                behind.filter(|behind| *behind > 0).map(|behind| behind.to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    out.table(&["board", "", "changes", "latest here (UTC)", "last at the folder", "lacks of ours"], &rows);
    tell_missing(&status.missing, &names, out);
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
    tell_taken(gathered.new, from, out);
    tell_trouble(&gathered.ahead, &gathered.refused);
}

fn tell_taken(new: usize, from: &Path, out: &mut Out) {
    out.line(&match new {
        0 => format!("Nothing new in {}.", from.display()),
        new => format!("Took in {} from {}.", several(new, "change", "changes"), from.display()),
    });
}

fn tell_trouble(ahead: &[ReplicaId], refused: &[Failure]) {
    for replica in ahead {
        say(&format!("The clock of replica {} is more than a day ahead of this machine's.", short(*replica)));
    }
    for refused in refused {
        say(&format!("Refused: {refused}"));
    }
}

fn tell_missing(missing: &[(ReplicaId, i64, i64)], names: &HashMap<ReplicaId, String>, out: &mut Out) {
    for (replica, first, last) in missing {
        out.line(&format!(
            "Missing: changes {first} to {last} of {}. Sync a board that has them with this folder.",
            called(*replica, names)
        ));
    }
}

/// What people call a board: its machine, and the first digits of its id.
fn called(replica: ReplicaId, names: &HashMap<ReplicaId, String>) -> String {
    match names.get(&replica) {
        Some(name) => format!("{name} ({})", short(replica)),
        None => format!("replica {}", short(replica)),
    }
}

fn conclude(refused: &[Failure]) -> Outcome<()> {
    match refused.len() {
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
