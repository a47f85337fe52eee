//! Undo of an action long ago, on two boards that do whatever they like and exchange what they have: it
//! takes back what still stands of the action, and leaves alone everything else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use huddleboard::base::clock::FixedClock;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::measure::MeasureKind;
use huddleboard::domain::point::PointKey;
use huddleboard::domain::project::Project;
use huddleboard::domain::{MeasureId, ProjectId, TeamId};
use huddleboard::store::UndoScope::{File, Session};
use huddleboard::store::{Accept, ActionEntry, ActionId, ActionQuery, Author, Extent, Preview, Standing, Store};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::*;

/// One thing that happens at one of two boards.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Make(u8, u8),
    Rename(u8, u8),
    Own(u8, u8),
    Delete(u8),
    Restore(u8),
    Put(u8, u8),
    Note(u8, u8),
    DeletePoint(u8),
    Several(Vec<Deed>),
    Undo(bool),
    Redo(bool),
    /// Undo of the action so far back, all of it or the rest; and whether that is undone again.
    LongAgo(u8, bool, bool),
    /// One board gives the other all that it has, or so many changes of it.
    Give(u8),
    Turn(i8),
}

fn single() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Make(which, word)),
        3 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Rename(which, word)),
        2 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Own(which, word)),
        1 => (0..3_u8).prop_map(Deed::Delete),
        1 => (0..3_u8).prop_map(Deed::Restore),
        4 => (0..3_u8, 0..4_u8).prop_map(|(date, value)| Deed::Put(date, value)),
        2 => (0..3_u8, 0..3_u8).prop_map(|(date, word)| Deed::Note(date, word)),
        1 => (0..3_u8).prop_map(Deed::DeletePoint),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => single(),
        2 => proptest::collection::vec(single(), 1..5).prop_map(Deed::Several),
        2 => any::<bool>().prop_map(Deed::Undo),
        2 => any::<bool>().prop_map(Deed::Redo),
        6 => (0..12_u8, any::<bool>(), any::<bool>()).prop_map(|(back, rest, twice)| Deed::LongAgo(back, rest, twice)),
        3 => prop_oneof![Just(255), 0..20_u8].prop_map(Deed::Give),
        1 => any::<i8>().prop_map(Deed::Turn),
    ]
}

fn deeds() -> impl Strategy<Value = Vec<(Deed, bool)>> {
    proptest::collection::vec((deed(), any::<bool>()), 1..40)
}

fn cases() -> u32 {
    std::env::var("HUDDLEBOARD_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(24)
}

/// A cell of a table: which, of which record, of which column.
type Cell = (String, String, String);

pub(crate) struct Board {
    pub(crate) store: Store,
    clock: Arc<FixedClock>,
    dir: TempDir,
}

impl Board {
    fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("ward.db")
    }

    /// What every record holds, deleted ones too, without what only counts changes.
    fn cells(&self) -> BTreeMap<Cell, String> {
        let conn = rusqlite::Connection::open(self.path()).unwrap();
        let mut cells = BTreeMap::new();
        for (table, key) in [
            ("teams", "hex(id)"),
            ("projects", "hex(id)"),
            ("measures", "hex(id)"),
            ("points", "hex((SELECT h.id FROM handles h WHERE h.no = measure)) || start"),
        ] {
            let mut statement = conn.prepare(&format!("SELECT {key}, * FROM {table}")).unwrap();
            let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for (index, name) in names.iter().enumerate().skip(1) {
                    if !["revision", "origin", "seq", "measure"].contains(&name.as_str())
                        || table == "measures" && name == "measure"
                    {
                        let value = format!("{:?}", row.get_ref(index).unwrap());
                        cells.insert((table.to_owned(), row.get(0).unwrap(), name.clone()), value);
                    }
                }
            }
        }
        cells
    }

    pub(crate) fn actions(&self) -> Vec<ActionId> {
        self.store.actions(&ActionQuery::default()).unwrap().into_iter().map(|entry| entry.id).collect()
    }
}

