//! Undo of an action long ago: whatever was done since and wherever, it takes back what still stands of
//! the action, leaves alone everything else, and says before what that is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use huddleboard::base::clock::FixedClock;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::measure::MeasureKind;
use huddleboard::domain::point::PointKey;
use huddleboard::domain::project::Project;
use huddleboard::domain::{MeasureId, ProjectId, TeamId};
use huddleboard::store::UndoScope::{File, Session};
use huddleboard::store::{Accept, ActionId, ActionQuery, Author, Extent, Preview, Standing, Store};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::*;

/// One thing that happens at one of two boards.
#[derive(Debug, Clone)]
enum Deed {
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

struct Board {
    store: Store,
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

    fn actions(&self) -> Vec<ActionId> {
        self.store.actions(&ActionQuery::default()).unwrap().into_iter().map(|entry| entry.id).collect()
    }
}

/// Two boards of one ward.
struct Pair {
    boards: Vec<Board>,
    team: TeamId,
    falls: MeasureId,
    projects: Vec<ProjectId>,
}

fn author(board: usize) -> Author {
    Author { role: Some(["nurse", "matron"][board].into()), session: 1 }
}

impl Pair {
    fn new() -> Self {
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

    fn give(&mut self, from: usize, at_most: usize) {
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
    fn perform(&mut self, deed: &Deed, which: usize) {
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

    fn long_ago(&mut self, which: usize, id: ActionId, extent: Extent, twice: bool) {
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

/// The action that was done last.
fn last(ward: &Ward) -> ActionId {
    ward.store.actions(&ActionQuery { limit: 1, ..ActionQuery::default() }).unwrap()[0].id
}

fn undo_it(ward: &mut Ward, id: ActionId, extent: Extent) -> Result<(), String> {
    let preview = ward.store.preview(id).unwrap();
    ward.store.take_back(&matron(), &preview, extent).map(|_| ()).map_err(|failure| failure.to_string())
}

#[test]
fn an_action_that_was_undone_and_done_again_is_taken_back_once_and_undo_goes_on_behind_it() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 1.0)]).unwrap();
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    let id = last(&ward);
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.preview(id).unwrap().taken_count, 0);
    ward.store.redo(&nurse(), Session).unwrap();
    undo_it(&mut ward, id, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0)]);
    assert!(undo_it(&mut ward, id, Extent::All).unwrap_err().contains("Nothing of this action is left"));
    // What it was done again by is undone with it: the next undo is of what came before.
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), []);
    ward.store.redo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0)]);
    ward.store.redo(&matron(), File).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0), Some(2.0)]);
}

#[test]
fn an_undo_is_undone_like_any_action() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    let first = last(&ward);
    ward.store.undo(&nurse(), Session).unwrap();
    let undo = last(&ward);
    undo_it(&mut ward, undo, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
    assert_eq!(ward.store.preview(undo).unwrap().taken_count, 0);
    assert_eq!(ward.store.preview(first).unwrap().taken_count, 1);
}

#[test]
fn an_action_that_touches_one_record_twice_is_taken_back_whole() {
    let mut ward = Ward::new();
    let owner = |name: &str| Edit::of(&ward.falls).with("owner", &name.to_owned());
    ward.commit(vec![owner("therapist"), owner("matron"), ward.put("2026-11-20", 1.0), ward.put("2026-11-20", 2.0)])
        .unwrap();
    let id = last(&ward);
    let recount = ward.store.recount(id, 10).unwrap();
    assert_eq!(recount.parts.len(), 2, "each record once: {recount:#?}");
    undo_it(&mut ward, id, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), []);
    assert_eq!(ward.store.record::<huddleboard::domain::measure::Measure>(ward.falls.id.0).unwrap().unwrap().owner, "");
}

#[test]
fn what_was_changed_since_is_named_with_who_and_stays_when_the_rest_is_undone() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 1.0), ward.put("2026-11-20", 1.0)]).unwrap();
    let id = last(&ward);
    ward.store.commit(&matron(), "hers", [Ok(ward.put("2026-11-20", 2.0))]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    assert_eq!((preview.taken_count, preview.changed_count, preview.is_depended_on()), (1, 1, true));
    let since = preview.changed[0].changed_since().unwrap();
    assert_eq!((since.actor.as_deref(), since.action), (Some("matron"), last(&ward)));
    let before = dump(&ward.path());
    assert!(undo_it(&mut ward, id, Extent::All).unwrap_err().contains("Something depends on this action"));
    assert_eq!(dump(&ward.path()), before);
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
}

