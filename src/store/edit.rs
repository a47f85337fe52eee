//! Which edits may be written: the rules of their kind, what they expect, and whether they would
//! change anything at all.

use super::apply::{State, Target};
use super::failure::internal;
use super::table::{Place, Row, settle};
use super::words;
use super::writer::{MeasureFacts, Writer};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::domain::MeasureId;
use crate::domain::change::{Edit, Expect, RecordKey, check_point, validate};
use crate::domain::cycle::{check_lock, stage_of};
use crate::domain::measure::{Amount, MeasureKind, check_amount};
use crate::domain::point::PointKey;
use crate::domain::record::{DELETED, FieldValue, Kind, Value};

impl Writer<'_> {
    /// Takes one edit: writes it, passes it over where it changes nothing, or refuses it.
    pub(super) fn take(&mut self, mut edit: Edit) -> Outcome<()> {
        let mut concerns = Vec::new();
        validate(&mut edit, &mut concerns)?;
        for concern in concerns {
            if !self.concerns.contains(&concern) {
                self.concerns.push(concern);
            }
        }
        for (name, value) in &mut edit.fields {
            if let Some(field) = edit.kind.field(name) {
                *value = settle(field, std::mem::replace(value, Value::Null));
            }
        }
        match (&edit.record, edit.kind) {
            (RecordKey::Point(key), Kind::Point) => {
                let key = key.clone();
                self.take_point(edit, &key)
            }
            (RecordKey::Id(_), kind) if kind != Kind::Point => self.take_record(edit),
            _ => Err(internal("An edit names a record that its kind cannot have.")),
        }
    }

    fn take_record(&mut self, edit: Edit) -> Outcome<()> {
        self.write_waiting()?;
        if edit.kind == Kind::Measure
            && let RecordKey::Id(id) = edit.record
        {
            self.measures.remove(&MeasureId(id));
        }
        let target = Target::of(&edit, 0);
        let row = Row::read(self.conn, target.kind, &target.place)?;
        if row.as_ref().and_then(|row| row.team).is_some_and(|team| team != edit.team) {
            return Err(of_another_team());
        }
        if edit.kind == Kind::Cycle {
            let stage = row.as_ref().and_then(|row| stage_of(&row.value(Kind::Cycle, "stage")));
            check_lock(stage, edit.names())?;
        }
        self.settle_over(edit, &target, row)
    }

    fn take_point(&mut self, edit: Edit, key: &PointKey) -> Outcome<()> {
        let facts = self.facts(key.measure)?.ok_or_else(|| {
            Failure::not_found("There is no such measure on this board.")
                .hint("Add the measure first, then its values.")
        })?;
        if facts.team != edit.team {
            return Err(of_another_team());
        }
        if facts.computed {
            return Err(Failure::refused("The values of this measure come from its process.")
                .hint("Tick the work off under Process; nobody types them here."));
        }
        if edit.creates {
            check_point(facts.kind, &edit)?;
            if edit.expect == Expect::Anything {
                return self.put_later(edit, facts);
            }
        }
        self.write_waiting()?;
        let target = Target::of(&edit, facts.handle);
        let row = Row::read(self.conn, Kind::Point, &target.place)?;
        if let (false, Some(row)) = (edit.creates, &row) {
            check_part(facts.kind, &edit, row)?;
        }
        self.settle_over(edit, &target, row)
    }

    /// Writes the edit over what is there, as far as it changes that.
    pub(super) fn settle_over(&mut self, mut edit: Edit, target: &Target, row: Option<Row>) -> Outcome<()> {
        self.check_expected(&edit, row.as_ref())?;
        let visible = row.as_ref().is_some_and(Row::is_visible);
        if !edit.creates && !visible && !self.may_edit_hidden(&edit, row.as_ref())? {
            return Ok(());
        }
        if let Some(row) = &row {
            if edit.creates && visible && changes_nothing(&edit, row) {
                return Ok(());
            }
            if !edit.creates {
                edit.fields.retain(|(name, value)| row.value(edit.kind, name) != *value);
                if edit.fields.is_empty() {
                    return Ok(());
                }
            }
            if edit.creates && visible && edit.kind == Kind::Point && row.value(Kind::Point, "value") != Value::Null {
                self.receipt.replaced += 1;
            }
        }
        let state = State::of(self.conn, target, row)?;
        let unseen = edit.expect == Expect::Unseen && state.row.is_some();
        let Edit { team, record, creates, fields, .. } = edit;
        if unseen {
            self.suspect(target.kind, &target.bytes);
            return self.write_seeing(team, &record, target, state, creates, fields, &[]).map(|_| ());
        }
        self.write(team, &record, target, state, creates, fields)
    }

    /// A record that nobody sees can be brought back, and deleting it again does nothing.
    fn may_edit_hidden(&self, edit: &Edit, row: Option<&Row>) -> Outcome<bool> {
        let deletes = edit.fields.iter().find(|(name, _)| *name == DELETED.name).map(|(_, value)| value);
        match (row.and_then(|row| row.base), deletes) {
            (Some(_), Some(Value::Int(0))) => Ok(true),
            (Some(_), Some(_)) => Ok(false),
            (Some(_), None) => {
                let what = words::describe(self.conn, edit.kind, &edit.record, self.now)?;
                Err(Failure::new(FailureKind::Conflict, format!("{what} was deleted in the meantime."))
                    .hint("Undo the deletion first, then edit it."))
            }
            (None, _) => Err(Failure::not_found(format!("There is no such {}.", edit.kind.code()))
                .hint("It may be on another file; look at the list again.")),
        }
    }

    fn check_expected(&self, edit: &Edit, row: Option<&Row>) -> Outcome<()> {
        let revision = row.map_or(0, |row| row.revision);
        let holds = match edit.expect {
            Expect::Anything | Expect::Unseen => true,
            Expect::Absent => !row.is_some_and(Row::is_visible),
            Expect::Revision(expected) => revision == expected,
        };
        if holds { Ok(()) } else { Err(words::conflict(self.conn, edit, row, self.now)?) }
    }

    /// What a data point needs to know of its measure; `None` where there is no such measure.
    fn facts(&mut self, measure: MeasureId) -> Outcome<Option<MeasureFacts>> {
        if let Some(facts) = self.measures.get(&measure) {
            return Ok(*facts);
        }
        let row = Row::read(self.conn, Kind::Measure, &Place::Id(measure.0))?.filter(Row::is_visible);
        let facts = match row {
            None => None,
            Some(row) => {
                let team = row.team.unwrap_or_default();
                Some(MeasureFacts {
                    team,
                    team_handle: self.handle(team.0)?,
                    handle: self.handle(measure.0)?,
                    kind: MeasureKind::from_value(&row.value(Kind::Measure, "kind")).unwrap_or_default(),
                    computed: row.value(Kind::Measure, "source") != Value::Null,
                })
            }
        };
        self.measures.insert(measure, facts);
        Ok(facts)
    }
}

