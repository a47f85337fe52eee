//! Whatever is done in whatever order: the log makes the same tables, and undo and redo come back.

use huddleboard::domain::change::{Edit, Expect};
use huddleboard::domain::measure::Measure;
use huddleboard::domain::point::PointKey;
use huddleboard::domain::project::Project;
use huddleboard::domain::{MeasureId, ProjectId};
use huddleboard::store::UndoScope::{File, Session};
use huddleboard::store::{LogQuery, Store};
use proptest::prelude::*;

use crate::support::*;

/// One thing that somebody may do. The numbers choose among a few records, days, words and values.
#[derive(Debug, Clone)]
enum Deed {
    Make(u8, u8),
    Rename(u8, u8),
    Delete(u8),
    Restore(u8),
    Put(u8, u8, u8),
    Note(u8, u8, u8),
    Ghost(u8, u8, bool),
    DeletePoint(u8, u8),
    Several(Vec<Deed>),
    Undo(bool),
    Redo(bool),
    Turn(i8),
}

fn single() -> impl Strategy<Value = Deed> {
    prop_oneof![
        1 => (0..4_u8, 0..5_u8).prop_map(|(which, word)| Deed::Make(which, word)),
        2 => (0..4_u8, 0..5_u8).prop_map(|(which, word)| Deed::Rename(which, word)),
        1 => (0..4_u8).prop_map(Deed::Delete),
        1 => (0..4_u8).prop_map(Deed::Restore),
        4 => (0..2_u8, 0..4_u8, 0..4_u8).prop_map(|(measure, date, value)| Deed::Put(measure, date, value)),
        2 => (0..2_u8, 0..4_u8, 0..3_u8).prop_map(|(measure, date, word)| Deed::Note(measure, date, word)),
        1 => (0..2_u8, 0..4_u8, any::<bool>()).prop_map(|(measure, date, on)| Deed::Ghost(measure, date, on)),
        1 => (0..2_u8, 0..4_u8).prop_map(|(measure, date)| Deed::DeletePoint(measure, date)),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => single(),
        2 => proptest::collection::vec(single(), 1..5).prop_map(Deed::Several),
        3 => any::<bool>().prop_map(Deed::Undo),
        2 => any::<bool>().prop_map(Deed::Redo),
        1 => any::<i8>().prop_map(Deed::Turn),
    ]
}

/// A ward with the four projects and two measures that deeds are done to.
struct Stage {
    ward: Ward,
    projects: Vec<ProjectId>,
}

impl Stage {
    fn new() -> Self {
        let mut ward = Ward::new();
        // The measures are values, so that any number is allowed.
        let edits = [&ward.falls, &ward.screened]
            .map(|measure| Ok(Edit::of(measure).with("kind", &huddleboard::domain::measure::MeasureKind::Value)));
        ward.store.commit(&huddleboard::store::Author { role: None, session: 0 }, "values", edits).unwrap();
        Self { ward, projects: (0..4).map(|_| ProjectId::fresh()).collect() }
    }

    fn edit(&self, deed: &Deed) -> Option<Edit> {
        let team = self.ward.team.id;
        let project = |which: u8| Project::blank(self.projects[usize::from(which)], team);
        let word = |word: u8| ["red", "green", "blue", "ward", "bay"][usize::from(word)].to_owned();
        let measures: [MeasureId; 2] = [self.ward.falls.id, self.ward.screened.id];
        let key = |measure: u8, date: u8| {
            PointKey::whole(measures[usize::from(measure)], day(&format!("2026-11-{:02}", date + 1)))
        };
        Some(match deed {
            Deed::Make(which, name) => {
                let mut project = project(*which);
                project.name = word(*name);
                Edit::create(&project)
            }
            Deed::Rename(which, name) => {
                Edit::of(&project(*which)).with("name", &word(*name)).with("owner", &word(4 - *name))
            }
            Deed::Delete(which) => Edit::of(&project(*which)).deleting(),
            Deed::Restore(which) => Edit::of(&project(*which)).with("deleted", &false),
            Deed::Put(measure, date, value) => {
                Edit::put_point(team, key(*measure, *date), count(f64::from(*value)), "")
            }
            Deed::Note(measure, date, note) => Edit::of_point(team, key(*measure, *date)).with("note", &word(*note)),
            Deed::Ghost(measure, date, on) => {
                Edit::of_point(team, key(*measure, *date)).with("ghost", &on.then(|| word(0)))
            }
            Deed::DeletePoint(measure, date) => Edit::of_point(team, key(*measure, *date)).deleting(),
            _ => return None,
        })
    }

