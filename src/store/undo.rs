//! Undo and redo: new changes that bring back what the log says was there before.

use rusqlite::{Connection, OptionalExtension};

use super::actions::ActionId;
use super::apply::{State, Target};
use super::commit::Ending;
use super::failure::internal;
use super::past::Past;
use super::table::{At, Place, Row};
use super::writer::{Action, Sort, Writer};
use super::{Author, Receipt, Store, UndoScope, identity, words};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::cycle::{check_lock, stage_of};
use crate::domain::record::{DELETED, Kind, Value};

/// How many changes of an action are read before they are undone.
const AT_A_TIME: i64 = 2_000;

impl Store {
    /// Takes back the latest action of `scope` that is not taken back yet.
    ///
    /// # Errors
    /// A sentence where there is nothing to undo, or where somebody else has changed since what the
    /// action set; nothing is undone then.
    pub fn undo(&mut self, author: &Author, scope: UndoScope) -> Outcome<Receipt> {
        let found = latest(&self.conn, author, scope, Sort::Undo)?;
        let found = found.ok_or_else(|| {
            Failure::not_found("There is nothing to undo.").hint(
                "What was done before this run is in the log (I, or `huddleboard log`); any of it can be undone there.",
            )
        })?;
        self.reverse(author, scope, Sort::Undo, &found)
    }

    /// Does again what was undone last, as long as nothing new was done since.
    ///
    /// # Errors
    /// As [`Store::undo`].
    pub fn redo(&mut self, author: &Author, scope: UndoScope) -> Outcome<Receipt> {
        let found = latest(&self.conn, author, scope, Sort::Redo)?;
        let found =
            found.ok_or_else(|| Failure::not_found("There is nothing to redo.").hint("Redo follows an undo."))?;
        self.reverse(author, scope, Sort::Redo, &found)
    }

    fn reverse(&mut self, author: &Author, scope: UndoScope, sort: Sort, found: &Found) -> Outcome<Receipt> {
        let words =
            if sort == Sort::Undo { format!("Undo: {}", found.words) } else { format!("Redo: {}", found.words) };
        let action = Action::reversal(author, &words, sort, found.action)?;
        let mut receipt = self.write(&action, Ending::Keep, |writer| {
            // It was found before the lock was taken; by now it may be undone, or no longer the latest.
            let again = latest(writer.conn, author, scope, sort)?;
            if again.is_none_or(|again| again.action != found.action) {
                return Err(Failure::new(FailureKind::Conflict, "Something else was done in the meantime.")
                    .hint("Nothing was undone; look at the board and try again."));
            }
            writer.reverse_action(found.action)
        })?;
        receipt.words.clone_from(&found.words);
        Ok(receipt)
    }
}

/// An action that can be reversed, and what was done in it.
struct Found {
    action: i64,
    words: String,
}

/// The action that an undo or a redo would reverse. Sequence numbers only grow, so that the latest
/// action is the one with the highest.
fn latest(conn: &Connection, author: &Author, scope: UndoScope, sort: Sort) -> Outcome<Option<Found>> {
    let origin = identity::own(conn)?.no;
    let session = (scope == UndoScope::Session).then_some(author.session);
    let sql = match sort {
        Sort::Redo => {
            "SELECT a.seq FROM actions a WHERE a.origin = ?1 AND (?2 IS NULL OR a.session = ?2) AND a.sort = 'undo'
             AND NOT EXISTS (SELECT 1 FROM actions b WHERE b.origin = a.origin AND b.reverses_seq = a.seq)
             AND NOT EXISTS (SELECT 1 FROM actions n WHERE n.origin = a.origin AND n.seq > a.seq AND n.sort = 'edit'
                             AND (?2 IS NULL OR n.session = ?2))
             ORDER BY a.seq DESC LIMIT 1"
        }
        _ => {
            "SELECT a.seq FROM actions a WHERE a.origin = ?1 AND (?2 IS NULL OR a.session = ?2) AND a.sort <> 'undo'
             AND NOT EXISTS (SELECT 1 FROM actions b WHERE b.origin = a.origin AND b.reverses_seq = a.seq)
             ORDER BY a.seq DESC LIMIT 1"
        }
    };
    let action: Option<i64> = conn.prepare_cached(sql)?.query_row((origin, session), |row| row.get(0)).optional()?;
    let Some(action) = action else { return Ok(None) };
    // What somebody did at first, through whatever was undone and redone since.
    let mut first = action;
    loop {
        let (words, reverses): (String, Option<i64>) = conn
            .prepare_cached("SELECT words, reverses_seq FROM actions WHERE origin = ?1 AND seq = ?2")?
            .query_row((origin, first), |row| Ok((row.get(0)?, row.get(1)?)))?;
        match reverses {
            Some(before) if before < first => first = before,
            _ => return Ok(Some(Found { action, words: plain_words(&words).to_owned() })),
        }
    }
}