#[test]
fn a_value_and_its_denominator_stay_together_where_one_of_them_was_changed_since() {
    let mut ward = Ward::new();
    let key = PointKey::whole(ward.screened.id, day("2026-11-20"));
    let put = |value, denominator| {
        let amount = huddleboard::domain::measure::Amount { value, denominator: Some(denominator) };
        Edit::put_point(ward.team.id, key.clone(), amount, "")
    };
    let (first, second) = (put(3.0, 5.0), put(18.0, 20.0));
    ward.commit(vec![first]).unwrap();
    ward.commit(vec![second]).unwrap();
    let id = last(&ward);
    let denominator = Edit::of_point(ward.team.id, key.clone()).with("denominator", &Some(25.0));
    ward.store.commit(&matron(), "hers", [Ok(denominator)]).unwrap();
    assert!(undo_it(&mut ward, id, Extent::Rest).is_err(), "18 of 5 would be no proportion");
    let point = ward.store.point(&key).unwrap().unwrap();
    assert_eq!((point.value, point.denominator), (Some(18.0), Some(25.0)));
}

#[test]
fn a_record_is_not_taken_from_under_what_hangs_on_it_unless_that_goes_with_it() {
    let mut ward = Ward::new();
    let mut fresh = huddleboard::domain::measure::Measure::blank(MeasureId::fresh(), ward.team.id);
    fresh.name = "Bed moves".into();
    let value = |date: &str| Edit::put_point(ward.team.id, PointKey::whole(fresh.id, day(date)), count(1.0), "");
    let (own, other) = (value("2026-11-19"), value("2026-11-20"));
    ward.commit(vec![Edit::create(&fresh), own]).unwrap();
    let id = last(&ward);
    assert_eq!(ward.store.preview(id).unwrap().hanging, [], "its own value goes with it");
    ward.store.commit(&matron(), "hers", [Ok(other)]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    let told = ward.store.tell_hanging(&preview.hanging[0]).unwrap();
    assert_eq!((preview.hanging.len(), told.as_str()), (1, "Bed moves: 1 value"));
    assert!(undo_it(&mut ward, id, Extent::All).is_err());
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(values(&ward.store.points(&fresh, noon()).unwrap()), [Some(1.0)], "only hers is left");
    assert!(ward.store.record::<huddleboard::domain::measure::Measure>(fresh.id.0).unwrap().is_some());
}

#[test]
fn everything_hangs_on_the_team_that_was_made_and_a_board_is_not_undone_by_mistake() {
    let mut ward = Ward::new();
    let id = last(&ward);
    let mut project = Project::blank(ProjectId::fresh(), ward.team.id);
    project.name = "Fewer falls".into();
    ward.commit(vec![Edit::create(&project), ward.put("2026-11-20", 1.0)]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    let told: Vec<String> = preview.hanging.iter().map(|held| ward.store.tell_hanging(held).unwrap()).collect();
    assert_eq!(told, ["Ward 7A: 1 measure, 1 project", "Falls: 1 value"]);
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(ward.store.teams().unwrap().len(), 1);
    assert_eq!(ward.falls_values(), [Some(1.0)]);
}

#[test]
fn a_text_that_was_redacted_never_comes_back_and_that_is_said() {
    let mut ward = Ward::new();
    let key = ward.key("2026-11-20");
    ward.commit(vec![Edit::put_point(ward.team.id, key.clone(), count(1.0), "Mrs Example fell")]).unwrap();
    let record = RecordKey::Point(key.clone());
    ward.store.redact(&matron(), ward.team.id, (huddleboard::domain::record::Kind::Point, &record), &[], "").unwrap();
    let redaction = last(&ward);
    ward.commit(vec![Edit::put_point(ward.team.id, key.clone(), count(2.0), "seen to")]).unwrap();
    let id = last(&ward);
    let preview = ward.store.preview(id).unwrap();
    assert_eq!((preview.redacted, preview.taken_count, preview.is_depended_on()), (1, 1, false));
    undo_it(&mut ward, id, Extent::All).unwrap();
    let point = ward.store.point(&key).unwrap().unwrap();
    assert_eq!((point.value, point.note.as_str()), (Some(1.0), "seen to"));
    assert!(undo_it(&mut ward, redaction, Extent::Rest).is_err(), "a redaction is not undone");
    assert!(!dump(&ward.path()).contains("Mrs Example"));
}

#[test]
fn a_preview_that_is_not_so_any_more_is_refused() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    let preview = ward.store.preview(last(&ward)).unwrap();
    ward.store.commit(&matron(), "hers", [Ok(ward.put("2026-11-20", 2.0))]).unwrap();
    let before = dump(&ward.path());
    let refused = ward.store.take_back(&nurse(), &preview, Extent::Rest).unwrap_err();
    assert_eq!(refused.what, "Something was changed in the meantime.");
    assert_eq!(dump(&ward.path()), before);
}

#[test]
fn an_import_of_very_many_points_is_taken_back_long_after_and_can_be_redone() {
    let mut ward = Ward::new();
    let (team, key) = (ward.team.id, ward.key("1750-01-01"));
    let first = day("1950-01-01");
    let put = |n: u64, value: f64| {
        let point = PointKey { ordinal: u32::try_from(n % 4).unwrap(), ..key.clone() };
        let start = huddleboard::domain::point::Start::day(first + chrono::Days::new(n / 4));
        Ok(Edit::put_point(team, PointKey { start, ..point }, count(value), ""))
    };
    ward.store.commit(&nurse(), "import", (0..12_000).map(|n| put(n, 1.0))).unwrap();
    let id = last(&ward);
    ward.store.commit(&matron(), "hers", [put(7, 9.0)]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    assert_eq!((preview.taken_count, preview.changed_count), (11_999, 1));
    assert!(preview.taken.len() <= huddleboard::store::NAMED_AT_MOST, "what is only counted is not kept");
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(ward.store.points_total().unwrap(), 1);
    ward.store.redo(&matron(), File).unwrap();
    assert_eq!(ward.store.points_total().unwrap(), 12_000);
}

#[test]
fn an_action_of_another_board_is_taken_back_without_a_conflict_there() {
    let mut pair = Pair::new();
    pair.perform(&Deed::Make(0, 1), 0);
    pair.give(0, usize::MAX);
    pair.perform(&Deed::Rename(0, 2), 0);
    pair.give(0, usize::MAX);
    let id = pair.boards[1].actions()[0];
    assert_ne!(id.replica, pair.boards[1].store.replica());
    pair.long_ago(1, id, Extent::All, false);
    pair.give(1, usize::MAX);
    for board in &pair.boards {
        assert_eq!(board.store.conflicts().unwrap(), []);
        let project = board.store.record::<Project>(pair.projects[0].0).unwrap().unwrap();
        assert_eq!(project.name, "green");
        assert_eq!(board.store.preview(id).unwrap().taken_count, 0, "everybody sees that it is undone");
    }
    // Undo and redo on the board where it was taken back go over it like over any other.
    pair.perform(&Deed::Redo(true), 1);
    let project = pair.boards[1].store.record::<Project>(pair.projects[0].0).unwrap().unwrap();
    assert_eq!(project.name, "blue");
}

#[test]
fn an_action_is_found_by_the_code_that_the_list_gives_it() {
    let mut pair = Pair::new();
    pair.perform(&Deed::Make(0, 1), 0);
    pair.perform(&Deed::Make(1, 1), 1);
    pair.give(0, usize::MAX);
    let store = &pair.boards[1].store;
    for id in pair.boards[1].actions() {
        let code = store.action_code(id).unwrap();
        assert_eq!(store.action_coded(&code).unwrap(), id, "{code}");
        assert_eq!(store.action_coded(&format!("{}:{}", id.replica, id.seq)).unwrap(), id);
    }
    assert!(
        store.action_coded("ffff:1").is_err() && store.action_coded("0").is_err() && store.action_coded("").is_err()
    );
}

#[test]
fn the_actions_since_an_instant_are_found_wherever_the_clock_was_set() {
    let mut ward = Ward::new();
    let mut at = Vec::new();
    for (hours, date) in
        [(-50, "2026-11-01"), (-30, "2026-11-02"), (40, "2026-11-03"), (-10, "2026-11-04"), (0, "2026-11-05")]
    {
        let moment = noon() + chrono::TimeDelta::hours(hours);
        ward.clock.set(moment);
        ward.commit(vec![ward.put(date, 1.0)]).unwrap();
        at.push(moment);
    }
    for since in [-60, -40, -20, -5, 0, 10, 50] {
        let since = noon() + chrono::TimeDelta::hours(since);
        let query = ActionQuery { since: Some(since), ..ActionQuery::default() };
        let found = ward.store.actions(&query).unwrap().iter().filter(|entry| entry.words == "an edit").count();
        assert_eq!(found, at.iter().filter(|moment| **moment >= since).count(), "{since}");
        let query = ActionQuery { before: Some(since), ..ActionQuery::default() };
        let found = ward.store.actions(&query).unwrap().iter().filter(|entry| entry.words == "an edit").count();
        assert_eq!(found, at.iter().filter(|moment| **moment < since).count(), "before {since}");
    }
}
