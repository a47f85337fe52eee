//! Blanking a text that must not stay: a patient's detail that somebody typed.
//!
//! A redaction is a change of the record like any other: it sets its texts to [`BLANK`], and names in
//! [`MARK`] which fields it blanks. Whoever has it, or takes it in, blanks those fields in every change
//! of the record with an earlier stamp, known by then or arriving later, and the words of the actions
//! that wrote them. The log keeps that there was something, by whom and when, and not what.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::apply::{State, Target, stamp_from};
use super::clock::Stamp;
use super::commit::Ending;
use super::line::Fields;
use super::log::parse_fields;
use super::open::uuid_at;
use super::points;
use super::rebuild::refold;
use super::remote::{RemoteAction, RemoteChange};
use super::table::{self, Place, Row};
use super::writer::{Action, Writer};
use super::{Author, Receipt, Store, schema};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::{Field, Kind, Shape, Value};

/// What stands where a text was.
pub const BLANK: &str = "[redacted]";
/// The entry of a change that names what it blanks; older versions keep it and pass it on.
pub(super) const MARK: &str = "redacts";
/// What stands for a field in [`MARK`] where only the words of a record's actions are blanked.
const LOG: &str = "log";
/// A text must be so long for the words of other actions that quote it to be blanked with it: the name
/// of a bay would blank half the log.
const QUOTED_FROM: usize = 4;

/// A stretch of a replica's log with blanked words in it: bundles that hold some of it are written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blanking {
    /// The replica.
    pub replica: ReplicaId,
    /// The first change of the action.
    pub first: i64,
    /// The last one.
    pub last: i64,
}

/// What is blanked with a record: a text of it, and with any text the words of its actions.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    Text(Field),
    Words,
}

impl What {
    fn named(kind: Kind, name: &str) -> Option<Self> {
        if name == LOG {
            return Some(Self::Words);
        }
        kind.field(name).filter(|field| is_text(*field)).map(Self::Text)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text(field) => field.name,
            Self::Words => LOG,
        }
    }

    fn text(self) -> Option<Field> {
        match self {
            Self::Text(field) => Some(field),
            Self::Words => None,
        }
    }
}

/// What of a record is blanked: what changes before this stamp set.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    kind: Kind,
    record: Vec<u8>,
    what: What,
    before: Stamp,
}

/// The fields of a kind that hold what somebody typed.
pub fn texts_of(kind: Kind) -> Vec<&'static str> {
    kind.fields().iter().filter(|field| is_text(**field)).map(|field| field.name).collect()
}

fn is_text(field: Field) -> bool {
    matches!(field.shape, Shape::Line(_) | Shape::Lines(_) | Shape::Json(_))
}

/// What is left of a field's value.
fn blanked(field: Field, value: &Value) -> Value {
    match value {
        Value::Text(json) if matches!(field.shape, Shape::Json(_)) => match serde_json::from_str(json) {
            Ok(list) => Value::Text(blanked_json(list).to_string()),
            Err(_) => Value::Null,
        },
        Value::Text(text) if !text.is_empty() => Value::Text(BLANK.to_owned()),
        other => other.clone(),
    }
}

/// Whether a text was redacted that once stood in a field.
pub(super) fn is_blanked(field: Field, value: &Value) -> bool {
    is_text(field) && matches!(value, Value::Text(text) if text.contains(BLANK))
}

/// A list or table with nothing in it that somebody typed: ids, days and times stay.
fn blanked_json(json: serde_json::Value) -> serde_json::Value {
    let is_plain = |text: &str| {
        text.is_empty()
            || Uuid::try_parse(text).is_ok()
            || text.parse::<NaiveDate>().is_ok()
            || NaiveTime::parse_from_str(text, "%H:%M").is_ok()
    };
    match json {
        serde_json::Value::String(text) if !is_plain(&text) => BLANK.into(),
        serde_json::Value::Array(items) => items.into_iter().map(blanked_json).collect(),
        serde_json::Value::Object(entries) => {
            serde_json::Value::Object(entries.into_iter().map(|(key, value)| (key, blanked_json(value))).collect())
        }
        other => other,
    }
}

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record's team.
    pub team: TeamId,
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
    /// The fields that hold the text, or once did; `log` where the words of an action quote it.
    pub fields: Vec<&'static str>,
}