fn of_another_team() -> Failure {
    Failure::refused("This belongs to another team.").hint("Go to that team's board and edit it there.")
}

/// An edit of a numerator or a denominator alone is held to the rules together with the other one.
fn check_part(kind: MeasureKind, edit: &Edit, row: &Row) -> Outcome<()> {
    let set = |name: &str| edit.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
    let (value, denominator) = (set("value"), set("denominator"));
    if value.is_none() && denominator.is_none() {
        return Ok(());
    }
    let value = value.unwrap_or_else(|| row.value(Kind::Point, "value"));
    let denominator = denominator.unwrap_or_else(|| row.value(Kind::Point, "denominator"));
    let Some(value) = f64::from_value(&value) else { return Ok(()) };
    check_amount(kind, Amount { value, denominator: f64::from_value(&denominator) }).map(|_| ())
}

/// Whether a change that makes a record would leave it as it is.
fn changes_nothing(edit: &Edit, row: &Row) -> bool {
    let sets =
        |name: &str| edit.fields.iter().find(|(field, _)| *field == name).map_or(&Value::Null, |(_, value)| value);
    edit.kind.fields().iter().all(|field| {
        let (new, old) = (sets(field.name), row.value(edit.kind, field.name));
        // Importing what was exported says nothing of ghosts, and leaves them alone.
        *new == old || (edit.kind == Kind::Point && field.name == "ghost" && *new == Value::Null)
    })
}
