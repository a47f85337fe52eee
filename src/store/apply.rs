//! What one change makes of the tables: the same for a change made here and one from elsewhere.
//!
//! A field shows the value of the latest change, by stamp, that set it. A change that makes a record
//! sets all of its fields; it is the row's base, and only fields set after it keep a version of their
//! own. The result does not depend on the order in which changes arrive.

use rusqlite::Connection;

use super::clock::Stamp;
use super::failure::internal;
use super::line::{Seen, WHOLE};
use super::table::{At, Place, Row};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::change::Edit;
use crate::domain::record::{DELETED, Kind, Value};

/// A change of the log, ready to be applied.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) at: At,
    pub(super) stamp: Stamp,
    pub(super) team: TeamId,
    pub(super) creates: bool,
    /// What it sets, as far as this version knows the fields.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl Change {
    fn rank(&self) -> (Stamp, i64) {
        (self.stamp, self.at.seq)
    }
}

/// Which record a change is about.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) kind: Kind,
    pub(super) place: Place,
    /// As the log names it.
    pub(super) bytes: Vec<u8>,
}

impl Target {
    /// The record that an edit is about; `measure` is the handle of a data point's measure.
    pub(super) fn of(edit: &Edit, measure: i64) -> Self {
        Self { kind: edit.kind, place: Place::of(&edit.record, measure), bytes: edit.record.bytes() }
    }
}

/// A field that was set after its record was made.
#[derive(Debug, Clone, PartialEq)]
struct Version {
    field: &'static str,
    at: At,
    stamp: Stamp,
}

impl Version {
    fn rank(&self) -> (Stamp, i64) {
        (self.stamp, self.at.seq)
    }
}

/// A record as the tables hold it, with the stamps of its values.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct State {
    pub(super) row: Option<Row>,
    base: Option<Stamp>,
    versions: Vec<Version>,
}

impl State {
    /// Reads the record and its stamps.
    pub(super) fn load(conn: &Connection, target: &Target) -> Outcome<Self> {
        Self::of(conn, target, Row::read(conn, target.kind, &target.place)?)
    }

    /// Reads the stamps of a record that was read.
    pub(super) fn of(conn: &Connection, target: &Target, row: Option<Row>) -> Outcome<Self> {
        let Some(row) = row else { return Ok(Self::default()) };
        let base = row.base.map(|at| stamp_of(conn, at)).transpose()?;
        // A row that one change made has no versions: most data points end here.
        let versions = if base.is_some() && row.revision == 1 { Vec::new() } else { versions_of(conn, target)? };
        Ok(Self { row: Some(row), base, versions })
    }

    /// The stamp of what stands in `field`.
    pub(super) fn stamp(&self, field: &str) -> Option<Stamp> {
        self.versions.iter().find(|version| version.field == field).map(|version| version.stamp).or(self.base)
    }

    /// The latest stamp of all that the record holds. What is written over it comes after, whatever the
    /// clock says, so that the record's past reads in the order in which it came about.
    pub(super) fn latest(&self) -> Option<Stamp> {
        self.versions.iter().map(|version| version.stamp).chain(self.base).max()
    }