impl Store {
    /// Finds every record that holds a text or once did, in whatever case, and those whose actions
    /// quote it. Reads the whole log.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn find_text(&self, text: &str) -> Outcome<Vec<Found>> {
        let wanted = text.to_lowercase();
        // The database makes only the letters of ASCII small: the others must stand as they are typed.
        let plain = text.to_ascii_lowercase();
        let in_json = serde_json::Value::from(plain.clone()).to_string();
        let mut statement = self.conn.prepare(
            "SELECT h.id, c.kind, c.record, c.fields, instr(lower(a.words), ?1) > 0 FROM changes c
             JOIN handles h ON h.no = c.team JOIN actions a ON a.origin = c.origin AND a.seq = c.action
             WHERE instr(lower(c.fields), ?2) > 0 OR (a.seq = c.seq AND instr(lower(a.words), ?1) > 0)
             ORDER BY c.kind, c.record",
        )?;
        let mut rows = statement.query((&plain, in_json.trim_matches('"')))?;
        let mut found: Vec<Found> = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(kind) = Kind::parse(&row.get::<_, String>(1)?) else { continue };
            let Some(record) = RecordKey::parse(kind, &row.get::<_, Vec<u8>>(2)?) else { continue };
            let holds = |value: &Value| matches!(value, Value::Text(text) if text.to_lowercase().contains(&wanted));
            let set = parse_fields(&row.get::<_, String>(3)?);
            let mut fields: Vec<&'static str> = texts_of(kind)
                .into_iter()
                .filter(|name| set.iter().any(|(field, value)| field == name && holds(value)))
                .collect();
            if fields.is_empty() && row.get(4)? {
                fields.push(LOG);
            }
            match found.last_mut().filter(|last| last.kind == kind && last.record == record) {
                _ if fields.is_empty() => {}
                Some(last) => {
                    fields.retain(|field| !last.fields.contains(field));
                    last.fields.extend(fields);
                }
                None => found.push(Found { team: TeamId(uuid_at(row, 0)?), kind, record, fields }),
            }
        }
        Ok(found)
    }

    /// Blanks texts of a record: all that anybody ever set in these fields, or in all its fields that
    /// hold typed text where none is named; `log` blanks only the words of its actions. This cannot be undone. The file's log and tables are blank
    /// when it returns; boards, bundles and copies elsewhere when the change reaches them.
    ///
    /// # Errors
    /// A sentence where there is no such record or field, and what the disk answered.
    pub fn redact(
        &mut self,
        author: &Author,
        team: TeamId,
        (kind, record): (Kind, &RecordKey),
        fields: &[&str],
        reason: &str,
    ) -> Outcome<Receipt> {
        let all = texts_of(kind).into_iter().chain([LOG]);
        let wanted: Vec<&'static str> = all.filter(|name| fields.is_empty() || fields.contains(name)).collect();
        if wanted.is_empty() || wanted.len() < fields.len() {
            return Err(Failure::refused(format!("A {} has no such text.", kind.code()))
                .hint(format!("It has: {}.", texts_of(kind).join(", "))));
        }
        let reason = if reason.trim().is_empty() { "a patient's detail" } else { reason.trim() };
        let action = Action::edit(author, &format!("Text of a {} redacted: {reason}", kind.code()))?;
        let receipt = self.write(&action, Ending::Keep, |writer| writer.redact(team, kind, record, &wanted))?;
        // The pages as they were must not stay in the log beside the file. Where somebody else is
        // reading them, the next checkpoint has it.
        let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(receipt)
    }

    /// Where words of the log were blanked.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn blankings(&self) -> Outcome<Vec<Blanking>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, a.seq, COALESCE((SELECT min(n.seq) FROM actions n WHERE n.origin = a.origin AND n.seq > a.seq) - 1, r.known_max)
             FROM actions a JOIN replicas r ON r.no = a.origin WHERE a.words = '[redacted]'",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Blanking { replica: ReplicaId(uuid_at(row, 0)?), first: row.get(1)?, last: row.get(2)? });
        }
        Ok(found)
    }

    /// Blanks in a copy of this file, made before, what is blanked in this one. Answers how many changes
    /// of the copy's log held something. Nobody else may have the copy open.
    pub(super) fn blank(&self, copy: &mut Connection) -> Outcome<usize> {
        copy.execute_batch("PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;")?;
        let version = schema::stands(copy)?;
        let transaction = copy.transaction()?;
        let mut count = 0;
        for rule in rules(&self.conn, "", &[])? {
            if version == schema::CURRENT {
                index_first(&transaction, rule.kind, &rule.record)?;
                count += rule.blank_log(&transaction, INDEXED)?;
                rule.remember(&transaction)?;
                refold(&transaction, rule.kind, &rule.record)?;
            } else {
                count += rule.blank_log(&transaction, "")?;
                rule.blank_row(&transaction)?;
            }
        }
        transaction.commit()?;
        Ok(count)
    }

    /// Whether anything was ever redacted in this file.
    pub(super) fn has_redactions(&self) -> Outcome<bool> {
        any(&self.conn)
    }

    /// Whether all that is blanked in this file is blanked in a copy of it as well.
    pub(super) fn is_blank_in(&self, copy: &Connection) -> Outcome<bool> {
        let own = rules(&self.conn, "", &[])?;
        if schema::stands(copy)? == schema::CURRENT {
            let theirs = rules(copy, "", &[])?;
            return Ok(own.iter().all(|rule| theirs.iter().any(|other| other.is_as_wide_as(rule))));
        }
        // An older file does not say; its log does.
        for rule in own {
            if rule.changes_before(copy, "")?.iter().any(|(.., fields)| rule.without(fields).is_some()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Writer<'_> {
    fn redact(&mut self, team: TeamId, kind: Kind, record: &RecordKey, names: &[&'static str]) -> Outcome<()> {
        let measure = match record {
            RecordKey::Point(point) => self.handle(point.measure.0)?,
            RecordKey::Id(_) => 0,
        };
        let target = Target { kind, place: Place::of(record, measure), bytes: record.bytes() };
        let state = State::load(self.conn, &target)?;
        let Some(row) = state.row.as_ref().filter(|row| row.base.is_some()) else {
            return Err(Failure::not_found(format!("There is no such {}.", kind.code()))
                .hint("It may be on another file; look at the list again."));
        };
        let whats: Vec<What> = names.iter().filter_map(|name| What::named(kind, name)).collect();
        let mut set: Vec<(&'static str, Value)> = whats
            .iter()
            .filter_map(|what| what.text())
            .map(|field| (field.name, blanked(field, &row.value(kind, field.name))))
            .filter(|(name, value)| row.value(kind, name) != *value)
            .collect();
        set.push((MARK, Value::Text(names.join(" "))));
        let seen = state.seen_all();
        let stamp = self.write_seeing(team, record, &target, state, false, set, &seen)?;
        redact(self.conn, kind, &target.bytes, &whats, stamp)?;
        self.suspect(kind, &target.bytes);
        Ok(())
    }
}

/// Blanks what changes of the record before `stamp` set in these fields, and remembers to do so with
/// those that arrive later.
fn redact(conn: &Connection, kind: Kind, record: &[u8], whats: &[What], stamp: Stamp) -> Outcome<()> {
    index_first(conn, kind, record)?;
    for what in whats.iter().copied() {
        let rule = Rule { kind, record: record.to_vec(), what, before: stamp };
        rule.remember(conn)?;
        rule.blank_log(conn, INDEXED)?;
    }
    refold(conn, kind, record)
}

/// Narrows a look at the log to what its index of records knows.
const INDEXED: &str = "AND c.indexed = 1";

/// Has the index know a data point's first change, which it otherwise leaves out.
fn index_first(conn: &Connection, kind: Kind, record: &[u8]) -> Outcome<()> {
    let Some(key @ RecordKey::Point(point)) = &RecordKey::parse(kind, record) else { return Ok(()) };
    let measure = points::handle_for(conn, &mut HashMap::new(), point.measure.0)?;
    let base = Row::read(conn, kind, &Place::of(key, measure))?.and_then(|row| row.base);
    if let Some(base) = base {
        conn.prepare_cached("UPDATE changes SET indexed = 1 WHERE origin = ?1 AND seq = ?2")?
            .execute((base.origin, base.seq))?;
    }
    Ok(())
}

/// Does what a redaction that was taken in says; answers whether it was one.
pub(super) fn obey(conn: &Connection, change: &RemoteChange, kind: Kind, fields: &Fields<'_>) -> Outcome<bool> {
    let Some((_, Value::Text(names))) = fields.iter().find(|(name, _)| name == MARK) else { return Ok(false) };
    let whats: Vec<What> = names.split(' ').filter_map(|name| What::named(kind, name)).collect();
    let stamp = Stamp { wall: change.wall, counter: change.counter, replica: change.origin };
    redact(conn, kind, &change.record, &whats, stamp)?;
    Ok(true)
}

/// Whether anything was ever redacted in this file.
pub(super) fn any(conn: &Connection) -> Outcome<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM redactions)")?.query_one([], |row| row.get(0))?)
}

/// A change that arrives after the redaction of its record, without what is redacted; nothing where it
/// may stay as it is.
pub(super) fn held_back(conn: &Connection, change: &RemoteChange) -> Outcome<Option<RemoteChange>> {
    let stamp = Stamp { wall: change.wall, counter: change.counter, replica: change.origin };
    let mut rules = rules(conn, &change.kind, &change.record)?;
    rules.retain(|rule| stamp < rule.before);
    if rules.is_empty() {
        return Ok(None);
    }
    let fields =
        rules.iter().fold(change.fields.clone(), |fields, rule| rule.without(&fields).map_or(fields, Into::into));
    let action = RemoteAction { words: BLANK.to_owned(), ..(*change.action).clone() };
    Ok(Some(RemoteChange { fields, redacted: true, action: action.into(), ..change.clone() }))
}

/// The rules for one record, or all of the file where no kind is named.
fn rules(conn: &Connection, kind: &str, record: &[u8]) -> Outcome<Vec<Rule>> {
    let mut statement = conn.prepare_cached(
        "SELECT wall, counter, replica, kind, record, field FROM redactions
         WHERE ?1 = '' OR (kind = ?1 AND record = ?2)",
    )?;
    let mut rows = statement.query((kind, record))?;
    let mut rules = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, name): (String, String) = (row.get(3)?, row.get(5)?);
        if let Some(kind) = Kind::parse(&kind)
            && let Some(what) = What::named(kind, &name)
        {
            rules.push(Rule { kind, record: row.get(4)?, what, before: stamp_from(row, 0)? });
        }
    }
    Ok(rules)
}