/// Two boards of one ward.
pub(crate) struct Pair {
    pub(crate) boards: Vec<Board>,
    team: TeamId,
    falls: MeasureId,
    pub(crate) projects: Vec<ProjectId>,
}

fn author(board: usize) -> Author {
    Author { role: Some(["nurse", "matron"][board].into()), session: 1 }
}

impl Pair {
    pub(crate) fn new() -> Self {
        let mut ward = Ward::new();
        let value = Edit::of(&ward.falls).with("kind", &MeasureKind::Value);
        ward.store.commit(&Author { role: None, session: 0 }, "values", [Ok(value)]).unwrap();
        let (team, falls) = (ward.team.id, ward.falls.id);
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(noon()));
        let other = Store::open(&opening(&dir.path().join("ward.db"), &clock)).unwrap();
        let one = Board { store: ward.store, clock: ward.clock, dir: ward.dir };
        let mut pair = Self {
            boards: vec![one, Board { store: other, clock, dir }],
            team,
            falls,
            projects: (0..3).map(|_| ProjectId::fresh()).collect(),
        };
        pair.give(0, usize::MAX);
        pair
    }

    pub(crate) fn give(&mut self, from: usize, at_most: usize) {
        let mut changes = Vec::new();
        let to = &self.boards[1 - from].store;
        let have: Vec<_> = to.have().unwrap().iter().map(|have| (have.replica, have.upto)).collect();
        let take = |change| {
            changes.push(Ok(change));
            Ok(())
        };
        self.boards[from].store.changes_since(&have, take).unwrap();
        changes.truncate(at_most);
        self.boards[1 - from].store.take_in(changes, Accept::KnownTeams).unwrap();
    }

    fn edit(&self, deed: &Deed) -> Option<Edit> {
        let project = |which: u8| Project::blank(self.projects[usize::from(which)], self.team);
        let word = |word: u8| ["red", "green", "blue", "ward", "bay"][usize::from(word)].to_owned();
        let key = |date: u8| PointKey::whole(self.falls, day(&format!("2026-11-{:02}", date + 1)));
        Some(match deed {
            Deed::Make(which, name) => {
                let mut project = project(*which);
                project.name = word(*name);
                Edit::create(&project)
            }
            Deed::Rename(which, name) => {
                Edit::of(&project(*which)).with("name", &word(*name)).with("aim", &word(4 - *name))
            }
            Deed::Own(which, name) => Edit::of(&project(*which)).with("owner", &word(*name)),
            Deed::Delete(which) => Edit::of(&project(*which)).deleting(),
            Deed::Restore(which) => Edit::of(&project(*which)).with("deleted", &false),
            Deed::Put(date, value) => Edit::put_point(self.team, key(*date), count(f64::from(*value)), ""),
            Deed::Note(date, note) => Edit::of_point(self.team, key(*date)).with("note", &word(*note)),
            Deed::DeletePoint(date) => Edit::of_point(self.team, key(*date)).deleting(),
            _ => return None,
        })
    }

    /// Does it at a board; what cannot be done is refused, which is fine.
    pub(crate) fn perform(&mut self, deed: &Deed, which: usize) {
        let scope = |file: bool| if file { File } else { Session };
        match deed {
            Deed::Undo(file) => drop(self.boards[which].store.undo(&author(which), scope(*file))),
            Deed::Redo(file) => drop(self.boards[which].store.redo(&author(which), scope(*file))),
            Deed::Turn(hours) => {
                self.boards[which].clock.set(noon() + chrono::TimeDelta::hours(i64::from(*hours)));
            }
            Deed::Give(most) => self.give(which, if *most == 255 { usize::MAX } else { usize::from(*most) }),
            Deed::LongAgo(back, rest, twice) => {
                let actions = self.boards[which].actions();
                let id = actions[usize::from(*back) % actions.len()];
                self.long_ago(which, id, if *rest { Extent::Rest } else { Extent::All }, *twice);
            }
            Deed::Several(deeds) => {
                let edits: Vec<_> = deeds.iter().filter_map(|deed| self.edit(deed)).map(Ok).collect();
                drop(self.boards[which].store.commit(&author(which), "several", edits));
            }
            one => {
                let edit = self.edit(one).map(Ok);
                drop(self.boards[which].store.commit(&author(which), "one", edit));
            }
        }
    }

    pub(crate) fn long_ago(&mut self, which: usize, id: ActionId, extent: Extent, twice: bool) {
        let board = &mut self.boards[which];
        let preview = board.store.preview(id).unwrap();
        let (cells, tables) = (board.cells(), dump(&board.path()));
        let Ok(receipt) = board.store.take_back(&author(which), &preview, extent) else {
            assert_eq!(dump(&board.path()), tables, "what is refused changes nothing");
            let depends = extent == Extent::All && preview.is_depended_on();
            assert!(depends || preview.rest() == 0, "{preview:#?}");
            return;
        };
        let after = board.store.preview(id).unwrap();
        assert_eq!(after.taken_count, preview.hanging.len(), "nothing is left to take back: {after:#?}");
        holds(&preview, &cells, &board.cells());
        let tables = dump(&board.path());
        board.store.rebuild().unwrap();
        assert_eq!(dump(&board.path()), tables, "the log makes the same tables");
        if twice {
            let undo = ActionId { replica: board.store.replica(), seq: receipt.action };
            let back = board.store.preview(undo).unwrap();
            assert_eq!((back.changed_count, back.unknown, back.taken_count), (0, 0, preview.rest()), "{back:#?}");
            if !back.hanging.is_empty() {
                return; // It brought back what others had hung things on while it was away.
            }
            board.store.take_back(&author(which), &back, Extent::All).unwrap();
            assert_eq!(board.cells(), cells, "an undo that is undone leaves everything as it was");
            let again = board.store.preview(id).unwrap();
            assert_eq!((again.taken_count, again.changed_count), (preview.taken_count, preview.changed_count));
        }
    }
}