    /// Does it; what cannot be done is refused, which is fine.
    fn perform(&mut self, deed: &Deed, who: bool) {
        let author = if who { nurse() } else { matron() };
        let scope = |file: bool| if file { File } else { Session };
        let _ = match deed {
            Deed::Undo(file) => self.ward.store.undo(&author, scope(*file)),
            Deed::Redo(file) => self.ward.store.redo(&author, scope(*file)),
            Deed::Turn(hours) => {
                self.ward.clock.set(noon() + chrono::TimeDelta::hours(i64::from(*hours)));
                return;
            }
            Deed::Several(deeds) => {
                let edits: Vec<_> = deeds.iter().filter_map(|deed| self.edit(deed)).map(Ok).collect();
                self.ward.store.commit(&author, "several", edits)
            }
            one => self.ward.store.commit(&author, "one", self.edit(one).map(Ok)),
        };
    }

    fn visible(&self) -> (usize, i64) {
        (self.ward.store.records::<Project>(None).unwrap().len(), self.ward.store.points_total().unwrap())
    }
}

fn deeds() -> impl Strategy<Value = Vec<(Deed, bool)>> {
    proptest::collection::vec((deed(), any::<bool>()), 1..30)
}

/// As often as it goes.
fn repeat(store: &mut Store, once: impl Fn(&mut Store) -> bool) -> usize {
    (0..1_000).take_while(|_| once(store)).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_log_makes_the_same_tables_again(deeds in deeds()) {
        let mut stage = Stage::new();
        for (deed, who) in &deeds {
            stage.perform(deed, *who);
        }
        let (digest, tables) = (stage.ward.store.digest().unwrap(), dump(&stage.ward.path()));
        stage.ward.store.rebuild().unwrap();
        prop_assert_eq!(stage.ward.store.digest().unwrap(), digest);
        prop_assert_eq!(dump(&stage.ward.path()), tables);
    }

    #[test]
    fn undoing_all_leaves_nothing_and_redoing_all_brings_everything_back(deeds in deeds()) {
        let mut stage = Stage::new();
        for (deed, who) in &deeds {
            // Whoever undoes across sessions can leave others with nothing to undo; each has their own test.
            if !matches!(deed, Deed::Undo(false) | Deed::Redo(false)) {
                stage.perform(deed, *who);
            }
        }
        // What was undone while the deeds were done can be redone as well: it belongs to the end.
        repeat(&mut stage.ward.store, |store| store.redo(&nurse(), File).is_ok());
        let done = stage.ward.store.digest().unwrap();
        let undone = repeat(&mut stage.ward.store, |store| store.undo(&nurse(), File).is_ok());
        prop_assert_eq!(stage.visible(), (0, 0));
        prop_assert_eq!(stage.ward.store.records::<Measure>(None).unwrap().len(), 0);
        let redone = repeat(&mut stage.ward.store, |store| store.redo(&nurse(), File).is_ok());
        prop_assert_eq!(redone, undone);
        prop_assert_eq!(stage.ward.store.digest().unwrap(), done);
    }

    #[test]
    fn every_undo_and_redo_brings_back_exactly_what_was_there(deeds in deeds()) {
        let mut stage = Stage::new();
        let mut stack = vec![stage.ward.store.digest().unwrap()];
        for (deed, _) in &deeds {
            if let Some(edit) = stage.edit(deed) {
                let receipt = stage.ward.store.commit(&nurse(), "one", [Ok(edit)]);
                if receipt.is_ok_and(|receipt| receipt.changes > 0) {
                    stack.push(stage.ward.store.digest().unwrap());
                }
            }
        }
        // What undo leaves behind of a record that was made is a deleted row: compare by what is seen.
        let seen = |store: &Store| {
            let projects = store.records::<Project>(None).unwrap().into_iter().map(|project| (project.id, project.name, project.owner));
            let points = store.records::<Measure>(None).unwrap().into_iter().flat_map(|measure| store.points(&measure, noon()).unwrap());
            (projects.collect::<Vec<_>>(), points.map(|point| (point.key, point.value, point.note, point.ghost)).collect::<Vec<_>>())
        };
        let mut forward = vec![seen(&stage.ward.store)];
        for _ in 1..stack.len() {
            stage.ward.store.undo(&nurse(), Session).unwrap();
            forward.push(seen(&stage.ward.store));
        }
        prop_assert!(stage.ward.store.undo(&nurse(), Session).is_err());
        forward.pop();
        while let Some(expected) = forward.pop() {
            stage.ward.store.redo(&nurse(), Session).unwrap();
            prop_assert_eq!(seen(&stage.ward.store), expected);
        }
        prop_assert_eq!(Some(&stage.ward.store.digest().unwrap()), stack.last());
    }

    #[test]
    fn an_edit_is_refused_exactly_when_its_record_has_changed(deeds in deeds(), which in 0..4_u8) {
        let mut stage = Stage::new();
        stage.perform(&Deed::Make(which, 0), true);
        let id = stage.projects[usize::from(which)];
        let seen = stage.ward.store.record::<Project>(id.0).unwrap().unwrap();
        let before = stage.ward.store.log(&LogQuery::default()).unwrap().len();
        for (deed, who) in &deeds {
            stage.perform(deed, *who);
        }
        let touched = stage.ward.store.log(&LogQuery::default()).unwrap();
        let changed = touched[..touched.len() - before].iter()
            .any(|entry| entry.record == Some(huddleboard::domain::change::RecordKey::Id(id.0)));
        let edit = Edit::of(&seen).with("aim", &"fewer falls".to_owned()).expecting(Expect::Revision(seen.revision));
        prop_assert_eq!(stage.ward.store.commit(&nurse(), "mine", [Ok(edit)]).is_err(), changed);
    }

    #[test]
    fn points_of_one_action_come_in_any_order_and_as_often_as_they_like(
        before in proptest::collection::vec((0..2_u8, 0..20_u8, 0..3_u8), 0..8),
        puts in proptest::collection::vec((0..2_u8, 0..20_u8, 0..3_u8), 1..60),
        sorted in any::<bool>(),
    ) {
        let mut puts = puts;
        if sorted {
            puts.sort_unstable();
        }
        let mut stage = Stage::new();
        let mut expected = std::collections::BTreeMap::new();
        for action in [&before, &puts] {
            let mut replaced = 0;
            for (measure, date, value) in action {
                let old = expected.insert((*measure, *date), *value);
                replaced += usize::from(old.is_some_and(|old| old != *value));
            }
            let edits: Vec<_> = action.iter().filter_map(|(m, d, v)| stage.edit(&Deed::Put(*m, *d, *v))).map(Ok).collect();
            let receipt = stage.ward.store.commit(&nurse(), "import", edits).unwrap();
            prop_assert_eq!(receipt.replaced, replaced);
        }
        let measures = [stage.ward.falls.clone(), stage.ward.screened.clone()];
        let found: Vec<_> = measures.iter().zip(0_u8..)
            .flat_map(|(measure, n)| stage.ward.store.points(measure, noon()).unwrap().into_iter().map(move |point| (n, point)))
            .map(|(n, point)| (n, point.key.start.text(), point.value))
            .collect();
        let expected: Vec<_> = expected.into_iter().map(|((m, d), v)| (m, format!("2026-11-{:02}", d + 1), Some(f64::from(v)))).collect();
        prop_assert_eq!(found, expected);
        let tables = dump(&stage.ward.path());
        stage.ward.store.rebuild().unwrap();
        prop_assert_eq!(dump(&stage.ward.path()), tables);
    }
}