    /// The stamps of what stands in these fields.
    pub(super) fn seen_of<'n>(&self, names: &[&'n str]) -> Vec<(&'n str, Stamp)> {
        names.iter().filter_map(|name| Some((*name, self.stamp(name)?))).collect()
    }

    /// The stamps of all that the record holds: what made it, and what was set after that.
    pub(super) fn seen_all(&self) -> Vec<(&'static str, Stamp)> {
        let versions = self.versions.iter().map(|version| (version.field, version.stamp));
        self.base.map(|base| (WHOLE, base)).into_iter().chain(versions).collect()
    }

    /// Whether a change that is about to be applied may bring the record into conflict: whether it has
    /// not seen all of what it meets.
    pub(super) fn is_met_unseen(&self, change: &Change, seen: &Seen) -> bool {
        let Some(row) = &self.row else { return false };
        let sets = |name: &str| change.fields.iter().any(|(field, _)| *field == name);
        let deletes = change.fields.iter().any(|(name, value)| *name == DELETED.name && *value == Value::Int(1));
        let unseen = |name: &str| {
            self.stamp(name).is_some_and(|stamp| stamp >= change.stamp || !seen.of(name).any(|seen| seen == stamp))
        };
        if change.creates || deletes {
            return self.versions.iter().map(|version| version.field).chain([WHOLE]).any(unseen);
        }
        (row.deleted && !sets(DELETED.name)) || change.fields.iter().any(|(name, _)| unseen(name))
    }

    /// What decides whether a change comes after what stands in `field`: its stamp, and then its number,
    /// because nothing holds a stranger's file to stamps that increase.
    fn rank(&self, field: &str) -> Option<(Stamp, i64)> {
        let version = self.versions.iter().find(|version| version.field == field);
        version.map(Version::rank).or_else(|| self.base_rank())
    }

    fn base_rank(&self) -> Option<(Stamp, i64)> {
        Some((self.base?, self.row.as_ref()?.base?.seq))
    }

    /// Applies the change: the row, then which version each field has.
    fn fold(&mut self, kind: Kind, change: &Change) -> Folded {
        let base = self.base_rank();
        let newer: Vec<bool> =
            change.fields.iter().map(|(name, _)| self.rank(name).is_none_or(|rank| rank < change.rank())).collect();
        let mut row = self.row.take().unwrap_or_else(|| Row::empty(kind, change.team));
        row.revision += 1;
        if row.base.is_none() {
            // Until the change that makes the record arrives, any edit may have come first.
            row.team = row.team.min(Some(change.team));
        }
        let folded = match change.creates {
            true if base.is_some_and(|base| base >= change.rank()) => Folded::default(),
            true => self.fold_whole(kind, change, &mut row),
            false => self.fold_edit(kind, change, &newer, &mut row),
        };
        self.row = Some(row);
        folded
    }

    fn fold_whole(&mut self, kind: Kind, change: &Change, row: &mut Row) -> Folded {
        for field in kind.fields().iter().chain([&DELETED]) {
            let newer =
                self.versions.iter().any(|version| version.field == field.name && version.rank() > change.rank());
            if !newer {
                let value = change.fields.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value);
                row.set(kind, field.name, value.unwrap_or(&Value::Null));
            }
        }
        row.base = Some(change.at);
        row.team = Some(change.team);
        self.base = Some(change.stamp);
        let (kept, dropped) =
            std::mem::take(&mut self.versions).into_iter().partition(|version| version.rank() > change.rank());
        self.versions = kept;
        Folded { set: Vec::new(), dropped }
    }

    fn fold_edit(&mut self, kind: Kind, change: &Change, newer: &[bool], row: &mut Row) -> Folded {
        let mut folded = Folded::default();
        for ((name, value), _) in change.fields.iter().zip(newer).filter(|(_, newer)| **newer) {
            row.set(kind, name, value);
            self.versions.retain(|version| version.field != *name);
            self.versions.push(Version { field: name, at: change.at, stamp: change.stamp });
            folded.set.push(name);
        }
        folded
    }
}

/// What a change does to the versions.
#[derive(Default)]
struct Folded {
    set: Vec<&'static str>,
    dropped: Vec<Version>,
}

