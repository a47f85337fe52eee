//! The log action by action: who did what and when, narrowed to what somebody looks for.
//!
//! The latest come first and no more is read than is asked for: the actions of each replica are read
//! back from their last, and a log of ten years costs as little as one of ten days.

use chrono::{DateTime, TimeZone, Utc};
use rusqlite::types::Value as SqlValue;
use rusqlite::{OptionalExtension, Row as SqlRow};
use uuid::Uuid;

use super::Store;
use super::open::uuid_at;
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::Kind;

/// Which action of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActionId {
    /// The replica on which it was done.
    pub replica: ReplicaId,
    /// The number of its first change there.
    pub seq: i64,
}

/// Which actions of the log to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActionQuery {
    /// Of this team.
    pub team: Option<TeamId>,
    /// Done at this instant or later, by its author's clock.
    pub since: Option<DateTime<Utc>>,
    /// Done before this instant.
    pub before: Option<DateTime<Utc>>,
    /// By a role that contains these letters, in whatever case.
    pub by: Option<String>,
    /// With a change of a record of this kind.
    pub kind: Option<Kind>,
    /// With a change of this record, or of what belongs to it: a measure's values, notes and phases, a
    /// process's counts and decisions, a project's cycles, a cycle's observations.
    pub record: Option<(Kind, RecordKey)>,
    /// With these letters in its words, in the role or in what it set, in whatever case.
    pub text: Option<String>,
    /// Done on this replica.
    pub replica: Option<ReplicaId>,
    /// At most so many, the latest; 0 for all of them.
    pub limit: usize,
}

/// An action as the log tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionEntry {
    /// Which one it is.
    pub id: ActionId,
    /// When it was done, by its author's clock.
    pub at: DateTime<Utc>,
    /// Who did it, where that is kept.
    pub actor: Option<String>,
    /// What was done, in words.
    pub words: String,
    /// `edit`, `undo` or `redo`, or what a newer version calls it.
    pub sort: String,
    /// The team of its first change; nothing while that has not arrived.
    pub team: Option<TeamId>,
    /// How many changes it has.
    pub changes: i64,
}

/// The columns of an entry, in the order that [`ranked_from`] reads them. The changes of an action stand
/// one after the other, up to those of the next.
const ENTRY: &str =
    "SELECT r.id, a.seq, a.at, a.actor, a.words, a.sort, h.id, COALESCE(c.wall, a.at), COALESCE(c.counter, 0),
     COALESCE((SELECT max(l.seq) FROM changes l WHERE l.origin = a.origin AND l.seq < NEXT), a.seq) - a.seq + 1
     FROM actions a JOIN replicas r ON r.no = a.origin
     LEFT JOIN changes c ON c.origin = a.origin AND c.seq = a.seq LEFT JOIN handles h ON h.no = c.team";

/// The first change of the action after `a`, or a number that none has.
const NEXT: &str =
    "COALESCE((SELECT min(n.seq) FROM actions n WHERE n.origin = a.origin AND n.seq > a.seq), 9223372036854775807)";

