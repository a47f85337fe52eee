//! What an action did, record by record, and what of it still stands. The log in full, the preview of
//! an undo and the undo itself are made of this one answer, which the log alone decides.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::Store;
use super::actions::{ActionEntry, ActionId, entry_of};
use super::apply::{State, Target};
use super::log::parse_fields;
use super::open::uuid_at;
use super::past::{Past, Step, TAKES_BACK};
use super::rebuild::{known_fields, readable};
use super::redact::{MARK, is_blanked};
use super::table::{At, Place, Row};
use crate::base::error::Outcome;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::{DELETED, Kind, Value};

/// What an action did with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Made it.
    Made,
    /// Brought it back after it was deleted.
    BroughtBack,
    /// Set some of its fields.
    Changed,
    /// Deleted it.
    Deleted,
}

impl Deed {
    /// It in a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::BroughtBack => "brought back",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }
}

/// Who changed something after the action, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The action that did it.
    pub action: ActionId,
    /// When, by its author's clock.
    pub at: DateTime<Utc>,
    /// Who, where that is kept.
    pub actor: Option<String>,
}

/// What has become of what an action set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It stands: undoing the action takes it back.
    Stands,
    /// It is undone, or came to nothing: there is nothing to take back.
    Gone,
    /// Somebody changed it since.
    Changed(Since),
    /// What stood there before, or stands there now, was redacted: it cannot come back.
    Redacted,
}

/// One field that an action set.
#[derive(Debug, Clone, PartialEq)]
pub struct PartField {
    /// Its name.
    pub name: &'static str,
    /// What stood there before.
    pub before: Value,
    /// What the action left there.
    pub after: Value,
    /// What stands there now.
    pub now: Value,
    /// What has become of it.
    pub standing: Standing,
}

/// What an action did with one record, and what has become of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The record's team.
    pub team: TeamId,
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
    /// What was done with it.
    pub deed: Deed,
    /// What has become of it as a whole: it stands as long as there is anything to take back.
    pub standing: Standing,
    /// The fields that were set, each with its own fate.
    pub fields: Vec<PartField>,
}

impl Part {
    /// Who changed what the action set in this record, where somebody did.
    pub fn changed_since(&self) -> Option<&Since> {
        let whole = std::iter::once(&self.standing);
        whole.chain(self.fields.iter().map(|field| &field.standing)).find_map(|standing| match standing {
            Standing::Changed(since) => Some(since),
            _ => None,
        })
    }

    /// Whether the record was not there before.
    pub fn is_made(&self) -> bool {
        matches!(self.deed, Deed::Made | Deed::BroughtBack)
    }
}

/// An action in full, as far as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Recount {
    /// The action.
    pub entry: ActionEntry,
    /// What it did, record by record, in order; no more of them than were asked for.
    pub parts: Vec<Part>,
    /// Whether there are more.
    pub more: bool,
    /// How many of its changes this version does not know: a newer one wrote them.
    pub unknown: usize,
}