/// Applies `change` to the record that `state` was read from, and writes it.
pub(super) fn apply(conn: &Connection, target: &Target, mut state: State, change: &Change) -> Outcome<()> {
    let folded = state.fold(target.kind, change);
    let Some(row) = &state.row else { return Err(internal("A change made no row.")) };
    row.write(conn, target.kind, &target.place)?;
    let kind = target.kind.code();
    for field in &folded.set {
        conn.prepare_cached(
            "INSERT OR REPLACE INTO versions(kind, record, field, origin, seq) VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((kind, &target.bytes, field, change.at.origin, change.at.seq))?;
    }
    for version in &folded.dropped {
        conn.prepare_cached("DELETE FROM versions WHERE kind = ?1 AND record = ?2 AND field = ?3")?.execute((
            kind,
            &target.bytes,
            version.field,
        ))?;
    }
    Ok(())
}

/// The stamp of a change in the log.
pub(super) fn stamp_of(conn: &Connection, at: At) -> Outcome<Stamp> {
    let mut statement = conn.prepare_cached(
        "SELECT c.wall, c.counter, r.id FROM changes c JOIN replicas r ON r.no = c.origin WHERE c.origin = ?1 AND c.seq = ?2",
    )?;
    let mut rows = statement.query((at.origin, at.seq))?;
    let row = rows.next()?.ok_or_else(|| internal("A row names a change that the log does not have."))?;
    stamp_from(row, 0)
}

/// The stamp in three columns: wall, counter, the replica's id.
pub(super) fn stamp_from(row: &rusqlite::Row<'_>, from: usize) -> Outcome<Stamp> {
    let id: [u8; 16] = row.get(from + 2)?;
    Ok(Stamp { wall: row.get(from)?, counter: row.get(from + 1)?, replica: ReplicaId(uuid::Uuid::from_bytes(id)) })
}

fn versions_of(conn: &Connection, target: &Target) -> Outcome<Vec<Version>> {
    let mut statement = conn.prepare_cached(
        "SELECT v.field, v.origin, v.seq, c.wall, c.counter, r.id FROM versions v
         JOIN changes c ON c.origin = v.origin AND c.seq = v.seq JOIN replicas r ON r.no = v.origin
         WHERE v.kind = ?1 AND v.record = ?2 ORDER BY v.field",
    )?;
    let mut rows = statement.query((target.kind.code(), &target.bytes))?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        let at = At { origin: row.get(1)?, seq: row.get(2)? };
        let name = row.get_ref(0)?.as_str().unwrap_or_default();
        if let Some(field) = target.kind.field(name) {
            versions.push(Version { field: field.name, at, stamp: stamp_from(row, 3)? });
        }
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// Changes of a point from three replicas: each replica's own stamps increase.
    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let one = (0..3_u8, 0..4_i64, 0..2_u16, any::<bool>(), proptest::collection::vec((0..5_usize, 0..4_i64), 1..4));
        proptest::collection::vec(one, 1..12).prop_map(|parts| {
            let mut changes: Vec<Change> = parts.into_iter().zip(1..).map(|(parts, seq)| change(parts, seq)).collect();
            changes.sort_by_key(|change| change.stamp);
            changes.dedup_by_key(|change| change.stamp);
            changes
        })
    }

    type Parts = (u8, i64, u16, bool, Vec<(usize, i64)>);

    fn change((replica, wall, counter, creates, sets): Parts, seq: i64) -> Change {
        let names = ["value", "denominator", "note", "ghost", "deleted"];
        let mut fields: Vec<(&'static str, Value)> = Vec::new();
        for (name, value) in sets {
            if !fields.iter().any(|(other, _)| *other == names[name]) {
                fields.push((names[name], Value::Int(if name == 4 { value % 2 } else { value })));
            }
        }
        let stamp = Stamp { wall, counter, replica: ReplicaId(Uuid::from_u128(u128::from(replica))) };
        Change { at: At { origin: i64::from(replica), seq }, stamp, team: TeamId::default(), creates, fields }
    }

    fn folded<'a>(changes: impl IntoIterator<Item = &'a Change>) -> State {
        let mut state = State::default();
        for change in changes {
            state.fold(Kind::Point, change);
        }
        state.versions.sort_by_key(|version| version.field);
        state
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_in_which_changes_arrive_does_not_matter(
            (inorder, shuffled) in changes().prop_flat_map(|changes| (Just(changes.clone()), Just(changes).prop_shuffle()))
        ) {
            prop_assert_eq!(folded(&shuffled), folded(&inorder));
        }

        #[test]
        fn a_field_shows_the_latest_change_that_set_it(changes in changes()) {
            let row = folded(&changes).row.unwrap();
            for field in Kind::Point.fields().iter().chain([&DELETED]) {
                let named = |change: &Change| change.fields.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value.clone());
                let latest = changes.iter().rev().find(|change| change.creates || named(change).is_some());
                let nothing = if field.name == DELETED.name { Value::Int(0) } else { Value::Null };
                let expected = latest.and_then(named).unwrap_or(nothing);
                prop_assert_eq!(row.value(Kind::Point, field.name), expected);
            }
        }
    }
}
