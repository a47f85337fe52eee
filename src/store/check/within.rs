//! What the file itself says: that it is whole, that its tables are what its log makes of them, and
//! what its clocks and replicas tell.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use rusqlite::{Connection, OpenFlags};

use super::{Examination, Finding, RESTORE, several};
use crate::base::error::Outcome;
use crate::store::backup::{self, Draft, Pace, copy, integrity as says};
use crate::store::{Store, open, schema};

/// A clock that is further off than this is wrong; nearer it may be a time zone or a slow clock.
const FAR: TimeDelta = TimeDelta::hours(24);
/// What two clocks may differ by without anybody's harm.
const NEAR: TimeDelta = TimeDelta::minutes(10);

/// Whether SQLite finds every page and every index as it should be.
pub(super) fn integrity(store: &Store) -> Finding {
    const CHECK: &str = "integrity";
    for check in ["quick_check", "integrity_check"] {
        match says(&store.conn, check) {
            Ok(None) => {}
            Ok(Some(count)) => {
                let places = several(count, "place is", "places are");
                return Finding::wrong(CHECK, format!("The file is damaged: {places} not as they should be."), RESTORE);
            }
            Err(failure) => return Finding::failed(CHECK, &failure),
        }
    }
    Finding::ok(CHECK, "Every page and every index is whole.")
}

/// Whether the tables are what the log makes of an empty database; tried on a copy.
pub(super) fn log(store: &mut Store, examination: &Examination<'_>) -> Finding {
    const CHECK: &str = "log";
    match rebuilt(store, examination) {
        Ok(None) => Finding::look(
            CHECK,
            "The file is of an older schema, and was not compared with its log.",
            "Open the board once, and look again.",
        ),
        Ok(Some((changes, true))) => {
            let count = usize::try_from(changes).unwrap_or_default();
            Finding::ok(CHECK, format!("The tables are what the log of {} makes.", several(count, "change", "changes")))
        }
        Ok(Some((_, false))) => Finding::wrong(
            CHECK,
            "The tables are not what the log makes of them; the log itself is whole.",
            "Please report this. `huddleboard restore` goes back to a copy from before; keep this file as well.",
        ),
        Err(failure) => Finding::look(
            CHECK,
            format!("The tables could not be compared with the log: {}", failure.what),
            failure.hint.unwrap_or_default(),
        ),
    }
}

/// How many changes the log has, and whether the tables are the same when they are made again from it.
fn rebuilt(store: &mut Store, examination: &Examination<'_>) -> Outcome<Option<(i64, bool)>> {
    if schema::stands(&store.conn)? != schema::CURRENT {
        return Ok(None);
    }
    let draft = backup::scratch(&store.path, examination.elsewhere)?;
    let contents = copy(store, &draft, &Pace::default())?;
    let mut tried = open_to_try(&draft, store)?;
    let before = tried.digest()?;
    tried.rebuild()?;
    Ok(Some((contents.changes, tried.digest()? == before)))
}

/// A copy that is thrown away afterwards: it needs neither locks nor a journal.
fn open_to_try(draft: &Draft, like: &Store) -> Outcome<Store> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(open::uri(draft.path(), "nolock=1")?, flags)?;
    open::prepare(&conn)?;
    conn.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -65536;",
    )?;
    let store = Store::on(conn, draft.path(), like.clock.clone())?;
    Ok(Store { writable: true, ..store })
}

/// Of which schema the file is.
pub(super) fn schema(store: &Store) -> Finding {
    const CHECK: &str = "schema";
    let sqlite = rusqlite::version();
    match schema::stands(&store.conn) {
        Ok(schema::CURRENT) => {
            Finding::ok(CHECK, format!("The file is of schema {}, the newest; SQLite is {sqlite}.", schema::CURRENT))
        }
        Ok(older) => Finding::look(
            CHECK,
            format!(
                "The file is of schema {older}; this program writes schema {}. SQLite is {sqlite}.",
                schema::CURRENT
            ),
            "It is brought up to date when the board is opened; a copy is kept.",
        ),
        Err(failure) => Finding::failed(CHECK, &failure),
    }
}

/// Whether this machine's clock can be right.
pub(super) fn clock(store: &Store, examination: &Examination<'_>) -> Finding {
    const CHECK: &str = "clock";
    const SET: &str = "Set this machine's clock and time zone, and look again.";
    let now = examination.clock.now();
    let read = || -> Outcome<(i64, Option<i64>)> {
        let sql = "SELECT (SELECT wall FROM local), (SELECT max(at) FROM actions)";
        Ok(store.conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    };
    let (own, last) = match read() {
        Ok((own, last)) => (instant(own), last.map(instant)),
        Err(failure) => return Finding::failed(CHECK, &failure),
    };
    if examination.built.is_some_and(|built| now < built) {
        return Finding::wrong(CHECK, "This machine's clock shows a time before this program was made.", SET);
    }
    if own > now + FAR {
        let days = (own - now).num_days();
        let behind = several(usize::try_from(days).unwrap_or_default(), "day", "days");
        return Finding::wrong(CHECK, format!("This machine's clock is {behind} behind the file's own."), SET);
    }
    if last.is_some_and(|last| last > now + NEAR) {
        return Finding::look(CHECK, "The last change was made in the future, by this machine's clock.", SET);
    }
    Finding::ok(CHECK, "This machine's clock agrees with the changes in the file.")
}

/// What has come from other replicas, and what has not.
pub(super) fn replicas(store: &Store, now: DateTime<Utc>) -> Finding {
    const CHECK: &str = "replicas";
    let read = || -> Outcome<(usize, usize, usize, usize)> {
        let sql = "SELECT count(*) FROM replicas r
             WHERE COALESCE((SELECT max(seq) FROM changes c WHERE c.origin = r.no), 0) > r.known_max";
        let miscounted: i64 = store.conn.query_one(sql, [], |row| row.get(0))?;
        let have = store.have()?;
        let gaps = have.iter().filter(|have| have.upto < have.known_max).count();
        let sql = "SELECT count(*) FROM (SELECT max(wall) AS last FROM changes GROUP BY origin) WHERE last > ?1";
        let ahead: i64 = store.conn.query_one(sql, [(now + FAR).timestamp_millis()], |row| row.get(0))?;
        let counted = |count| usize::try_from(count).unwrap_or_default();
        Ok((have.len(), gaps, counted(ahead), counted(miscounted)))
    };
    let (count, gaps, ahead, miscounted) = match read() {
        Ok(read) => read,
        Err(failure) => return Finding::failed(CHECK, &failure),
    };
    if miscounted > 0 {
        return Finding::wrong(
            CHECK,
            format!("Of {} the log has more changes than the file counts.", several(miscounted, "replica", "replicas")),
            RESTORE,
        );
    }
    let (mut found, mut remedy) = (Vec::new(), Vec::new());
    if gaps > 0 {
        found.push(format!("Of {} changes are missing in between.", several(gaps, "replica", "replicas")));
        remedy.push("Sync a board that has them: `huddleboard sync --status` names them.");
    }
    if ahead > 0 {
        found.push(format!("The clock of {} is more than a day ahead.", several(ahead, "replica", "replicas")));
        remedy.push("Set the clock of the machine that is ahead: what it writes beats what others write later.");
    }
    if found.is_empty() {
        return Finding::ok(CHECK, format!("All changes of {} are here.", several(count, "replica", "replicas")));
    }
    Finding::look(CHECK, found.join(" "), remedy.join(" "))
}

fn instant(milliseconds: i64) -> DateTime<Utc> {
    Utc.timestamp_millis_opt(milliseconds).single().unwrap_or_default()
}