impl Store {
    /// An action in full: what it did with each record, and what of it still stands.
    ///
    /// # Errors
    /// A sentence where there is no such action, and what the disk answered.
    pub fn recount(&self, id: ActionId, at_most: usize) -> Outcome<Recount> {
        let mut recount = Recount { entry: entry_of(&self.conn, id)?, parts: Vec::new(), more: false, unknown: 0 };
        recount.unknown = each_part(&self.conn, id, |weighed| {
            recount.more = recount.parts.len() >= at_most;
            if recount.more {
                return Ok(ControlFlow::Break(()));
            }
            recount.parts.push(weighed.part);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(recount)
    }
}

/// A record that an action touched, with what taking back needs.
pub(super) struct Weighed {
    pub(super) part: Part,
    pub(super) target: Target,
    pub(super) state: State,
    /// What is set to take it back; nothing where nothing of it stands.
    pub(super) restore: Vec<(&'static str, Value)>,
    /// What is set with it though it looks the same already: each field then leads back, through what
    /// undid it, to the change that it was before.
    pub(super) also: Vec<(&'static str, Value)>,
    /// The undo or redo by which what the action set stands there now, where one does.
    pub(super) by: Option<ActionId>,
}

/// How many changes of an action are read before they are weighed.
const AT_A_TIME: i64 = 2_000;

struct Line {
    seq: i64,
    team: TeamId,
    kind: String,
    record: Vec<u8>,
    creates: bool,
    fields: String,
}

/// Hands every record that an action touched to `take`, once, in the order of its changes, until it
/// breaks off. Answers how many changes this version does not know.
pub(super) fn each_part(
    conn: &Connection,
    id: ActionId,
    mut take: impl FnMut(Weighed) -> Outcome<ControlFlow<()>>,
) -> Outcome<usize> {
    let sql = "SELECT no FROM replicas WHERE id = ?1";
    let origin: Option<i64> =
        conn.prepare_cached(sql)?.query_row([&id.replica.bytes()[..]], |row| row.get(0)).optional()?;
    let Some(origin) = origin else { return Ok(0) };
    let (mut from, mut unknown) = (id.seq, 0);
    loop {
        // Some at a time: an import of a million points can be weighed as well.
        let lines = lines_of(conn, origin, id.seq, from)?;
        let Some(last) = lines.last() else { return Ok(unknown) };
        from = last.seq + 1;
        for line in lines {
            let Some((kind, key)) = readable(&line.kind, &line.record, line.team) else {
                unknown += 1;
                continue;
            };
            let at = At { origin, seq: line.seq };
            let (weighed, strange) = weigh_line(conn, id, at, kind, key, line)?;
            unknown += usize::from(strange);
            if let Some(weighed) = weighed
                && take(weighed)?.is_break()
            {
                return Ok(unknown);
            }
        }
    }
}

fn lines_of(conn: &Connection, origin: i64, action: i64, from: i64) -> Outcome<Vec<Line>> {
    let mut statement = conn.prepare_cached(
        "SELECT c.seq, c.action, h.id, c.kind, c.record, c.creates, c.fields FROM changes c JOIN handles h ON h.no = c.team
         WHERE c.origin = ?1 AND c.seq >= ?2 ORDER BY c.seq LIMIT ?3",
    )?;
    let mut rows = statement.query((origin, from, AT_A_TIME))?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? != action {
            break;
        }
        lines.push(Line {
            seq: row.get(0)?,
            team: TeamId(uuid_at(row, 2)?),
            kind: row.get(3)?,
            record: row.get(4)?,
            creates: row.get(5)?,
            fields: row.get(6)?,
        });
    }
    Ok(lines)
}

/// Weighs one change; a record that was weighed with an earlier change of the action is passed over.
/// Answers as well whether it sets a field that this version does not know.
fn weigh_line(
    conn: &Connection,
    id: ActionId,
    at: At,
    kind: Kind,
    record: RecordKey,
    line: Line,
) -> Outcome<(Option<Weighed>, bool)> {
    let measure = match &record {
        RecordKey::Point(point) => handle_of(conn, point.measure.bytes())?,
        RecordKey::Id(_) => 0,
    };
    let target = Target { kind, place: Place::of(&record, measure), bytes: line.record };
    let state = State::load(conn, &target)?;
    let fields = parse_fields(&line.fields);
    let strange = fields.iter().any(|(name, _)| kind.field(name).is_none() && name != MARK && name != TAKES_BACK);
    let Some(row) = &state.row else { return Ok((None, true)) };
    let team = row.team.filter(|_| row.base.is_some()).unwrap_or(line.team);
    let part = |deed, standing, fields| Part { team, kind, record: record.clone(), deed, standing, fields };
    if line.creates && row.base == Some(at) && row.revision == 1 {
        // The record was made here, and nothing has happened to it since: most points end here.
        let fields = known_fields(kind, fields).into_iter().filter(|(_, value)| *value != Value::Null);
        let untouched = |(name, after): (&'static str, Value)| PartField {
            name,
            before: Value::Null,
            now: after.clone(),
            after,
            standing: Standing::Stands,
        };
        let part = part(Deed::Made, Standing::Stands, fields.map(untouched).collect());
        let restore = vec![(DELETED.name, Value::Int(1))];
        return Ok((Some(Weighed { part, target, state, restore, also: Vec::new(), by: None }), strange));
    }
    let past = Past::read(conn, &target, &state)?;
    if past.first_of(id) != Some(at) {
        return Ok((None, strange));
    }
    let scale = Scale { past: &past, row, kind, id };
    let (deed, standing, fields) = scale.weigh();
    let restore = if standing == Standing::Stands { scale.restored(&fields, deed) } else { Vec::new() };
    let also = if restore.is_empty() || deed == Deed::Made { Vec::new() } else { scale.alike(&fields) };
    let by = restore.first().and_then(|(name, _)| past.current(name)).filter(|step| step.sort != "edit");
    let by = by.map(|step| step.action).filter(|action| *action != id);
    let part = part(deed, standing, fields);
    Ok((Some(Weighed { part, target, state, restore, also, by }), strange))
}

/// The number that stands for a measure in this file, or one that stands for none.
fn handle_of(conn: &Connection, id: &[u8; 16]) -> Outcome<i64> {
    let mut statement = conn.prepare_cached("SELECT no FROM handles WHERE id = ?1")?;
    Ok(statement.query_row([&id[..]], |row| row.get(0)).optional()?.unwrap_or(-1))
}

/// What an action did with one record is weighed against what has happened to it.
struct Scale<'a> {
    past: &'a Past,
    row: &'a Row,
    kind: Kind,
    id: ActionId,
}

impl Scale<'_> {
    fn weigh(&self) -> (Deed, Standing, Vec<PartField>) {
        let (was, left) = (self.past.was_visible(self.id), self.past.was_left_visible(self.id));
        let was_there = self.past.was_there(self.id);
        let set = self.past.set_by(self.id);
        // Where the clocks of two replicas read alike, a change of one may come between two of an action of
        // the other: what it deleted or brought back is not the action's deed.
        let decides = set.contains(&DELETED.name);
        if !was_there || !was && left && decides {
            // It is there or it is not: nobody wants half of a record.
            let standing = self.whole();
            let deed = if was_there { Deed::BroughtBack } else { Deed::Made };
            let fields = set.into_iter().map(|name| self.field(name, self.of_whole(name, &standing))).collect();
            return (deed, standing, fields);
        }
        let deed = if was && !left && decides { Deed::Deleted } else { Deed::Changed };
        let hidden = (left && !self.row.is_visible()).then(|| self.past.current(DELETED.name)).flatten();
        let mut fields: Vec<PartField> =
            set.into_iter().map(|name| self.field(name, self.of_field(name, hidden))).collect();
        if self.kind == Kind::Point {
            one_amount(&mut fields);
        }
        let found = |wanted: fn(&Standing) -> bool| fields.iter().map(|field| &field.standing).find(|one| wanted(one));
        let standing = found(|standing| *standing == Standing::Stands)
            .or_else(|| found(|standing| matches!(standing, Standing::Changed(_))))
            .or_else(|| found(|standing| *standing == Standing::Redacted));
        let standing = standing.cloned().unwrap_or(Standing::Gone);
        (deed, standing, fields)
    }

    /// What has become of a record that was not there before.
    fn whole(&self) -> Standing {
        if !self.row.is_visible() {
            return Standing::Gone;
        }
        let fields = self.kind.fields().iter().chain([&DELETED]);
        let since =
            fields.filter_map(|field| self.past.set_since(self.id, field.name)).find(|step| !is_redaction(step));
        since.map_or(Standing::Stands, changed)
    }

    fn of_whole(&self, name: &str, whole: &Standing) -> Standing {
        let own = self.past.set_since(self.id, name).filter(|step| !is_redaction(step)).map(changed);
        match (whole, own) {
            (Standing::Changed(_), Some(own)) => own,
            (whole, _) => whole.clone(),
        }
    }

    /// What has become of one field of a record that was there before; `hidden` is the change that
    /// deleted the record since.
    fn of_field(&self, name: &str, hidden: Option<&Step>) -> Standing {
        let before = self.past.value_before(self.id, name);
        let (left, now) = (self.past.value_left(self.id, name), self.row.value(self.kind, name));
        if now == before {
            return Standing::Gone;
        }
        if now == left && self.past.leads_back(self.id, name) {
            if self.kind.field(name).is_some_and(|field| is_blanked(field, &before)) {
                return Standing::Redacted;
            }
            return hidden.map_or(Standing::Stands, changed);
        }
        match self.past.current(name) {
            Some(step) if is_redaction(step) => Standing::Redacted,
            Some(step) => changed(step),
            None => Standing::Gone,
        }
    }

    fn field(&self, name: &'static str, standing: Standing) -> PartField {
        PartField {
            name,
            before: self.past.value_before(self.id, name),
            after: self.past.value_left(self.id, name),
            now: self.row.value(self.kind, name),
            standing,
        }
    }

    /// The fields that the action set to what they were before, where that still stands.
    fn alike(&self, fields: &[PartField]) -> Vec<(&'static str, Value)> {
        let is_alike = |field: &&PartField| field.now == field.before && self.past.leads_back(self.id, field.name);
        fields.iter().filter(is_alike).map(|field| (field.name, field.before.clone())).collect()
    }

    /// What the record held before the action, as far as what the action set still stands.
    fn restored(&self, fields: &[PartField], deed: Deed) -> Vec<(&'static str, Value)> {
        if deed == Deed::Made {
            return vec![(DELETED.name, Value::Int(1))];
        }
        let comes_back = |field: &&PartField| {
            field.standing == Standing::Stands
                && field.now != field.before
                && self.kind.field(field.name).is_some_and(|own| !is_blanked(own, &field.before))
        };
        fields.iter().filter(comes_back).map(|field| (field.name, field.before.clone())).collect()
    }
}

fn changed(step: &Step) -> Standing {
    Standing::Changed(Since { action: step.action, at: step.when, actor: step.actor.clone() })
}

fn is_redaction(step: &Step) -> bool {
    step.fields.iter().any(|(name, _)| name == MARK)
}

/// A value and its denominator are one amount: where somebody changed one of them, both stay.
fn one_amount(fields: &mut [PartField]) {
    let is_amount = |field: &PartField| matches!(field.name, "value" | "denominator");
    let changed = fields
        .iter()
        .filter(|field| is_amount(field))
        .map(|field| field.standing.clone())
        .find(|standing| matches!(standing, Standing::Changed(_)));
    if let Some(changed) = changed {
        let amount = fields.iter_mut().filter(|field| is_amount(field) && field.standing == Standing::Stands);
        amount.for_each(|field| field.standing = changed.clone());
    }
}