impl Rule {
    /// Whether it blanks all that another one does.
    fn is_as_wide_as(&self, other: &Self) -> bool {
        (self.kind, &self.record, self.what) == (other.kind, &other.record, other.what) && self.before >= other.before
    }

    /// Remembers it, unless a later one for the same text is known.
    fn remember(&self, conn: &Connection) -> Outcome<()> {
        if rules(conn, self.kind.code(), &self.record)?.iter().any(|known| known.is_as_wide_as(self)) {
            return Ok(());
        }
        let Stamp { wall, counter, replica } = self.before;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO redactions(kind, record, field, wall, counter, replica) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((self.kind.code(), &self.record, self.what.name(), wall, counter, &replica.bytes()[..]))?;
        Ok(())
    }

    /// What a change set, without this text; nothing where it set none.
    fn without(&self, fields: &str) -> Option<String> {
        let Ok(serde_json::Value::Object(mut set)) = serde_json::from_str(fields) else { return None };
        let field = self.what.text()?;
        let value = set.get_mut(field.name)?;
        let left = blanked(field, &Value::from_json(value)).to_json();
        if *value == left {
            return None;
        }
        *value = left;
        Some(serde_json::Value::Object(set).to_string())
    }

    /// Blanks the log: the text in every earlier change of the record, the words of their actions, and
    /// those of any action that quotes it. Answers how many changes held the text.
    fn blank_log(&self, conn: &Connection, known: &str) -> Outcome<usize> {
        let mut quoted: HashSet<String> = HashSet::new();
        let mut count = 0;
        for (origin, seq, action, fields) in self.changes_before(conn, known)? {
            let without = self.without(&fields);
            if let Some(without) = &without {
                let text = parse_fields(&fields).into_iter().find(|(name, _)| name == self.what.name());
                if let Some((_, Value::Text(text))) = text {
                    quoted.insert(text);
                }
                count += 1;
                conn.prepare_cached("UPDATE changes SET fields = ?3 WHERE origin = ?1 AND seq = ?2")?
                    .execute((origin, seq, without))?;
            }
            conn.prepare_cached("UPDATE changes SET redacted = 1 WHERE origin = ?1 AND seq = ?2 AND redacted = 0")?
                .execute((origin, seq))?;
            conn.prepare_cached("UPDATE actions SET words = ?3 WHERE origin = ?1 AND seq = ?2 AND words <> ?3")?
                .execute((origin, action, BLANK))?;
        }
        for text in quoted.iter().filter(|text| text.chars().count() >= QUOTED_FROM && *text != BLANK) {
            conn.prepare_cached("UPDATE actions SET words = ?2 WHERE instr(words, ?1) > 0")?.execute((text, BLANK))?;
        }
        Ok(count)
    }

