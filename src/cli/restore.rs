//! `restore`: which backups there are, and one of them put in the place of the board.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::backup::busy;
use super::open::{Flags, Home};
use super::out::{Out, say};
use crate::base::clock::SystemClock;
use crate::base::error::{Failure, Outcome};
use crate::base::zone::Zone;
use crate::store::backup::{self, Backup, Difference, Restoring, Sort, backup_folder, holding};
use crate::store::drive::size;

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup to put back: a file, its name in the list, or `latest`; without it they are listed
    backup: Option<PathBuf>,
    /// List the backups
    #[arg(long, conflicts_with = "backup")]
    list: bool,
    /// List them as an array of objects
    #[arg(long, conflicts_with = "backup")]
    json: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(flags: &Flags, restore: &Restore, out: &mut Out) -> Outcome<()> {
    let home = Home::find();
    let place = home.database(flags).path;
    let database = std::fs::canonicalize(&place).or_else(|_| std::path::absolute(&place)).unwrap_or(place);
    let beside = backup_folder(&database);
    let folder = home.backups(&database).unwrap_or_else(|| beside.clone());
    let mut made = backup::backups(&folder)?;
    if folder != beside {
        made.extend(backup::backups(&beside)?);
        made.sort_by_key(|backup| std::cmp::Reverse(backup.when));
    }
    match &restore.backup {
        None => list(&made, &folder, flags.clock()?.now(), restore.json, out),
        Some(wanted) => {
            let chosen = choose(wanted, &made, &folder)?;
            put_back(flags, &database, &chosen, &folder, restore.yes, out)
        }
    }
}

fn list(made: &[Backup], folder: &Path, now: DateTime<Utc>, json: bool, out: &mut Out) -> Outcome<()> {
    if json {
        out.json(&Value::Array(made.iter().map(entry).collect()));
        return Ok(());
    }
    if made.is_empty() {
        out.line(&format!("There are no backups in {}.", folder.display()));
        out.line("Make one with `huddleboard backup`, or name the file of one: huddleboard restore FILE.");
        return Ok(());
    }
    let zone = Zone::of_this_machine();
    let rows: Vec<Vec<String>> = made
        .iter()
        .map(|backup| {
            let held = match holding(&backup.path) {
                Ok(held) => {
                    [held.changes.to_string(), held.latest_value.map_or_else(String::new, |day| day.to_string())]
                }
                Err(failure) => ["cannot be read".to_owned(), failure.what],
            };
            let [changes, latest] = held;
            let when = zone.wall(backup.when).format("%Y-%m-%d %H:%M").to_string();
            vec![name(backup), when, age(now - backup.when), size(backup.bytes), changes, latest, why(backup.sort)]
        })
        .collect();
    out.table(&["backup", "made", "age", "size", "changes", "latest value", "why"], &rows);
    if out.terminal {
        out.line("Put one back with `huddleboard restore latest`, or by its name.");
    }
    Ok(())
}

fn entry(backup: &Backup) -> Value {
    let held = holding(&backup.path);
    let failure = held.as_ref().err().map(|failure| failure.what.clone());
    let held = held.ok();
    json!({
        "name": name(backup), "path": backup.path.display().to_string(), "at": backup.when.to_rfc3339(), "bytes": backup.bytes,
        "sort": code(backup.sort), "changes": held.as_ref().map(|held| held.changes),
        "last_change": held.as_ref().and_then(|held| held.last_change).map(|at| at.to_rfc3339()),
        "latest_value": held.and_then(|held| held.latest_value), "failure": failure,
    })
}

fn name(backup: &Backup) -> String {
    backup.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn code(sort: Sort) -> &'static str {
    match sort {
        Sort::Regular => "regular",
        Sort::BeforeSchema(_) => "before_schema",
        Sort::BeforeRestore => "before_restore",
        Sort::Damaged => "damaged",
    }
}

fn why(sort: Sort) -> String {
    match sort {
        Sort::Regular => String::new(),
        Sort::BeforeSchema(schema) => format!("before schema {schema}"),
        Sort::BeforeRestore => "before a restore".to_owned(),
        Sort::Damaged => "damaged when it was replaced".to_owned(),
    }
}

