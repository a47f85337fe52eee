//! Undo of any action of the log, however long ago and wherever it was done: first what it would take
//! back and what depends on it, then new changes that bring back what stood there before.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::actions::{ActionEntry, ActionId, entry_of};
use super::commit::Ending;
use super::hanging::{Hanging, Ties};
use super::past::{TAKES_BACK, action_named};
use super::recount::{Part, Standing, Weighed, each_part};
use super::table::At;
use super::undo::{check_undone, plain_words};
use super::writer::{Action, Sort, Writer, seen_by};
use super::{Author, Receipt, Store};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::domain::change::RecordKey;

/// How many records a preview names; it counts all of them.
pub const NAMED_AT_MOST: usize = 200;

/// What undoing an action would do, and what depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The action.
    pub entry: ActionEntry,
    /// The records of which something would be taken back, the first [`NAMED_AT_MOST`] of them.
    pub taken: Vec<Part>,
    /// How many there are.
    pub taken_count: usize,
    /// The records in which somebody changed since what the action set, the first of them.
    pub changed: Vec<Part>,
    /// How many there are.
    pub changed_count: usize,
    /// What hangs on the records that would be taken away.
    pub hanging: Vec<Hanging>,
    /// How many records keep a text that cannot come back, because it was redacted.
    pub redacted: usize,
    /// How many changes of the action this version does not know, and leaves as they are.
    pub unknown: usize,
    /// Stands for all of this, named or only counted.
    fingerprint: Uuid,
    /// The undo or redo on this file by which what the action set stands there now.
    by: Option<ActionId>,
}

/// What is undone of an action on which something depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it or nothing.
    All,
    /// What nobody has changed since, and nothing hangs on.
    Rest,
}

impl Preview {
    /// Whether anything depends on the action: it is undone in part, or not at all.
    pub fn is_depended_on(&self) -> bool {
        self.changed_count > 0 || !self.hanging.is_empty() || self.unknown > 0
    }

    /// Whether something of this record would be taken back: nothing hangs on it, or it was there before.
    pub fn goes(&self, part: &Part) -> bool {
        let held = |id| self.hanging.iter().any(|held| held.kind == part.kind && held.id == id);
        !(part.is_made() && matches!(part.record, RecordKey::Id(id) if held(id)))
    }

    /// In how many records the rest would be taken back, leaving alone what depends on the action.
    pub fn rest(&self) -> usize {
        self.taken_count.saturating_sub(self.hanging.len())
    }
}

impl Store {
    /// What undoing this action would do. Reads all that the action touched; writes nothing.
    ///
    /// # Errors
    /// A sentence where there is no such action, and what the disk answered.
    pub fn preview(&self, id: ActionId) -> Outcome<Preview> {
        preview(&self.conn, id)
    }

    /// Undoes the action of a preview, as new changes in one transaction.
    ///
    /// # Errors
    /// A sentence, and nothing is written, where something is not as the preview said any more, where
    /// nothing is left to take back, or where something depends on the action and all of it was to be
    /// undone.
    pub fn take_back(&mut self, author: &Author, preview: &Preview, extent: Extent) -> Outcome<Receipt> {
        refuse(preview, extent)?;
        let id = preview.entry.id;
        let own = |action: &ActionId| action.replica == self.replica;
        let reverses = match own(&id) {
            true => Some(done_by(&self.conn, id.seq)?),
            false => preview.by.filter(own).map(|action| action.seq),
        };
        // What the log's row of the action says of an own action, each change says of any other.
        let named = (reverses != Some(id.seq) || id.replica != self.replica).then_some(id);
        let (verb, sort) = if preview.entry.sort == "undo" { ("Redo", Sort::Redo) } else { ("Undo", Sort::Undo) };
        let words = plain_words(&preview.entry.words);
        // What another board let through this one may not say again.
        let mut action = Action::edit(author, &format!("{verb}: {words}"))
            .or_else(|_| Action::edit(author, &format!("{verb}: an action of another board")))?;
        (action.sort, action.reverses) = (sort, reverses);
        let mut receipt = self.write(&action, Ending::Keep, |writer| writer.take_back(preview, named))?;
        receipt.words = words.to_owned();
        Ok(receipt)
    }
}

/// The own action by which an own one stands: itself, or what it was last done again by. It is that
/// which is undone, so that plain undo and redo go on from there.
fn done_by(conn: &Connection, action: i64) -> Outcome<i64> {
    let mut statement = conn.prepare_cached(
        "SELECT a.seq FROM actions a JOIN local l ON l.replica = a.origin WHERE a.reverses_seq = ?1 AND a.seq > ?1
         ORDER BY a.seq DESC LIMIT 1",
    )?;
    let mut stands = action;
    loop {
        let undone: Option<i64> = statement.query_row([stands], |row| row.get(0)).optional()?;
        let Some(undone) = undone else { return Ok(stands) };
        let redone: Option<i64> = statement.query_row([undone], |row| row.get(0)).optional()?;
        // Undone and not done again: some of it was left alone then, and that is what stands.
        let Some(redone) = redone else { return Ok(stands) };
        stands = redone;
    }
}