/// The words of an action without those that an undo or a redo has put before them.
pub(super) fn plain_words(words: &str) -> &str {
    let mut plain = words;
    while let Some(rest) = plain.strip_prefix("Undo: ").or_else(|| plain.strip_prefix("Redo: ")) {
        plain = rest;
    }
    plain
}

/// A change that is to be reversed.
struct Reversed {
    seq: i64,
    team: TeamId,
    target: Target,
    key: RecordKey,
}

impl Writer<'_> {
    /// Writes, for each record that the action changed, what it was before.
    fn reverse_action(&mut self, action: i64) -> Outcome<()> {
        let mut from = action;
        loop {
            // Some at a time: an import of a million points can be undone as well.
            let some = self.changes_of(action, from)?;
            let Some(last) = some.last() else { return Ok(()) };
            from = last.seq + 1;
            for change in some {
                self.reverse_change(action, change)?;
            }
        }
    }

    fn changes_of(&mut self, action: i64, from: i64) -> Outcome<Vec<Reversed>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.seq, c.action, h.id, c.kind, c.record FROM changes c JOIN handles h ON h.no = c.team
             WHERE c.origin = ?1 AND c.seq >= ?2 ORDER BY c.seq LIMIT ?3",
        )?;
        let mut rows = statement.query((self.origin, from, AT_A_TIME))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(1)? != action {
                break;
            }
            let kind: String = row.get(3)?;
            let bytes: Vec<u8> = row.get(4)?;
            let kind = Kind::parse(&kind).ok_or_else(|| internal("An own change has an unknown kind."))?;
            let key = RecordKey::parse(kind, &bytes).ok_or_else(|| internal("An own change has an unreadable key."))?;
            let target = Target { kind, place: Place::of(&key, 0), bytes };
            found.push(Reversed { seq: row.get(0)?, team: TeamId(super::open::uuid_at(row, 2)?), target, key });
        }
        drop(rows);
        drop(statement);
        for change in &mut found {
            if let (RecordKey::Point(point), Place::Point { measure, .. }) = (&change.key, &mut change.target.place) {
                *measure = self.handle(point.measure.0)?;
            }
        }
        Ok(found)
    }

    fn reverse_change(&mut self, action: i64, change: Reversed) -> Outcome<()> {
        let Reversed { seq, team, target, key } = change;
        let state = State::load(self.conn, &target)?;
        let this = At { origin: self.origin, seq };
        let id = ActionId { replica: self.replica, seq: action };
        let Some(row) = &state.row else { return Err(internal("A change has left no row.")) };
        let fields = if row.base == Some(this) && row.revision == 1 {
            // The record was made here, and nothing has happened to it since: most points end here.
            vec![(DELETED.name, Value::Int(1))]
        } else {
            let past = Past::read(self.conn, &target, &state)?;
            if past.first_of(id) != Some(this) {
                return Ok(()); // It was reversed together with the first change of this record.
            }
            if let Some(actor) = past.changed_since(id) {
                let what = words::describe(self.conn, target.kind, &key, self.now)?;
                let who = words::somebody(actor.clone());
                return Err(Failure::new(
                    FailureKind::Conflict,
                    format!("{what} has been changed since by {who}; nothing was undone."),
                )
                .hint("Look at its history, and set what you want by hand."));
            }
            restored(&past, id)
        };
        check_undone(target.kind, row, &fields)?;
        // Also what looks the same is set again: each field then leads back, through what undid it, to
        // the change that it was before.
        self.write(team, &key, &target, state, false, fields)
    }
}

/// What the record held before the action; one that was not there is deleted.
fn restored(past: &Past, action: ActionId) -> Vec<(&'static str, Value)> {
    let set = past.set_by(action);
    if set.contains(&DELETED.name) && !past.was_there(action) {
        return vec![(DELETED.name, Value::Int(1))];
    }
    set.into_iter().map(|name| (name, past.value_before(action, name))).collect()
}

/// Refuses to bring back in a cycle what is locked there, unless that goes back to Plan with it.
pub(super) fn check_undone(kind: Kind, row: &Row, fields: &[(&'static str, Value)]) -> Outcome<()> {
    if kind != Kind::Cycle {
        return Ok(());
    }
    let set = |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
    let stage = stage_of(&set("stage").unwrap_or_else(|| row.value(kind, "stage")));
    let differs = |(name, value): &&(&'static str, Value)| row.value(kind, name) != *value;
    check_lock(stage, fields.iter().filter(differs).map(|(name, _)| *name))
}