fn age(age: chrono::TimeDelta) -> String {
    let said = |count: i64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match (age.num_days(), age.num_hours(), age.num_minutes()) {
        (_, _, ..0) => "in the future".to_owned(),
        (0, 0, minutes) => said(minutes, "minute"),
        (0, hours, _) => said(hours, "hour"),
        (days, _, _) => said(days, "day"),
    }
}

/// The file that was asked for. `latest` is the last that the board made of itself while all was well.
fn choose(wanted: &Path, made: &[Backup], folder: &Path) -> Outcome<PathBuf> {
    if wanted.as_os_str() == "latest" {
        return made.iter().find(|backup| backup.sort == Sort::Regular).map(|backup| backup.path.clone()).ok_or_else(
            || {
                Failure::not_found("There is no backup yet.")
                    .at(folder.display().to_string())
                    .hint("Name the file of one: huddleboard restore FILE.")
            },
        );
    }
    let listed = made.iter().find(|backup| backup.path.file_name() == Some(wanted.as_os_str()));
    match listed {
        _ if wanted.exists() => Ok(wanted.to_owned()),
        Some(backup) => Ok(backup.path.clone()),
        None => Err(Failure::not_found("There is no such backup.")
            .at(wanted.display().to_string())
            .hint("`huddleboard restore` lists those that there are.")),
    }
}

fn put_back(flags: &Flags, database: &Path, chosen: &Path, folder: &Path, yes: bool, out: &mut Out) -> Outcome<()> {
    let can_ask = stdin().is_terminal() && stdout().is_terminal();
    if !yes && !can_ask {
        return Err(Failure::usage("Without a terminal nobody can be asked whether the board is to be replaced.")
            .hint("Say it with --yes."));
    }
    let busy = busy("Checking the backup.");
    let restoring = Restoring::prepare(database, chosen, Arc::new(SystemClock))?;
    let changes = restoring.changes();
    busy.finish_and_clear();
    if !yes {
        say(&format!("The backup {} is whole and has {changes} changes.", chosen.display()));
        say(&foretold(restoring.difference(), database));
        if !agreed("Put it in the place of the board? The board that stands there is kept. [y/N] ") {
            out.line("Nothing was changed.");
            return Ok(());
        }
    }
    let restored = restoring.put(folder, flags.clock()?.now())?;
    out.line(&format!("{} is in place again, with {changes} changes, in {}.", chosen.display(), database.display()));
    if let Some(kept) = &restored.kept {
        out.line(&format!("What stood there is kept in {}.", kept.display()));
    }
    if let Some(difference) = restored.difference {
        out.line(&told(difference, "the replaced board had"));
    }
    out.line(
        "It becomes a replica of its own when it is opened; `huddleboard sync` brings back what other boards have.",
    );
    Ok(())
}

fn foretold(difference: Option<Difference>, database: &Path) -> String {
    match difference {
        Some(difference) => told(difference, "the present board has"),
        None if database.exists() => "What stands in its place cannot be read, and is kept byte for byte.".to_owned(),
        None => "Nothing stands in its place.".to_owned(),
    }
}

/// How the backup differs from what `the_other` "had" or "has".
fn told(difference: Difference, the_other: &str) -> String {
    let changes = |count: usize| format!("{count} change{}", if count == 1 { "" } else { "s" });
    match (difference.lost, difference.gained) {
        (0, 0) => format!("It has the changes that {the_other}, and no other."),
        (lost, 0) => format!("It lacks {} that {the_other}.", changes(lost)),
        (0, gained) => format!("It has all changes that {the_other}, and {} more.", changes(gained)),
        (lost, gained) => format!("It lacks {} that {the_other}, and has {} more.", changes(lost), changes(gained)),
    }
}

/// Asks on the terminal; anything but a yes is a no.
pub(super) fn agreed(question: &str) -> bool {
    let mut said = String::new();
    let asked = write!(stdout(), "{question}").and_then(|()| stdout().flush());
    asked.and_then(|()| stdin().read_line(&mut said)).is_ok()
        && ["y", "yes"].contains(&said.trim().to_lowercase().as_str())
}