impl Store {
    /// The actions that `query` asks for, the latest first.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn actions(&self, query: &ActionQuery) -> Outcome<Vec<ActionEntry>> {
        let replicas: Vec<(i64, ReplicaId)> = {
            let mut statement = self.conn.prepare_cached("SELECT no, id FROM replicas")?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push((row.get(0)?, ReplicaId(uuid_at(row, 1)?)));
            }
            found
        };
        let narrowed = self.narrowed(query)?;
        let mut found = Vec::new();
        for (no, replica) in replicas {
            if query.replica.is_none_or(|wanted| wanted == replica) {
                let floor = query.since.map(|since| self.floor(no, since)).transpose()?.unwrap_or(0);
                let mut statement = self.conn.prepare_cached(&narrowed.sql)?;
                let bound = [no.into(), floor.into()].into_iter().chain(narrowed.values.iter().cloned());
                let mut rows = statement.query(rusqlite::params_from_iter(bound))?;
                while let Some(row) = rows.next()? {
                    found.push(ranked_from(row)?);
                }
            }
        }
        found.sort_by_key(|(rank, entry)| std::cmp::Reverse((*rank, entry.id)));
        if query.limit > 0 {
            found.truncate(query.limit);
        }
        Ok(found.into_iter().map(|(_, entry)| entry).collect())
    }

    /// One action.
    ///
    /// # Errors
    /// A sentence where there is no such action, and what the disk answered.
    pub fn action(&self, id: ActionId) -> Outcome<ActionEntry> {
        entry_of(&self.conn, id)
    }

    /// What a person types for an action: its number, with the first digits of the replica before it
    /// where it was done on another one.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn action_code(&self, id: ActionId) -> Outcome<String> {
        if id.replica == self.replica {
            return Ok(id.seq.to_string());
        }
        let mut statement = self.conn.prepare_cached("SELECT id FROM replicas WHERE id <> ?1")?;
        let others = statement.query_map([&id.replica.bytes()[..]], |row| row.get::<_, [u8; 16]>(0))?;
        let others: Vec<String> = others
            .map(|bytes| bytes.map(|bytes| Uuid::from_bytes(bytes).simple().to_string()))
            .collect::<rusqlite::Result<_>>()?;
        let whole = id.replica.0.simple().to_string();
        let told = |digits: usize| !others.iter().any(|other| other.get(..digits) == whole.get(..digits));
        let digits = (CODE_DIGITS..whole.len()).find(|digits| told(*digits)).unwrap_or(whole.len());
        Ok(format!("{}:{}", whole.get(..digits).unwrap_or(&whole), id.seq))
    }

    /// The action that a person means by what [`Store::action_code`] gave them, or by the number of any
    /// of its changes.
    ///
    /// # Errors
    /// A sentence where there is none, or where the digits of the replica fit several.
    pub fn action_coded(&self, typed: &str) -> Outcome<ActionId> {
        let typed = typed.trim().to_lowercase();
        let (digits, seq) = typed.rsplit_once(':').unwrap_or(("", &typed));
        let replicas = if digits.is_empty() { vec![self.replica] } else { self.replicas_starting(digits)? };
        let none = || {
            Failure::not_found(format!("There is no action “{typed}”."))
                .hint("`huddleboard log` lists them with their ids.")
        };
        let seq: i64 = seq.parse().map_err(|_| none())?;
        let [replica] = replicas[..] else {
            return Err(if replicas.is_empty() {
                none()
            } else {
                Failure::usage(format!("More than one board's id starts with “{digits}”.")).hint("Give more of it.")
            });
        };
        let sql = "SELECT c.action FROM replicas r JOIN changes c ON c.origin = r.no WHERE r.id = ?1 AND c.seq = ?2";
        let found =
            self.conn.prepare_cached(sql)?.query_row((&replica.bytes()[..], seq), |row| row.get(0)).optional()?;
        found.map(|seq| ActionId { replica, seq }).ok_or_else(none)
    }

    /// The replicas whose id starts with these digits.
    fn replicas_starting(&self, digits: &str) -> Outcome<Vec<ReplicaId>> {
        let digits = digits.replace('-', "");
        let mut statement = self.conn.prepare_cached("SELECT id FROM replicas WHERE known_max > 0")?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let id = uuid_at(row, 0)?;
            if id.simple().to_string().starts_with(&digits) {
                found.push(ReplicaId(id));
            }
        }
        Ok(found)
    }

    /// A number below which no action of a replica was done since an instant. A stamp never runs
    /// behind its author's clock, nor backwards: what an earlier change is stamped is no later.
    fn floor(&self, origin: i64, since: DateTime<Utc>) -> Outcome<i64> {
        let since = since.timestamp_millis();
        let mut statement = self
            .conn
            .prepare_cached("SELECT action, wall FROM changes WHERE origin = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1")?;
        let mut last: i64 = self
            .conn
            .prepare_cached("SELECT known_max FROM replicas WHERE no = ?1")?
            .query_one([origin], |row| row.get(0))?;
        let (mut low, mut floor) = (1, 0);
        while low <= last {
            let middle = low + (last - low) / 2;
            let found: Option<(i64, i64)> =
                statement.query_row((origin, middle), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            match found {
                Some((action, wall)) if wall < since => (low, floor) = (middle + 1, action),
                _ => last = middle - 1,
            }
        }
        Ok(floor)
    }

    /// The statement that lists what a query asks for of one replica, with what is bound after the
    /// replica's number and the lowest action.
    fn narrowed(&self, query: &ActionQuery) -> Outcome<Narrowed> {
        let sql = format!("{} WHERE a.origin = ?1 AND a.seq >= ?2", ENTRY.replace("NEXT", NEXT));
        let mut narrowed = Narrowed { sql, values: Vec::new() };
        if let Some(team) = query.team {
            narrowed.with("h.id = ?", [team.bytes().to_vec().into()]);
        }
        if let Some(since) = query.since {
            narrowed.with("a.at >= ?", [since.timestamp_millis().into()]);
        }
        if let Some(before) = query.before {
            narrowed.with("a.at < ?", [before.timestamp_millis().into()]);
        }
        if let Some(by) = &query.by {
            narrowed.with("instr(lower(a.actor), ?) > 0", [by.trim().to_ascii_lowercase().into()]);
        }
        match query.kind {
            // Most changes are of points, and not all of those are in the index.
            Some(Kind::Point) => narrowed.with(&some_change("c.kind = ?"), [Kind::Point.code().to_owned().into()]),
            Some(kind) => narrowed.with(
                "(a.origin, a.seq) IN (SELECT c.origin, c.action FROM changes c WHERE c.kind = ? AND c.indexed = 1)",
                [kind.code().to_owned().into()],
            ),
            None => {}
        }
        if let Some((kind, record)) = &query.record {
            let (sql, values) = self.belonging(*kind, record)?;
            narrowed.with(&format!("(a.origin, a.seq) IN ({sql})"), values);
        }
        if let Some(typed) = query.text.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
            // The database makes only the letters of ASCII small.
            let typed = typed.to_ascii_lowercase();
            let in_json = serde_json::Value::from(typed.clone()).to_string();
            let in_json = in_json.trim_matches('"').to_owned();
            let sets = some_change("instr(lower(c.fields), ?) > 0");
            narrowed.with(
                &format!("(instr(lower(a.words), ?) > 0 OR instr(lower(a.actor), ?) > 0 OR {sets})"),
                [typed.clone().into(), typed.into(), in_json.into()],
            );
        }
        narrowed.sql.push_str(" ORDER BY a.seq DESC");
        if query.limit > 0 {
            narrowed.sql.push_str(&format!(" LIMIT {}", query.limit));
        }
        Ok(narrowed)
    }

    /// The statement that finds the actions of a record and of what belongs to it.
    fn belonging(&self, kind: Kind, record: &RecordKey) -> Outcome<(String, Vec<SqlValue>)> {
        let of = "SELECT c.origin, c.action FROM changes c";
        let bytes = record.bytes();
        let mut parts = vec![format!("{of} WHERE c.kind = ? AND c.record = ? AND c.indexed = 1")];
        let mut values: Vec<SqlValue> = vec![kind.code().to_owned().into(), bytes.clone().into()];
        let RecordKey::Id(id) = record else {
            // A point that only one change has touched is in no index: its row names that change.
            if let RecordKey::Point(point) = record {
                let row = "p.measure = ? AND p.start = ? AND p.stratum = ? AND p.ordinal = ?";
                parts.push(format!("SELECT c.origin, c.action FROM points p JOIN changes c ON c.origin = p.origin AND c.seq = p.seq WHERE {row}"));
                let handle = self.handle_of(point.measure.0)?;
                let ordinal = i64::from(point.ordinal);
                values.extend([handle.into(), point.start.text().into(), point.stratum.clone().into(), ordinal.into()]);
            }
            return Ok((parts.join(" UNION "), values));
        };
        let owned: &[(&str, Kind, &str)] = match kind {
            Kind::Measure => &[("annotations", Kind::Annotation, "measure"), ("phases", Kind::Phase, "measure")],
            Kind::Process => &[("completions", Kind::Completion, "process"), ("periods", Kind::Period, "process")],
            Kind::Project => &[("cycles", Kind::Cycle, "project")],
            Kind::Cycle => &[("observations", Kind::Observation, "cycle")],
            _ => &[],
        };
        for (table, part, owner) in owned {
            parts.push(format!("SELECT c.origin, c.action FROM {table} t JOIN changes c ON c.kind = ? AND c.record = t.id AND c.indexed = 1 WHERE t.\"{owner}\" = ?"));
            values.extend([part.code().to_owned().into(), id.to_string().into()]);
        }
        if kind == Kind::Measure {
            // A point's name starts with that of its measure; a handful of bytes 255 comes after all of them.
            let beyond = [&bytes[..], &[0xff; 4]].concat();
            parts.push(format!("{of} WHERE c.kind = 'point' AND c.record > ? AND c.record < ? AND c.indexed = 1"));
            parts.push("SELECT c.origin, c.action FROM points p JOIN changes c ON c.origin = p.origin AND c.seq = p.seq WHERE p.measure = ?".to_owned());
            values.extend([bytes.into(), beyond.into(), self.handle_of(*id)?.into()]);
        }
        Ok((parts.join(" UNION "), values))
    }
}