/// What was foretold to be taken back is as it was before, and everything else as it is.
fn holds(preview: &Preview, before: &BTreeMap<Cell, String>, after: &BTreeMap<Cell, String>) {
    let mut may_differ = BTreeSet::new();
    let held =
        |record: &RecordKey| matches!(record, RecordKey::Id(id) if preview.hanging.iter().any(|held| held.id == *id));
    for part in preview.taken.iter().filter(|part| !part.is_made() || !held(&part.record)) {
        let (table, key) = match &part.record {
            RecordKey::Id(id) => (format!("{}s", part.kind.code()), id.simple().to_string().to_uppercase()),
            RecordKey::Point(point) => (
                "points".to_owned(),
                format!("{}{}", point.measure.0.simple().to_string().to_uppercase(), point.start.text()),
            ),
        };
        if part.is_made() {
            let deleted = (table.clone(), key.clone(), "deleted".to_owned());
            assert_eq!(after.get(&deleted).map(String::as_str), Some("Integer(1)"), "{part:?}");
            may_differ.insert(deleted);
        }
        for field in part.fields.iter().filter(|field| field.standing == Standing::Stands) {
            let cell = (table.clone(), key.clone(), field.name.to_owned());
            if !part.is_made() {
                let as_cell = match &field.before {
                    huddleboard::domain::record::Value::Null => "Null".to_owned(),
                    huddleboard::domain::record::Value::Int(number) => format!("Integer({number})"),
                    huddleboard::domain::record::Value::Real(number) => format!("Real({number:?})"),
                    huddleboard::domain::record::Value::Text(text) => {
                        format!("{:?}", rusqlite::types::ValueRef::Text(text.as_bytes()))
                    }
                };
                assert_eq!(after.get(&cell), Some(&as_cell), "{part:?}");
            }
            may_differ.insert(cell);
        }
    }
    let cells: BTreeSet<&Cell> = before.keys().chain(after.keys()).collect();
    for cell in cells.into_iter().filter(|cell| !may_differ.contains(*cell)) {
        assert_eq!(before.get(cell), after.get(cell), "{cell:?} is left alone by {preview:#?}");
    }
}

