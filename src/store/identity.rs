//! Which replica this file is. A sequence number must never be given out twice, so a copied or
//! restored file has to become a replica of its own before it is written to: a small file beside the
//! database remembers which file the replica's numbers belong to, and how far they have gone.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::failure::{internal, of_file};
use super::file;
use super::open::uuid_at;
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;

/// The ending of the file beside the database.
const ENDING: &str = "-replica";

/// How long that file is; spaces fill it up.
const LENGTH: usize = 256;

/// What the file beside the database remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sidecar {
    replica: Uuid,
    machine: Uuid,
    inode: u64,
    next_seq: i64,
}

/// This file's own replica.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    pub(super) no: i64,
    pub(super) id: ReplicaId,
    pub(super) upto: i64,
}

/// Reads which replica this file is.
pub(super) fn own(conn: &Connection) -> Outcome<Own> {
    let mut statement =
        conn.prepare_cached("SELECT r.no, r.id, r.upto FROM local l JOIN replicas r ON r.no = l.replica")?;
    let mut rows = statement.query([])?;
    let row = rows.next()?.ok_or_else(|| internal("The file does not say which replica it is."))?;
    Ok(Own { no: row.get(0)?, id: ReplicaId(uuid_at(row, 1)?), upto: row.get(2)? })
}

/// Makes sure that the numbers of this file's replica are given out by this file alone. Answers the
/// replica that it was before, where it had to become another.
pub(super) fn settle(conn: &mut Connection, path: &Path, now: DateTime<Utc>) -> Outcome<Option<ReplicaId>> {
    let inode = inode(path)?;
    if let Some(next_seq) = settled(conn, path, inode)? {
        if next_seq <= own(conn)?.upto {
            // A program was killed after its commit. Unless this is said now, an older copy of the file
            // that is put back later could not be told from it.
            let _ = keep_up(conn, path);
        }
        return Ok(None);
    }
    let transaction = Transaction::new(conn, TransactionBehavior::Immediate)?;
    // Another program may have settled it while this one waited for the lock.
    if settled(&transaction, path, inode)?.is_some() {
        return Ok(None);
    }
    let before = settle_anew(&transaction, now)?;
    // Before the commit: whoever waits for the lock finds it. Should the commit fail, the file beside
    // names a replica that the database does not know, and the next opening settles it again.
    remember(path, &Sidecar { inode, ..Sidecar::of(own(&transaction)?) })?;
    transaction.commit()?;
    Ok(before)
}

/// After a commit: remembers how far the numbers have gone.
pub(super) fn keep_up(conn: &Connection, path: &Path) -> Outcome<()> {
    let inode = inode(path)?;
    let mut standing = own(conn)?;
    loop {
        remember(path, &Sidecar { inode, ..Sidecar::of(standing) })?;
        // Another program may have committed and remembered in between; the last to write is right.
        let now = own(conn)?;
        if now.upto == standing.upto {
            return Ok(());
        }
        standing = now;
    }
}

/// Whether this program has written to the file that stood at `path` when it was last open here.
pub(super) fn was_written(path: &Path) -> bool {
    recall(path).is_some_and(|remembered| remembered.next_seq > 1)
}

/// The next number as the file beside remembers it, where that speaks of this file.
fn settled(conn: &Connection, path: &Path, inode: u64) -> Outcome<Option<i64>> {
    // The file beside comes first: another program that commits between the two reads then makes the
    // database look ahead, which is nothing to worry about, and never behind.
    let remembered = recall(path);
    let Some(own) = own_or_none(conn)? else { return Ok(None) };
    let speaks_of_this = |remembered: &Sidecar| {
        remembered.replica == own.id.0
            && remembered.machine == machine()
            && remembered.inode == inode
            && remembered.next_seq <= own.upto + 1
    };
    Ok(remembered.filter(speaks_of_this).map(|remembered| remembered.next_seq))
}