/// How many digits of a replica's id are told at least.
const CODE_DIGITS: usize = 4;

/// A statement that grows by conditions.
struct Narrowed {
    sql: String,
    values: Vec<SqlValue>,
}

impl Narrowed {
    fn with(&mut self, condition: &str, values: impl IntoIterator<Item = SqlValue>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.extend(values);
    }
}

/// That some change of the action is such.
fn some_change(condition: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM changes c WHERE c.origin = a.origin AND c.seq >= a.seq AND c.seq < {NEXT} AND {condition})"
    )
}

/// One action.
pub(super) fn entry_of(conn: &rusqlite::Connection, id: ActionId) -> Outcome<ActionEntry> {
    let sql = format!("{} WHERE r.id = ?1 AND a.seq = ?2", ENTRY.replace("NEXT", NEXT));
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((&id.replica.bytes()[..], id.seq))?;
    match rows.next()? {
        Some(row) => Ok(ranked_from(row)?.1),
        None => Err(Failure::not_found("There is no such action in this file.").hint("Look at the log again.")),
    }
}

fn ranked_from(row: &SqlRow<'_>) -> Outcome<((i64, i64), ActionEntry)> {
    let team: Option<[u8; 16]> = row.get(6)?;
    let entry = ActionEntry {
        id: ActionId { replica: ReplicaId(uuid_at(row, 0)?), seq: row.get(1)? },
        at: Utc.timestamp_millis_opt(row.get(2)?).single().unwrap_or_default(),
        actor: row.get::<_, Option<String>>(3)?.as_deref().map(text::clean_line),
        words: text::clean_line(&row.get::<_, String>(4)?),
        sort: row.get(5)?,
        team: team.map(|bytes| TeamId(Uuid::from_bytes(bytes))),
        changes: row.get(9)?,
    };
    Ok(((row.get(7)?, row.get(8)?), entry))
}