#[test]
fn what_another_board_brought_back_in_the_middle_of_an_action_is_not_the_actions_deed() {
    let mut pair = Pair::new();
    let owned_and_renamed =
        Deed::Several(vec![Deed::Own(0, 0), Deed::Rename(1, 0), Deed::Own(1, 0), Deed::Own(1, 1), Deed::Rename(0, 1)]);
    for (deed, which) in [
        (Deed::Make(0, 2), 0),
        (Deed::Make(1, 2), 0),
        (Deed::Give(255), 0),
        (Deed::Rename(1, 1), 0),
        (Deed::Rename(1, 2), 0),
        (owned_and_renamed, 0),
        // By their stamps the project was deleted before the first of those three changes, and brought back
        // before the last.
        (Deed::Delete(0), 1),
        (Deed::Several(vec![Deed::Rename(1, 3), Deed::Rename(1, 4), Deed::Own(1, 2), Deed::Restore(0)]), 1),
        (Deed::Give(255), 1),
    ] {
        pair.perform(&deed, which);
    }
    let own = |entry: &ActionEntry| entry.id.replica == pair.boards[0].store.replica();
    let actions = pair.boards[0].store.actions(&ActionQuery::default()).unwrap();
    let id = actions.iter().find(|entry| own(entry)).map(|entry| entry.id).unwrap();
    let preview = pair.boards[0].store.preview(id).unwrap();
    let project = preview.taken.iter().find(|part| part.record == RecordKey::Id(pair.projects[0].0)).unwrap();
    assert_eq!(project.deed, huddleboard::store::Deed::Changed, "{project:?}");
    pair.long_ago(0, id, Extent::Rest, true);
}

#[test]
fn what_an_action_saw_came_before_it_however_far_ahead_the_clock_was_that_stamped_it() {
    let mut pair = Pair::new();
    for (deed, which) in [
        (Deed::Make(2, 1), 1),
        (Deed::Give(255), 1),
        (Deed::Turn(40), 0),
        (Deed::Own(2, 3), 0),
        (Deed::Delete(2), 1),
        (Deed::Give(255), 0),
        (Deed::Restore(2), 1),
    ] {
        pair.perform(&deed, which);
    }
    let newest = pair.boards[1].store.actions(&ActionQuery::default()).unwrap();
    let id = newest.iter().find(|entry| entry.id.replica == pair.boards[1].store.replica()).map(|entry| entry.id);
    let preview = pair.boards[1].store.preview(id.unwrap()).unwrap();
    assert_eq!((preview.taken_count, preview.changed_count), (1, 0), "{preview:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_undone_long_after_is_as_it_was_and_all_else_as_it_is(deeds in deeds()) {
        let mut pair = Pair::new();
        for (deed, which) in &deeds {
            pair.perform(deed, usize::from(*which));
        }
        for from in [0, 1, 0] {
            pair.give(from, usize::MAX);
        }
        let [one, other] = &mut pair.boards[..] else { panic!("two boards") };
        prop_assert_eq!(one.store.digest().unwrap(), other.store.digest().unwrap());
        prop_assert_eq!(one.store.conflicts().unwrap(), other.store.conflicts().unwrap());
        let told = |board: &Board| -> Vec<String> {
            board.actions().into_iter().map(|id| format!("{:?}", board.store.recount(id, 100).unwrap())).collect()
        };
        prop_assert_eq!(told(one), told(other), "both boards tell the same of every action");
        for board in [one, other] {
            let tables = dump(&board.path());
            board.store.rebuild().unwrap();
            prop_assert_eq!(dump(&board.path()), tables);
        }
    }
}