    fn changes_before(&self, conn: &Connection, known: &str) -> Outcome<Vec<(i64, i64, i64, String)>> {
        let mut statement = conn.prepare_cached(&format!(
            "SELECT c.wall, c.counter, r.id, c.origin, c.seq, c.action, c.fields
             FROM changes c JOIN replicas r ON r.no = c.origin WHERE c.kind = ?1 AND c.record = ?2 {known}"
        ))?;
        let mut rows = statement.query((self.kind.code(), &self.record))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if stamp_from(row, 0)? < self.before {
                found.push((row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?));
            }
        }
        Ok(found)
    }

    /// Blanks the row of a file of an older schema, whose log this version cannot apply.
    fn blank_row(&self, conn: &Connection) -> Outcome<()> {
        let Some(text) = self.what.text() else { return Ok(()) };
        let (table, field) = (table::name(self.kind), text.name);
        // A file of an older schema may have no such table or column yet, and then nothing to blank there.
        let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2)";
        if !conn.query_one(sql, (table, field), |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        // A list is blanked whole here: the log of the copy, which has its shape, is not read.
        let left = if matches!(text.shape, Shape::Json(_)) { "NULL" } else { "'[redacted]'" };
        match RecordKey::parse(self.kind, &self.record) {
            Some(RecordKey::Id(id)) => {
                let sql = format!("UPDATE {table} SET \"{field}\" = {left} WHERE id = ?1 AND \"{field}\" <> ''");
                conn.execute(&sql, [&id.as_bytes()[..]])?;
            }
            Some(RecordKey::Point(point)) => {
                let handle: Option<i64> = conn
                    .query_row("SELECT no FROM handles WHERE id = ?1", [&point.measure.bytes()[..]], |row| row.get(0))
                    .optional()?;
                let sql = format!(
                    "UPDATE points SET \"{field}\" = {left}
                     WHERE measure = ?1 AND start = ?2 AND stratum = ?3 AND ordinal = ?4 AND \"{field}\" <> ''"
                );
                conn.execute(&sql, (handle, point.start.text(), &point.stratum, point.ordinal))?;
            }
            None => {}
        }
        Ok(())
    }
}
