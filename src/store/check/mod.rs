//! Whether all is well with a board: each thing that can be looked at, with a verdict, what was found,
//! and what to do. The board's file is only read.

mod beside;
mod within;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;

use super::backup::Sort;
use super::failure::damaged;
use super::{Store, backup, file, open};
use crate::base::clock::Clock;
use crate::base::error::{Failure, FailureKind, Outcome};

/// What to do about a damaged file.
const RESTORE: &str = "Put the last good copy back: `huddleboard restore`. It keeps this file as it is.";

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Somebody should look at it.
    Look,
    /// Something has to be done.
    Wrong,
}

impl Verdict {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Look => "look",
            Self::Wrong => "wrong",
        }
    }
}

/// What one check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it came out.
    pub verdict: Verdict,
    /// What was found, in sentences.
    pub found: String,
    /// What to do, in sentences; empty where there is nothing.
    pub remedy: String,
}

impl Finding {
    /// A check that came out like this.
    pub fn new(check: &'static str, verdict: Verdict, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, verdict, found: found.into(), remedy: remedy.into() }
    }

    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(check, Verdict::Ok, found, "")
    }

    fn look(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Verdict::Look, found, remedy)
    }

    fn wrong(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, Verdict::Wrong, found, remedy)
    }

    /// A check that could not be carried out.
    fn failed(check: &'static str, failure: &Failure) -> Self {
        if failure.hint == damaged().hint {
            return Self::wrong(check, failure.what.clone(), RESTORE);
        }
        Self::wrong(check, failure.what.clone(), failure.hint.clone().unwrap_or_default())
    }
}

/// What is looked at.
pub struct Examination<'a> {
    /// The board's file.
    pub database: &'a Path,
    /// Where its backups are; nothing where none are made.
    pub backups: Option<&'a Path>,
    /// Where a copy may be made for a while when that is not possible beside the database.
    pub elsewhere: &'a Path,
    /// Whether the settings say that a group shares the file.
    pub shared_with_group: bool,
    /// When this program was built, where that is known.
    pub built: Option<DateTime<Utc>>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Examination<'_> {
    /// Carries all checks out, and says before each one that may take long what it is.
    ///
    /// # Errors
    /// Where there is no file, or it is no board.
    pub fn carry_out(&self, tell: &mut dyn FnMut(&str)) -> Outcome<Vec<Finding>> {
        let real = std::fs::canonicalize(self.database)
            .map_err(|_| Failure::not_found("There is no board.").at(self.database.display().to_string()))
            .map_err(|failure| {
                failure.hint("Name the board's file with --db; `huddleboard restore` lists its copies.")
            })?;
        let mut findings = Vec::new();
        let store = match self.open(&real) {
            Ok(mut store) => {
                tell("reading every page");
                let integrity = within::integrity(&store);
                let whole = integrity.verdict == Verdict::Ok;
                findings.push(integrity);
                if whole {
                    // Closed, a whole one is left without the files beside it that reading it makes.
                    store.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
                    tell("making the tables again from the log, on a copy");
                    findings.push(within::log(&mut store, self));
                    findings.push(within::schema(&store));
                    findings.push(within::clock(&store, self));
                    findings.push(within::replicas(&store, self.clock.now()));
                }
                Some(store).filter(|_| whole)
            }
            Err(failure) if failure.kind == FailureKind::Refused => return Err(failure),
            Err(failure) => {
                findings.push(Finding::failed("integrity", &failure));
                None
            }
        };
        findings.push(beside::rights(&real, self));
        findings.push(beside::drive(&real));
        findings.push(beside::conflict_copies(&real));
        tell("reading the last backup");
        findings.push(beside::backups(store.as_ref(), self));
        findings.push(beside::room(&real, self));
        Ok(findings)
    }

    fn open(&self, real: &Path) -> Outcome<Store> {
        file::check_emptied(real)?;
        file::check_header(real)?;
        let conn = open::connect(real)?;
        // A damaged file must not change, not even when it is closed.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        if super::schema::stands(&conn)? == 0 {
            return Err(Failure::new(FailureKind::Refused, "This file is empty.")
                .at(real.display().to_string())
                .hint("Make a board with `huddleboard init`, or name another file."));
        }
        Store::on(conn, real, self.clock.clone())
    }

    /// The folders that hold copies of the board.
    fn folders(&self, real: &Path) -> Vec<PathBuf> {
        let mut folders = vec![backup::backup_folder(real)];
        folders.extend(self.backups.filter(|folder| **folder != folders[0]).map(Path::to_owned));
        folders.retain(|folder| folder.is_dir());
        folders
    }
}

/// "1 file", "2 files".
fn several(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