fn refuse(preview: &Preview, extent: Extent) -> Outcome<()> {
    if preview.taken_count == 0 {
        let what = if preview.changed_count > 0 {
            "Nothing of this action is left: all that it set has been changed since."
        } else {
            "Nothing of this action is left to undo."
        };
        return Err(Failure::not_found(what).hint("Look at the log: it may have been undone."));
    }
    if extent == Extent::All && preview.is_depended_on() {
        return Err(Failure::new(FailureKind::Conflict, "Something depends on this action; nothing was undone.")
            .hint("Look at what it is; the rest can be undone without it."));
    }
    if preview.rest() == 0 {
        return Err(Failure::new(FailureKind::Conflict, "All that is left of this action is still needed.")
            .hint("Take away first what hangs on it."));
    }
    Ok(())
}

fn preview(conn: &Connection, id: ActionId) -> Outcome<Preview> {
    let mut preview = Preview {
        entry: entry_of(conn, id)?,
        taken: Vec::new(),
        taken_count: 0,
        changed: Vec::new(),
        changed_count: 0,
        hanging: Vec::new(),
        redacted: 0,
        unknown: 0,
        fingerprint: Uuid::nil(),
        by: None,
    };
    let mut ties = Ties::default();
    preview.unknown = each_part(conn, id, |weighed| {
        ties.note(&weighed);
        preview.count(weighed);
        Ok(ControlFlow::Continue(()))
    })?;
    let sql = "SELECT no FROM replicas WHERE id = ?1";
    let origin: Option<i64> =
        conn.prepare_cached(sql)?.query_row([&id.replica.bytes()[..]], |row| row.get(0)).optional()?;
    if let Some(origin) = origin {
        preview.hanging = ties.hanging(conn, At { origin, seq: id.seq }, id.seq + preview.entry.changes - 1)?;
    }
    Ok(preview)
}

impl Preview {
    fn count(&mut self, weighed: Weighed) {
        let Weighed { part, target, restore, by, .. } = weighed;
        let mut line = target.kind.code().as_bytes().to_vec();
        line.extend(&target.bytes);
        let code = |standing: &Standing| match standing {
            Standing::Stands => b's',
            Standing::Gone => b'g',
            Standing::Changed(_) => b'c',
            Standing::Redacted => b'r',
        };
        line.extend(part.fields.iter().map(|field| &field.standing).chain([&part.standing]).map(code));
        restore.iter().for_each(|(name, value)| line.extend(format!("{name} {value:?}").bytes()));
        self.fingerprint = Uuid::new_v5(&self.fingerprint, &line);
        let is_redacted = |standing: &Standing| *standing == Standing::Redacted;
        self.redacted += usize::from(part.fields.iter().any(|field| is_redacted(&field.standing)));
        if part.changed_since().is_some() {
            self.changed_count += 1;
            if self.changed.len() < NAMED_AT_MOST {
                self.changed.push(part.clone());
            }
        }
        if !restore.is_empty() {
            self.taken_count += 1;
            self.by = self.by.or(by);
            if self.taken.len() < NAMED_AT_MOST {
                self.taken.push(part);
            }
        }
    }
}

impl Writer<'_> {
    /// Writes, for each record of which something of the action stands, what it was before.
    fn take_back(&mut self, foretold: &Preview, named: Option<ActionId>) -> Outcome<()> {
        let id = foretold.entry.id;
        // It was read before the lock was taken; by now something may have been changed.
        if preview(self.conn, id)? != *foretold {
            return Err(Failure::new(FailureKind::Conflict, "Something was changed in the meantime.")
                .hint("Nothing was undone; look again at what would be taken back."));
        }
        each_part(self.conn, id, |weighed| {
            if !weighed.restore.is_empty() && foretold.goes(&weighed.part) {
                self.bring_back(weighed, named)?;
            }
            Ok(ControlFlow::Continue(()))
        })
        .map(|_| ())
    }

    fn bring_back(&mut self, weighed: Weighed, named: Option<ActionId>) -> Outcome<()> {
        let Weighed { part, target, state, mut restore, also, .. } = weighed;
        restore.extend(also);
        if let Some(row) = &state.row {
            check_undone(part.kind, row, &restore)?;
        }
        let seen = seen_by(&state, false, &restore);
        restore.extend(named.map(|action| (TAKES_BACK, action_named(action))));
        self.write_seeing(part.team, &part.record, &target, state, false, restore, &seen).map(|_| ())
    }
}