fn own_or_none(conn: &Connection) -> Outcome<Option<Own>> {
    let named: i64 = conn.query_one("SELECT count(*) FROM local", [], |row| row.get(0))?;
    if named == 0 { Ok(None) } else { own(conn).map(Some) }
}

/// Makes this file another replica; answers the one that it was, where anything was written as that.
pub(super) fn settle_anew(conn: &Connection, now: DateTime<Utc>) -> Outcome<Option<ReplicaId>> {
    let id = Uuid::new_v4();
    let at = now.timestamp_millis();
    let before = own_or_none(conn)?;
    if let Some(own) = before.filter(|own| own.upto == 0) {
        // Nothing was ever written under the old id, here or, as far as this file can know, elsewhere.
        conn.execute("UPDATE replicas SET id = ?1 WHERE no = ?2", (&id.as_bytes()[..], own.no))?;
        return Ok(None);
    }
    conn.execute("INSERT INTO replicas(id, first_seen, last_seen) VALUES(?1, ?2, ?2)", (&id.as_bytes()[..], at))?;
    let no = conn.last_insert_rowid();
    match before {
        Some(_) => conn.execute("UPDATE local SET replica = ?1", [no])?,
        None => conn.execute("INSERT INTO local(one, replica, wall, counter) VALUES(1, ?1, 0, 0)", [no])?,
    };
    Ok(before.map(|own| own.id))
}

impl Sidecar {
    fn of(own: Own) -> Self {
        Self { replica: own.id.0, machine: machine(), inode: 0, next_seq: own.upto + 1 }
    }
}

fn recall(path: &Path) -> Option<Sidecar> {
    let beside = file::beside(path, ENDING);
    let mut text = fs::read(&beside).ok()?;
    // Another program may be writing it right now: what reads alike twice is whole.
    for _ in 0..5 {
        let again = fs::read(&beside).ok()?;
        if again == text {
            break;
        }
        text = again;
    }
    serde_json::from_slice(&text).ok()
}

/// Writes the file beside the database, readable by whoever may read the database.
fn remember(path: &Path, sidecar: &Sidecar) -> Outcome<()> {
    let beside = file::beside(path, ENDING);
    let text = serde_json::to_string(sidecar).map_err(|_| internal("The replica's file cannot be written."))?;
    // Always of one length, so that it can be written over: putting a new file in its place takes
    // several times as long as the commit that it follows.
    let text = format!("{text:<LENGTH$}");
    let stands = fs::symlink_metadata(&beside).is_ok_and(|found| found.is_file() && found.len() == text.len() as u64);
    let written = if stands { write_over(&beside, &text) } else { put_in_place(path, &beside, &text) };
    written.map_err(|error| of_file(&beside, &error))
}

fn write_over(beside: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(beside)?.write_all(text.as_bytes())
}

fn put_in_place(path: &Path, beside: &Path, text: &str) -> io::Result<()> {
    let draft = file::beside(path, &format!("{ENDING}.{}", Uuid::new_v4().simple()));
    let written = file::create_new(&draft, mode(path))
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&draft, beside));
    written.inspect_err(|_| {
        let _ = fs::remove_file(&draft);
    })
}

/// This machine, by an id that no other program can trace back to it.
fn machine() -> Uuid {
    static MACHINE: LazyLock<Uuid> = LazyLock::new(|| {
        let id = fs::read("/etc/machine-id").unwrap_or_default();
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &[b"huddleboard ".as_slice(), id.trim_ascii()].concat())
    });
    *MACHINE
}

#[cfg(unix)]
pub(super) fn inode(path: &Path) -> Outcome<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map(|found| found.ino()).map_err(|error| of_file(path, &error))
}

#[cfg(not(unix))]
pub(super) fn inode(_: &Path) -> Outcome<u64> {
    Ok(0)
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).map_or(0o600, |found| found.permissions().mode() & 0o666)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> u32 {
    0
}
